import {
  $getRoot,
  $getSelection,
  $isRangeSelection,
  $isTextNode,
  $selectAll,
  COMMAND_PRIORITY_HIGH,
  CONTROLLED_TEXT_INSERTION_COMMAND,
  PASTE_COMMAND,
  PASTE_TAG,
} from 'lexical'
import { describe, expect, it } from 'vitest'
import { meet, type Person } from '../../test/people.ts'
import { expectBoth, two } from '../../test/two.ts'
import { toggleMark } from '../mark-commands.ts'

/** Pastes text as rich text does it, once nothing before it has taken the command. */
function paste(person: Person, text: string): void {
  const stop = person.editor.registerCommand(
    PASTE_COMMAND,
    () => {
      const selection = $getSelection()
      if ($isRangeSelection(selection)) selection.insertText(text)
      return true
    },
    COMMAND_PRIORITY_HIGH,
  )
  person.editor.update(() => person.editor.dispatchCommand(PASTE_COMMAND, {} as ClipboardEvent), {
    discrete: true,
    tag: PASTE_TAG,
  })
  stop()
}

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
    paste(ann, 'hell')
    ben.at(0, 4, { block: 0, offset: 9 }).erase()
    meet(ann, ben)
    expectBoth([ann, ben], ['paragraph say hell now'])
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
})
