/** Two people and one block of each kind that is more than a line of text: the exact text, and whose attribute counts. */
import { flowOf, readDocument, readSegments, writeSteps } from '@weft/document'
import { $getRoot, DELETE_CHARACTER_COMMAND } from 'lexical'
import { describe, expect, it } from 'vitest'
import { meet, type Person } from '../../test/people.ts'
import { expectBoth, moveBefore, two } from '../../test/two.ts'
import { indent, setBlockKind, setColumn, toggleOpen } from '../block-commands.ts'
import { setColor, setHighlight } from '../mark-commands.ts'
import { $insertObject, $insertVoid, removePart, setParts } from '../part-commands.ts'

function shapes({ doc }: Person): string[] {
  return readDocument(flowOf(doc)).blocks.map(({ shape, column = 0 }) => {
    const { type: _, indent: __, ...rest } = shape
    return JSON.stringify(column === 0 ? rest : { ...rest, column })
  })
}

function keyAt({ editor }: Person, block: number): string {
  return editor.read(() => $getRoot().getChildrenKeys()[block] ?? '')
}

describe('a heading of level 4', () => {
  it('is made of a paragraph that somebody types in', () => {
    const [ann, ben] = two('Plan')
    setBlockKind(ann.at(0, 0).editor, 'heading', { level: 4 })
    ben.at(0, 4).type(' for May')
    meet(ann, ben)
    expectBoth([ann, ben], ['heading4 Plan for May'])
  })
})

describe('a numbered item that starts again', () => {
  it('keeps its number when somebody splits it, and the new item counts on', () => {
    const [ann, ben] = two('one two')
    setBlockKind(ann.at(0, 0).editor, 'numbered', { start: 5 })
    meet(ann, ben)
    ann.at(0, 3).enter()
    ben.at(0, 7).type('!')
    meet(ann, ben)
    expectBoth([ann, ben], ['numbered one', 'numbered  two!'])
    expect(shapes(ben)).toEqual(['{"start":5}', '{}'])
  })

  it('gives its number to the item put before it', () => {
    const [ann, ben] = two('one')
    setBlockKind(ann.at(0, 0).editor, 'numbered', { start: 5 })
    meet(ann, ben)
    ann.at(0, 0).enter()
    ben.at(0, 3).type('!')
    meet(ann, ben)
    expectBoth([ann, ben], ['numbered', 'numbered one!'])
    expect(shapes(ann)).toEqual(['{"start":5}', '{}'])
  })

  it('counts on after undo of the restart', () => {
    const [ann, ben] = two('one')
    setBlockKind(ann.at(0, 0).editor, 'numbered')
    ann.commit()
    setBlockKind(ann.editor, 'numbered', { start: 7 })
    meet(ann, ben)
    expect(shapes(ben)).toEqual(['{"start":7}'])
    ann.binding.undo()
    meet(ann, ben)
    expectBoth([ann, ben], ['numbered one'])
    expect(shapes(ben)).toEqual(['{}'])
  })
})

describe('a callout', () => {
  it('takes both what one makes of it and what the other types into it', () => {
    const [ann, ben] = two('Mind the gap')
    setBlockKind(ann.at(0, 0).editor, 'callout', { kind: 'warning', emoji: '🚇' })
    ben.at(0, 12).type(', please')
    meet(ann, ben)
    expectBoth([ann, ben], ['callout Mind the gap, please'])
    setBlockKind(ben.at(0, 0).editor, 'callout', { kind: 'tip' })
    ann.at(0, 0).type('Do: ')
    meet(ann, ben)
    expectBoth([ann, ben], ['callout Do: Mind the gap, please'])
    expect(shapes(ann)).toEqual(['{"kind":"tip","emoji":"🚇"}'])
  })

  it('goes on inside after Enter, while somebody types in what comes to stand there', () => {
    const [ann, ben] = two('Head tail')
    setBlockKind(ann.at(0, 0).editor, 'callout')
    meet(ann, ben)
    ann.at(0, 4).enter()
    ben.at(0, 9).type('s')
    meet(ann, ben)
    expectBoth([ann, ben], ['callout Head', 'paragraph>  tails'])
  })
})

describe('a toggle', () => {
  it('is closed by one while the other writes into what it holds', () => {
    const [ann, ben] = two('More', 'inside')
    setBlockKind(ann.at(0, 0).editor, 'toggle')
    indent(ann.at(1, 0).editor)
    meet(ann, ben)
    toggleOpen(ann.at(0, 0).editor)
    ben.at(1, 6).type(' it')
    meet(ann, ben)
    expectBoth([ann, ben], ['toggle More', 'paragraph> inside it'])
    expect(shapes(ben)).toEqual(['{"collapsed":true}', '{}'])
  })
})

describe('colours', () => {
  it('of two people on one text are both there, and what is typed inside is inside', () => {
    const [ann, ben] = two('some red words')
    setColor(ann.at(0, 5, { block: 0, offset: 8 }).editor, 'red')
    setHighlight(ben.at(0, 0, { block: 0, offset: 14 }).editor, 'yellow')
    meet(ann, ben)
    ben.at(0, 6).type('XX')
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph [highlight: some ][color highlight: rXXed][highlight:  words]'])
    setColor(ann.at(0, 0, { block: 0, offset: 16 }).editor, null)
    ben.at(0, 8).enter()
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph [highlight: some rXX]', 'paragraph [highlight: ed words]'])
  })
})

/** Inline objects in order, as they are stored. */
function objects({ doc }: Person): unknown[] {
  return readSegments(flowOf(doc)).flatMap((segment) => segment.objects.map(({ stored }) => stored))
}

describe('a block without text', () => {
  const image = {
    type: 'image',
    indent: 0,
    url: 'https://a.b/c.png',
    name: '',
    size: 0,
    alt: '',
    width: 0,
  } as const

  it('takes what two people say of it, each in its own attribute, and nobody rewrites the rest', () => {
    const [ann, ben] = two('before', 'behind')
    ann.at(0, 0).edit(() => void $insertVoid(image))
    const key = keyAt(ann, 1)
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph before', 'image', 'paragraph behind'])
    setParts(ann.editor, key, { alt: 'A cat' })
    ann.commit()
    setParts(ben.editor, keyAt(ben, 1), { width: 320 })
    ben.commit()
    meet(ann, ben)
    expect(shapes(ann)[1]).toBe(
      JSON.stringify({ url: 'https://a.b/c.png', name: '', size: 0, alt: 'A cat', width: 320 }),
    )
    expectBoth([ann, ben], ['paragraph before', 'image', 'paragraph behind'])
  })

  it('is deleted while somebody types behind it, and undo brings it back as it was', () => {
    const [ann, ben] = two('before', 'behind')
    ann.at(0, 0).edit(() => void $insertVoid({ type: 'equation', indent: 0, latex: 'a^2' }))
    meet(ann, ben)
    removePart(ann.editor, keyAt(ann, 1))
    ann.commit()
    ben.at(2, 6).type(' it')
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph before', 'paragraph behind it'])
    ann.binding.undo()
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph before', 'equation', 'paragraph behind it'])
    expect(shapes(ben)[1]).toBe('{"latex":"a^2"}')
  })

  it('keeps its attributes of later versions when it is edited', () => {
    const [ann, ben] = two('before', 'behind')
    ann.at(0, 0).edit(() => void $insertVoid({ type: 'embed', indent: 0, url: 'https://a.b' }))
    meet(ann, ben)
    readSegments(flowOf(ben.doc))[1]?.marker?.set('caption', 'as it is')
    setParts(ben.editor, keyAt(ben, 1), { url: 'https://c.d' })
    ben.commit()
    meet(ann, ben)
    expect(readSegments(flowOf(ann.doc))[1]?.marker?.toJSON()).toMatchObject({
      url: 'https://c.d',
      caption: 'as it is',
    })
  })
})

describe('an inline object', () => {
  it('stays between the words that two people write around it', () => {
    const [ann, ben] = two('see you')
    ann.at(0, 4).edit(() => void $insertObject({ type: 'date', date: '2026-11-27' }))
    meet(ann, ben)
    ann.at(0, 4).type('on ')
    ben.at(0, 5).type(', ')
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph see on \uFFFC, you'])
    expect(objects(ben)).toEqual([{ type: 'date', date: '2026-11-27' }])
  })

  it('moves with its block, with all that a later version has put into it, and its marks', () => {
    const [ann, ben] = two('a long first block', 'x', 'last')
    const later = { type: 'hologram', depth: 3 }
    const [, segment] = readSegments(flowOf(ben.doc))
    ben.doc.transact((transaction) => {
      const steps = [
        { kind: 'retain', length: 1 },
        { kind: 'embed', stored: later, marks: { bold: true } },
      ] as const
      if (segment !== undefined) writeSteps(flowOf(ben.doc), transaction, segment, steps)
    })
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph a long first block', 'paragraph [bold: \uFFFC]x', 'paragraph last'])
    moveBefore(ann, 1, 0)
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph [bold: \uFFFC]x', 'paragraph a long first block', 'paragraph last'])
    expect(objects(ben)).toEqual([later])
  })

  it('is replaced by one while the other splits its block', () => {
    const [ann, ben] = two('ab')
    ann.at(0, 1).edit(() => void $insertObject({ type: 'equation', latex: 'x' }))
    meet(ann, ben)
    const key = ann.editor.read(() => $getRoot().getAllTextNodes()[0]?.getNextSibling()?.getKey() ?? '')
    setParts(ann.editor, key, { latex: 'y' })
    ann.commit()
    ben.at(0, 1).enter()
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph a\uFFFC', 'paragraph b'])
    expect(objects(ben)).toEqual([{ type: 'equation', latex: 'y' }])
  })
})

describe('columns', () => {
  it('keep a block in its column through split, kind and join, whatever others type', () => {
    const [ann, ben] = two('left', 'right side', 'below')
    setColumn(ann.at(0, 0).editor, 1)
    setColumn(ann.at(1, 0).editor, 2)
    meet(ann, ben)
    ann.at(1, 5).enter()
    setBlockKind(ann.at(1, 0).editor, 'heading', { level: 2 })
    ben.at(1, 10).type('s')
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph left', 'heading2 right', 'paragraph  sides', 'paragraph below'])
    expect(shapes(ben)).toEqual(['{"column":1}', '{"level":2,"column":2}', '{"column":2}', '{}'])
    ann.at(2, 0).editor.dispatchCommand(DELETE_CHARACTER_COMMAND, true)
    ben.at(1, 0).type('The ')
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph left', 'heading2 The right sides', 'paragraph below'])
    expect(shapes(ann)).toEqual(['{"column":1}', '{"level":2,"column":2}', '{}'])
  })
})

describe('attributes of a later version', () => {
  it('stay through a new kind, a split and a move', () => {
    const [ann, ben] = two('first block', 'second', 'third block')
    const [, marker] = readSegments(flowOf(ben.doc))
    marker?.marker?.set('mood', 'calm')
    meet(ann, ben)
    setBlockKind(ann.at(1, 0).editor, 'quote')
    ann.commit().at(1, 3).enter()
    const mood = ({ doc }: Person, index: number): unknown =>
      readSegments(flowOf(doc))[index]?.marker?.get('mood')
    meet(ann, ben)
    expect(mood(ben, 1)).toBe('calm')
    // The longer block stays where it is, and the shorter one is written anew, with all that it had.
    moveBefore(ann, 3, 1)
    meet(ann, ben)
    moveBefore(ann, 2, 1)
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph first block', 'quote sec', 'paragraph third block', 'quote ond'])
    expect(mood(ben, 1)).toBe('calm')
  })
})
