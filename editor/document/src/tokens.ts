/**
 * A document as one list of tokens, as its flow is: a block's start, a word, an object. For comparing documents.
 *
 * Rule: what a merge or a difference keeps or changes is a whole token; spaces and punctuation are tokens each.
 */
import type { BlockJson, TableJson } from './flow.ts'
import type { InlineObject } from './inline.ts'
import type { Marks } from './marks.ts'
import { matches } from './myers.ts'
import { isVoid } from './schema.ts'

export type Token =
  | { readonly kind: 'block'; readonly key: string; readonly block: BlockJson }
  | { readonly kind: 'text'; readonly key: string; readonly text: string; readonly marks: Marks }
  | { readonly kind: 'object'; readonly key: string; readonly object: InlineObject; readonly marks: Marks }

/** @returns a token for each block's start, followed by those of its text. */
export function tokensOf(blocks: readonly BlockJson[]): Token[] {
  return blocks.flatMap((block): Token[] => [
    { kind: 'block', key: startKey(block), block },
    ...block.runs.flatMap(({ text, marks, object }): Token[] =>
      object === undefined
        ? (text.match(/[\p{L}\p{N}\p{M}_]+|./gsu) ?? []).map((word) => ({
            kind: 'text',
            key: word,
            text: word,
            marks,
          }))
        : [{ kind: 'object', key: `\uFFFC${JSON.stringify(object)}`, object, marks }],
    ),
  ])
}

/** Starts of blocks with text are alike, whatever their type; a block without is what it says. */
function startKey({ shape, column }: BlockJson): string {
  if (shape.type === 'table') return '\nT'
  return isVoid(shape) ? `\nV${JSON.stringify([shape, column])}` : '\nP'
}

/**
 * Which tokens of `from` are which of `to`: blocks that are the same as a whole first, then words between them.
 *
 * @returns index in `from` → index in `to`, ascending in both.
 */
export function alignTokens(from: readonly Token[], to: readonly Token[]): Map<number, number> {
  const found = new Map<number, number>()
  alignSpans(
    spans(from),
    spans(to),
    found,
    (fromStart, fromEnd, toStart, toEnd) => {
      // Words first: that spaces are alike says nothing.
      const words = [wordsIn(from, fromStart, fromEnd), wordsIn(to, toStart, toEnd)] as const
      alignSpans(
        ...words,
        found,
        (...gap) => alignSpans(unitsIn(from, gap[0], gap[1]), unitsIn(to, gap[2], gap[3]), found),
        [fromStart, fromEnd, toStart, toEnd],
      )
    },
    [0, from.length, 0, to.length],
  )
  return found
}

interface Span {
  readonly start: number
  readonly length: number
  readonly key: string
}

type Gap = readonly [fromStart: number, fromEnd: number, toStart: number, toEnd: number]

/** @param between is called for what lies between two matches, and at both ends of `within`. */
function alignSpans(
  a: readonly Span[],
  b: readonly Span[],
  found: Map<number, number>,
  between?: (...gap: Gap) => void,
  within: Gap = [0, 0, 0, 0],
): void {
  let [fromDone, , toDone] = within
  for (const [x, y] of matches(
    a.map(({ key }) => key),
    b.map(({ key }) => key),
  )) {
    const [one, other] = [a[x], b[y]]
    if (one === undefined || other === undefined) continue
    between?.(fromDone, one.start, toDone, other.start)
    for (let index = 0; index < one.length; index += 1) found.set(one.start + index, other.start + index)
    fromDone = one.start + one.length
    toDone = other.start + other.length
  }
  between?.(fromDone, within[1], toDone, within[3])
}

function unitsIn(tokens: readonly Token[], start: number, end: number): Span[] {
  return tokens.slice(start, end).map(({ key }, index) => ({ start: start + index, length: 1, key }))
}

function wordsIn(tokens: readonly Token[], start: number, end: number): Span[] {
  return unitsIn(tokens, start, end).filter(({ key }) => /[\p{L}\p{N}\uFFFC]/u.test(key) && key !== '\nP')
}

/** One for each block. */
function spans(tokens: readonly Token[]): Span[] {
  const result: { start: number; length: number; key: string }[] = []
  for (const [index, token] of tokens.entries()) {
    const last = result.at(-1)
    if (token.kind === 'block' || last === undefined)
      result.push({
        start: index,
        length: 1,
        key: token.kind === 'block' ? blockKey(token.block) : token.key,
      })
    else last.length += 1
  }
  return result
}

/** Equal for blocks that say the same, whatever their ids. */
export function blockKey({ shape, column, runs, table }: BlockJson): string {
  return JSON.stringify([shape, column, runs, table === undefined ? 0 : tableKey(table)])
}

export function tableKey({ headerRow, headerColumn, columns, rows }: TableJson): string {
  const cells = rows.map((row) => row.cells.map(({ blocks }) => blocks.map(blockKey)))
  return JSON.stringify([headerRow, headerColumn, columns.map(({ width }) => width), cells])
}
