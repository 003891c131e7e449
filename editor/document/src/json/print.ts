/** A document as JSON, for `parseJson`: the value as it is, in lines that can be compared. */
import type { DocumentJson } from '../flow.ts'

export function printJson(document: DocumentJson): string {
  return `${JSON.stringify(document, null, 2)}\n`
}
