/**
 * May a guarded document hold what an update brings? Asked of its bytes, without building a Yjs object.
 *
 * What may be held is `@weft/document`'s to say (`rules.ts`); here the bytes are only read for it. An update that brings
 * nothing but text to where text is known is not read at all: that is `UpdateLayout.isPlain`, and nearly every keystroke.
 *
 * Content that is known already is not asked about: what once entered, under whatever rules, never shuts out the people
 * who hold it.
 */
import {
  type Content,
  checkContent,
  MAX_DEPTH,
  type Refusal,
  type RootKind,
  refuseDepth,
  refuseRoot,
  rootKind,
} from '@weft/document/rules'
import { Reader } from '@weft/protocol'
import type { Section, UpdateLayout } from './update-layout.ts'
import { readText, readType, readValue } from './values.ts'

/** @param layout of bytes that `readLayout` has accepted; only what is new is looked at. */
export function checkSchema(layout: UpdateLayout): Refusal | undefined {
  if (layout.isPlain) return undefined
  const nesting = new Nesting()
  const reader = new Reader(layout.bytes)
  for (const section of layout.sections) {
    const refusal = checkSection(reader, section, nesting)
    if (refusal !== undefined) return refusal
  }
  return undefined
}

function checkSection(reader: Reader, section: Section, nesting: Nesting): Refusal | undefined {
  reader.at = section.from
  let { clock } = section
  for (let left = section.structs; left > 0; left--) {
    const info = reader.byte()
    if (info === 0) {
      clock += reader.varUint()
      continue
    }
    const place = readPlace(reader, info)
    if (place.rootName !== undefined && place.root === undefined) return refuseRoot(place.rootName)
    const { content, length } = readContent(reader, info & 31)
    const depth = nesting.depthIn(place.parent)
    if (depth > MAX_DEPTH) return refuseDepth()
    if (content?.kind === 'type') nesting.add({ client: section.client, clock }, depth)
    const refusal = content && checkContent(content, place)
    if (refusal !== undefined) return refusal
    clock += length
  }
  return undefined
}

interface Id {
  readonly client: number
  readonly clock: number
}

interface ItemPlace {
  readonly root: RootKind | undefined
  readonly rootName: string | undefined
  readonly key: string | null
  /** The type it is in, where the bytes say so. */
  readonly parent: Id | undefined
}

/** A neighbour is named instead of the place, where there is one. */
const BEHIND: ItemPlace = { root: undefined, rootName: undefined, key: null, parent: undefined }

function readPlace(reader: Reader, info: number): ItemPlace {
  if ((info & 128) !== 0) readId(reader)
  if ((info & 64) !== 0) readId(reader)
  if ((info & 192) !== 0) return BEHIND
  const rootName = reader.varUint() === 1 ? reader.varString() : undefined
  const parent = rootName === undefined ? readId(reader) : undefined
  const key = (info & 32) === 0 ? null : reader.varString()
  return { root: rootName === undefined ? undefined : rootKind(rootName), rootName, key, parent }
}

function readId(reader: Reader): Id {
  return { client: reader.varUint(), clock: reader.varUint() }
}

/** @returns what it brings, undefined for what is deleted, and how many clocks it takes. */
function readContent(reader: Reader, kind: number): { content: Content | undefined; length: number } {
  switch (kind) {
    case 1:
      return { content: undefined, length: reader.varUint() }
    case 2:
      return valuesOf(Array.from({ length: reader.varUint() }, () => parse(reader.varString())))
    case 3:
      return valuesOf([reader.varBytes()])
    case 4:
      return { content: { kind: 'text' }, length: readText(reader) }
    case 5:
      return { content: { kind: 'embed', value: parse(reader.varString()) }, length: 1 }
    case 6:
      return {
        content: { kind: 'format', key: reader.varString(), value: parse(reader.varString()) },
        length: 1,
      }
    case 7:
      readType(reader)
      return { content: { kind: 'type' }, length: 1 }
    case 8:
      return valuesOf(Array.from({ length: reader.varUint() }, () => readValue(reader)))
    default:
      reader.varString()
      readValue(reader)
      return { content: { kind: 'document' }, length: 1 }
  }
}

function valuesOf(values: readonly unknown[]): { content: Content; length: number } {
  return { content: { kind: 'values', values }, length: values.length }
}

/** Yjs writes what JSON does not have as this word. */
function parse(json: string): unknown {
  return json === 'undefined' ? undefined : JSON.parse(json)
}

/** How deep shared types stand in each other, as far as one update tells: what it leans on counts as a block. */
class Nesting {
  /** Of types that stand in another one; most do not. */
  readonly #depths = new Map<string, number>()

  /** @returns the types around what stands in `parent` */
  depthIn(parent: Id | undefined): number {
    if (parent === undefined) return 0
    return this.#depths.size === 0 ? 1 : (this.#depths.get(nameOf(parent)) ?? 0) + 1
  }

  add(id: Id, depth: number): void {
    if (depth > 0) this.#depths.set(nameOf(id), depth)
  }
}

function nameOf({ client, clock }: Id): string {
  return `${client}:${clock}`
}
