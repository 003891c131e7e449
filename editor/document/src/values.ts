/**
 * Which primitive values an attribute may have, and how any other reads.
 *
 * Rule: total and pure: a reader takes whatever is stored and gives a value of its domain. Lengths are in UTF-16
 * units. Nothing that a page could run passes: no schemes but the listed ones, no control characters.
 */

/** Longest address, of a link, an image, a file or an embed. */
export const MAX_LINK_LENGTH = 2_048

/** Longest name of a file, and label of a mention. */
export const MAX_NAME_LENGTH = 255

/** Longest description of an image: a paragraph, not an essay. */
export const MAX_ALT_LENGTH = 1_000

/** Longest LaTeX source of an equation: about two pages of it. */
export const MAX_LATEX_LENGTH = 4_096

/** Longest id of a block, a row, a column, and of what a mention points at. */
export const MAX_ID_LENGTH = 64

/** Of an image or a column of a table, in CSS pixels. */
export const MIN_WIDTH = 16
export const MAX_WIDTH = 4_096

/** An id that may be part of a root's name: letters, digits, `_` and `-`, and nothing that every object has. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{1,64}$/.test(value) && !isForbiddenName(value)
}

/** Names that reach an object's prototype when somebody uses them as keys. */
export function isForbiddenName(name: string): boolean {
  return name === '__proto__' || name === 'constructor' || name === 'prototype'
}

/** @returns 0 for anything but a whole number in the range, both ends included. */
export function readWhole(value: unknown, least: number, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) return 0
  return value >= least && value <= most ? value : 0
}

/** @returns '' for anything but one line of at most `most` units without control characters. */
export function readLine(value: unknown, most: number): string {
  return typeof value === 'string' && value.length <= most && !/\p{Cc}/u.test(value) ? value : ''
}

/** @returns '' for anything but text of at most `most` units; of control characters, only line breaks and tabs. */
export function readLatex(value: unknown): string {
  if (typeof value !== 'string' || value.length > MAX_LATEX_LENGTH) return ''
  return /(?![\n\t])\p{Cc}/u.test(value) ? '' : value
}

/**
 * @returns the address when its scheme is one that cannot run anything: http, https, mailto or tel;
 *   undefined for every other value, relative addresses included.
 */
export function safeLink(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > MAX_LINK_LENGTH) return undefined
  // Browsers drop control characters and outer white space before they look for the scheme; so we allow none.
  if (!/^(?:https?:\/\/|mailto:|tel:)[^\s\p{Cc}]+$/iu.test(value)) return undefined
  return value
}

/**
 * Where an image or a file is.
 *
 * @returns an http or https address, or `weft-file:` with the name under which the document's server keeps it;
 *   '' for every other value, `data:` and `blob:` included.
 */
export function readAddress(value: unknown): string {
  if (typeof value !== 'string') return ''
  if (/^weft-file:[\w-]{1,128}$/.test(value)) return value
  return /^https?:/i.test(value) ? (safeLink(value) ?? '') : ''
}

/** @returns a day (`2026-11-22`) or a minute in UTC (`2026-11-22T14:05Z`); '' for every other value. */
export function readDate(value: unknown): string {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d(?:T\d\d:\d\dZ)?$/.test(value)) return ''
  const time = Date.parse(value)
  // 30 February parses, as 2 March.
  return Number.isNaN(time) || !new Date(time).toISOString().startsWith(value.replace('Z', '')) ? '' : value
}
