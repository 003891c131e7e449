/**
 * Which block types, attributes, marks and values a document may hold, and how anything else is read.
 *
 * Rule: reading never throws and never repairs. A value outside its domain reads as its default, an unknown
 * block type reads as `unknown` and keeps its name, an unknown mark reads as no mark; all of them stay in the
 * document untouched, since a newer client may know them. `MODEL.md` is the normative text.
 */

/** Travels in the handshake; raised when an older client could misread what a newer one writes. */
export const SCHEMA_VERSION = 1

export const BLOCK_KINDS = [
  'paragraph',
  'heading',
  'bullet',
  'numbered',
  'check',
  'quote',
  'code',
  'divider',
] as const

/** The block types a person can choose. */
export type BlockKind = (typeof BLOCK_KINDS)[number]

/** Deepest indent of a block; deeper values read as this one. */
export const MAX_INDENT = 8

/** Longest address of a link, in UTF-16 units; a longer one reads as no link. */
export const MAX_LINK_LENGTH = 2_048

export type HeadingLevel = 1 | 2 | 3

/** What a block is, apart from its text. Attributes that mean nothing for its type are absent. */
export type BlockShape =
  | { readonly type: 'paragraph'; readonly indent: number }
  | { readonly type: 'heading'; readonly level: HeadingLevel; readonly indent: number }
  | { readonly type: 'bullet'; readonly indent: number }
  | { readonly type: 'numbered'; readonly indent: number }
  | { readonly type: 'check'; readonly indent: number; readonly checked: boolean }
  | { readonly type: 'quote'; readonly indent: number }
  | { readonly type: 'code'; readonly indent: number; readonly language: string }
  | { readonly type: 'divider'; readonly indent: 0 }
  /** A type this version does not know: shown as a placeholder, never removed. */
  | { readonly type: 'unknown'; readonly indent: number; readonly name: string }

/** The names under which a shape's parts are stored on a marker. */
export type BlockAttribute = 'type' | 'level' | 'indent' | 'checked' | 'language'

export const BLOCK_ATTRIBUTES: readonly BlockAttribute[] = ['type', 'level', 'indent', 'checked', 'language']

/** Stored attributes: what is left out has its default. */
export type StoredBlock = Partial<Record<BlockAttribute, string | number | boolean>>

export const PARAGRAPH: BlockShape = { type: 'paragraph', indent: 0 }

/** Types that have no text of their own; text found behind them reads as a paragraph without a marker. */
export function isVoid(shape: BlockShape): boolean {
  return shape.type === 'divider'
}

/** @param get reads one stored attribute; whatever it returns is checked here. */
export function readBlockShape(get: (name: BlockAttribute) => unknown): BlockShape {
  // An undo that meets somebody else's change of the same attribute can leave none at all.
  const type: unknown = get('type') ?? 'paragraph'
  const indent = readIndent(get('indent'))
  switch (type) {
    case 'paragraph':
    case 'bullet':
    case 'numbered':
    case 'quote':
      return { type, indent }
    case 'heading':
      return { type, level: readLevel(get('level')), indent }
    case 'check':
      return { type, checked: get('checked') === true, indent }
    case 'code':
      return { type, language: readLanguage(get('language')), indent }
    case 'divider':
      return { type, indent: 0 }
    default:
      return { type: 'unknown', name: typeof type === 'string' ? type.slice(0, 64) : '', indent }
  }
}

/** What to store for `shape`; never called for `unknown`, whose attributes are left as they are. */
export function storedBlock(shape: BlockShape): StoredBlock {
  const stored: StoredBlock = { type: shape.type === 'unknown' ? shape.name : shape.type }
  if (shape.indent > 0) stored.indent = shape.indent
  if (shape.type === 'heading') stored.level = shape.level
  if (shape.type === 'check' && shape.checked) stored.checked = true
  if (shape.type === 'code' && shape.language !== '') stored.language = shape.language
  return stored
}

export function sameShape(a: BlockShape, b: BlockShape): boolean {
  if (a.type !== b.type || a.indent !== b.indent) return false
  if (a.type === 'heading') return b.type === 'heading' && a.level === b.level
  if (a.type === 'check') return b.type === 'check' && a.checked === b.checked
  if (a.type === 'code') return b.type === 'code' && a.language === b.language
  if (a.type === 'unknown') return b.type === 'unknown' && a.name === b.name
  return true
}

function readIndent(value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) return 0
  return Math.min(value, MAX_INDENT)
}

function readLevel(value: unknown): HeadingLevel {
  return value === 2 || value === 3 ? value : 1
}

function readLanguage(value: unknown): string {
  return typeof value === 'string' && /^[a-z0-9+#.-]{1,32}$/i.test(value) ? value : ''
}

/** Marks that are on or off, in the order in which they are written and rendered. */
export const TOGGLE_MARKS = ['bold', 'italic', 'underline', 'strike', 'code'] as const

export type ToggleMark = (typeof TOGGLE_MARKS)[number]

export const MARK_NAMES = [...TOGGLE_MARKS, 'link'] as const

export type MarkName = (typeof MARK_NAMES)[number]

/** The marks of a character; absent means off. */
export interface Marks {
  readonly bold?: true
  readonly italic?: true
  readonly underline?: true
  readonly strike?: true
  readonly code?: true
  readonly link?: string
}

export const NO_MARKS: Marks = {}

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

/** @param attributes those of a character in the flow; unknown names and values read as no mark. */
export function readMarks(attributes: Iterable<readonly [string, unknown]>): Marks {
  const values = new Map(attributes)
  const marks: { -readonly [name in keyof Marks]: Marks[name] } = {}
  // Always in the same order, so that equal marks print alike.
  for (const name of TOGGLE_MARKS) if (values.get(name) === true) marks[name] = true
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
