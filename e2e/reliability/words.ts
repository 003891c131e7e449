/**
 * Words that name themselves: who typed them, and the how-manieth of that person they are.
 *
 * All are of one length and nobody types into one, so a text is a row of whole words and every place between two of
 * them is a multiple of the length. What a text holds is therefore counted, never guessed.
 */
import * as Y from 'yjs'

/** As in `<03-000123>`. */
const PATTERN = /^<\d{2}-\d{6}>$/
export const WORD_LENGTH = 11
/** The name of the text that is typed into. */
export const TEXT = 'flow'

/** @param writer 0 to 99; @param number 0 to 999,999 */
export function wordOf(writer: number, number: number): string {
  return `<${String(writer).padStart(2, '0')}-${String(number).padStart(6, '0')}>`
}

/** What is not a word is there too, as it stands. */
export function wordsIn(text: string): string[] {
  const words: string[] = []
  for (let at = 0; at < text.length; at += WORD_LENGTH) words.push(text.slice(at, at + WORD_LENGTH))
  return words
}

export const isWord = (piece: string): boolean => PATTERN.test(piece)

/** The words that an update brings, in no order that means anything. */
export function wordsInUpdate(update: Uint8Array): string[] {
  const { structs } = Y.decodeUpdate(update)
  return structs.flatMap((struct) =>
    struct instanceof Y.Item && struct.content instanceof Y.ContentString ? wordsIn(struct.content.str) : [],
  )
}

/** How often each piece of a text is there. */
export function countWords(words: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}
