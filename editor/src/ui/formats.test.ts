import { describe, expect, it } from 'vitest'
import type { FormatState } from '../format-state.ts'
import { formatsOf } from './formats.ts'

const STATE: FormatState = {
  block: { type: 'paragraph', indent: 0 },
  part: null,
  marks: new Set(),
  link: null,
  color: null,
  highlight: null,
  hasRange: false,
  columns: 0,
  canIndent: false,
  canOutdent: false,
  canUndo: false,
  canRedo: false,
}
const TABLE = { headerRow: true, headerColumn: false, edits: new Set(['row-above'] as const) }

const enabled = (state: Partial<FormatState>, table?: typeof TABLE): ReadonlySet<string> =>
  formatsOf({ ...STATE, ...state }, table, [], true).enabled

describe('what the controls show', () => {
  it('names the block by the command that makes it, and nothing that no command makes', () => {
    const named = (block: FormatState['block']) => formatsOf({ ...STATE, block }, undefined, [], true).block
    expect(named({ type: 'heading', level: 3, indent: 0 })).toBe('heading-3')
    expect(named({ type: 'bullet', indent: 0 })).toBe('bullet-list')
    expect(named(null)).toBe('paragraph')
    expect(named({ type: 'divider', indent: 0 })).toBeUndefined()
  })

  it('enables nothing where nothing can be edited', () => {
    expect(formatsOf({ ...STATE, canUndo: true }, TABLE, ['move-up'], false).enabled.size).toBe(0)
  })

  it('enables the ways that blocks and rows can go', () => {
    const ways = formatsOf(STATE, TABLE, ['move-down'], true).enabled
    expect([...ways]).toEqual(expect.arrayContaining(['move-down', 'row-above', 'delete-table']))
    expect(ways.has('move-up')).toBe(false)
    // Tables do not nest.
    expect(ways.has('table')).toBe(false)
  })

  it('enables colours at a caret, too, and no mark in code', () => {
    for (const hasRange of [false, true]) expect(enabled({ hasRange }).has('color')).toBe(true)
    const inCode = enabled({ hasRange: true, block: { type: 'code', language: '', indent: 0 } })
    for (const name of ['bold', 'link', 'color', 'clear-format']) expect(inCode).not.toContain(name)
    expect(inCode).toContain('paragraph')
  })

  it('enables more columns than there are, and none in a table', () => {
    const offered = (names: ReadonlySet<string>) => [...names].filter((name) => name.startsWith('columns'))
    expect(offered(enabled({}))).toEqual(['columns-2', 'columns-3'])
    expect(offered(enabled({ columns: 2 }))).toEqual(['columns-3'])
    expect(offered(enabled({ columns: 3 }))).toEqual([])
    expect(offered(enabled({}, TABLE))).toEqual([])
  })

  it('enables only what can be done with something that has no text', () => {
    const block = { type: 'divider', indent: 0 } as const
    expect([...enabled({ block, part: '7', canUndo: true })]).toEqual(['undo', 'edit-object'])
    expect([...enabled({ block: null }, TABLE)]).toEqual(['delete-table', 'row-above'])
  })

  it('enables what only a list item that starts, or goes on, can do', () => {
    const item = { type: 'numbered', indent: 0 } as const
    expect(enabled({ block: item })).not.toContain('continue-numbers')
    expect(enabled({ block: { ...item, start: 5 } })).toContain('continue-numbers')
    expect(enabled({ block: { ...item, start: 1 } })).not.toContain('restart-numbers')
  })
})
