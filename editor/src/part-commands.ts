/**
 * Blocks without text and inline objects: put into the text, asked about, changed and taken away by their key.
 *
 * Rule: what is written is what the schema reads back; an object of a type of a later version stays as it is.
 */
import { type InlineObject, readBlockShape, readInline, storedInline } from '@weft/document'
import {
  $createNodeSelection,
  $getNodeByKey,
  $getSelection,
  $isNodeSelection,
  $isRangeSelection,
  $setSelection,
  type LexicalEditor,
  type NodeKey,
} from 'lexical'
import { $paragraphBehind } from './blocks/block-keys.ts'
import { $isBlockNode, type TextBlockShape } from './blocks/block-node.ts'
import { shapeOf } from './blocks/chosen-kind.ts'
import { $createObjectNode, $isObjectNode, sameStored } from './blocks/object-node.ts'
import { $selectedBlocks } from './blocks/selected-blocks.ts'
import { $createVoidNode, $isVoidNode, isVoidShape, type VoidShape } from './blocks/void-node.ts'

/**
 * Puts a block without text behind the block of the caret, or in its place when it is empty, and the caret behind it.
 *
 * @returns its key; undefined without a selection.
 */
export function $insertVoid(shape: VoidShape): NodeKey | undefined {
  const block = $selectedBlocks().at(-1)
  if (block === undefined) return undefined
  const indent = shape.type === 'divider' ? 0 : block.getIndent()
  const node = $createVoidNode({ ...shape, indent } as VoidShape).setColumn(block.getColumn())
  block.insertAfter(node, false)
  const next = node.getNextSibling()
  if (block.isEmpty() && block.getKind() === 'paragraph') {
    // The empty block moves behind instead of being replaced: it is the same block.
    node.insertAfter(block, false)
    block.selectStart()
  } else if ($isBlockNode(next)) next.selectStart()
  else $paragraphBehind(node)
  return node.getKey()
}

export function insertDivider(editor: LexicalEditor): void {
  editor.update(() => {
    $insertVoid({ type: 'divider', indent: 0 })
  })
}

/** Puts an inline object in the place of the selection. @returns its key; undefined without a selection. */
export function $insertObject(object: InlineObject): NodeKey | undefined {
  const selection = $getSelection()
  if (!$isRangeSelection(selection)) return undefined
  const node = $createObjectNode(storedInline(object))
  selection.insertNodes([node])
  return node.getKey()
}

/** Selects a block without text, or an inline object, as a whole, as a click on it does. */
export function selectPart(editor: LexicalEditor, key: NodeKey): void {
  editor.update(() => {
    const selection = $createNodeSelection()
    selection.add(key)
    $setSelection(selection)
  })
}

type NumberedShape = Extract<TextBlockShape, { readonly type: 'numbered' }>

/** What can be edited of the block or object under `key`; undefined when there is nothing. */
export function readParts(
  editor: LexicalEditor,
  key: NodeKey,
): (VoidShape | NumberedShape | InlineObject) | undefined {
  return editor.read(() => {
    const node = $getNodeByKey(key)
    if ($isVoidNode(node)) return node.getShape()
    const shape = $isBlockNode(node) ? node.getShape() : undefined
    if (shape?.type === 'numbered') return shape
    return $isObjectNode(node) ? node.getObject() : undefined
  })
}

/** Changes parts of a block without text or of a numbered item, or puts another object in the place of an inline one. */
export function setParts(
  editor: LexicalEditor,
  key: NodeKey,
  parts: Readonly<Record<string, unknown>>,
): void {
  editor.update(() => {
    const node = $getNodeByKey(key)
    if ($isVoidNode(node)) {
      const given: Readonly<Record<string, unknown>> = { ...node.getShape(), ...parts }
      const shape = readBlockShape((name) => given[name])
      if (isVoidShape(shape)) node.setShape(shape)
    } else if ($isBlockNode(node)) {
      const start = typeof parts['start'] === 'number' ? parts['start'] : 0
      if (node.getKind() === 'numbered')
        node.setShape(shapeOf('numbered', node.getShape(), { start }) as TextBlockShape)
    } else if ($isObjectNode(node)) {
      const stored = node.getStored()
      const object = readInline({ ...(stored as object), ...parts })
      // Of a type of a later version only the name is known: written again, it would lose all else.
      if (object.type === 'unknown') return
      const wanted = storedInline(object)
      if (sameStored(stored, wanted)) return
      const made = node.replace($createObjectNode(wanted, node.getMarks()))
      const selection = $getSelection()
      // What was selected as a whole stays so: keys would go to what is no longer there.
      if ($isNodeSelection(selection) && selection.has(key)) {
        selection.delete(key)
        selection.add(made.getKey())
      }
    }
  })
}

/** Takes a block without text, or an inline object, away. */
export function removePart(editor: LexicalEditor, key: NodeKey): void {
  editor.update(() => {
    const node = $getNodeByKey(key)
    if (!$isVoidNode(node) && !$isObjectNode(node)) return
    if ($isVoidNode(node)) {
      const next = node.getNextSibling() ?? node.getPreviousSibling()
      if ($isBlockNode(next)) next.selectStart()
      else $paragraphBehind(node)
    }
    node.remove()
  })
}

/** Takes an object away that was put into the text and never said what it is. */
export function removeBlank(editor: LexicalEditor, key: NodeKey): void {
  editor.update(() => {
    const node = $getNodeByKey(key)
    const object = $isObjectNode(node) ? node.getObject() : undefined
    const isBlank =
      (object?.type === 'equation' && object.latex.trim() === '') ||
      (object?.type === 'mention' && object.label.trim() === '' && object.ref === '')
    if (isBlank) node?.remove()
  })
}
