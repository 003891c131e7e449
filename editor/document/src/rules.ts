/**
 * What a document may hold, decided for one piece of content at a time; whence it is read is its reader's business
 * (`guard.ts` reads Yjs items, a server the bytes of an update).
 *
 * Rule: section 6 of `MODEL.md`. Pure, and without Yjs, so that a server can ask it about every update.
 */
import { INLINE_TYPES } from './inline.ts'
import { MARK_NAMES } from './marks.ts'
import { BLOCK_ATTRIBUTES } from './schema.ts'
import { isForbiddenName, isName } from './values.ts'

export { SCHEMA_VERSION } from './schema.ts'

/** Longest string value of an attribute. */
export const MAX_VALUE_LENGTH = 8_192

/** Longest name of an attribute or a mark; a table's keys have an id and a prefix. */
export const MAX_ATTRIBUTE_LENGTH = 64
const MAX_KEY_LENGTH = 80

/** Of an unknown value: its JSON in units, and how deep it is nested. */
export const MAX_UNKNOWN_LENGTH = 16_384
export const MAX_DEPTH = 4

export type RefusalCode = 'root' | 'name' | 'type' | 'value' | 'size' | 'depth'

export interface Refusal {
  readonly code: RefusalCode
  /** For the writer of a client: what was found and what is allowed, without the content; names stand in it. */
  readonly reason: string
}

export type RootKind = 'flow' | 'table'

/** Where content stands, as far as it is known. */
export interface Place {
  readonly root: RootKind | undefined
  /** An attribute's name; null in a sequence, or where a neighbour would tell. */
  readonly key: string | null
}

export type Content =
  | { readonly kind: 'text' }
  | { readonly kind: 'format'; readonly key: string; readonly value: unknown }
  | { readonly kind: 'embed'; readonly value: unknown }
  /** A shared type of any sort. */
  | { readonly kind: 'type' }
  | { readonly kind: 'document' }
  | { readonly kind: 'values'; readonly values: readonly unknown[] }

/** @returns undefined for a name that no content may have. */
export function rootKind(name: string): RootKind | undefined {
  if (name === 'flow') return 'flow'
  const [kind, ...ids] = name.split('/')
  if (!ids.every(isName)) return undefined
  if (kind === 'table' && ids.length === 1) return 'table'
  return kind === 'cell' && ids.length === 3 ? 'flow' : undefined
}

export function refuseRoot(name: string): Refusal {
  return {
    code: 'root',
    reason: `root ${quote(name)}: content is in "flow", "table/<id>" and "cell/<id>/<id>/<id>"`,
  }
}

export function refuseDepth(): Refusal {
  return { code: 'depth', reason: `shared types are nested more than ${MAX_DEPTH} deep` }
}

export function checkContent(content: Content, { root, key }: Place): Refusal | undefined {
  if (content.kind === 'document') return { code: 'type', reason: 'a document inside the document' }
  if (root === 'table') return checkTableKey(key, content)
  if (key !== null) return checkName(key) ?? checkAttribute(key, content)
  switch (content.kind) {
    case 'format': {
      const isKnown = MARK_NAMES.some((name) => name === content.key)
      return checkName(content.key) ?? checkValue(`mark ${quote(content.key)}`, content.value, isKnown)
    }
    case 'embed':
      return checkEmbed(content.value)
    case 'text':
    case 'type':
      return undefined
    case 'values':
      // In a sequence of a later version.
      return checkValues('an item', content, false)
  }
}

function checkTableKey(key: string | null, content: Content): Refusal | undefined {
  if (key === null) return { code: 'type', reason: 'a table has keys and no sequence' }
  if (key.length > MAX_KEY_LENGTH) return { code: 'name', reason: `a table key of ${key.length} units` }
  const id = key.split('/').at(-1) ?? ''
  if (isForbiddenName(id)) return { code: 'name', reason: `table key ${quote(key)}` }
  if (content.kind === 'type') return refuseType(key)
  return checkValues(quote(key), content, true)
}

function checkAttribute(key: string, content: Content): Refusal | undefined {
  const isKnown = BLOCK_ATTRIBUTES.some((name) => name === key) || OTHER_ATTRIBUTES.has(key)
  if (content.kind === 'type') return isKnown ? refuseType(key) : undefined
  return checkValues(quote(key), content, isKnown)
}

const OTHER_ATTRIBUTES: ReadonlySet<string> = new Set(['id', 'hidden', 'column'])

function refuseType(key: string): Refusal {
  return {
    code: 'type',
    reason: `${quote(key)} is a shared type; it must be a string, a number or a boolean`,
  }
}

/** What is neither a value nor an embedded one says nothing under a key. */
function checkValues(what: string, content: Content, isKnown: boolean): Refusal | undefined {
  const values = content.kind === 'values' ? content.values : content.kind === 'embed' ? [content.value] : []
  for (const value of values) {
    const refusal = checkValue(what, value, isKnown)
    if (refusal !== undefined) return refusal
  }
  return undefined
}

function checkEmbed(value: unknown): Refusal | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { code: 'type', reason: 'an embed that is no object' }
  const type: unknown = Object.hasOwn(value, 'type') ? (value as { type: unknown }).type : undefined
  const isKnown = INLINE_TYPES.some((name) => name === type)
  if (!isKnown) return checkValue('an embed', value, false)
  for (const [name, part] of Object.entries(value)) {
    const refusal = checkName(name) ?? checkValue(quote(name), part, true)
    if (refusal !== undefined) return refusal
  }
  return undefined
}

/** @param what names it in the reason. */
function checkValue(what: string, value: unknown, isKnown: boolean): Refusal | undefined {
  if (typeof value === 'string' && value.length > MAX_VALUE_LENGTH)
    return { code: 'size', reason: `${what} has ${value.length} units; ${MAX_VALUE_LENGTH} is the most` }
  if (value === null || value === undefined || typeof value !== 'object') return undefined
  if (isKnown)
    return { code: 'value', reason: `${what} is an object; it must be a string, a number or a boolean` }
  return checkUnknown(what, value)
}

/** Stops at the bounds, so that what is too much costs no more than what is not. */
function checkUnknown(what: string, value: object): Refusal | undefined {
  let size = 0
  const visit = (part: unknown, depth: number): Refusal | undefined => {
    size += typeof part === 'string' ? part.length + 2 : 1
    if (part instanceof Uint8Array) size += part.length
    if (size > MAX_UNKNOWN_LENGTH)
      return { code: 'size', reason: `${what} is larger than ${MAX_UNKNOWN_LENGTH} units` }
    if (typeof part !== 'object' || part === null || part instanceof Uint8Array) return undefined
    if (depth > MAX_DEPTH) return { code: 'depth', reason: `${what} is nested more than ${MAX_DEPTH} deep` }
    for (const [name, child] of Object.entries(part)) {
      size += name.length
      const refusal = (isForbiddenName(name) ? checkName(name) : undefined) ?? visit(child, depth + 1)
      if (refusal !== undefined) return refusal
    }
    return undefined
  }
  return visit(value, 1)
}

function checkName(name: string): Refusal | undefined {
  if (isForbiddenName(name)) return { code: 'name', reason: `${quote(name)} is a name of nothing` }
  if (name.length > MAX_ATTRIBUTE_LENGTH)
    return { code: 'name', reason: `a name of ${name.length} units; ${MAX_ATTRIBUTE_LENGTH} is the most` }
  return undefined
}

function quote(name: string): string {
  return JSON.stringify(name.slice(0, MAX_ATTRIBUTE_LENGTH))
}
