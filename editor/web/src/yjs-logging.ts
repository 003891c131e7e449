/**
 * What Yjs says to the developer's console, in plain text, in the place of `lib0/logging` (see vite.config.ts).
 *
 * Rule: as loud as the original, only without colours: those bring a DOM library and a schema language of 6,000 bytes
 * into every page for two warnings that nobody should ever see.
 */

/* oxlint-disable no-console -- it is the console that this is for */

export const BOLD = ''
export const UNBOLD = ''
export const RED = ''
export const ORANGE = ''

export function print(...words: readonly unknown[]): void {
  console.log(...words.filter((word) => word !== ''))
}

export function warn(...words: readonly unknown[]): void {
  console.warn(...words.filter((word) => word !== ''))
}
