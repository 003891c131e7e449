/**
 * Takes the browser's caret over into the editor, before anything remote is applied.
 *
 * A key or a press moves the browser's caret at once, but the editor hears of it in a later task. A remote change
 * that arrives between the two would put the caret back to where the editor last knew it, and the next letter would
 * be written there.
 */
import {
  $addUpdateTag,
  $createRangeSelectionFromDom,
  $getSelection,
  $isNodeSelection,
  $isRangeSelection,
  $setSelection,
  COLLABORATION_TAG,
  COMMAND_PRIORITY_CRITICAL,
  getDOMSelection,
  type LexicalEditor,
  SELECTION_CHANGE_COMMAND,
  SKIP_DOM_SELECTION_TAG,
  SKIP_SCROLL_INTO_VIEW_TAG,
  SKIP_SELECTION_FOCUS_TAG,
} from 'lexical'
import { $selectedFormat } from '../blocks/selected-text.ts'
import { selectedRange } from './selected-range.ts'

export function adoptSelection(editor: LexicalEditor): void {
  const root = editor.getRootElement()
  const scope = root?.getRootNode()
  if (root === null || !(scope instanceof Document || scope instanceof ShadowRoot)) return
  // An input method owns the caret while it composes; inside an update the editor is asking, not being told.
  if (scope.activeElement !== root || editor.isComposing() || editor._updating) return
  editor.update(
    () => {
      const known = $getSelection()
      // Of a selected table or picture the browser shows no range: it stands at the very beginning then, and means nothing.
      if (known === null || (!$isRangeSelection(known) && !isInBlock(root))) return
      const shown = $createRangeSelectionFromDom(getDOMSelection(window), editor)
      if (shown === null) return
      const isSame = $isRangeSelection(known) && shown.anchor.is(known.anchor) && shown.focus.is(known.focus)
      // What the browser tells has no format: taken as it is, the next Ctrl+B would see plain text.
      if (isSame) return
      shown.setFormat($selectedFormat(shown))
      $setSelection(shown)
    },
    { discrete: true, tag: [COLLABORATION_TAG, SKIP_DOM_SELECTION_TAG, SKIP_SCROLL_INTO_VIEW_TAG] },
  )
}

/**
 * The browser may tell where it has put the caret when the focus is elsewhere already, by a Tab right after. That is taken note of,
 * without Lexical's taking the focus back into the text.
 *
 * @returns its undo
 */
export function leaveFocus(editor: LexicalEditor): () => void {
  return editor.registerCommand(
    SELECTION_CHANGE_COMMAND,
    () => {
      const root = editor.getRootElement()
      const scope = root?.getRootNode()
      if (scope instanceof ShadowRoot && scope.activeElement !== root) $addUpdateTag(SKIP_SELECTION_FOCUS_TAG)
      return false
    },
    COMMAND_PRIORITY_CRITICAL,
  )
}

/**
 * While a table or a picture is selected, Lexical follows presses but no other way of the browser's caret into the text: a
 * screen reader's, a search's.
 *
 * @returns its undo
 */
export function followCaret(editor: LexicalEditor): () => void {
  const follow = (): void => {
    if (editor.getEditorState().read(() => $isNodeSelection($getSelection()))) adoptSelection(editor)
  }
  document.addEventListener('selectionchange', follow)
  return () => document.removeEventListener('selectionchange', follow)
}

function isInBlock(root: HTMLElement): boolean {
  const scope = root.getRootNode()
  const range = scope instanceof ShadowRoot ? selectedRange(scope) : undefined
  return range !== undefined && range.startContainer !== root && root.contains(range.startContainer)
}

/**
 * Puts the editor's selection into the browser, and the focus into the text.
 *
 * In a shadow root every update begins with the browser's selection: where that was left behind on purpose, because
 * the focus was elsewhere, the next update would lose the editor's.
 */
export function restoreSelection(editor: LexicalEditor): void {
  const kept = editor.getEditorState()._selection?.clone() ?? null
  editor.update(
    () => {
      if (kept !== null) $setSelection(kept)
    },
    { discrete: true },
  )
}
