import { createHeadlessEditor } from '@lexical/headless'
import { registerRichText } from '@lexical/rich-text'
import { readBlockShape } from '@weft/document'
import { $createParagraphNode, $getRoot, $getSelection, $isRangeSelection, type LexicalEditor } from 'lexical'
import { describe, expect, it } from 'vitest'
import { indent, setBlockKind } from '../block-commands.ts'
import { readFormatState } from '../format-state.ts'
import { setLink, toggleMark } from '../mark-commands.ts'
import { insertDivider } from '../part-commands.ts'
import { $createBlockNode, $isBlockNode, isTextShape, type TextBlockShape } from './block-node.ts'
import { WEFT_NODES } from './index.ts'
import { $createWeftTextNode, $isWeftTextNode, marksOf } from './text-node.ts'
import { $isVoidNode } from './void-node.ts'

function open(...blocks: [TextBlockShape['type'], string][]): LexicalEditor {
  const editor = createHeadlessEditor({
    nodes: [...WEFT_NODES],
    onError: (error) => {
      throw error
    },
  })
  registerRichText(editor)
  editor.update(
    () => {
      const root = $getRoot().clear()
      for (const [type, text] of blocks) {
        const block = $createBlockNode(shapeOf(type))
        if (text !== '') block.append($createWeftTextNode(text))
        root.append(block)
      }
    },
    { discrete: true },
  )
  return editor
}

function shapeOf(type: TextBlockShape['type']): TextBlockShape {
  const shape = readBlockShape((name) => (name === 'type' ? type : undefined))
  if (!isTextShape(shape)) throw new Error('not a text block')
  return shape
}

/** Puts the caret, or the selection, at character offsets of one block. */
function select(editor: LexicalEditor, block: number, from: number, to = from): void {
  editor.update(
    () => {
      const node = $getRoot().getChildAtIndex(block)
      if (!$isBlockNode(node)) throw new Error('no such block')
      const text = node.getFirstChild()
      if ($isWeftTextNode(text)) text.select(from, to)
      else node.select(from, to)
    },
    { discrete: true },
  )
}

function enter(editor: LexicalEditor): void {
  editor.update(
    () => {
      const selection = $getSelection()
      if ($isRangeSelection(selection)) selection.insertParagraph()
    },
    { discrete: true },
  )
}

function outline(editor: LexicalEditor): string[] {
  return editor.getEditorState().read(() =>
    $getRoot()
      .getChildren()
      .map((node) => {
        if ($isVoidNode(node)) return '---'
        return $isBlockNode(node)
          ? `${node.getKind()}${node.getIndent()} ${node.getTextContent()}`
          : node.getType()
      }),
  )
}

function flush(editor: LexicalEditor): void {
  editor.update(() => {}, { discrete: true })
}

describe('block nodes', () => {
  it('stand in wherever Lexical makes a paragraph', () => {
    const editor = open(['paragraph', 'x'])
    editor.update(() => $getRoot().append($createParagraphNode()), { discrete: true })
    expect(outline(editor)).toEqual(['paragraph0 x', 'paragraph0 '])
  })

  it('continue a list on Enter and leave it on Enter in an empty item', () => {
    const editor = open(['bullet', 'one'])
    select(editor, 0, 3)
    indent(editor)
    flush(editor)
    enter(editor)
    expect(outline(editor)).toEqual(['bullet1 one', 'bullet1 '])
    enter(editor)
    expect(outline(editor)).toEqual(['bullet1 one', 'bullet0 '])
    enter(editor)
    expect(outline(editor)).toEqual(['bullet1 one', 'paragraph0 '])
  })

  it('give a paragraph after a heading, and keep the heading with its words when split before them', () => {
    const editor = open(['heading', 'Title'])
    select(editor, 0, 5)
    enter(editor)
    expect(outline(editor)).toEqual(['heading0 Title', 'paragraph0 '])
    select(editor, 0, 0)
    enter(editor)
    expect(outline(editor)).toEqual(['paragraph0 ', 'heading0 Title', 'paragraph0 '])
  })

  it('break the line in code and leave it on Enter in an empty last line', () => {
    const editor = open(['code', 'a'])
    select(editor, 0, 1)
    enter(editor)
    expect(outline(editor)).toEqual(['code0 a\n'])
    enter(editor)
    expect(outline(editor)).toEqual(['code0 a', 'paragraph0 '])
  })

  it('keep the text in place when the kind changes', () => {
    const editor = open(['paragraph', 'one'], ['paragraph', 'two'])
    const keys = editor.getEditorState().read(() => $getRoot().getChildrenKeys())
    select(editor, 1, 1)
    setBlockKind(editor, 'heading', { level: 2 })
    flush(editor)
    expect(outline(editor)).toEqual(['paragraph0 one', 'heading0 two'])
    expect(editor.getEditorState().read(() => $getRoot().getChildrenKeys())).toEqual(keys)
    expect(readFormatState(editor).block).toEqual({ type: 'heading', level: 2, indent: 0 })
  })

  it('put a line in the place of an empty paragraph, which stays behind it', () => {
    const editor = open(['paragraph', 'one'], ['paragraph', ''])
    select(editor, 1, 0)
    insertDivider(editor)
    flush(editor)
    expect(outline(editor)).toEqual(['paragraph0 one', '---', 'paragraph0 '])
  })
})

describe('text nodes', () => {
  it('keep a link to its own characters when a neighbour is typed or merged', () => {
    const editor = open(['paragraph', 'one two three'])
    select(editor, 0, 4, 7)
    expect(setLink(editor, 'https://example.org/')).toBe(true)
    flush(editor)
    editor.update(
      () => {
        const link = $getRoot().getAllTextNodes()[1]
        link?.selectEnd()
        const selection = $getSelection()
        if ($isRangeSelection(selection)) selection.insertText('!')
      },
      { discrete: true },
    )
    const runs = editor.getEditorState().read(() =>
      $getRoot()
        .getAllTextNodes()
        .map((node) => [node.getTextContent(), marksOf(node).link ?? '']),
    )
    expect(runs).toEqual([
      ['one ', ''],
      ['two', 'https://example.org/'],
      ['! three', ''],
    ])
  })

  it('refuse an address that could run something', () => {
    const editor = open(['paragraph', 'one'])
    select(editor, 0, 0, 3)
    expect(setLink(editor, 'javascript:alert(1)')).toBe(false)
  })

  it('show the marks of the selection', () => {
    const editor = open(['paragraph', 'one'])
    select(editor, 0, 0, 3)
    toggleMark(editor, 'bold')
    flush(editor)
    toggleMark(editor, 'strike')
    flush(editor)
    expect([...readFormatState(editor).marks]).toEqual(['bold', 'strike'])
  })
})
