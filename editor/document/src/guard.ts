/**
 * May a document hold this? For a server that wants to refuse what no client of any version has reason to write.
 *
 * Rule: section 6 of `MODEL.md`. Pure; reading never needs it, since reading is total. An update alone does not
 * always say what its items belong to (an attribute that is set anew leans on the old one and has no name): such items
 * are checked for what holds of every place, and `checkDocument` for the rest.
 */
import * as Y from 'yjs'
import { INLINE_TYPES } from './inline.ts'
import { MARK_NAMES } from './marks.ts'
import { BLOCK_ATTRIBUTES } from './schema.ts'
import { isForbiddenName, isName } from './values.ts'

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
  /** For a log and for the writer of a client: what was found and what is allowed, without the content. */
  readonly reason: string
}

type Struct = Y.Item | Y.GC | { readonly id: unknown }

type RootKind = 'flow' | 'table'

/** What an item belongs to, as far as it is known. */
interface Place {
  readonly root: RootKind | undefined
  /** An attribute's name; null in a sequence. */
  readonly key: string | null
}

/** @param update as on the wire (version 1). @throws what Yjs throws for bytes that are no update. */
export function checkUpdate(update: Uint8Array): Refusal | undefined {
  return checkStructs(Y.decodeUpdate(update).structs)
}

/** @param structs as `Y.decodeUpdate` gives them, not integrated. */
export function checkStructs(structs: Iterable<Struct>): Refusal | undefined {
  for (const struct of structs) {
    if (!(struct instanceof Y.Item)) continue
    // A decoded item has a root's name, its parent's id, or nothing when a neighbour tells.
    const parent = struct.parent as unknown
    const root = typeof parent === 'string' ? rootKind(parent) : undefined
    if (typeof parent === 'string' && root === undefined) return refuseRoot(parent)
    const refusal = checkItem(struct, { root, key: struct.parentSub })
    if (refusal !== undefined) return refusal
  }
  return undefined
}

/** Checks all that is there and not deleted, and how deep shared types are nested. */
export function checkDocument(doc: Y.Doc): Refusal | undefined {
  const roots = new Map<unknown, RootKind>()
  for (const [name, type] of doc.share) {
    const root = rootKind(name)
    if (root !== undefined) roots.set(type, root)
    else if (!isEmpty(type)) return refuseRoot(name)
  }
  for (const structs of doc.store.clients.values())
    for (const struct of structs) {
      if (!(struct instanceof Y.Item) || struct.deleted) continue
      const refusal =
        checkItem(struct, { root: roots.get(struct.parent), key: struct.parentSub }) ?? checkDepth(struct)
      if (refusal !== undefined) return refusal
    }
  return undefined
}

function rootKind(name: string): RootKind | undefined {
  if (name === 'flow') return 'flow'
  const [kind, ...ids] = name.split('/')
  if (!ids.every(isName)) return undefined
  if (kind === 'table' && ids.length === 1) return 'table'
  return kind === 'cell' && ids.length === 3 ? 'flow' : undefined
}

function refuseRoot(name: string): Refusal {
  return {
    code: 'root',
    reason: `root ${quote(name)}: content is in "flow", "table/<id>" and "cell/<id>/<id>/<id>"`,
  }
}

function checkItem(item: Y.Item, { root, key }: Place): Refusal | undefined {
  const { content } = item
  if (content instanceof Y.ContentDeleted) return undefined
  if (content instanceof Y.ContentDoc) return { code: 'type', reason: 'a document inside the document' }
  if (root === 'table') return checkTableKey(key, content)
  if (key !== null) return checkName(key) ?? checkAttribute(key, content)
  if (content instanceof Y.ContentFormat) {
    const format = content as unknown as { key: string; value: unknown }
    const isKnown = MARK_NAMES.some((name) => name === format.key)
    return checkName(format.key) ?? checkValue(`mark ${quote(format.key)}`, format.value, isKnown)
  }
  if (content instanceof Y.ContentEmbed) return checkEmbed(content.embed)
  if (content instanceof Y.ContentString || content instanceof Y.ContentType) return undefined
  // In a sequence of a later version.
  for (const value of content.getContent() as unknown[]) {
    const refusal = checkValue('an item', value, false)
    if (refusal !== undefined) return refusal
  }
  return undefined
}

function checkTableKey(key: string | null, content: Y.Item['content']): Refusal | undefined {
  if (key === null) return { code: 'type', reason: 'a table has keys and no sequence' }
  if (key.length > MAX_KEY_LENGTH) return { code: 'name', reason: `a table key of ${key.length} units` }
  const id = key.split('/').at(-1) ?? ''
  if (isForbiddenName(id)) return { code: 'name', reason: `table key ${quote(key)}` }
  if (content instanceof Y.ContentType) return refuseType(key)
  return checkValues(key, content, true)
}

function checkAttribute(key: string, content: Y.Item['content']): Refusal | undefined {
  const isKnown = BLOCK_ATTRIBUTES.some((name) => name === key) || OTHER_ATTRIBUTES.has(key)
  if (content instanceof Y.ContentType) return isKnown ? refuseType(key) : undefined
  return checkValues(key, content, isKnown)
}

const OTHER_ATTRIBUTES: ReadonlySet<string> = new Set(['id', 'hidden', 'column'])

function refuseType(key: string): Refusal {
  return {
    code: 'type',
    reason: `${quote(key)} is a shared type; it must be a string, a number or a boolean`,
  }
}

function checkValues(key: string, content: Y.Item['content'], isKnown: boolean): Refusal | undefined {
  for (const value of content.getContent() as unknown[]) {
    const refusal = checkValue(quote(key), value, isKnown)
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

function checkDepth(item: Y.Item): Refusal | undefined {
  let depth = 0
  for (let parent = item.parent; parent instanceof Y.AbstractType && parent._item !== null; depth += 1)
    parent = parent._item.parent
  return depth > MAX_DEPTH
    ? { code: 'depth', reason: `shared types are nested more than ${MAX_DEPTH} deep` }
    : undefined
}

/** Asked for, but nothing in it: no client ever saw it. */
function isEmpty(type: Pick<Y.AbstractType<never>, '_start' | '_map'>): boolean {
  return type._start === null && type._map.size === 0
}

function quote(name: string): string {
  return JSON.stringify(name.slice(0, MAX_ATTRIBUTE_LENGTH))
}
