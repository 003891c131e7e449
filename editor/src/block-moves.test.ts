/** Moving blocks on the screens of two people: with what they hold, and without a word lost. */
import { $getRoot, type LexicalNode } from 'lexical'
import { describe, expect, it } from 'vitest'
import { meet, type Person, people } from '../test/people.ts'
import { dropBlocks, moveSelectedBlocks } from './block-moves.ts'
import { $isBlockNode, type TextBlockShape } from './blocks/block-node.ts'
import { $isCellNode, $isRowNode, $isTableNode } from './blocks/table-node.ts'
import { insertTable } from './table-commands.ts'

/** Blocks by `text`, `>text` when indented, `+` before a toggle. */
function two(...lines: string[]): [Person, Person] {
  const [ann, ben] = people(2)
  if (ann === undefined || ben === undefined) throw new Error('nobody there')
  ann.at(0, 0)
  for (const [index, line] of lines.entries()) {
    if (index > 0) ann.enter()
    ann.edit(() => {
      const block = $getRoot().getLastChild()
      const indent = line.lastIndexOf('>') + 1
      const shape: TextBlockShape = line.includes('+')
        ? { type: 'toggle', collapsed: false, indent }
        : { type: 'paragraph', indent }
      if ($isBlockNode(block)) block.setShape(shape)
    })
    ann.type(line.replaceAll(/[>+]/g, ''))
  }
  meet(ann, ben)
  return [ann, ben]
}

const words = (node: LexicalNode): string => node.getTextContent()

function shown(person: Person): string {
  const seen = person.editor.read(() => $getRoot().getChildren().map(words).join(' '))
  expect(
    person
      .lines()
      .map((line) => line.replace(/^\S+ ?/, ''))
      .join(' '),
  ).toBe(seen)
  return seen
}

function move({ editor, binding }: Person, by: 1 | -1): boolean {
  return moveSelectedBlocks({ editor, binding }, by < 0 ? 'move-up' : 'move-down')
}

function drop({ editor, binding }: Person, first: number, last: number, before: number | null): boolean {
  const keys = editor.read(() => $getRoot().getChildrenKeys())
  const key = (index: number): string => keys[index] ?? ''
  return dropBlocks(
    { editor, binding },
    { first: key(first), last: key(last), before: before === null ? null : key(before), column: 0 },
  )
}

describe('a block', () => {
  it('moves up and down by one, takes the caret along, and stays at the edges', () => {
    const both = two('a', 'b', 'c')
    const [ann] = both
    ann.at(1, 1)
    expect(move(ann, -1)).toBe(true)
    expect(ann.caret()).toEqual({ block: 0, offset: 1 })
    expect(move(ann, -1)).toBe(false)
    expect(move(ann, 1)).toBe(true)
    expect(move(ann, 1)).toBe(true)
    expect(move(ann, 1)).toBe(false)
    ann.type('!')
    meet(...both)
    expect(both.map(shown)).toEqual(['a c b!', 'a c b!'])
  })

  it('keeps the words that somebody types in it meanwhile, and comes back by undo with the caret', () => {
    const both = two('a', 'b', 'c')
    const [ann, ben] = both
    ann.at(0, 1)
    move(ann, 1)
    ben.at(0, 1).type('nother')
    meet(ann, ben)
    expect(shown(ann)).toBe(shown(ben))
    expect(shown(ann)).toContain('nother')
    ann.binding.undo()
    meet(ann, ben)
    expect(both.map(shown)).toEqual(['another b c', 'another b c'])
    expect(ann.caret()).toEqual({ block: 0, offset: 1 })
  })

  it('takes along the caret of somebody else in it, who types on there', () => {
    const both = two('a', 'b', 'c')
    const [ann, ben] = both
    ben.at(2, 1)
    ann.at(2, 0)
    move(ann, -1)
    meet(ann, ben)
    ben.type('!')
    meet(ann, ben)
    expect(both.map(shown)).toEqual(['a c! b', 'a c! b'])
  })

  it('takes along what is selected with it', () => {
    const both = two('a', 'b', 'c', 'd')
    both[0].at(1, 0, { block: 2, offset: 1 })
    expect(move(both[0], 1)).toBe(true)
    meet(...both)
    expect(both.map(shown)).toEqual(['a d b c', 'a d b c'])
  })
})

describe('a toggle', () => {
  it('takes along what it holds', () => {
    const both = two('+t', '>x', '>y', 'z')
    both[0].at(0, 1)
    expect(move(both[0], 1)).toBe(true)
    meet(...both)
    expect(both.map(shown)).toEqual(['z t x y', 'z t x y'])
  })

  it('is passed with all it holds, in both directions', () => {
    const [ann] = two('a', '+t', '>x', '>y', 'z')
    ann.at(4, 1)
    move(ann, -1)
    expect(shown(ann)).toBe('a z t x y')
    move(ann, 1)
    expect(shown(ann)).toBe('a t x y z')
  })

  it('lets what it holds change places inside it', () => {
    const [ann] = two('+t', '>x', '>y', 'z')
    ann.at(2, 1)
    move(ann, -1)
    expect(shown(ann)).toBe('t y x z')
  })
})

describe('a drop', () => {
  it('in its own place, or beside it, writes nothing', () => {
    const [ann] = two('a', 'b', 'c')
    const before = ann.binding.canUndo
    let updates = 0
    ann.doc.on('update', () => {
      updates += 1
    })
    for (const place of [1, 2]) expect(drop(ann, 1, 1, place)).toBe(false)
    expect(drop(ann, 2, 2, null)).toBe(false)
    expect(updates).toBe(0)
    expect(ann.binding.canUndo).toBe(before)
    expect(drop(ann, 2, 2, 0)).toBe(true)
    expect(updates).toBe(1)
    expect(shown(ann)).toBe('c a b')
  })

  it('into a group that it would end comes behind the group', () => {
    const [ann] = two('a', '+t', '>x', '>y', 'z')
    expect(drop(ann, 0, 0, 3)).toBe(true)
    expect(shown(ann)).toBe('t x y a z')
  })

  it('of a block that is gone by now does nothing', () => {
    const both = two('a', 'b', 'c')
    const [ann, ben] = both
    const keys = ann.editor.read(() => $getRoot().getChildrenKeys())
    ben.at(1, 0, { block: 2, offset: 0 }).erase()
    meet(ann, ben)
    const context = { editor: ann.editor, binding: ann.binding }
    const gone = keys.find((key) => !ann.editor.read(() => $getRoot().getChildrenKeys()).includes(key)) ?? ''
    expect(dropBlocks(context, { first: gone, last: gone, before: null, column: 0 })).toBe(false)
  })
})

describe('in a cell', () => {
  it('blocks move among themselves, and across cells nothing does', () => {
    const both = two('')
    const [ann, ben] = both
    insertTable(ann.editor, 1, 2)
    ann.type('one').enter().type('two').commit()
    expect(move(ann, -1)).toBe(true)
    expect(move(ann, -1)).toBe(false)
    meet(ann, ben)
    const cells = ben.editor.read(() => {
      const row = $getRoot().getChildren().find($isTableNode)?.getFirstChild()
      return $isRowNode(row)
        ? row.getChildren().map((cell) => ($isCellNode(cell) ? cell.getChildren().map(words) : []))
        : []
    })
    expect(cells).toEqual([['two', 'one'], ['']])
  })
})
