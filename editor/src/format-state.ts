/** What a toolbar needs to know of the selection, to show it and to tell what could be done (`ui/formats.ts`). */
import { MAX_INDENT, type ToggleMark } from '@weft/document'
import { $getSelection, $isNodeSelection, $isRangeSelection, type LexicalEditor, type NodeKey } from 'lexical'
import type { TextBlockShape } from './blocks/block-node.ts'
import { $countColumns } from './blocks/columns.ts'
import { $isObjectNode } from './blocks/object-node.ts'
import { $selectedBlocks } from './blocks/selected-blocks.ts'
import { $startOf, marksOfSelection, type SelectedText } from './blocks/selected-text.ts'
import { $isVoidNode, type VoidShape } from './blocks/void-node.ts'

export interface FormatState extends SelectedText {
  /** Of the block the selection starts in; null without a selection. */
  readonly block: TextBlockShape | VoidShape | null
  /** What is selected as a whole and can be edited by `edit-object`. */
  readonly part: NodeKey | null
  /** Marks that all the selected text has, or that typing would have. */
  readonly marks: ReadonlySet<ToggleMark>
  /** Whether text, not just a caret, is selected. */
  readonly hasRange: boolean
  /** Side by side where the selection ends; 0 where there are none. */
  readonly columns: number
  readonly canIndent: boolean
  readonly canOutdent: boolean
  readonly canUndo: boolean
  readonly canRedo: boolean
}

/** @param history the binding; without it nothing can be undone. */
export function readFormatState(
  editor: LexicalEditor,
  history?: { readonly canUndo: boolean; readonly canRedo: boolean },
): FormatState {
  const undo = { canUndo: history?.canUndo ?? false, canRedo: history?.canRedo ?? false }
  return editor.getEditorState().read(() => {
    const selection = $getSelection()
    const none = { part: null, link: null, color: null, highlight: null }
    const empty = { marks: new Set<ToggleMark>(), ...none, hasRange: false, columns: 0, ...undo }
    if ($isNodeSelection(selection)) {
      const [node] = selection.getNodes()
      const block = $isVoidNode(node) ? node.getShape() : null
      const isPart = $isObjectNode(node) || (block !== null && block.type !== 'divider')
      const part = isPart ? (node?.getKey() ?? null) : null
      return { block, canIndent: false, canOutdent: false, ...empty, part }
    }
    if (!$isRangeSelection(selection)) return { block: null, canIndent: false, canOutdent: false, ...empty }
    const blocks = $selectedBlocks()
    return {
      block: blocks[0]?.getShape() ?? null,
      part: null,
      marks: marksOfSelection(selection),
      ...$startOf(selection),
      hasRange: !selection.isCollapsed(),
      columns: $countColumns(blocks.at(-1) ?? null),
      canIndent: blocks.some((block) => block.getIndent() < MAX_INDENT),
      canOutdent: blocks.some((block) => block.getIndent() > 0),
      ...undo,
    }
  })
}
