/**
 * What is typed while a table, a block without text or an inline object is selected as a whole goes behind it.
 *
 * Lexical writes nothing then, and the browser's caret stands nowhere in particular: the words would be gone.
 */
import {
  $getSelection,
  $isNodeSelection,
  COMMAND_PRIORITY_LOW,
  KEY_DOWN_COMMAND,
  type LexicalEditor,
  type LexicalNode,
} from 'lexical'
import { $createBlockNode, $isBlockNode } from './block-node.ts'
import { $isObjectNode } from './object-node.ts'
import { $isVoidNode } from './void-node.ts'

/** What `keyCode` says of a key that an input method or a screen's keyboard handles. */
const HANDLED_ELSEWHERE = 229

/** @returns its undo. */
export function registerTypeBehind(editor: LexicalEditor): () => void {
  return editor.registerCommand(
    KEY_DOWN_COMMAND,
    (event) => {
      if (isText(event)) $leaveSelected()
      return false
    },
    COMMAND_PRIORITY_LOW,
  )
}

/** Ctrl and Alt together are how some layouts write a character. */
function isText(event: KeyboardEvent): boolean {
  if (event.isComposing || event.keyCode === HANDLED_ELSEWHERE) return true
  return Array.from(event.key).length === 1 && !event.metaKey && event.ctrlKey === event.altKey
}

function $leaveSelected(): void {
  const selection = $getSelection()
  if (!$isNodeSelection(selection)) return
  const node = selection.getNodes().at(-1)
  if (node === undefined) return
  if ($isObjectNode(node)) node.selectNext(0, 0)
  else $lineBehind(node)
}

function $lineBehind(node: LexicalNode): void {
  const next = node.getNextSibling()
  if ($isBlockNode(next) && next.getKind() === 'paragraph' && next.isEmpty()) {
    next.selectStart()
    return
  }
  const indent = $isVoidNode(node) ? node.getShape().indent : 0
  const line = $createBlockNode({ type: 'paragraph', indent })
  if ($isVoidNode(node)) line.setColumn(node.getColumn())
  node.insertAfter(line, false)
  line.selectStart()
}
