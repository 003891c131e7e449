/**
 * What an action may take away of the characters that are there, told by who does it.
 *
 * Rule: found out before anything is changed, from the editor alone and without the code under test; whatever else goes
 * is lost. (The page ledger of the browsers keeps the same rule with less to go by: there, others write meanwhile.)
 */
import {
  $getRoot,
  $getSelection,
  $isElementNode,
  $isLineBreakNode,
  $isRangeSelection,
  $isTextNode,
  type ElementNode,
  type LexicalNode,
  type PointType,
} from 'lexical'
import { $isObjectNode } from '../../src/blocks/object-node.ts'
import { $isCellNode, $isRowNode, $isTableNode } from '../../src/blocks/table-node.ts'
import { objectCharacter } from './client.ts'

export type Allowance =
  | { readonly kind: 'nothing' }
  /** At most these, each as often as it is named. */
  | { readonly kind: 'these'; readonly characters: string }
  /** Undo or redo: what the same person wrote, deleted or brought back. */
  | { readonly kind: 'travel' }

export const NOTHING: Allowance = { kind: 'nothing' }
export const TRAVEL: Allowance = { kind: 'travel' }

export function these(characters: string): Allowance {
  return characters === '' ? NOTHING : { kind: 'these', characters }
}

/** What may go in any case. */
export function charactersOf(allowance: Allowance): string {
  return allowance.kind === 'these' ? allowance.characters : ''
}

/** One character that can be written or deleted, with where it stands. */
interface Leaf {
  readonly node: LexicalNode
  readonly words: string
}

/** What is selected, in the order of the screen, objects as what they hold. */
export function $selectedText(): string {
  const selection = $getSelection()
  if (!$isRangeSelection(selection) || selection.isCollapsed()) return ''
  const [start, end] = selection.isBackward()
    ? [selection.focus, selection.anchor]
    : [selection.anchor, selection.focus]
  const leaves = $leaves($getRoot())
  return leaves
    .map(({ node, words }) => {
      const [from, to] = [$sideOf(node, start), $sideOf(node, end)]
      if (from === 'behind' || to === 'before') return ''
      if (!$isTextNode(node)) return words
      return words.slice(typeof from === 'number' ? from : 0, typeof to === 'number' ? to : words.length)
    })
    .join('')
}

/** Where a point is seen from a leaf: how far into it, or before or behind it. */
function $sideOf(leaf: LexicalNode, point: PointType): 'before' | 'behind' | number {
  const node = point.getNode()
  if (node.is(leaf)) return point.offset
  if ($isElementNode(node)) {
    const child = node.getChildAtIndex(point.offset)
    if (child !== null)
      return child.is(leaf) || child.isBefore(leaf) || child.isParentOf(leaf) ? 'before' : 'behind'
    // Behind the last child.
    return node.isParentOf(leaf) || leaf.isBefore(node) ? 'behind' : 'before'
  }
  return node.isBefore(leaf) ? 'before' : 'behind'
}

/** All that stands in a node. */
export function $wordsIn(node: LexicalNode): string {
  return $leaves(node)
    .map(({ words }) => words)
    .join('')
}

/** What stands in the same row, or the same column, as the caret; in its whole table. */
export function $wordsAround(what: 'row' | 'column' | 'table'): string {
  const selection = $getSelection()
  if (!$isRangeSelection(selection)) return ''
  const node = selection.anchor.getNode()
  const around = [node, ...node.getParents()]
  const [cell, row, table] = [around.find($isCellNode), around.find($isRowNode), around.find($isTableNode)]
  if (cell === undefined || row === undefined || table === undefined) return ''
  if (what === 'row') return $wordsIn(row)
  if (what === 'table') return $wordsIn(table)
  const index = cell.getIndexWithinParent()
  return table
    .getChildren()
    .map((line) => ($isRowNode(line) ? line.getChildAtIndex(index) : null))
    .map((each) => (each === null ? '' : $wordsIn(each)))
    .join('')
}

function $leaves(node: LexicalNode): Leaf[] {
  if ($isElementNode(node)) return (node satisfies ElementNode).getChildren().flatMap($leaves)
  if ($isTextNode(node)) return [{ node, words: node.getTextContent() }]
  if ($isObjectNode(node)) return [{ node, words: objectCharacter(node.getObject()) }]
  return $isLineBreakNode(node) ? [{ node, words: '\n' }] : []
}
