/** Rows of columns on the screens of two people: where blocks go by keys and menus, and that no word goes with them. */
import { flowOf, readDocument } from '@weft/document'
import { $getRoot, DELETE_CHARACTER_COMMAND } from 'lexical'
import { describe, expect, it } from 'vitest'
import { meet, type Person } from '../../test/people.ts'
import { expectBoth, two } from '../../test/two.ts'
import { indent, insertColumns, setBlockKind, setColumn } from '../block-commands.ts'
import { type BlockStep, dropBlocks, moveSelectedBlocks } from '../block-moves.ts'

/** Blocks as `text`, `1:text` in the first column. */
function shown({ doc }: Person): string {
  const { blocks } = readDocument(flowOf(doc))
  return blocks
    .map(({ column = 0, runs }) => {
      const text = (runs ?? []).map((run) => ('text' in run ? run.text : '*')).join('')
      return column === 0 ? text : `${column}:${text}`
    })
    .join(' ')
}

/** As `shown` says it. */
function page(...lines: string[]): [Person, Person] {
  const both = two(...lines.map((line) => line.replace(/^\d:/, '')))
  for (const [index, line] of lines.entries())
    setColumn(both[0].at(index, 0).editor, Number(/^\d(?=:)/.exec(line)?.[0] ?? 0))
  both[0].commit()
  // What is done next is a step of its own.
  both[0].binding.separate()
  meet(...both)
  return both
}

function step({ editor, binding }: Person, name: BlockStep): boolean {
  return moveSelectedBlocks({ editor, binding }, name)
}

function backspace(person: Person): void {
  person.edit(() => person.editor.dispatchCommand(DELETE_CHARACTER_COMMAND, true))
}

function drop({ editor, binding }: Person, from: number, before: number | null, column: number): boolean {
  const keys = editor.read(() => $getRoot().getChildrenKeys())
  const key = keys[from] ?? ''
  const target = before === null ? null : (keys[before] ?? '')
  return dropBlocks({ editor, binding }, { first: key, last: key, before: target, column })
}

describe('columns', () => {
  it('are put in the place of an empty line and behind any other, with the caret in the first new one', () => {
    const [ann, ben] = page('a', '')
    insertColumns(ann.at(1, 0).editor, 3)
    ann.type('x')
    meet(ann, ben)
    expect(shown(ben)).toBe('a 1:x 2: 3:')
    insertColumns(ann.at(0, 1).editor, 2)
    ann.type('y')
    meet(ann, ben)
    expect(shown(ben)).toBe('a 1:y 2: 1:x 2: 3:')
  })

  it('of a row become as many as are asked for, behind those that are there', () => {
    const [ann, ben] = page('1:a', '4:b')
    insertColumns(ann.at(0, 0).editor, 3)
    ann.type('c')
    meet(ann, ben)
    expect(shown(ben)).toBe('1:a 2:b 3:c')
  })

  it('keep what Enter makes, and are left by it in an empty last line of the last one', () => {
    const [ann] = page('1:a', '2:')
    ann.at(0, 1).enter().type('b')
    expect(shown(ann)).toBe('1:a 1:b 2:')
    ann.at(2, 0).enter()
    expect(shown(ann)).toBe('1:a 1:b 2: 2:')
    ann.enter().type('c')
    expect(shown(ann)).toBe('1:a 1:b 2: c')
  })

  it('in a callout are left before it, and a callout in a column before that', () => {
    const indents = (of: Person): number[] =>
      readDocument(flowOf(of.doc)).blocks.map(({ shape }) => shape.indent)
    const [ann] = page('box', '1:a', '2:b')
    setBlockKind(ann.at(0, 0).editor, 'callout')
    for (const at of [1, 2]) indent(ann.at(at, 0).editor)
    ann.at(2, 1).enter().enter()
    expect([shown(ann), indents(ann)]).toEqual(['box 1:a 2:b ', [0, 1, 1, 1]])
    ann.enter().type('c')
    expect([shown(ann), indents(ann)]).toEqual(['box 1:a 2:b c', [0, 1, 1, 0]])

    // A column's only line is the first of it, and none of these ends the box.
    const [cho] = page('box', '1:a', '2:')
    setBlockKind(cho.at(0, 0).editor, 'callout')
    for (const at of [1, 2]) indent(cho.at(at, 0).editor)
    cho.at(2, 0).enter().type('b')
    expect([shown(cho), indents(cho)]).toEqual(['box 1:a 2: 2:b', [0, 1, 1, 1]])

    const [ben] = page('1:a', '2:box', '2:in')
    setBlockKind(ben.at(1, 0).editor, 'callout')
    indent(ben.at(2, 2).editor)
    ben.enter().enter()
    expect([shown(ben), indents(ben)]).toEqual(['1:a 2:box 2:in 2:', [0, 0, 1, 0]])
    ben.enter().type('c')
    expect([shown(ben), indents(ben)]).toEqual(['1:a 2:box 2:in c', [0, 0, 1, 0]])
  })
})

describe('Backspace at the start of a column', () => {
  it('puts its first block below the one before, and the words stay words', () => {
    const [ann, ben] = page('1:a', '2:b', '2:c')
    ben.at(1, 1).type('!')
    backspace(ann.at(1, 0))
    meet(ann, ben)
    expect(shown(ben)).toBe('1:a 1:b! 2:c')
    backspace(ann.at(2, 0))
    expect(shown(ann)).toBe('a b! c')
    backspace(ann)
    expect(shown(ann)).toBe('a b!c')
  })

  it('takes the first of all out above the row', () => {
    const [ann] = page('z', '1:a', '1:b', '2:c')
    backspace(ann.at(1, 0))
    expect(shown(ann)).toBe('z a 1:b 2:c')
  })

  it('takes an empty column away, with the caret behind what was before it', () => {
    const [ann] = page('1:a', '2:', '3:c')
    backspace(ann.at(1, 0))
    ann.type('!')
    expect(shown(ann)).toBe('1:a! 2:c')
  })

  it('makes a list item a paragraph first', () => {
    const [ann] = page('1:a', '2:b')
    setBlockKind(ann.at(1, 0).editor, 'bullet')
    ann.commit()
    backspace(ann.at(1, 0))
    expect(shown(ann)).toBe('1:a 2:b')
  })
})

describe('beside the block above', () => {
  it('makes a row, takes a block into one, and parts a column, each undone in one step', () => {
    const [ann, ben] = page('a', 'b', 'c', 'd')
    expect(step(ann.at(1, 0), 'beside-above')).toBe(true)
    meet(ann, ben)
    expect(shown(ben)).toBe('1:a 2:b c d')
    expect(step(ann.at(2, 0), 'beside-above')).toBe(true)
    expect(shown(ann)).toBe('1:a 2:b 3:c d')
    ann.binding.undo()
    ann.binding.undo()
    meet(ann, ben)
    expect(shown(ben)).toBe('a b c d')
    setColumn(ann.at(0, 0, { block: 2, offset: 1 }).editor, 1)
    setColumn(ann.at(3, 0).editor, 2)
    ann.commit()
    expect(step(ann.at(1, 0), 'beside-above')).toBe(true)
    expect(shown(ann)).toBe('1:a 2:b 2:c 3:d')
  })

  it('is no place for the first of a column, for a fifth, and for what has nothing above', () => {
    const [ann] = page('z', '1:a', '2:b', '3:c', '4:d', 'e')
    for (const block of [0, 1, 2, 5]) expect(step(ann.at(block, 0), 'beside-above')).toBe(false)
    expect(shown(ann)).toBe('z 1:a 2:b 3:c 4:d e')
  })
})

describe('out of columns', () => {
  it('a block goes below the row when it would part it, and otherwise stays; undo is one step', () => {
    const [ann, ben] = page('1:a', '1:b', '2:c', 'd')
    ben.at(1, 1).type('!')
    expect(step(ann.at(1, 0), 'out-of-columns')).toBe(true)
    expect(ann.caret()).toEqual({ block: 2, offset: 0 })
    meet(ann, ben)
    // What Ann had not seen stays, in the block before the old place.
    expect(shown(ben)).toBe('1:a! 2:c b d')
    ann.binding.undo()
    meet(ann, ben)
    expect(shown(ben)).toMatch(/^1:a!? 1:b!? 2:c d$/)
    ann.binding.redo()
    meet(ann, ben)
    expect(shown(ann)).toBe(shown(ben))
    expect(step(ann.at(1, 0), 'out-of-columns')).toBe(true)
    expect(shown(ann)).toMatch(/^a!? c b!? d$/)
  })

  it('goes with what a toggle holds', () => {
    const [ann] = page('1:a', '2:t', '2:h', '3:c')
    setBlockKind(ann.at(1, 0).editor, 'toggle')
    indent(ann.at(2, 0).editor)
    ann.commit()
    expect(step(ann.at(1, 0), 'out-of-columns')).toBe(true)
    expect(shown(ann)).toBe('1:a 2:c t h')
  })
})

describe('by keys', () => {
  it('a block goes through its row and out of it, and past one that it is not in', () => {
    const [ann] = page('1:a', '1:b', '2:c', 'd')
    expect(step(ann.at(0, 0), 'move-down')).toBe(true)
    expect(shown(ann)).toBe('1:b 1:a 2:c d')
    expect(step(ann, 'move-down')).toBe(true)
    expect(shown(ann)).toBe('1:b 2:a 2:c d')
    expect(step(ann, 'move-down')).toBe(true)
    expect(shown(ann)).toBe('1:b 2:c 2:a d')
    expect(step(ann, 'move-down')).toBe(true)
    expect(shown(ann)).toBe('1:b 2:c a d')
    expect(step(ann, 'move-up')).toBe(true)
    expect(shown(ann)).toBe('a 1:b 2:c d')
    expect(step(ann, 'move-up')).toBe(false)
    for (let times = 0; times < 4; times += 1) ann.binding.undo()
    expect(shown(ann)).toBe('1:b 1:a 2:c d')
  })

  it('a whole row stays one, and part of several columns stays where it is', () => {
    const [ann] = page('1:a', '2:b', 'c')
    ann.at(0, 0, { block: 1, offset: 1 })
    expect(step(ann, 'move-down')).toBe(true)
    expect(shown(ann)).toBe('c 1:a 2:b')
    const [ben] = page('1:a', '1:b', '2:c')
    ben.at(1, 0, { block: 2, offset: 1 })
    expect(step(ben, 'move-up')).toBe(false)
  })
})

describe('dropped', () => {
  it('a block stands in the column it is dropped in, and the row it leaves closes up', () => {
    const [ann, ben] = page('1:a', '2:b', '3:c', 'd', 'e')
    expect(drop(ann, 3, 1, 1)).toBe(true)
    expect(shown(ann)).toBe('1:a 1:d 2:b 3:c e')
    meet(ann, ben)
    ben.at(2, 1).type('!')
    expect(drop(ann, 2, null, 0)).toBe(true)
    meet(ann, ben)
    // What Ann had not seen stays, in the block before the old place.
    expect(shown(ben)).toBe('1:a 1:d! 2:c e b')
    ann.binding.undo()
    meet(ann, ben)
    expect(shown(ann)).toBe(shown(ben))
    expect(shown(ann)).toMatch(/^1:a 1:d!? 2:b!? 3:c e$/)
  })

  it('at full width it parts no row', () => {
    const [ann] = page('a', '1:b', '2:c', 'd')
    expect(drop(ann, 3, 2, 0)).toBe(false)
    expect(drop(ann, 0, 2, 0)).toBe(true)
    expect(shown(ann)).toBe('1:b 2:c a d')
  })

  it('moves to the next column without being moved in the text', () => {
    const [ann, ben] = page('1:a', '1:b', '2:c')
    ben.at(1, 1).type('!')
    expect(drop(ann, 1, 2, 2)).toBe(true)
    meet(ann, ben)
    expect(shown(ben)).toBe('1:a 2:b! 2:c')
  })
})

describe('two people', () => {
  it('who each take a block of one row out lose no word, and neither does who types in it', () => {
    const [ann, ben] = page('1:one', '2:two', '3:three', '3:four')
    step(ann.at(1, 0), 'out-of-columns')
    ben.at(1, 3).type('!')
    step(ben.at(2, 0), 'out-of-columns')
    meet(ann, ben)
    expect(shown(ann)).toBe(shown(ben))
    const words = shown(ann).replaceAll(/\d:|\s/g, '')
    expect(Array.from(words).sort().join('')).toBe(Array.from('onetwo!threefour').sort().join(''))
    expect(ann.drifts).toEqual([])
  })

  it('who make columns of the same blocks have them once', () => {
    const [ann, ben] = page('a', 'b')
    step(ann.at(1, 0), 'beside-above')
    step(ben.at(1, 0), 'beside-above')
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph a', 'paragraph b'])
    expect(shown(ann)).toBe('1:a 2:b')
  })
})
