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
  COMMAND_PRIORITY_BEFORE_EDITOR,
  COMMAND_PRIORITY_BEFORE_LOW,
  COMMAND_PRIORITY_CRITICAL,
  CONTROLLED_TEXT_INSERTION_COMMAND,
  type EditorState,
  type LexicalCommand,
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

/**
 * @param tell is given the state of the editor that is to hold what is typed, too: when nothing comes of it, the editor drops
 *   that state without a word, and what the next one holds is typed over nothing.
 * @returns its undo.
 */
export function watchTypedOver(
  editor: LexicalEditor,
  tell: (over: TypedOver, pending: EditorState) => void,
): () => void {
  let selected: TypedOver | undefined
  const $note = (): false => {
    selected = $selected(editor)
    return false
  }
  const $tell = (): false => {
    const { _pendingEditorState: pending } = editor
    if (selected !== undefined && pending !== null) tell(selected, pending)
    return false
  }
  const watch = <T>(command: LexicalCommand<T>): (() => void) =>
    mergeRegister(
      // Before a table makes room.
      editor.registerCommand(command, $note, COMMAND_PRIORITY_CRITICAL),
      // Behind those that make something else of a paste, as a link of what is selected (`ui/paste-link.ts`), and each time in the
      // update of those that insert: code, and rich text. What is not in one already is in another one at each priority.
      editor.registerCommand(command, $tell, COMMAND_PRIORITY_BEFORE_LOW),
      editor.registerCommand(command, $tell, COMMAND_PRIORITY_BEFORE_EDITOR),
    )
  return mergeRegister(watch(CONTROLLED_TEXT_INSERTION_COMMAND), watch(PASTE_COMMAND))
}

function $selected(editor: LexicalEditor): TypedOver | undefined {
  const selection = $getSelection()
  const { _nodeMap: nodes, _selection: committed } = editor.getEditorState()
  // Of edits that are not in the document yet, nobody can say where in it they are.
  if (!$isRangeSelection(selection) || selection.isCollapsed() || !selection.is(committed)) return undefined
  const ends = [selection.anchor, selection.focus]
  if (selection.isBackward()) ends.reverse()
  const [start, end] = ends.map((point) => offsetOfPoint(nodes, point))
  return start === undefined || end === undefined ? undefined : { start, end }
}
