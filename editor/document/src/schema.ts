/**
 * Which block types and attributes a document may hold, and how anything else is read.
 *
 * Rule: reading never throws and never repairs. A value outside its domain reads as its default, an unknown
 * block type reads as `unknown` and keeps its name; both stay in the document untouched, since a newer client
 * may know them. `MODEL.md` is the normative text; marks and inline objects have files of their own.
 */
import { type FileParts, type ImageParts, readFile, readImage } from './inline.ts'
import { readAddress, readLatex, readLine, readWhole } from './values.ts'

/** Travels in the handshake; raised when an older client could misread what a newer one writes. */
export const SCHEMA_VERSION = 2

export const BLOCK_KINDS = [
  'paragraph',
  'heading',
  'bullet',
  'numbered',
  'check',
  'quote',
  'callout',
  'toggle',
  'code',
  'table',
  'image',
  'file',
  'divider',
  'equation',
  'embed',
] as const

/** The block types a person can choose. */
export type BlockKind = (typeof BLOCK_KINDS)[number]

/** Deepest indent of a block; deeper values read as this one. */
export const MAX_INDENT = 8

/** Highest number a numbered list can start again with. */
export const MAX_START = 999_999

/** How many columns can stand side by side: more leave no room for text. */
export const MAX_COLUMN = 4

export type HeadingLevel = 1 | 2 | 3 | 4

export const CALLOUT_KINDS = ['note', 'tip', 'important', 'warning', 'caution'] as const

export type CalloutKind = (typeof CALLOUT_KINDS)[number]

/** What a block is, apart from its text. Attributes that mean nothing for its type are absent. */
export type BlockShape =
  | { readonly type: 'paragraph'; readonly indent: number }
  | { readonly type: 'heading'; readonly level: HeadingLevel; readonly indent: number }
  | { readonly type: 'bullet'; readonly indent: number }
  /** `start` is the number it starts again with, 1 to `MAX_START`; absent when it counts on. */
  | { readonly type: 'numbered'; readonly indent: number; readonly start?: number }
  | { readonly type: 'check'; readonly indent: number; readonly checked: boolean }
  | { readonly type: 'quote'; readonly indent: number }
  /** `emoji` '' for the kind's own sign. */
  | { readonly type: 'callout'; readonly indent: number; readonly kind: CalloutKind; readonly emoji: string }
  | { readonly type: 'toggle'; readonly indent: number; readonly collapsed: boolean }
  | { readonly type: 'code'; readonly indent: number; readonly language: string }
  /** Rows, columns and cells stand apart, under the block's id: see `table.ts`. */
  | { readonly type: 'table'; readonly indent: number }
  | ({ readonly type: 'image'; readonly indent: number } & ImageParts)
  | ({ readonly type: 'file'; readonly indent: number } & FileParts)
  | { readonly type: 'divider'; readonly indent: 0 }
  | { readonly type: 'equation'; readonly indent: number; readonly latex: string }
  /** An address of another site; which ones are shown as more than a link is the page's decision. */
  | { readonly type: 'embed'; readonly indent: number; readonly url: string }
  /** A type this version does not know: shown as a placeholder, never removed. */
  | { readonly type: 'unknown'; readonly indent: number; readonly name: string }

export const BLOCK_ATTRIBUTES = [
  'type',
  'level',
  'indent',
  'start',
  'checked',
  'kind',
  'emoji',
  'collapsed',
  'language',
  'url',
  'name',
  'size',
  'alt',
  'width',
  'latex',
] as const

/** The names under which a shape's parts are stored on a marker. */
export type BlockAttribute = (typeof BLOCK_ATTRIBUTES)[number]

/** Stored attributes: what is left out has its default. */
export type StoredBlock = Partial<Record<BlockAttribute, string | number | boolean>>

export const PARAGRAPH: BlockShape = { type: 'paragraph', indent: 0 }

const VOID_TYPES: ReadonlySet<BlockShape['type']> = new Set([
  'table',
  'image',
  'file',
  'divider',
  'equation',
  'embed',
])

/** Types that have no text of their own; text found behind them reads as a paragraph without a marker. */
export function isVoid(shape: BlockShape): boolean {
  return VOID_TYPES.has(shape.type)
}

/** @param get reads one stored attribute; whatever it returns is checked here. */
export function readBlockShape(get: (name: BlockAttribute) => unknown): BlockShape {
  // An undo that meets somebody else's change of the same attribute can leave none at all.
  const type: unknown = get('type') ?? 'paragraph'
  const indent = readIndent(get('indent'))
  switch (type) {
    case 'paragraph':
    case 'bullet':
    case 'quote':
    case 'table':
      return { type, indent }
    case 'numbered': {
      const start = readWhole(get('start'), 1, MAX_START)
      return start === 0 ? { type, indent } : { type, indent, start }
    }
    case 'heading':
      return { type, level: readLevel(get('level')), indent }
    case 'check':
      return { type, checked: get('checked') === true, indent }
    case 'callout':
      return { type, indent, kind: readCalloutKind(get('kind')), emoji: readLine(get('emoji'), 16) }
    case 'toggle':
      return { type, indent, collapsed: get('collapsed') === true }
    case 'code':
      return { type, language: readLanguage(get('language')), indent }
    case 'image':
      return { type, indent, ...readImage(get) }
    case 'file':
      return { type, indent, ...readFile(get) }
    case 'equation':
      return { type, indent, latex: readLatex(get('latex')) }
    case 'embed':
      return { type, indent, url: readAddress(get('url')) }
    case 'divider':
      return { type, indent: 0 }
    default:
      return { type: 'unknown', name: typeof type === 'string' ? type.slice(0, 64) : '', indent }
  }
}

/** What to store for `shape`; never called for `unknown`, whose attributes are left as they are. */
export function storedBlock(shape: BlockShape): StoredBlock {
  if (shape.type === 'unknown')
    return { type: shape.name, ...(shape.indent > 0 ? { indent: shape.indent } : {}) }
  const isSaid = ([, value]: [string, string | number | boolean]): boolean =>
    value !== 0 && value !== '' && value !== false
  return Object.fromEntries(Object.entries(shape).filter(isSaid))
}

export function sameShape(a: BlockShape, b: BlockShape): boolean {
  if (a === b) return true
  if (a.type !== b.type || a.indent !== b.indent) return false
  if (a.type === 'numbered' && b.type === 'numbered') return a.start === b.start
  const other = b as unknown as Record<string, unknown>
  return Object.entries(a).every(([name, value]) => other[name] === value)
}

/** @returns 1 to `MAX_COLUMN`; 0 for a block that stands in no column. */
export function readColumn(value: unknown): number {
  return readWhole(value, 1, MAX_COLUMN)
}

function readIndent(value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) return 0
  return Math.min(value, MAX_INDENT)
}

function readLevel(value: unknown): HeadingLevel {
  return value === 2 || value === 3 || value === 4 ? value : 1
}

function readCalloutKind(value: unknown): CalloutKind {
  return CALLOUT_KINDS.find((kind) => kind === value) ?? 'note'
}

function readLanguage(value: unknown): string {
  return typeof value === 'string' && /^[a-z0-9+#.-]{1,32}$/i.test(value) ? value : ''
}
