/** What two people's edits come to: the exact text, with every word there. */

import { authorsOf, flowOf, readDocument } from '@weft/document'
import { $createParagraphNode, $createTextNode, $getRoot, $getSelection, $selectAll } from 'lexical'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { meet, type Person, people } from '../../test/people.ts'
import { expectBoth, moveBefore, two } from '../../test/two.ts'
import { indent, outdent, setBlockKind } from '../block-commands.ts'
import { setLink, toggleMark } from '../mark-commands.ts'
import { insertDivider } from '../part-commands.ts'

function idsOf({ doc }: Person): string[] {
  return readDocument(flowOf(doc)).blocks.map(({ id }) => id)
}

describe('two people at once', () => {
  it('open a new document, and it does not double', () => {
    const [ann, ben] = people(2)
    if (ann === undefined || ben === undefined) throw new Error('nobody there')
    expect(Y.encodeStateAsUpdate(ann.doc)).toEqual(Y.encodeStateAsUpdate(new Y.Doc()))
    ann.at(0, 0).type('Ann')
    ben.at(0, 0).type('Ben')
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph AnnBen'])
  })

  it('make a heading and type into it', () => {
    const [ann, ben] = two('first', 'Plan')
    setBlockKind(ann.at(1, 0).editor, 'heading', { level: 2 })
    ben.at(1, 4).type(' for May')
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph first', 'heading2 Plan for May'])
  })

  it('make a heading of the first block, and type into it', () => {
    const [ann, ben] = two('')
    setBlockKind(ann.at(0, 0).editor, 'heading', { level: 1 })
    ben.at(0, 0).type('Title')
    meet(ann, ben)
    expectBoth([ann, ben], ['heading1 Title'])
  })

  it('press Enter in the middle and type in the tail', () => {
    const [ann, ben] = two('one two')
    ann.at(0, 4).enter()
    ben.at(0, 7).type(' three')
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph one', 'paragraph two three'])
  })

  it('press Enter at the same place, and both get their block', () => {
    const [ann, ben] = two('onetwo')
    ann.at(0, 3).enter().type('A')
    ben.at(0, 3).enter().type('B')
    meet(ann, ben)
    expect(ann.lines()).toEqual(ben.lines())
    expect(ann.lines()).toEqual(['paragraph one', 'paragraph A', 'paragraph Btwo'])
  })

  it('join two blocks and type at their seam', () => {
    const [ann, ben] = two('one', 'two')
    ann.at(0, 3, { block: 1, offset: 0 }).erase()
    ben.at(1, 0).type('and ')
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph oneand two'])
  })

  it('split and join the same blocks', () => {
    const [ann, ben] = two('one', 'two three')
    ann.at(0, 3, { block: 1, offset: 0 }).erase()
    ben.at(1, 4).enter()
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph onetwo', 'paragraph three'])
  })

  it('each split the block that the other joins', () => {
    const both = two('one two', 'three four')
    const [ann, ben] = both
    // Ann splits the first and joins its end with the second; Ben joins the same two and splits the second.
    ann.at(0, 3).enter().at(1, 4, { block: 2, offset: 0 }).erase()
    ben.at(0, 7, { block: 1, offset: 0 }).erase().at(0, 12).enter()
    expect(ann.lines()).toEqual(['paragraph one', 'paragraph  twothree four'])
    expect(ben.lines()).toEqual(['paragraph one twothree', 'paragraph  four'])
    meet(ann, ben)
    expectBoth(both, ['paragraph one', 'paragraph  twothree', 'paragraph  four'])
  })

  it('join what the other splits, at one place', () => {
    const both = two('one', 'two', 'three')
    const [ann, ben] = both
    // Each joins one pair of neighbours and splits what the other joins.
    ann.at(0, 3, { block: 1, offset: 0 }).erase().at(1, 2).enter()
    ben.at(1, 3, { block: 2, offset: 0 }).erase().at(0, 1).enter()
    expect(ann.lines()).toEqual(['paragraph onetwo', 'paragraph th', 'paragraph ree'])
    expect(ben.lines()).toEqual(['paragraph o', 'paragraph ne', 'paragraph twothree'])
    meet(ann, ben)
    expectBoth(both, ['paragraph o', 'paragraph netwoth', 'paragraph ree'])
  })

  it('embolden a word and type inside it', () => {
    const [ann, ben] = two('a word here')
    toggleMark(ann.at(0, 2, { block: 0, offset: 6 }).editor, 'bold')
    ben.at(0, 4).type('XX')
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph a [bold: woXXrd] here'])
  })

  it('link a word and split it', () => {
    const [ann, ben] = two('a word here')
    setLink(ann.at(0, 2, { block: 0, offset: 6 }).editor, 'https://example.org/')
    ben.at(0, 4).enter()
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph a [link: wo]', 'paragraph [link: rd] here'])
  })

  it('delete a block and type in it: the new words survive', () => {
    const [ann, ben] = two('keep', 'gone', 'last')
    ann.at(0, 4, { block: 1, offset: 4 }).erase()
    ben.at(1, 2).type('NEW')
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph keepNEW', 'paragraph last'])
  })

  it('delete the first block and type in it: the new words survive', () => {
    const [ann, ben] = two('gone', 'last')
    ann.edit(() => $getRoot().getFirstChild()?.remove())
    ben.at(0, 2).type('NEW')
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph NEW', 'paragraph last'])
    ann.edit(() => $getRoot().getFirstChild()?.remove())
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph last'])
  })

  it('select all and retype, and type: what is new of both survives', () => {
    const [ann, ben] = two('one', 'two')
    ann.edit(() => $selectAll()).type('fresh')
    ben.at(1, 3).type('NEW')
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph freshNEW'])
  })

  it('turn ten paragraphs into a list and type in the fifth', () => {
    const words = Array.from({ length: 10 }, (_, index) => `item ${index}`)
    const [ann, ben] = two(...words)
    setBlockKind(ann.at(0, 0, { block: 9, offset: 6 }).editor, 'bullet')
    ben.at(4, 6).type('!').enter().type('more')
    meet(ann, ben)
    const lines = words.map((word) => `bullet ${word}`)
    expectBoth([ann, ben], [...lines.slice(0, 4), 'bullet item 4!', 'paragraph more', ...lines.slice(5)])
  })

  it('indent and outdent the same item, and type in it', () => {
    const [ann, ben] = two('item')
    setBlockKind(ann.at(0, 0).editor, 'bullet')
    indent(ann.editor)
    meet(ann, ben)
    indent(ann.editor)
    outdent(ben.at(0, 4).editor)
    ben.type('s')
    meet(ann, ben)
    // No indent is stored as none: what one sets stands against what the other takes away. So do the words.
    expectBoth([ann, ben], ['bullet>> items'])
  })

  it('move a block and type in it: the words stay in the document, the block keeps its id', () => {
    const [ann, ben] = two('one', 'two', 'three')
    const id = idsOf(ann)[2]
    moveBefore(ann, 2, 1)
    ben.at(2, 2).type('NEW')
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph one', 'paragraph thNEWree', 'paragraph two'])
    expect(idsOf(ben)[1]).toBe(id)
    // The longer text is the one that stays: here the block itself is written anew, and the new words stay behind.
    moveBefore(ann, 2, 1)
    ben.at(2, 2).type('!')
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph one', 'paragraph two', 'paragraph thNEWree!'])
  })

  it('replace more words than are searched for what stayed, around a block that is still there', () => {
    const long = (letter: string): string => letter.repeat(1_200)
    const [ann, ben] = two(long('a'), 'stays', long('b'))
    const id = idsOf(ann)[1]
    ann.at(1, 0).edit(() => {
      const [first, , third] = $getRoot().getChildren()
      first?.replace($createParagraphNode().append($createTextNode(long('c'))))
      third?.replace($createParagraphNode().append($createTextNode(long('d'))))
    })
    ben.at(2, 0).type('NEW')
    meet(ann, ben)
    expectBoth([ann, ben], [`paragraph ${long('c')}`, 'paragraph stays', `paragraph ${long('d')}NEW`])
    expect(idsOf(ben)[1]).toBe(id)
  })

  it('paste 200 blocks into a block that is being typed in', () => {
    const [ann, ben] = two('before behind')
    const pasted = Array.from({ length: 200 }, (_, index) => `pasted ${index}`)
    ben.at(0, 6).type(' words')
    ann.at(0, 7).edit(() => {
      const blocks = pasted.map((text) => $createParagraphNode().append($createTextNode(text)))
      $getSelection()?.insertNodes(blocks)
    })
    ben.type(' more')
    meet(ann, ben)
    const lines = [`before words more ${pasted[0]}`, ...pasted.slice(1, -1), `${pasted[199]}behind`]
    expectBoth(
      [ann, ben],
      lines.map((line) => `paragraph ${line}`),
    )
  })

  it('make code of a heading and a paragraph of it, and type in it', () => {
    const [ann, ben] = two('first', 'let it be')
    setBlockKind(ann.at(1, 0).editor, 'heading', { level: 2 })
    meet(ann, ben)
    setBlockKind(ann.at(1, 0).editor, 'code', { language: 'js' })
    setBlockKind(ben.at(1, 0).editor, 'paragraph')
    ben.at(1, 6).type(' really')
    meet(ann, ben)
    // Ben's client id is the higher one: his kind stands, and the words of both do.
    expectBoth([ann, ben], ['paragraph first', 'paragraph let it really be'])
  })

  it('link a word and type inside it', () => {
    const [ann, ben] = two('a word here')
    setLink(ann.at(0, 2, { block: 0, offset: 6 }).editor, 'https://example.org/')
    ben.at(0, 4).type('XX')
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph a [link: woXXrd] here'])
  })

  it('insert a line at the start and type in the first block', () => {
    const [ann, ben] = two('')
    insertDivider(ann.at(0, 0).editor)
    ben.at(0, 0).type('words')
    meet(ann, ben)
    expectBoth([ann, ben], ['divider', 'paragraph words'])
  })

  it('delete a block behind a line and type in it: the words stand behind the line', () => {
    const [ann, ben] = two('one')
    insertDivider(ann.at(0, 3).editor)
    ann.commit()
    ann.type('tail')
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph one', 'divider', 'paragraph tail'])
    ann.edit(() => $getRoot().getLastChild()?.remove())
    ben.at(2, 4).type('NEW')
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph one', 'divider', 'paragraph NEW'])
    setBlockKind(ben.at(2, 0).editor, 'quote')
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph one', 'divider', 'quote NEW'])
  })
})

describe('undo', () => {
  it('takes back one’s own words and leaves those that others put between them', () => {
    const [ann, ben] = two('')
    ann.at(0, 0).type('anna')
    meet(ann, ben)
    ben.at(0, 2).type('BEN')
    meet(ann, ben)
    ann.binding.undo()
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph BEN'])
    ann.binding.redo()
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph anBENna'])
  })

  it('of a deletion leaves others’ words theirs, however often it is undone and redone', () => {
    const [ann, ben] = two('given')
    ben.at(0, 5).type(' by ben')
    meet(ann, ben)
    const authors = () => authorsOf(flowOf(ben.doc)).map(({ runs }) => runs)
    const before = authors()
    expect(before[0]?.at(-1)).toEqual({ text: ' by ben', client: ben.doc.clientID })
    ann.at(0, 2, { block: 0, offset: 9 }).erase()
    for (const step of ['undo', 'redo', 'undo'] as const) ann.binding[step]()
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph given by ben'])
    expect(authors()).toEqual(before)
    expect(ann.binding.checkDrift()).toBe(false)
    // To say so was no step of its own.
    expect(ann.binding.canRedo).toBe(true)
  })

  it('of both, after they typed into each other’s words, leaves what neither undid', () => {
    const [ann, ben] = two('given')
    ann.at(0, 5).type(' anna')
    meet(ann, ben)
    ben.at(0, 8).type('BEN')
    meet(ann, ben)
    ann.at(0, 0).type('>')
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph >given anBENna'])
    ann.binding.undo()
    ben.binding.undo()
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph given anna'])
    ann.binding.undo()
    ben.binding.redo()
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph givenBEN'])
  })

  it('leaves a block of one’s own that somebody has made something of, with its id, and goes on to the step before', () => {
    const [ann, ben] = two('one')
    ann.at(0, 3).enter()
    meet(ann, ben)
    const [, made] = readDocument(ben.doc.getText('flow')).blocks
    setBlockKind(ben.at(1, 0).editor, 'heading', { level: 1 })
    meet(ann, ben)
    ann.binding.undo()
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph', 'heading1'])
    expect(readDocument(ann.doc.getText('flow')).blocks[1]?.id).toBe(made?.id)
  })

  it('of a deletion brings the words back, next to what was typed meanwhile', () => {
    const [ann, ben] = two('one two three')
    ann.at(0, 4, { block: 0, offset: 8 }).erase()
    meet(ann, ben)
    ben.at(0, 4).type('NEW ')
    meet(ann, ben)
    ann.binding.undo()
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph one NEW two three'])
  })

  it('puts the caret where it was, and redo where it came to be', () => {
    const [ann, ben] = two('one two')
    ann.at(0, 3).type('X')
    ben.at(0, 0).type('>>')
    meet(ann, ben)
    ann.at(0, 9)
    ann.binding.undo()
    expect(ann.caret()).toEqual({ block: 0, offset: 5 })
    ann.at(0, 0)
    ann.binding.redo()
    expect(ann.caret()).toEqual({ block: 0, offset: 6 })
  })

  it('selects again what was selected, and others have written around it', () => {
    const [ann, ben] = two('one two', 'three')
    // Backwards: the end that moves is the first one.
    const selected = { anchor: { block: 1, offset: 2 }, focus: { block: 0, offset: 4 } }
    ann.at(1, 2, { block: 0, offset: 4 }).erase()
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph one ree'])
    ann.at(0, 0)
    ann.binding.undo()
    expect(ann.selected()).toEqual(selected)
    ann.at(0, 0)
    ann.binding.redo()
    expect(ann.selected()).toEqual({ anchor: { block: 0, offset: 4 }, focus: { block: 0, offset: 4 } })
    meet(ann, ben)
    ben.at(0, 0).type('>> ').at(0, 10).type('!')
    meet(ann, ben)
    ann.binding.undo()
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph >> one two', 'paragraph three!'])
    expect(ann.selected()).toEqual({ anchor: { block: 1, offset: 2 }, focus: { block: 0, offset: 7 } })
  })

  it('says when there is something to undo', () => {
    const [ann] = two('')
    const seen: [boolean, boolean][] = []
    const stop = ann.binding.onHistory(() => seen.push([ann.binding.canUndo, ann.binding.canRedo]))
    ann.at(0, 0).type('x')
    ann.binding.undo()
    stop()
    ann.type('y')
    expect(seen.at(0)).toEqual([true, false])
    expect(seen.at(-1)).toEqual([false, true])
  })

  it('waits for the end of a command that asks for it', async () => {
    const [ann] = two('')
    ann.at(0, 0).type('x')
    ann.edit(() => {
      ann.binding.undo()
    })
    await Promise.resolve()
    expect(ann.lines()).toEqual(['paragraph'])
  })
})

describe('the caret', () => {
  it('stays where it is between its neighbours while others write around it', () => {
    const [ann, ben] = two('one two', 'three')
    ann.at(0, 4)
    ben.at(0, 4).type('HERE ')
    meet(ann, ben)
    expect(ann.caret()).toEqual({ block: 0, offset: 4 })
    ben.at(0, 0).type('>> ')
    meet(ann, ben)
    expect(ann.caret()).toEqual({ block: 0, offset: 7 })
    ben.at(0, 3).enter()
    meet(ann, ben)
    expect(ann.caret()).toEqual({ block: 1, offset: 4 })
    ben.at(0, 3, { block: 1, offset: 0 }).erase()
    ben.at(0, 5, { block: 0, offset: 12 }).erase()
    meet(ann, ben)
    expect(ann.caret()).toEqual({ block: 0, offset: 5 })
  })

  it('says which of several equal letters is the new one', () => {
    const [ann, ben] = two('aa')
    ann.at(0, 1).type('a')
    ben.at(0, 1).type('-')
    meet(ann, ben)
    // Had the new letter been taken for the last one, Ben's dash would stand before it.
    expectBoth([ann, ben], ['paragraph aa-a'])
  })

  it('can be told to others and found again', () => {
    const [ann, ben] = two('one', 'two')
    const point = ann
      .at(1, 2)
      .editor.getEditorState()
      .read(() => {
        const node = $getRoot().getLastDescendant()
        return { key: node?.getKey() ?? '', offset: 2, type: 'text' as const }
      })
    const place = JSON.parse(JSON.stringify(ann.binding.toRelative(point)))
    ben.at(0, 3).type(' more').at(1, 0).type('the ')
    const found = ben.binding.fromRelative(place)
    expect(found?.offset).toBe(6)
    expect(ben.binding.fromRelative({ ...place, item: { client: 99, clock: 3 } })).toBeNull()
  })
})

describe('a block of a later version', () => {
  it('is shown with its words, can be written into, and is not deleted', () => {
    const [ann, ben] = two('one', 'two')
    const flow = ben.doc.getText('flow')
    const marker = new Y.Map<unknown>([
      ['type', 'hologram'],
      ['id', 'c'],
      ['tone', 'warning'],
    ])
    flow.insertEmbed(flow.length, marker)
    flow.insert(flow.length, 'mind')
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph one', 'paragraph two', 'unknown mind'])
    ann.at(2, 4).type(' the gap')
    ann.at(1, 3, { block: 2, offset: 4 }).erase()
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph one', 'paragraph two', 'unknown  the gap'])
    expect(marker.get('tone')).toBe('warning')
  })
})
