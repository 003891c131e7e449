/**
 * Blocks as lists of numbers that can be compared: a token for each marker, character and inline object.
 *
 * Rule: markers are told apart by identity, characters and objects by what they say.
 */
import type { Marks } from '@weft/document'
import type { EditorBlock } from './editor-block.ts'

/** Above every code point: the marker of the entry with this index. */
export const MARKER = 0x11_0000

/** Above every marker: an inline object, by what it says. */
export const OBJECT = 0x4000_0000

export interface Tokens {
  readonly codes: number[]
  /** The code of each inline object, by its content: the same content is the same token. */
  readonly objects: Map<string, number>
  /** Marks of each token; undefined for a marker. */
  readonly marks: (Marks | undefined)[]
}

export function emptyTokens(objects: Map<string, number>): Tokens {
  return { codes: [], marks: [], objects }
}

export function isMarker(code: number): boolean {
  return code >= MARKER && code < OBJECT
}

export function pushMarker(tokens: Tokens, code: number): void {
  tokens.codes.push(code)
  tokens.marks.push(undefined)
}

/** By code point: half of a character must never be written or deleted alone. */
export function pushText(
  tokens: Tokens,
  { text, runs, objects }: Pick<EditorBlock, 'text' | 'runs' | 'objects'>,
): void {
  let from = 0
  let next = 0
  for (const { length, marks } of runs) {
    const end = from + length
    while (from < end) {
      const isObject = objects[next]?.offset === from
      const code = isObject ? codeOf(tokens.objects, objects[next]?.stored) : (text.codePointAt(from) ?? 0)
      if (isObject) next += 1
      tokens.codes.push(code)
      tokens.marks.push(marks)
      from += lengthOf(code)
    }
  }
}

function codeOf(objects: Map<string, number>, stored: unknown): number {
  const content = JSON.stringify(stored)
  const known = objects.get(content)
  if (known !== undefined) return known
  const code = OBJECT + objects.size
  objects.set(content, code)
  return code
}

export function lengthOf(code: number): number {
  return code > 0xff_ff && code < OBJECT ? 2 : 1
}

export function countCodePoints(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}
