/**
 * A name as it is kept and shown, of a document or a person: one line, and nothing that cannot be seen and makes one
 * name look like another.
 */

/** Whitespace of any kind becomes one space; control characters, marks and overrides of direction, half surrogates go. */
export function cleanLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/\s+/gu, ' ')
    .replace(/[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFFFD]/gu, '')
    .trim()
}
