/**
 * What is dropped on the text, other than files.
 *
 * Words that are dragged within one text come from the selection as it is when they are dropped. The browser's clipboard of
 * the drag was filled when it began, and what somebody else has typed into the words since is not in it: it would
 * be removed with them and not come back.
 *
 * What comes from elsewhere goes where it is dropped, as if it was pasted there.
 */
import {
  $getClipboardDataFromSelection,
  $handleRichTextDrop,
  setLexicalClipboardDataTransfer,
} from '@lexical/clipboard'
import {
  $addUpdateTag,
  $getSelection,
  $isRangeSelection,
  COMMAND_PRIORITY_HIGH,
  DROP_COMMAND,
  type LexicalEditor,
  PASTE_TAG,
} from 'lexical'

/** Rich text's name for the key of the editor in which a drag began. */
const DRAG_SOURCE = 'application/x-lexical-drag'
const FROM_ELSEWHERE = ['text/html', 'text/plain']

/** @returns its undo. */
export function registerTextDrop(editor: LexicalEditor): () => void {
  return editor.registerCommand(
    DROP_COMMAND,
    (event) => {
      const carried = event.dataTransfer
      if (carried === null || carried.files.length > 0) return false
      const dataTransfer = $carriedNow(editor, carried)
      if (dataTransfer === undefined) return false
      const { clientX, clientY } = event
      const now = new DragEvent('drop', { clientX, clientY, dataTransfer, cancelable: true })
      if (!$handleRichTextDrop(now, editor)) return false
      event.preventDefault()
      return true
    },
    COMMAND_PRIORITY_HIGH,
  )
}

/** @returns what to put down; undefined to leave it to rich text. */
function $carriedNow(editor: LexicalEditor, carried: DataTransfer): DataTransfer | undefined {
  const now = new DataTransfer()
  const source = carried.getData(DRAG_SOURCE)
  // What another page says in our format's name may be anything.
  if (source === JSON.stringify({ editorKey: editor.getKey() })) {
    const selection = $getSelection()
    if (!$isRangeSelection(selection) || selection.isCollapsed()) return undefined
    setLexicalClipboardDataTransfer(now, $getClipboardDataFromSelection(selection))
    now.setData(DRAG_SOURCE, source)
    return now
  }
  // From another editor of this page, which removes it there.
  if (source !== '') return undefined
  for (const type of FROM_ELSEWHERE) {
    const data = carried.getData(type)
    if (data !== '') now.setData(type, data)
  }
  if (now.types.length === 0) return undefined
  // Rich text asks where a drag began, and takes nothing away from an editor that it does not find.
  now.setData(DRAG_SOURCE, JSON.stringify({ editorKey: 'elsewhere' }))
  $addUpdateTag(PASTE_TAG)
  return now
}
