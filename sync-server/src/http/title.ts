/** Titles as they are kept: one line, no invisible characters that make a name look like another. */

/** In UTF-16 units, as the store counts. */
export const MAX_TITLE_LENGTH = 200

/** Whitespace of any kind becomes one space; control characters, direction overrides and half surrogates go. */
export function cleanTitle(text: string): string {
  return text
    .toWellFormed()
    .replace(/\s+/gu, ' ')
    .replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069\uFFFD]/gu, '')
    .trim()
}
