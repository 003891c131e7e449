/** What selected text has of marks, link and colours, or what is typed at the caret would have: to show it, and to change it. */
import { type Color, NO_MARKS, TOGGLE_MARKS, type ToggleMark } from '@weft/document'
import { $isTextNode, type RangeSelection, type TextNode } from 'lexical'
import { $isWeftTextNode, colorsOfStyle, formatOf, marksOf } from './text-node.ts'

export interface SelectedText {
  /** The address of the link under the selection's start; null outside a link. */
  readonly link: string | null
  /** Of the text at the selection's start, or of what is typed next; null for the page's own. */
  readonly color: Color | null
  readonly highlight: Color | null
}

/** What the toolbar shows as pressed: at a caret what typing would have. */
export function marksOfSelection(selection: RangeSelection): Set<ToggleMark> {
  const format = selection.isCollapsed() ? selection.format : $selectedFormat(selection)
  return new Set(TOGGLE_MARKS.filter((mark) => (format & formatOf({ [mark]: true })) !== 0))
}

/** The formats that all the selected text has, or that typing at the caret would have. */
export function $selectedFormat(selection: RangeSelection): number {
  const [start, end] = selection.isBackward()
    ? [selection.focus, selection.anchor]
    : [selection.anchor, selection.focus]
  const isCovered = (node: TextNode): boolean =>
    selection.isCollapsed() ||
    !(
      (node.is(start.getNode()) && start.offset === node.getTextContentSize()) ||
      (node.is(end.getNode()) && end.offset === 0)
    )
  const formats = selection
    .getNodes()
    .filter($isTextNode)
    .filter(isCovered)
    .map((node) => node.getFormat())
  return formats.length === 0 ? selection.format : formats.reduce((all, format) => all & format)
}

/** Link and colours of the text that the selection starts with, or that typing would have. */
export function $startOf(selection: RangeSelection): SelectedText {
  const point = selection.isBackward() ? selection.focus : selection.anchor
  const node = point.getNode()
  const { link = null, color = null, highlight = null } = $isWeftTextNode(node) ? marksOf(node) : NO_MARKS
  const chosen = selection.isCollapsed() ? colorsOfStyle(selection.style) : undefined
  if (chosen === undefined) return { link, color, highlight }
  return { link, color: chosen.color || null, highlight: chosen.highlight || null }
}
