/** A document as plain text: one line a block, blocks in order. For search, word counts and previews. */
import type { BlockJson, DocumentJson } from './flow.ts'

/** Dividers and other blocks without text leave an empty line, so lines and blocks correspond. */
export function printText(document: DocumentJson): string {
  return document.blocks.map(textOfBlock).join('\n')
}

/** A block's characters; line breaks inside it stay. */
export function textOfBlock({ runs }: BlockJson): string {
  return runs.map(({ text }) => text).join('')
}
