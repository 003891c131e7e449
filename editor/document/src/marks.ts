/**
 * Marks: attributes of characters.
 *
 * Rule: reading is total. An unknown name or a value outside of its domain is no mark, and stays stored.
 */
import { safeLink } from './values.ts'

/** Marks that are on or off, in the order in which they are written and rendered. */
export const TOGGLE_MARKS = ['bold', 'italic', 'underline', 'strike', 'code'] as const

export type ToggleMark = (typeof TOGGLE_MARKS)[number]

export const MARK_NAMES = [...TOGGLE_MARKS, 'color', 'highlight', 'link'] as const

export type MarkName = (typeof MARK_NAMES)[number]

/**
 * Colours of text and of what is behind it. Names, not values: light and dark pages give each its own shade,
 * so that nothing a person writes is unreadable to another.
 */
export const COLORS = ['gray', 'brown', 'red', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink'] as const

export type Color = (typeof COLORS)[number]

/** The marks of a character; absent means off. */
export interface Marks {
  readonly bold?: true
  readonly italic?: true
  readonly underline?: true
  readonly strike?: true
  readonly code?: true
  readonly color?: Color
  readonly highlight?: Color
  readonly link?: string
}

export const NO_MARKS: Marks = {}

export function readColor(value: unknown): Color | undefined {
  return COLORS.find((color) => color === value)
}

/** @param attributes those of a character in the flow; unknown names and values read as no mark. */
export function readMarks(attributes: Iterable<readonly [string, unknown]>): Marks {
  const values = new Map(attributes)
  const marks: { -readonly [name in keyof Marks]: Marks[name] } = {}
  // Always in the same order, so that equal marks print alike.
  for (const name of TOGGLE_MARKS) if (values.get(name) === true) marks[name] = true
  const color = readColor(values.get('color'))
  if (color !== undefined) marks.color = color
  const highlight = readColor(values.get('highlight'))
  if (highlight !== undefined) marks.highlight = highlight
  const link = safeLink(values.get('link'))
  if (link !== undefined) marks.link = link
  return marks
}

export function sameMarks(a: Marks, b: Marks): boolean {
  return a === b || MARK_NAMES.every((name) => a[name] === b[name])
}

/**
 * Which attributes turn `from` into `to`: null takes a mark away.
 *
 * @returns undefined when they are the same.
 */
export function markChanges(from: Marks, to: Marks): MarkChanges | undefined {
  let changes: { [name in MarkName]?: true | string | null } | undefined
  for (const name of MARK_NAMES) {
    if (from[name] !== to[name]) (changes ??= {})[name] = to[name] ?? null
  }
  return changes
}

export type MarkChanges = { readonly [name in MarkName]?: true | string | null }
