/** A press in the room below a column that is shorter than its row puts the caret at that column's end. */
import { $getNearestNodeFromDOMNode, type LexicalEditor } from 'lexical'
import { $isBlockNode } from '../blocks/block-node.ts'
import { lastOfColumn } from './block-under.ts'
import { listen } from './listen.ts'

export interface ColumnPressOptions {
  readonly editor: LexicalEditor
  readonly content: HTMLElement
}

/** @returns its undo. */
export function listenBelowColumns({ editor, content }: ColumnPressOptions): () => void {
  return listen(content, 'mousedown', (event) => {
    // Nothing but the text as a whole is there.
    if (event.target !== content || event.button !== 0 || event.shiftKey || !editor.isEditable()) return
    const last = lastOfColumn(content, event.clientX, event.clientY)
    if (last === undefined) return
    event.preventDefault()
    editor.update(
      () => {
        const block = $getNearestNodeFromDOMNode(last)
        if ($isBlockNode(block)) block.selectEnd()
      },
      { discrete: true },
    )
    editor.focus()
  })
}
