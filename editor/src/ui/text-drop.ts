/**
 * Words that are dragged within one text come from the selection as it is when they are dropped. The browser's clipboard
 * of the drag was filled when it began, and what somebody else has typed into the words since is not in it: it would
 * be removed with them and not come back.
 */
import {
  $getClipboardDataFromSelection,
  $handleRichTextDrop,
  setLexicalClipboardDataTransfer,
} from '@lexical/clipboard'
import {
  $getSelection,
  $isRangeSelection,
  COMMAND_PRIORITY_HIGH,
  DROP_COMMAND,
  type LexicalEditor,
} from 'lexical'

/** Rich text's name for the key of the editor in which a drag began. */
const DRAG_SOURCE = 'application/x-lexical-drag'

/** @returns its undo. */
export function registerTextDrop(editor: LexicalEditor): () => void {
  return editor.registerCommand(
    DROP_COMMAND,
    (event) => {
      const source = event.dataTransfer?.getData(DRAG_SOURCE) ?? ''
      const selection = $getSelection()
      if (!isFrom(editor, source) || !$isRangeSelection(selection) || selection.isCollapsed()) return false
      const dataTransfer = new DataTransfer()
      setLexicalClipboardDataTransfer(dataTransfer, $getClipboardDataFromSelection(selection))
      dataTransfer.setData(DRAG_SOURCE, source)
      const { clientX, clientY } = event
      const now = new DragEvent('drop', { clientX, clientY, dataTransfer, cancelable: true })
      if (!$handleRichTextDrop(now, editor)) return false
      event.preventDefault()
      return true
    },
    COMMAND_PRIORITY_HIGH,
  )
}

/** What another page says in our format's name may be anything. */
function isFrom(editor: LexicalEditor, source: string): boolean {
  return source === JSON.stringify({ editorKey: editor.getKey() })
}
