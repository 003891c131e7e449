/**
 * What a toolbar, a menu or a key makes of the selected text: its marks, its link, its colours.
 *
 * Each command is one editor update on the current selection and does nothing without one; at a caret it decides about what is
 * typed next. What the selection has of them is read in `blocks/selected-text.ts`.
 */
import { type Color, safeLink, type ToggleMark } from '@weft/document'
import {
  $getSelection,
  $isRangeSelection,
  FORMAT_TEXT_COMMAND,
  type LexicalEditor,
  type LexicalNode,
  type RangeSelection,
  type TextFormatType,
} from 'lexical'
import { $selectedFormat, $startOf } from './blocks/selected-text.ts'
import { $isWeftTextNode, type ChosenColors, styleOfColors, type WeftTextNode } from './blocks/text-node.ts'

const FORMATS: { readonly [name in ToggleMark]: TextFormatType } = {
  bold: 'bold',
  italic: 'italic',
  underline: 'underline',
  strike: 'strikethrough',
  code: 'code',
}

/** On a caret it decides about what is typed next. Needs `registerRichText`, as every text format does. */
export function toggleMark(editor: LexicalEditor, mark: ToggleMark): void {
  editor.update(() => {
    const selection = $getSelection()
    // Lexical goes by what it remembers of the selection, which others' edits leave behind: what is selected decides.
    if ($isRangeSelection(selection) && !selection.isCollapsed())
      selection.setFormat($selectedFormat(selection))
    editor.dispatchCommand(FORMAT_TEXT_COMMAND, FORMATS[mark])
  })
}

/**
 * Links the selected text, or the whole link the caret is in.
 *
 * @param link null takes the link away.
 * @returns false, and nothing is changed, when the schema refuses the address.
 */
export function setLink(editor: LexicalEditor, link: string | null): boolean {
  const address = link === null ? '' : safeLink(link)
  if (address === undefined) return false
  editor.update(() => {
    const selection = $getSelection()
    if (!$isRangeSelection(selection)) return
    const nodes = selection.isCollapsed() ? $linkAround(selection) : selection.extract()
    for (const node of nodes) if ($isWeftTextNode(node)) node.setLink(address)
  })
  return true
}

/** All runs of the link the caret stands in: its characters may differ in other marks. */
function $linkAround(selection: RangeSelection): WeftTextNode[] {
  const start = selection.anchor.getNode()
  if (!$isWeftTextNode(start) || start.getLink() === '') return []
  const link = start.getLink()
  const nodes = [start]
  const isSame = (node: LexicalNode | null): node is WeftTextNode =>
    $isWeftTextNode(node) && node.getLink() === link
  for (let node = start.getPreviousSibling(); isSame(node); node = node.getPreviousSibling()) nodes.push(node)
  for (let node = start.getNextSibling(); isSame(node); node = node.getNextSibling()) nodes.push(node)
  return nodes
}

/**
 * Colours the selected text; at a caret what is typed next.
 *
 * @param color null gives it the page's own again.
 */
export function setColor(editor: LexicalEditor, color: Color | null): void {
  paint(editor, { color: color ?? '' })
}

/** As `setColor`, for what is behind the text. */
export function setHighlight(editor: LexicalEditor, color: Color | null): void {
  paint(editor, { highlight: color ?? '' })
}

function paint(editor: LexicalEditor, { color, highlight }: Partial<ChosenColors>): void {
  editor.update(() => {
    const selection = $getSelection()
    if (!$isRangeSelection(selection)) return
    if (selection.isCollapsed()) {
      const now = $startOf(selection)
      const chosen = { color: color ?? now.color ?? '', highlight: highlight ?? now.highlight ?? '' } as const
      selection.setStyle(styleOfColors(chosen))
      return
    }
    for (const node of selection.extract().filter($isWeftTextNode)) {
      if (color !== undefined) node.setColor(color)
      if (highlight !== undefined) node.setHighlight(highlight)
    }
  })
}
