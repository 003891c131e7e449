import { createHeadlessEditor } from '@lexical/headless'
import { registerRichText } from '@lexical/rich-text'
import {
  $getRoot,
  $getSelection,
  DELETE_CHARACTER_COMMAND,
  INSERT_PARAGRAPH_COMMAND,
  type LexicalEditor,
} from 'lexical'
import { describe, expect, it } from 'vitest'
import { toggleOpen } from '../block-commands.ts'
import { registerBlockKeys } from './block-keys.ts'
import { $createBlockNode, $isBlockNode, type TextBlockShape } from './block-node.ts'
import { $holdersOf } from './holders.ts'
import { WEFT_NODES } from './index.ts'
import { $createWeftTextNode } from './text-node.ts'

/** `toggle- closed`, `>paragraph inside`: kind, `-` when closed, words; a `>` for each indent. */
function open(...lines: string[]): LexicalEditor {
  const editor = createHeadlessEditor({
    nodes: [...WEFT_NODES],
    onError: (error) => {
      throw error
    },
  })
  registerBlockKeys(editor)
  registerRichText(editor)
  editor.update(
    () => {
      const root = $getRoot().clear()
      for (const line of lines) {
        const [, depth = '', kind = '', closed, words = ''] = /^(>*)(\w+)(-?) ?(.*)$/.exec(line) ?? []
        const indent = depth.length
        const shape =
          kind === 'toggle'
            ? { type: kind, indent, collapsed: closed === '-' }
            : kind === 'callout'
              ? { type: kind, indent, kind: 'note', emoji: '' }
              : { type: kind, indent }
        const block = $createBlockNode(shape as TextBlockShape)
        if (words !== '') block.append($createWeftTextNode(words))
        root.append(block)
      }
    },
    { discrete: true },
  )
  return editor
}

function lines(editor: LexicalEditor): string[] {
  return editor.read(() =>
    $getRoot()
      .getChildren()
      .filter($isBlockNode)
      .map((block) => {
        const shape = block.getShape()
        const closed = shape.type === 'toggle' && shape.collapsed ? '-' : ''
        return `${'>'.repeat(shape.indent)}${shape.type}${closed} ${block.getTextContent()}`.trimEnd()
      }),
  )
}

function at(editor: LexicalEditor, index: number, place: 'start' | 'end'): LexicalEditor {
  editor.update(
    () => {
      const block = $getRoot().getChildAtIndex(index)
      if (!$isBlockNode(block)) throw new Error('no such block')
      if (place === 'start') block.selectStart()
      else block.selectEnd()
    },
    { discrete: true },
  )
  return editor
}

function enter(editor: LexicalEditor): string[] {
  editor.dispatchCommand(INSERT_PARAGRAPH_COMMAND, undefined)
  return lines(editor)
}

describe('holders of a block', () => {
  it('are the toggles and callouts before it that are less indented, as long as nothing between ends them', () => {
    const editor = open(
      'callout a',
      '>toggle b',
      '>>paragraph c',
      '>paragraph d',
      'paragraph e',
      '>paragraph f',
    )
    const held = editor.read(() =>
      $getRoot()
        .getChildren()
        .map((block) => $holdersOf(block).map((holder) => holder.getTextContent())),
    )
    expect(held).toEqual([[], ['a'], ['b', 'a'], ['a'], [], []])
  })
})

describe('a closed toggle', () => {
  it('gets a toggle behind what it holds from Enter at its end', () => {
    const editor = open('toggle- a', '>paragraph b', '>>paragraph c', 'paragraph d')
    expect(enter(at(editor, 0, 'end'))).toEqual([
      'toggle- a',
      '>paragraph b',
      '>>paragraph c',
      'toggle',
      'paragraph d',
    ])
  })

  it('opens before Backspace behind it, or Delete at its end, joins anything', () => {
    const closed = ['toggle- a', '>paragraph b', 'paragraph c']
    const opened = ['toggle a', '>paragraph b', 'paragraph c']
    const editor = at(open(...closed), 2, 'start')
    editor.dispatchCommand(DELETE_CHARACTER_COMMAND, true)
    expect(lines(editor)).toEqual(opened)
    editor.dispatchCommand(DELETE_CHARACTER_COMMAND, true)
    expect(lines(editor)).toEqual(['toggle a', '>paragraph bc'])
    const other = at(open(...closed), 0, 'end')
    other.dispatchCommand(DELETE_CHARACTER_COMMAND, false)
    expect(lines(other)).toEqual(opened)
  })

  it('takes the caret out of what it holds when this person closes it', () => {
    const editor = open('toggle a', '>paragraph b')
    editor.update(
      () => {
        const [toggle, held] = $getRoot().getChildren().filter($isBlockNode)
        const selection = toggle?.selectStart()
        const end = held?.getLastDescendant()
        if (selection !== undefined && end !== null && end !== undefined)
          selection.focus.set(end.getKey(), 1, 'text')
      },
      { discrete: true },
    )
    toggleOpen(editor)
    const caret = editor.read(() =>
      $getSelection()
        ?.getNodes()
        .map((node) => node.getTextContent()),
    )
    expect(lines(editor)).toEqual(['toggle- a', '>paragraph b'])
    expect(caret).toEqual(['a'])
  })
})

describe('a group', () => {
  it('goes on with Enter and is left by Enter in an empty last line', () => {
    const editor = open('callout a', 'paragraph z')
    expect(enter(at(editor, 0, 'end'))).toEqual(['callout a', '>paragraph', 'paragraph z'])
    expect(enter(editor)).toEqual(['callout a', 'paragraph', 'paragraph z'])
  })
})
