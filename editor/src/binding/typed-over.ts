/**
 * Which selection is typed or pasted over.
 *
 * Rule: what somebody types is theirs. "h" typed over "hello" is another "h" than the one that was selected, or it would go
 * with the old word when somebody else deletes that meanwhile. Texts that are compared do not tell; the editor's own
 * command does, which is given before anything is changed. What corrects a word at a caret, or changes the format of
 * a selection, is none of this: it leaves letters what they are.
 */
import {
  $getSelection,
  $isRangeSelection,
  COMMAND_PRIORITY_CRITICAL,
  CONTROLLED_TEXT_INSERTION_COMMAND,
  type LexicalEditor,
  mergeRegister,
  PASTE_COMMAND,
} from 'lexical'
import { type BlockOffset, offsetOfPoint } from './editor-block.ts'

/** The two ends of a selection, in the order of the text, as the editor had it before. */
export interface TypedOver {
  readonly start: BlockOffset
  readonly end: BlockOffset
}

/** @returns its undo. */
export function watchTypedOver(editor: LexicalEditor, tell: (over: TypedOver) => void): () => void {
  const $tell = (): false => {
    const selection = $getSelection()
    const { _nodeMap: nodes, _selection: committed } = editor.getEditorState()
    // Of edits that are not in the document yet, nobody can say where in it they are.
    if (!$isRangeSelection(selection) || selection.isCollapsed() || !selection.is(committed)) return false
    const ends = [selection.anchor, selection.focus]
    if (selection.isBackward()) ends.reverse()
    const [start, end] = ends.map((point) => offsetOfPoint(nodes, point))
    if (start !== undefined && end !== undefined) tell({ start, end })
    return false
  }
  return mergeRegister(
    editor.registerCommand(CONTROLLED_TEXT_INSERTION_COMMAND, $tell, COMMAND_PRIORITY_CRITICAL),
    editor.registerCommand(PASTE_COMMAND, $tell, COMMAND_PRIORITY_CRITICAL),
  )
}
