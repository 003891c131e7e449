import {
  $getRoot,
  $getSelection,
  $isRangeSelection,
  $isTextNode,
  $selectAll,
  CONTROLLED_TEXT_INSERTION_COMMAND,
  PASTE_COMMAND,
} from 'lexical'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { meet, type Person } from '../../test/people.ts'
import { expectBoth, two } from '../../test/two.ts'
import { $isBlockNode } from '../blocks/block-node.ts'
import { setLink, toggleMark } from '../mark-commands.ts'
import { insertTable } from '../table-commands.ts'
import { registerPasteLink } from '../ui/paste-link.ts'
import type { Surface } from '../ui/surface.ts'

/** As far as rich text looks at it. */
class Pasted {
  readonly target = null
  readonly clipboardData: unknown

  constructor(text: string, files: readonly object[] = []) {
    const types = [...(text === '' ? [] : ['text/plain']), ...(files.length === 0 ? [] : ['Files'])]
    this.clipboardData = {
      types,
      files,
      items: [],
      getData: (type: string) => (type === 'text/plain' ? text : ''),
    }
  }

  preventDefault(): void {
    // No browser would do anything else.
  }
}

beforeAll(() => {
  vi.stubGlobal('ClipboardEvent', Pasted)
  for (const other of ['InputEvent', 'KeyboardEvent', 'DragEvent'])
    vi.stubGlobal(other, class extends Event {})
})

afterAll(() => vi.unstubAllGlobals())

/** Ctrl+V, to whoever takes it: the keys of tables, links, code, or rich text. */
function paste(person: Person, pasted: Pasted): void {
  person.editor.dispatchCommand(PASTE_COMMAND, pasted as unknown as ClipboardEvent)
  person.commit()
}

/** An address that is pasted over selected words links them, as on the page. */
function linkPasted({ editor }: Person): void {
  const exec = (_command: string, address?: string): boolean => setLink(editor, address ?? null)
  registerPasteLink(editor, { exec } as unknown as Surface)
}

const ADDRESS = new Pasted('https://a.example/')

/** Rich text has nothing to do with a picture. */
const NOTHING_FOR_TEXT = [
  ['a picture', new Pasted('', [{ name: 'a.png' }])],
  ['nothing', new Pasted('')],
] as const

describe('what is typed over a selection while somebody else deletes that', () => {
  it('is all there, also where it begins as the selection did', () => {
    const [ann, ben] = two('say hello now')
    ann.at(0, 4, { block: 0, offset: 9 })
    for (const letter of 'hi') ann.type(letter)
    ben.at(0, 4, { block: 0, offset: 9 }).erase()
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph say hi now'])
  })

  it('is there when it is the same letter', () => {
    const [ann, ben] = two('a')
    ann.at(0, 0, { block: 0, offset: 1 })
    for (const letter of 'as') ann.type(letter)
    ben.at(0, 0, { block: 0, offset: 1 }).erase()
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph as'])
  })

  it('is there when it is said in one go and begins with the whole selection, backwards or not', () => {
    const [ann, ben] = two('say hello now')
    ann.at(0, 9, { block: 0, offset: 4 }).type('hello there')
    ben.at(0, 4, { block: 0, offset: 9 }).erase()
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph say hello there now'])
  })

  it('is there when the command is given outside of an update', () => {
    const [ann, ben] = two('say hello now')
    ann.at(0, 4, { block: 0, offset: 9 }).editor.dispatchCommand(CONTROLLED_TEXT_INSERTION_COMMAND, 'hell')
    ann.commit()
    ben.at(0, 4, { block: 0, offset: 9 }).erase()
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph say hell now'])
  })

  it('is there when the selection was several blocks', () => {
    const [ann, ben] = two('one', 'two', 'three')
    ann.edit(() => $selectAll()).type('one')
    ben.at(0, 0, { block: 2, offset: 5 }).erase()
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph one'])
  })

  it('is there when it was pasted', () => {
    const [ann, ben] = two('say hello now')
    ann.at(0, 4, { block: 0, offset: 9 })
    paste(ann, new Pasted('hell'))
    ben.at(0, 4, { block: 0, offset: 9 }).erase()
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph say hell now'])
  })

  it('is there when it was pasted in code', () => {
    const [ann, ben] = two('say hello now')
    ann.edit(() => {
      const block = $getRoot().getFirstChild()
      if ($isBlockNode(block)) block.setShape({ type: 'code', language: '', indent: 0 })
    })
    meet(ann, ben)
    paste(ann.at(0, 4, { block: 0, offset: 9 }), new Pasted('hell'))
    ben.at(0, 4, { block: 0, offset: 9 }).erase()
    meet(ann, ben)
    expectBoth([ann, ben], ['code say hell now'])
  })

  it('is there when it was pasted over what ended in a table', () => {
    const [ann, ben] = two('say hello', '')
    insertTable(ann.at(1, 0).editor, 1, 1)
    ann.commit().type('cell')
    meet(ann, ben)
    ann.edit(() => {
      const [start, selection] = [$getRoot().getFirstDescendant(), $getSelection()]
      if ($isTextNode(start) && $isRangeSelection(selection)) selection.anchor.set(start.getKey(), 4, 'text')
    })
    paste(ann, new Pasted('hell'))
    ben.at(0, 4, { block: 0, offset: 9 }).erase()
    meet(ann, ben)
    expect(ann.lines()[0]).toBe('paragraph say hell')
    expect(ben.lines()).toEqual(ann.lines())
  })

  it('takes what the other wrote in the selection for no part of it', () => {
    const [ann, ben] = two('say hello now')
    ann.at(0, 4, { block: 0, offset: 9 }).type('h')
    ben.at(0, 6).type('YY')
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph say hYY now'])
  })

  it('is one step of undo with the selection, which comes back', () => {
    const [ann, ben] = two('say hello now')
    ann.at(0, 4, { block: 0, offset: 9 }).type('h')
    ann.binding.undo()
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph say hello now'])
    ann.binding.redo()
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph say h now'])
  })
})

describe('letters that stay', () => {
  it('are not written again when a word is corrected at a caret', () => {
    const [ann, ben] = two('recieve')
    // As Lexical does it for the browser's spell check: the command finds another selection than the committed one.
    ann.at(0, 7).edit(() => {
      const node = $getRoot().getFirstDescendant()
      if ($isTextNode(node)) node.select(0, 7)
      ann.editor.dispatchCommand(CONTROLLED_TEXT_INSERTION_COMMAND, 'receive')
    })
    ben.at(0, 0, { block: 0, offset: 7 }).erase()
    meet(ann, ben)
    expect(ann.lines()).toEqual(ben.lines())
    expect(ann.lines()).toEqual(['paragraph i'])
  })

  it('are not written again when a selection gets a format', () => {
    const [ann, ben] = two('say hello now')
    toggleMark(ann.at(0, 4, { block: 0, offset: 9 }).editor, 'bold')
    ann.commit()
    ben.at(0, 4, { block: 0, offset: 9 }).erase()
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph say  now'])
  })

  it('are not written again by what is typed behind the selection, before anything is committed', () => {
    const [ann, ben] = two('say hello now')
    ann.at(0, 4, { block: 0, offset: 9 }).edit(() => {
      const node = $getRoot().getFirstDescendant()
      if ($isTextNode(node)) node.select(9, 9)
      ann.editor.dispatchCommand(CONTROLLED_TEXT_INSERTION_COMMAND, '!')
    })
    ben.at(0, 4, { block: 0, offset: 9 }).erase()
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph say ! now'])
  })

  it('are not written again by an address that is pasted over them', () => {
    const [ann, ben] = two('say hello now')
    linkPasted(ann)
    paste(ann.at(0, 4, { block: 0, offset: 9 }), ADDRESS)
    expect(ann.lines()).toEqual(['paragraph say [link: hello] now'])
    ben.at(0, 4, { block: 0, offset: 9 }).erase()
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph say  now'])
  })

  it('are there once when two people paste an address over them', () => {
    const both = two('say hello now')
    for (const person of both) {
      linkPasted(person)
      paste(person.at(0, 4, { block: 0, offset: 9 }), ADDRESS)
    }
    meet(...both)
    expectBoth(both, ['paragraph say [link: hello] now'])
  })

  it.each(NOTHING_FOR_TEXT)('are not written again by what comes after a paste of %s', (_what, pasted) => {
    const [ann, ben] = two('say hello now')
    ann
      .at(0, 4, { block: 0, offset: 9 })
      .editor.dispatchCommand(PASTE_COMMAND, pasted as unknown as ClipboardEvent)
    toggleMark(ann.editor, 'bold')
    ann.commit()
    ben.at(0, 4, { block: 0, offset: 9 }).erase()
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph say  now'])
  })
})
