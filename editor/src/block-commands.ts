/**
 * What a toolbar, a menu or a key makes of the selected blocks: their kind, depth, ticks, numbers and columns.
 *
 * Each command is one editor update on the current selection and does nothing without one. None of them moves text between blocks
 * (`block-moves.ts`); undo and redo belong to the binding (`binding/binding.ts`).
 */
import { type HeadingLevel, MAX_INDENT } from '@weft/document'
import {
  $getNearestNodeFromDOMNode,
  $getSelection,
  $isRangeSelection,
  type LexicalEditor,
  type NodeKey,
} from 'lexical'
import { $isBlockNode, isTextShape, type TextBlockShape, type WeftBlockNode } from './blocks/block-node.ts'
import { type ChosenKind, type KindAttributes, shapeOf } from './blocks/chosen-kind.ts'
import { $insertColumns } from './blocks/columns.ts'
import { $holdersOf, $isCollapsed } from './blocks/holders.ts'
import { $selectedBlocks, $textBlockOf } from './blocks/selected-blocks.ts'

/** Turns every selected block into `kind`; its indent stays. Placeholders stay what they are. */
export function setBlockKind(editor: LexicalEditor, kind: ChosenKind, attributes: KindAttributes = {}): void {
  editor.update(() => {
    for (const block of $selectedBlocks()) {
      const shape = shapeOf(kind, block.getShape(), attributes)
      if (block.getKind() !== 'unknown' && isTextShape(shape)) block.setShape(shape)
    }
  })
}

/** @param name `heading-2` is of level 2. */
export function setHeading(editor: LexicalEditor, name: `heading-${HeadingLevel}`): void {
  setBlockKind(editor, 'heading', { level: Number(name.at(-1)) as HeadingLevel })
}

/** The first of the selected numbered items starts again with this number, or counts on with 0. */
export function setNumber(editor: LexicalEditor, start: number): void {
  editor.update(() => {
    const item = $firstNumbered()
    if (item !== undefined) item.setShape(shapeOf('numbered', item.getShape(), { start }) as TextBlockShape)
  })
}

export function $firstNumbered(): WeftBlockNode | undefined {
  return $selectedBlocks().find((block) => block.getKind() === 'numbered')
}

export function indent(editor: LexicalEditor): void {
  changeIndent(editor, 1)
}

export function outdent(editor: LexicalEditor): void {
  changeIndent(editor, -1)
}

function changeIndent(editor: LexicalEditor, by: 1 | -1): void {
  editor.update(() => {
    for (const block of $selectedBlocks()) {
      const wanted = Math.min(Math.max(block.getIndent() + by, 0), MAX_INDENT)
      if (wanted !== block.getIndent()) block.setIndent(wanted)
    }
  })
}

/** @param key the check list item; without it, the selected ones. */
export function toggleChecked(editor: LexicalEditor, key?: NodeKey): void {
  editor.update(() => {
    const blocks = $selectedBlocks().filter((block) => block.getKind() === 'check')
    const wanted = key === undefined ? blocks : $blockByKey(editor, key)
    const checked = !wanted.every((block) => isOn(block.getShape()))
    for (const block of wanted) block.setShape({ type: 'check', checked, indent: block.getIndent() })
  })
}

function $blockByKey(editor: LexicalEditor, key: NodeKey): WeftBlockNode[] {
  const node = editor.getEditorState()._nodeMap.get(key)?.getLatest()
  return $isBlockNode(node) && node.getKind() === 'check' ? [node] : []
}

/** Opens the toggles of the selection, or closes them when all are open. */
export function toggleOpen(editor: LexicalEditor): void {
  editor.update(() => {
    const toggles = $selectedBlocks().filter((block) => block.getKind() === 'toggle')
    const collapsed = !toggles.some((block) => isOn(block.getShape()))
    for (const block of toggles) {
      block.setShape({ type: 'toggle', collapsed, indent: block.getIndent() })
      $leaveClosed(block)
    }
  })
}

/** Ticks the check list item, or opens the toggle, whose box or triangle a click hit; or the other way round. */
export function toggleAt(editor: LexicalEditor, element: Element): void {
  editor.update(() => {
    const node = $getNearestNodeFromDOMNode(element)
    if (!$isBlockNode(node)) return
    const shape = node.getShape()
    if (shape.type === 'check') node.setShape({ ...shape, checked: !shape.checked })
    if (shape.type === 'toggle') $leaveClosed(node.setShape({ ...shape, collapsed: !shape.collapsed }))
  })
}

/** A caret in what has just been closed goes to the words that are left of it. */
function $leaveClosed(toggle: WeftBlockNode): void {
  const selection = $getSelection()
  if (!$isCollapsed(toggle) || !$isRangeSelection(selection)) return
  const ends = [selection.anchor, selection.focus].map((point) => $textBlockOf(point.getNode()))
  if (ends.some((block) => block !== undefined && $holdersOf(block).some((holder) => holder.is(toggle))))
    toggle.selectEnd()
}

function isOn(shape: TextBlockShape): boolean {
  return (shape.type === 'check' && shape.checked) || (shape.type === 'toggle' && shape.collapsed)
}

/** A row of so many columns, with the caret in the first new one. */
export function insertColumns(editor: LexicalEditor, count: number): void {
  editor.update(() => {
    const block = $selectedBlocks().at(-1)
    if (block !== undefined) $insertColumns(block, count)
  })
}

/** Puts the selected blocks side by side with their neighbours. @param column from 1; 0 takes them out again. */
export function setColumn(editor: LexicalEditor, column: number): void {
  editor.update(() => {
    for (const block of $selectedBlocks()) if (block.getKind() !== 'unknown') block.setColumn(column)
  })
}
