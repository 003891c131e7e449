import { describe, expect, it } from 'vitest'
import { type Formats, NO_FORMATS } from './surface.ts'
import { GROUPS, HISTORY, isPressed } from './toolbar-entries.ts'

describe('the buttons of the toolbar', () => {
  it('stay pressed for what the text has, and only those that can', () => {
    const formats: Formats = { ...NO_FORMATS, block: 'check-list', marks: new Set(['strike']), link: '' }
    const states = [...GROUPS.flat(), ...HISTORY].map(({ command }) => [command, isPressed(command, formats)])
    expect(Object.fromEntries(states)).toEqual({
      bold: false,
      italic: false,
      underline: false,
      strike: true,
      code: false,
      link: true,
      'bullet-list': false,
      'numbered-list': false,
      'check-list': true,
      outdent: undefined,
      indent: undefined,
      undo: undefined,
      redo: undefined,
    })
  })
})
