/** What clients of version 1 of the schema know: some of the people of random runs are such. */
import type { BlockShape } from '../src/schema.ts'

export const OLD_TYPES: ReadonlySet<BlockShape['type']> = new Set([
  'paragraph',
  'heading',
  'bullet',
  'numbered',
  'check',
  'quote',
  'code',
  'divider',
])
