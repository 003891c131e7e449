/** Plain text as a document: each line a paragraph, as `printText` writes one. Nothing in it is syntax. */
import type { DocumentJson } from '../flow.ts'
import { PARAGRAPH } from '../schema.ts'
import { normalDocument, normalText } from '../value.ts'

export function parseText(text: string): DocumentJson {
  const lines = normalText(text).replace(/\n$/, '').split('\n')
  return normalDocument({
    blocks: lines.map((line, index) => ({
      id: String(index + 1),
      shape: PARAGRAPH,
      runs: line === '' ? [] : [{ text: line, marks: {} }],
    })),
  })
}
