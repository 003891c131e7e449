/**
 * Inline objects: embeds in the text, one unit long each.
 *
 * Rule: reading is total; what this version does not know reads as `unknown` and stays stored. An object is never
 * changed in place: another one takes its place.
 */
import {
  MAX_ALT_LENGTH,
  MAX_ID_LENGTH,
  MAX_NAME_LENGTH,
  MAX_WIDTH,
  MIN_WIDTH,
  readAddress,
  readDate,
  readLatex,
  readLine,
  readWhole,
} from './values.ts'

export const INLINE_TYPES = ['mention', 'date', 'image', 'file', 'equation'] as const

/** A picture; '' and 0 where nothing is known. `width` 0: as wide as it is. */
export interface ImageParts {
  readonly url: string
  readonly name: string
  /** In bytes. */
  readonly size: number
  readonly alt: string
  readonly width: number
}

export interface FileParts {
  readonly url: string
  readonly name: string
  /** In bytes. */
  readonly size: number
}

export type InlineObject =
  /** `ref` is the id of a person or of a document, `label` what was shown when it was written. */
  | {
      readonly type: 'mention'
      readonly kind: 'person' | 'document'
      readonly ref: string
      readonly label: string
    }
  /** A day or a minute in UTC; '' for none. @see readDate */
  | { readonly type: 'date'; readonly date: string }
  | ({ readonly type: 'image' } & ImageParts)
  | ({ readonly type: 'file' } & FileParts)
  | { readonly type: 'equation'; readonly latex: string }
  /** A type this version does not know: shown as a placeholder, kept. */
  | { readonly type: 'unknown'; readonly name: string }

/** @param value the embedded object, as stored. */
export function readInline(value: unknown): InlineObject {
  const get = (name: string): unknown =>
    typeof value === 'object' && value !== null && Object.hasOwn(value, name)
      ? (value as Record<string, unknown>)[name]
      : undefined
  const type = get('type')
  switch (type) {
    case 'mention':
      return {
        type,
        kind: get('kind') === 'document' ? 'document' : 'person',
        ref: readLine(get('ref'), MAX_ID_LENGTH),
        label: readLine(get('label'), MAX_NAME_LENGTH),
      }
    case 'date':
      return { type, date: readDate(get('date')) }
    case 'image':
      return { type, ...readImage(get) }
    case 'file':
      return { type, ...readFile(get) }
    case 'equation':
      return { type, latex: readLatex(get('latex')) }
    default:
      return { type: 'unknown', name: typeof type === 'string' ? type.slice(0, MAX_ID_LENGTH) : '' }
  }
}

/** What to embed for `object`; what has its default is left out. Never called for `unknown`. */
export function storedInline(object: InlineObject): Record<string, string | number> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== '' && value !== 0))
}

export function sameInline(a: InlineObject, b: InlineObject): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}

export function readImage(get: (name: 'url' | 'name' | 'size' | 'alt' | 'width') => unknown): ImageParts {
  return {
    ...readFile(get),
    alt: readLine(get('alt'), MAX_ALT_LENGTH),
    width: readWhole(get('width'), MIN_WIDTH, MAX_WIDTH),
  }
}

export function readFile(get: (name: 'url' | 'name' | 'size') => unknown): FileParts {
  return {
    url: readAddress(get('url')),
    name: readLine(get('name'), MAX_NAME_LENGTH),
    size: readWhole(get('size'), 0, Number.MAX_SAFE_INTEGER),
  }
}
