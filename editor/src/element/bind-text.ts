/**
 * Between the binding's places and the page's: history for the controls, selections for others' carets.
 */
import { $getSelection, $isRangeSelection, type LexicalEditor } from 'lexical'
import type * as Y from 'yjs'
import type { Binding, EditorPoint, WeftCore } from '../core.ts'
import type { Standing } from '../ui/carets.ts'
import type { History } from '../ui/lexical-surface.ts'
import type { RelativeSelection } from './presence.ts'
import { followed } from './typing-caret.ts'

export function historyOf(binding: Binding): History {
  return {
    get canUndo() {
      return binding.canUndo
    },
    get canRedo() {
      return binding.canRedo
    },
    undo: () => binding.undo(),
    redo: () => binding.redo(),
    separate: () => binding.separate(),
    onChange: (listener) => binding.onHistory(listener),
  }
}

/** Of the person here; undefined when nothing in the text is selected. */
export function selectionOf({ editor, binding }: WeftCore): RelativeSelection | undefined {
  const points = editor.getEditorState().read(() => {
    const selection = $getSelection()
    return $isRangeSelection(selection) ? { anchor: selection.anchor, head: selection.focus } : undefined
  })
  if (points === undefined) return undefined
  const anchor = binding.toRelative(points.anchor)
  const head = binding.toRelative(points.head)
  return anchor === null || head === null ? undefined : { anchor, head }
}

/** Where a selection is on the page now; undefined when what it hung on is not in this document (yet). */
export function locate(core: WeftCore, doc: Y.Doc, selection: RelativeSelection): Standing['selection'] {
  const end = (selection.follows && followed(doc, selection.head)) ?? selection.head
  const start = selection.follows ? end : selection.anchor
  const anchor = domPoint(core.editor, core.binding.fromRelative(start))
  const head = domPoint(core.editor, core.binding.fromRelative(end))
  if (anchor === undefined || head === undefined) return undefined
  const range = document.createRange()
  range.setStart(anchor.node, anchor.offset)
  range.collapse(true)
  if (range.comparePoint(head.node, head.offset) < 0) {
    range.setStart(head.node, head.offset)
    return { range, head: 'start' }
  }
  range.setEnd(head.node, head.offset)
  return { range, head: 'end' }
}

function domPoint(
  editor: LexicalEditor,
  point: EditorPoint | null,
): { node: Node; offset: number } | undefined {
  const element = point === null ? null : editor.getElementByKey(point.key)
  if (point === null || element === null) return undefined
  if (point.type === 'element')
    return { node: element, offset: Math.min(point.offset, element.childNodes.length) }
  // A run's text stands below its marks and its link.
  let node: Node = element
  while (node.firstChild !== null) node = node.firstChild
  return { node, offset: Math.min(point.offset, node.textContent?.length ?? 0) }
}
