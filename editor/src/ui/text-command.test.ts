/** Commands by name, as somebody sees what they have done. */
import { $getRoot } from 'lexical'
import { describe, expect, it } from 'vitest'
import { people } from '../../test/people.ts'
import { $isBlockNode } from '../blocks/block-node.ts'
import { $isRowNode } from '../blocks/table-node.ts'
import type { TextCommand } from './command-kinds.ts'
import { runTextCommand } from './text-command.ts'

function writer() {
  const [ann] = people(1)
  if (ann === undefined) throw new Error('nobody there')
  ann.at(0, 0)
  const run = (command: TextCommand, argument?: string): string | undefined => {
    let asked: string | undefined
    ann.edit(() => {
      asked = runTextCommand(ann.editor, command, argument)
    })
    return asked
  }
  return { ann, run }
}

describe('a command of the text', () => {
  it('makes a block of its kind, with what its argument says', () => {
    const { ann, run } = writer()
    ann.type('words')
    run('heading-2')
    expect(ann.lines()).toEqual(['heading2 words'])
    run('callout', 'no such kind')
    expect(ann.lines()).toEqual(['callout words'])
  })

  it('asks for what it was not given, once it is there, and for nothing that it was', () => {
    const { ann, run } = writer()
    const typeOf = (key = ''): string | undefined => ann.editor.getEditorState()._nodeMap.get(key)?.getType()
    expect(run('image', 'https://weft.test/picture.png')).toBeUndefined()
    expect(run('inline-equation', 'x^2')).toBeUndefined()
    expect(typeOf(run('mention'))).toContain('object')
    expect(typeOf(run('image'))).toContain('void')
    expect(run('paragraph')).toBeUndefined()
  })

  it('counts on where it is given something else than a number', () => {
    const { ann, run } = writer()
    const start = () =>
      ann.editor.read(() => {
        const item = $getRoot().getFirstChild()
        const shape = $isBlockNode(item) ? item.getShape() : undefined
        return shape?.type === 'numbered' ? (shape.start ?? 'counts on') : undefined
      })
    run('numbered-list', 'abc')
    expect(start()).toBe('counts on')
    run('start-numbers', '12')
    expect(start()).toBe(12)
    run('start-numbers', 'NaN')
    expect(start()).toBe(12)
  })

  it('asks for the number that the list at the caret starts with', () => {
    const { ann, run } = writer()
    run('numbered-list')
    const item = ann.editor.read(() => $getRoot().getFirstChild()?.getKey())
    expect(run('start-numbers')).toBe(item)
    expect(run('start-numbers', '7')).toBeUndefined()
    expect(ann.lines()).toEqual(['numbered'])
  })

  it('links an address where nothing is selected by writing it, without the scheme of mail', () => {
    const { ann, run } = writer()
    run('link', 'mailto:ann@weft.test')
    expect(ann.lines()).toEqual(['paragraph [link: ann@weft.test]'])
  })

  it('makes a table of the size that it is given, and never one that cannot be looked over', () => {
    const rows = (argument: string | undefined): number => {
      const { ann, run } = writer()
      run('table', argument)
      const nodes = [...ann.editor.getEditorState()._nodeMap.values()]
      return nodes.filter($isRowNode).length
    }
    expect([rows(undefined), rows('2x5'), rows('99x1'), rows('0x0'), rows('many')]).toEqual([3, 2, 20, 1, 3])
  })

  it('colours what is typed next at a caret, until another colour is chosen', () => {
    const { ann, run } = writer()
    run('color', 'red')
    ann.type('red').type(' still')
    // One run, not one for each key.
    expect(ann.editor.read(() => $getRoot().getAllTextNodes().length)).toBe(1)
    run('highlight', 'yellow')
    ann.type(' lit')
    run('color')
    run('highlight')
    ann.type(' plain')
    expect(ann.lines()).toEqual(['paragraph [color: red still][color highlight:  lit] plain'])
    ann.at(0, 2)
    run('clear-format')
    ann.type('X')
    expect(ann.lines()).toEqual(['paragraph [color: re]X[color: d still][color highlight:  lit] plain'])
    expect(ann.binding.checkDrift()).toBe(false)
  })
})
