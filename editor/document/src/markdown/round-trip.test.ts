import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { randomDocument, randomOf } from '../testing/random-document.ts'
import { withoutIds } from '../value.ts'
import { parseMarkdown } from './parse.ts'
import { printMarkdown } from './print.ts'

const CASES = 5_000

describe('Markdown of a random document', () => {
  it('reads back as the same document, and prints the same again', () => {
    const first = Number(process.env['WEFT_SEED'] ?? 1)
    const failed = Array.from({ length: CASES }, (_, index) => first + index).filter((seed) => {
      const document = withoutIds(randomDocument(randomOf(seed)))
      const markdown = printMarkdown(document)
      const again = withoutIds(parseMarkdown(markdown))
      return !isDeepStrictEqual(again, document) || printMarkdown(again) !== markdown
    })
    expect(failed.slice(0, 3)).toEqual([])
  })
})
