/** An address pasted over selected words links them; any other paste is left to rich text. */
import {
  $getSelection,
  $isRangeSelection,
  COMMAND_PRIORITY_HIGH,
  type LexicalEditor,
  PASTE_COMMAND,
} from 'lexical'
import { isPastedAddress, linkAddress } from './link-address.ts'
import type { Surface } from './surface.ts'

/** @returns its undo. */
export function registerPasteLink(editor: LexicalEditor, surface: Surface): () => void {
  return editor.registerCommand(
    PASTE_COMMAND,
    (event) => {
      const text = event instanceof ClipboardEvent ? (event.clipboardData?.getData('text/plain') ?? '') : ''
      const selection = $getSelection()
      if (!isPastedAddress(text) || !$isRangeSelection(selection) || selection.isCollapsed()) return false
      const address = linkAddress(text)
      if (address === undefined || !surface.exec('link', address)) return false
      event.preventDefault()
      return true
    },
    COMMAND_PRIORITY_HIGH,
  )
}
