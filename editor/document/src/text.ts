/** A document as plain text: one line a block, blocks in order. For search, word counts and previews. */
import type { BlockJson, DocumentJson, TableJson } from './flow.ts'

/** Dividers and the like leave an empty line; a table is a line for each row, its cells apart by tabs. */
export function printText(document: DocumentJson): string {
  return document.blocks
    .map((block) => (block.table ? textOfTable(block.table) : textOfBlock(block)))
    .join('\n')
}

/** A block's characters; line breaks inside it stay. Not those in the cells of a table. */
export function textOfBlock({ runs }: BlockJson): string {
  return runs.map(({ text }) => text).join('')
}

/** What would end the cell or its row is a space there. */
function textOfTable({ rows }: TableJson): string {
  const cell = (blocks: readonly BlockJson[]): string =>
    blocks
      .map(textOfBlock)
      .join(' ')
      .replaceAll(/[\t\n]/g, ' ')
  return rows.map(({ cells }) => cells.map(({ blocks }) => cell(blocks)).join('\t')).join('\n')
}
