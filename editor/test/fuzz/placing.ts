/** Where a caret or a selection can be in an editor. */
import { $getRoot, $isElementNode, $isTextNode, type ElementNode, type RangeSelection } from 'lexical'
import { $pointAt, $setPoint } from '../../src/binding/editor-block.ts'
import { $isBlockNode, type WeftBlockNode } from '../../src/blocks/block-node.ts'
import { $isCellNode, $isRowNode, $isTableNode } from '../../src/blocks/table-node.ts'
import type { Random } from './random.ts'

/** The root, and all cells. */
export function $holders(): ElementNode[] {
  const cells = $getRoot()
    .getChildren()
    .filter($isTableNode)
    .flatMap((table) => table.getChildren().filter($isRowNode))
    .flatMap((row) => row.getChildren().filter($isCellNode))
  return [$getRoot(), ...cells]
}

/** Blocks with text, in the order of the screen. */
function $textBlocks(node: ElementNode = $getRoot()): WeftBlockNode[] {
  return node
    .getChildren()
    .flatMap((child) => ($isBlockNode(child) ? [child] : $isElementNode(child) ? $textBlocks(child) : []))
}

/**
 * @param wanted where in the block; anywhere when left out.
 * @param isInTable only there, where there is one.
 */
export function $placeCaret(random: Random, wanted?: number, isInTable = false): RangeSelection | undefined {
  const blocks = $textBlocks()
  const inTables = blocks.filter((block) => $isCellNode(block.getParent()))
  const choice = isInTable && inTables.length > 0 ? inTables : blocks
  if (choice.length === 0) return undefined
  const block = random.pick(choice)
  const offset = wanted ?? $someOffset(random, block)
  const selection = block.select(0, 0)
  const point = $pointAt(block, offset)
  $setPoint(selection.anchor, point)
  $setPoint(selection.focus, point)
  return selection
}

/** Never in the middle of a character: nobody can put a caret there. */
function $someOffset(random: Random, block: WeftBlockNode): number {
  const text = block
    .getChildren()
    .map((child) => ($isTextNode(child) ? child.getTextContent() : '\uFFFC'))
    .join('')
  const offset = random.whole(0, text.length)
  return /[\uDC00-\uDFFF]/.test(text.charAt(offset)) ? offset - 1 : offset
}

export function $placeRange(random: Random): RangeSelection | undefined {
  const blocks = $textBlocks()
  const selection = $placeCaret(random)
  if (selection === undefined) return undefined
  const anchor = selection.anchor.getNode()
  const index = blocks.findIndex((block) => block.is(anchor) || block.isParentOf(anchor))
  const other = blocks[Math.min(blocks.length - 1, index + (random.chance(0.6) ? 0 : random.whole(0, 3)))]
  if (other !== undefined) $setPoint(selection.focus, $pointAt(other, $someOffset(random, other)))
  return selection
}
