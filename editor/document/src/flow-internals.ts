/**
 * The one file that knows how Yjs keeps a text: it reads and writes the flow from a block's marker on, instead
 * of from the start of the document, so a key press costs the same in a book as in a note.
 *
 * Rule: what is written reads like what `Y.Text.applyDelta` would have written (the test beside this file
 * compares the two), and what is read is what `Y.Text.toDelta` says. One thing is done better: an insertion
 * stays with the character to its left, where Yjs would go past whatever has been deleted behind it.
 */
import * as Y from 'yjs'
import { type InlineObject, readInline } from './inline.ts'
import { type MarkChanges, type Marks, NO_MARKS, readMarks, sameMarks } from './marks.ts'
import { type BlockShape, readBlockShape, readColumn } from './schema.ts'
import { MAX_ID_LENGTH } from './values.ts'

/** Stands in a segment's text for an inline object, which is one unit long in the flow too. */
export const OBJECT_CHARACTER = '\uFFFC'

export interface MarkRun {
  /** In UTF-16 units, above 0. */
  readonly length: number
  readonly marks: Marks
}

export interface PlacedObject {
  readonly offset: number
  readonly object: InlineObject
  /** As it is embedded, with what this version does not know of it. Never changed in place. */
  readonly stored: unknown
}

/**
 * A marker and the text up to the next one; or, with `marker` null, the text before the first marker.
 *
 * Never changed in place: the same object means the same content.
 */
export interface Segment {
  readonly marker: Y.Map<unknown> | null
  readonly shape: BlockShape
  /** As stored; '' when there is none. Two segments may have the same. */
  readonly id: string
  /** Of the leading segment only: not shown as long as it is empty and others exist. */
  readonly hidden: boolean
  /** In which of the columns side by side it stands, from 1; 0 for none. */
  readonly column: number
  /** Line breaks are '\n'; an inline object is one `OBJECT_CHARACTER`. */
  readonly text: string
  /** Cover `text`; neighbours differ; a line break takes the marks of what stands before it. */
  readonly runs: readonly MarkRun[]
  /** The inline objects in order, each with its offset in `text`. */
  readonly objects: readonly PlacedObject[]
  /** Attributes in force where the segment starts and ends; for this file only. */
  readonly start: Attributes
  readonly end: Attributes
}

/** One step over the flow, in order; lengths in units (a marker is one unit, a character its UTF-16 length). */
export type FlowStep =
  | { readonly kind: 'retain'; readonly length: number; readonly marks?: MarkChanges }
  | { readonly kind: 'delete'; readonly length: number }
  | { readonly kind: 'text'; readonly text: string; readonly marks: Marks }
  /** An inline object, as it is to be stored. */
  | { readonly kind: 'embed'; readonly stored: object; readonly marks: Marks }
  | { readonly kind: 'marker'; readonly marker: Y.Map<unknown> }

/** A step that writes what was stored elsewhere, with all its attributes: only copying needs it. */
export type CopyStep = {
  readonly kind: 'copy'
  readonly content: string | object
  readonly attributes: Readonly<Record<string, unknown>>
}

type Attributes = ReadonlyMap<string, unknown>

const NO_ATTRIBUTES: Attributes = new Map()

export function readSegments(flow: Y.Text): Segment[] {
  const segments: Segment[] = []
  let item: Y.Item | null = null
  let start = NO_ATTRIBUTES
  do {
    const read = readSegment(flow, item, start)
    segments.push(read.segment)
    start = read.segment.end
    item = read.next
  } while (item !== null)
  return segments
}

/**
 * What `segments` are after `transaction`, re-reading only those it touched.
 *
 * @param segments the flow before the transaction. The others are the same objects in the result.
 * @param transaction has ended its changes but not yet been cleaned up: call it from 'afterTransaction'.
 */
export function updateSegments(
  segments: readonly Segment[],
  flow: Y.Text,
  transaction: Y.Transaction,
): readonly Segment[] {
  const touched = touchedMarkers(flow, transaction)
  if (touched === 'all') return readSegments(flow)
  if (touched.markers.size === 0) return segments
  const isTouched = touchOf(touched.markers)
  const first = segments.findIndex(isTouched)
  if (first < 0) return readSegments(flow)
  const last = segments.findLastIndex(isTouched)
  const result = segments.slice(0, first)
  let end = result.at(-1)?.end ?? NO_ATTRIBUTES
  let index = first
  for (; index < segments.length; index += 1) {
    const segment = segments[index]
    if (segment === undefined) break
    // Behind the last one that was touched, only attributes that reach further can change anything.
    if (index > last && end === segment.start) break
    const item = itemOf(segment)
    if (item !== null && item.deleted) continue
    if (!touched.markers.has(segment.marker) && end === segment.start) {
      result.push(segment)
      end = segment.end
      continue
    }
    let next: Y.Item | null = item
    do {
      const read = readSegment(flow, next, end, segment)
      result.push(read.segment)
      end = read.segment.end
      next = read.next
    } while (next !== null && touched.added.has(next))
    // The old object says the same as before: let the following segments see that nothing changed.
    if (sameAttributes(end, segment.end)) end = segment.end
  }
  return result.concat(segments.slice(index))
}

/** Most edits touch one or two of many thousand segments: comparing is several times quicker than looking up. */
function touchOf(markers: ReadonlySet<Y.Map<unknown> | null>): (segment: Segment) => boolean {
  if (markers.size > 2) return ({ marker }) => markers.has(marker)
  const [one, other = one] = markers
  return ({ marker }) => marker === one || marker === other
}

/**
 * Applies `steps` from just before the marker of `segment` on (from the start of the flow for the leading one).
 *
 * Call it inside a transaction. Inserted text gets exactly its marks; inserted markers inherit what is in force.
 */
export function writeSteps(
  flow: Y.Text,
  transaction: Y.Transaction,
  segment: Segment,
  steps: readonly (FlowStep | CopyStep)[],
): void {
  const item = itemOf(segment)
  const cursor = new Cursor(
    flow,
    transaction,
    item === null ? null : item.left,
    item === null ? flow._start : item,
    new Map(segment.start),
  )
  for (const step of steps) {
    switch (step.kind) {
      case 'retain':
        cursor.retain(step.length, step.marks)
        break
      case 'delete':
        cursor.delete(step.length)
        break
      case 'text':
        cursor.insert(new Y.ContentString(step.text), attributesOf(step.marks))
        break
      case 'embed':
        cursor.insert(new Y.ContentEmbed(step.stored), attributesOf(step.marks))
        break
      case 'copy':
        cursor.insert(
          typeof step.content === 'string'
            ? new Y.ContentString(step.content)
            : new Y.ContentEmbed(step.content),
          { ...step.attributes },
        )
        break
      case 'marker':
        cursor.insert(new Y.ContentType(step.marker), Object.fromEntries(cursor.attributes))
        break
    }
  }
  forgetSearchMarkers(flow)
}

/** They count from the start of the document, and we did not. */
function forgetSearchMarkers(flow: Y.Text): void {
  const markers = (flow as unknown as { _searchMarker: unknown[] | null })._searchMarker
  if (markers !== null) markers.length = 0
}

/**
 * Inserts text right behind `place`, also when what it stands behind has been deleted: not where its neighbours
 * have moved together, since others may have written there.
 *
 * @param segment the one that `resolvePlace` finds for the place.
 */
export function insertBehind(
  flow: Y.Text,
  transaction: Y.Transaction,
  segment: Segment,
  place: FlowPlace,
  insertion: { readonly text: string; readonly marks: Marks },
): void {
  const marker = itemOf(segment)
  const right = marker === null ? flow._start : marker.right
  const cursor = new Cursor(flow, transaction, marker, right, new Map(segment.start))
  const found =
    place.item === null ? undefined : findItem(transaction.doc, place.item.client, place.item.clock)
  if (found !== undefined && found.item !== marker) {
    const { client, clock } = found.item.id
    if (found.diff + 1 < found.item.length)
      Y.getItemCleanStart(transaction, Y.createID(client, clock + found.diff + 1))
    cursor.goBehind(found.item)
  }
  cursor.insert(new Y.ContentString(insertion.text), attributesOf(insertion.marks))
  forgetSearchMarkers(flow)
}

/**
 * A place right behind a unit of the flow, by the unit's identity: it stays with its left neighbour, whatever
 * is inserted or deleted. `item` null is the start of the flow. The form is that of a Yjs relative position.
 */
export interface FlowPlace {
  readonly type: null
  readonly tname: string | null
  readonly item: { readonly client: number; readonly clock: number } | null
  readonly assoc: -1
}

/** @param offset in units of text; 0 is right behind the marker, more than the segment has counts on in the next. */
export function placeAt(flow: Y.Text, segment: Segment, offset: number): FlowPlace {
  const marker = itemOf(segment)
  if (offset <= 0 || segment.text === '') return placeBehind(flow, marker)
  let left = offset
  for (let item = marker === null ? flow._start : marker.right; item !== null; item = item.right) {
    if (item.deleted || !item.countable || item.content instanceof Y.ContentType) continue
    if (left <= item.length) return placeBehind(flow, item, left - 1)
    left -= item.length
  }
  return placeBehind(flow, marker)
}

/** `placeAt` for every offset from 0 to the segment's length. */
export function placesIn(flow: Y.Text, segment: Segment): FlowPlace[] {
  const marker = itemOf(segment)
  const places = [placeBehind(flow, marker)]
  for (let item = marker === null ? flow._start : marker.right; item !== null; item = item.right) {
    if (item.deleted || !item.countable) continue
    if (item.content instanceof Y.ContentType) break
    for (let unit = 0; unit < item.length; unit += 1) places.push(placeBehind(flow, item, unit))
  }
  return places
}

/** Whether the unit that a place stands behind is still there; the start of the flow always is. */
export function isPlaceAlive(flow: Y.Text, { item }: FlowPlace): boolean {
  if (item === null) return true
  if (flow.doc === null) return false
  return findItem(flow.doc, item.client, item.clock)?.item.deleted === false
}

/** @returns the segment's marker and the offset in it; undefined when the place is not in this flow (yet). */
export function resolvePlace(
  flow: Y.Text,
  place: FlowPlace,
): { readonly marker: Y.Map<unknown> | null; readonly offset: number } | undefined {
  if (place.item === null) return place.tname === nameOf(flow) ? { marker: null, offset: 0 } : undefined
  const doc = flow.doc
  if (doc === null) return undefined
  const found = findItem(doc, place.item.client, place.item.clock)
  if (found === undefined || found.item.parent !== flow) return undefined
  let { item } = found
  let offset = 0
  if (!item.deleted) {
    if (item.content instanceof Y.ContentType)
      return { marker: item.content.type as Y.Map<unknown>, offset: 0 }
    if (item.countable) offset = found.diff + 1
  }
  for (;;) {
    const left: Y.Item | null = item.left
    if (left === null) return { marker: null, offset }
    item = left
    if (item.deleted || !item.countable) continue
    if (item.content instanceof Y.ContentType) return { marker: item.content.type as Y.Map<unknown>, offset }
    offset += item.length
  }
}

/** A stretch of a segment with everything that is stored of it, so that it can be written elsewhere. */
export interface StoredStretch {
  readonly content: string | object
  readonly attributes: Readonly<Record<string, unknown>>
  /** The Yjs client that wrote it. */
  readonly client: number
}

/** A segment's text and inline objects as they are stored, unknown marks included. */
export function storedStretches(flow: Y.Text, segment: Segment): StoredStretch[] {
  const marker = itemOf(segment)
  const stretches: StoredStretch[] = []
  const attributes = new Map(segment.start)
  for (let item = marker === null ? flow._start : marker.right; item !== null; item = item.right) {
    if (item.deleted) continue
    const { content } = item
    if (content instanceof Y.ContentType) break
    if (content instanceof Y.ContentFormat) {
      const { key, value } = formatOf(item)
      if (value === null) attributes.delete(key)
      else attributes.set(key, value)
    } else if (content instanceof Y.ContentString || content instanceof Y.ContentEmbed)
      stretches.push({
        content: content instanceof Y.ContentString ? content.str : content.embed,
        attributes: Object.fromEntries(attributes),
        client: item.id.client,
      })
  }
  return stretches
}

/** What tells markers apart that have no id of their own. */
export function markerName(marker: Y.Map<unknown>): string {
  const id = marker._item?.id
  return id === undefined ? '' : `${id.client}-${id.clock}`
}

/** Who inserted a marker or set one of its attributes last, as Yjs client ids. */
function writersOf(marker: Y.Map<unknown>): Set<number> {
  const writers = new Set<number>()
  for (const item of marker._map.values()) if (!item.deleted) writers.add(item.id.client)
  return writers
}

/** As many attributes as a marker is made with; their items follow its own. */
const MOST_ATTRIBUTES = 16

/**
 * For an undo manager's `deleteFilter`: a block of ours that somebody else has made something of is no longer ours
 * to take away, nor is what we made it with: its id, its type.
 */
export function isOnlyOurs(item: Y.Item): boolean {
  const { id, parent, content } = item
  if (content instanceof Y.ContentType && parent instanceof Y.Text)
    return isUntouched(content.type, id.client)
  const marker = parent instanceof Y.Map && item.left === null ? parent._item : null
  if (!(marker?.parent instanceof Y.Text) || marker.id.client !== id.client) return true
  if (id.clock - marker.id.clock > MOST_ATTRIBUTES) return true
  // Without the marker its attributes go anyway.
  return marker.deleted || isUntouched(parent, id.client)
}

function isUntouched(marker: unknown, client: number): boolean {
  return (
    !(marker instanceof Y.Map) ||
    [...writersOf(marker as Y.Map<unknown>)].every((writer) => writer === client)
  )
}

/** @param item null for the start of the flow. */
function placeBehind(flow: Y.Text, item: Y.Item | null, unit = 0): FlowPlace {
  if (item === null) return { type: null, tname: nameOf(flow), item: null, assoc: -1 }
  const { client, clock } = item.id
  return { type: null, tname: null, item: { client, clock: clock + unit }, assoc: -1 }
}

const names = new WeakMap<Y.Text, string>()

/** Yjs looks through all roots for it, of which a document with tables has thousands. */
function nameOf(flow: Y.Text): string {
  const known = names.get(flow)
  if (known !== undefined) return known
  const name = Y.findRootTypeKey(flow)
  names.set(flow, name)
  return name
}

/** The flow that a place is in: the document's, or that of a cell. Undefined when it is not there (yet). */
export function flowOfPlace(doc: Y.Doc, { item, tname }: FlowPlace): Y.Text | undefined {
  const type: unknown =
    item === null ? doc.share.get(tname ?? '') : findItem(doc, item.client, item.clock)?.item.parent
  return type instanceof Y.Text ? type : undefined
}

function findItem(doc: Y.Doc, client: number, clock: number): { item: Y.Item; diff: number } | undefined {
  let wanted = clock
  let owner = client
  for (;;) {
    const structs = doc.store.clients.get(owner)
    if (structs === undefined || wanted >= Y.getState(doc.store, owner)) return undefined
    const struct = structs[Y.findIndexSS(structs, wanted)]
    if (!(struct instanceof Y.Item)) return undefined
    const diff = wanted - struct.id.clock
    // What an undo brought back is a new item; the place belongs to it.
    if (!struct.deleted || struct.redone === null) return { item: struct, diff }
    owner = struct.redone.client
    wanted = struct.redone.clock + diff
  }
}

function itemOf(segment: Segment): Y.Item | null {
  return segment.marker === null ? null : segment.marker._item
}

function readSegment(
  flow: Y.Text,
  item: Y.Item | null,
  start: Attributes,
  before?: Segment,
): { segment: Segment; next: Y.Item | null } {
  const marker = item === null ? null : markerIn(item)
  const reader = new TextReader(start)
  let right = item === null ? flow._start : item.right
  while (right !== null && !(right.content instanceof Y.ContentType && !right.deleted)) {
    if (!right.deleted) reader.read(right.content)
    right = right.right
  }
  const end = reader.end
  const about = describe(flow, marker)
  const keptEnd = before !== undefined && before.marker === marker && sameAttributes(before.end, end)
  const segment = {
    marker,
    ...about,
    text: reader.text,
    runs: reader.runs,
    objects: reader.objects,
    start,
    end: keptEnd ? before.end : end,
  }
  return { segment, next: right }
}

function describe(
  flow: Y.Text,
  marker: Y.Map<unknown> | null,
): Pick<Segment, 'shape' | 'id' | 'hidden' | 'column'> {
  if (marker === null) {
    const get = (name: string): unknown => flow.getAttribute(name) as unknown
    const column = readColumn(get('column'))
    return { shape: readBlockShape(get), id: 'first', hidden: get('hidden') === true, column }
  }
  // Only a map has attributes; any other type is a later version's, and not ours to write to.
  const get = (name: string): unknown =>
    marker instanceof Y.Map ? marker.get(name) : name === 'type' ? '' : null
  const id = get('id')
  return {
    shape: readBlockShape(get),
    id: typeof id === 'string' ? id.slice(0, MAX_ID_LENGTH) : '',
    hidden: false,
    column: readColumn(get('column')),
  }
}

function markerIn(item: Y.Item): Y.Map<unknown> {
  return (item.content as Y.ContentType).type as Y.Map<unknown>
}

class TextReader {
  text = ''
  readonly runs: { length: number; marks: Marks }[] = []
  readonly objects: PlacedObject[] = []
  #attributes: Attributes
  #marks: Marks
  #changed = false

  constructor(start: Attributes) {
    this.#attributes = start
    this.#marks = start.size === 0 ? NO_MARKS : readMarks(start)
  }

  get end(): Attributes {
    return this.#attributes.size === 0 ? NO_ATTRIBUTES : this.#attributes
  }

  read(content: Y.Item['content']): void {
    if (content instanceof Y.ContentFormat) {
      const { key, value } = content as unknown as { key: string; value: unknown }
      const next = new Map(this.#attributes)
      if (value === null) next.delete(key)
      else next.set(key, value)
      this.#attributes = next
      this.#changed = true
      return
    }
    if (!content.isCountable()) return
    const text =
      content instanceof Y.ContentString ? content.str : OBJECT_CHARACTER.repeat(content.getLength())
    if (this.#changed) {
      this.#marks = this.#attributes.size === 0 ? NO_MARKS : readMarks(this.#attributes)
      this.#changed = false
    }
    if (content instanceof Y.ContentEmbed)
      this.objects.push({
        offset: this.text.length,
        object: readInline(content.embed),
        stored: content.embed,
      })
    this.text += text
    pushText(this.runs, text, this.#marks)
  }
}

/** Adds `text` to `runs`, giving line breaks the marks of what stands before them in the block. */
export function pushText(runs: { length: number; marks: Marks }[], text: string, marks: Marks): void {
  let from = 0
  while (from < text.length) {
    const isBreak = text.charCodeAt(from) === 10
    let to = from + 1
    while (to < text.length && (text.charCodeAt(to) === 10) === isBreak) to += 1
    const last = runs.at(-1)
    const own = isBreak ? (last?.marks ?? NO_MARKS) : marks
    if (last !== undefined && sameMarks(last.marks, own)) last.length += to - from
    else runs.push({ length: to - from, marks: own })
    from = to
  }
}

function sameAttributes(a: Attributes, b: Attributes): boolean {
  if (a === b) return true
  if (a.size !== b.size) return false
  for (const [name, value] of a) if (!sameValue(value, b.get(name))) return false
  return true
}

function sameValue(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b))
}

/** Above this many changed structs, reading everything is cheaper than finding out what was touched. */
const MANY_STRUCTS = 5_000

interface Touched {
  /** Markers, also deleted ones, whose segments may say something else; null is the leading one. */
  readonly markers: Set<Y.Map<unknown> | null>
  /** Items of markers that were not there before. */
  readonly added: Set<Y.Item>
}

function touchedMarkers(flow: Y.Text, transaction: Y.Transaction): Touched | 'all' {
  const markers = new Set<Y.Map<unknown> | null>()
  const added = new Set<Y.Item>()
  const changed = transaction.changed as unknown as Map<unknown, Set<string | null>>
  for (const [type, keys] of changed) {
    if (type === flow) {
      if ([...keys].some((key) => key !== null)) markers.add(null)
    } else if (type instanceof Y.Map && type._item?.parent === flow) markers.add(type as Y.Map<unknown>)
  }
  if (changed.get(flow)?.has(null) !== true) return { markers, added }
  const owners = new Map<Y.Item, Y.Item | null>()
  let count = 0
  const touch = (struct: Y.AbstractStruct): void => {
    if (!(struct instanceof Y.Item) || struct.parent !== flow || struct.parentSub !== null) return
    count += 1
    if (struct.content instanceof Y.ContentType) markers.add(markerIn(struct))
    const owner = ownerOf(struct, owners)
    markers.add(owner === null ? null : markerIn(owner))
  }
  const store = transaction.doc.store
  for (const [client, after] of transaction.afterState) {
    const before = transaction.beforeState.get(client) ?? 0
    if (before === after) continue
    const structs = store.clients.get(client)
    if (structs === undefined) continue
    let index = before === 0 ? 0 : Y.findIndexSS(structs, before)
    if (structs.length - index > MANY_STRUCTS) return 'all'
    for (
      let struct = structs[index];
      struct !== undefined && struct.id.clock < after;
      struct = structs[index]
    ) {
      touch(struct)
      if (struct instanceof Y.Item && struct.content instanceof Y.ContentType) added.add(struct)
      index += 1
    }
  }
  Y.iterateDeletedStructs(transaction, transaction.deleteSet, touch)
  return count > MANY_STRUCTS ? 'all' : { markers, added }
}

/** The live marker to the left of `item`. */
function ownerOf(item: Y.Item, owners: Map<Y.Item, Y.Item | null>): Y.Item | null {
  let left = item.left
  let owner: Y.Item | null = null
  while (left !== null) {
    if (!left.deleted && left.content instanceof Y.ContentType) {
      owner = left
      break
    }
    const known = owners.get(left)
    if (known !== undefined) {
      owner = known
      break
    }
    left = left.left
  }
  owners.set(item, owner)
  return owner
}

function attributesOf(marks: Marks): Record<string, unknown> {
  return { ...marks }
}

/** Yjs' own way of changing a text (`YText.js`), started anywhere the attributes in force are known. */
class Cursor {
  readonly attributes: Map<string, unknown>
  readonly #flow: Y.Text
  readonly #transaction: Y.Transaction
  #left: Y.Item | null
  #right: Y.Item | null
  /** The last item that `insert` left behind. */
  #written: Y.Item | null = null

  constructor(
    flow: Y.Text,
    transaction: Y.Transaction,
    left: Y.Item | null,
    right: Y.Item | null,
    attributes: Map<string, unknown>,
  ) {
    this.#flow = flow
    this.#transaction = transaction
    this.#left = left
    this.#right = right
    this.attributes = attributes
  }

  /** Stays where it is when the item is not ahead. */
  goBehind(item: Y.Item): void {
    let ahead = this.#right
    while (ahead !== null && ahead !== item) ahead = ahead.right
    if (ahead === null) return
    do this.#forward()
    while (this.#left !== item)
  }

  retain(length: number, marks: MarkChanges | undefined): void {
    if (marks === undefined) {
      for (let left = length; left > 0 && this.#right !== null; ) {
        left -= this.#take(left)
        this.#forward()
      }
      return
    }
    this.#format(length, { ...marks })
  }

  delete(length: number): void {
    const startAttributes = new Map(this.attributes)
    const start = this.#right
    for (let left = length; left > 0 && this.#right !== null; ) {
      const taken = this.#take(left)
      if (taken > 0) this.#right.delete(this.#transaction)
      left -= taken
      this.#forward()
    }
    if (start !== null) this.#cleanGap(start, this.#right, startAttributes)
  }

  insert(
    content: Y.ContentString | Y.ContentEmbed | Y.ContentType,
    attributes: Record<string, unknown>,
  ): void {
    for (const name of this.attributes.keys()) attributes[name] ??= null
    // What is written in one go stays together: a format of somebody else is no place to go on behind.
    if (this.#left === null || this.#left !== this.#written) this.#skipSame(attributes)
    const negated = this.#open(attributes)
    this.#integrate(content)
    for (const [key, value] of negated) this.#integrateFormat(key, value)
    this.#written = this.#left
  }

  #format(length: number, attributes: Record<string, unknown>): void {
    this.#skipSame(attributes)
    const negated = this.#open(attributes)
    let left = length
    while (
      this.#right !== null &&
      (left > 0 || (negated.size > 0 && this.#right.content instanceof Y.ContentFormat))
    ) {
      const right = this.#right
      if (!right.deleted && right.content instanceof Y.ContentFormat) {
        const { key, value } = formatOf(right)
        if (key in attributes) {
          if (sameValue(attributes[key], value)) negated.delete(key)
          else {
            if (left === 0) break
            negated.set(key, value)
          }
          right.delete(this.#transaction)
        } else this.attributes.set(key, value)
      } else left -= this.#take(left)
      this.#forward()
    }
    this.#close(negated)
  }

  /** Splits the next item so that it is at most `length` long. @returns its length, 0 when it does not count. */
  #take(length: number): number {
    const right = this.#right
    if (right === null || right.deleted || !right.countable) return 0
    if (length < right.length)
      Y.getItemCleanStart(this.#transaction, Y.createID(right.id.client, right.id.clock + length))
    return right.length
  }

  #forward(): void {
    const right = this.#right
    if (right === null) return
    if (!right.deleted && right.content instanceof Y.ContentFormat) this.#note(formatOf(right))
    this.#left = right
    this.#right = right.right
  }

  #note({ key, value }: Format): void {
    if (value === null) this.attributes.delete(key)
    else this.attributes.set(key, value)
  }

  #integrate(content: Y.Item['content']): void {
    const { doc } = this.#transaction
    const left = this.#left
    const right = this.#right
    const id = Y.createID(doc.clientID, Y.getState(doc.store, doc.clientID))
    const item = new Y.Item(
      id,
      left,
      left && left.lastId,
      right,
      right && right.id,
      this.#flow,
      null,
      content,
    )
    item.integrate(this.#transaction, 0)
    this.#right = item
    this.#forward()
  }

  #integrateFormat(key: string, value: unknown): void {
    this.#integrate(new Y.ContentFormat(key, value as object))
  }

  /**
   * Goes right past formats that say what is wanted anyway, but not past anything deleted: what is typed belongs
   * to the character before it, and somebody else may be typing behind what was deleted.
   */
  #skipSame(attributes: Record<string, unknown>): void {
    const isWanted = Object.keys(attributes).every((key) =>
      sameValue(this.attributes.get(key) ?? null, attributes[key]),
    )
    if (!isWanted) this.#skipFormats((key, value) => sameValue(attributes[key] ?? null, value))
  }

  #skipFormats(isWanted: (key: string, value: unknown) => boolean): void {
    let last: Y.Item | null = null
    for (let right = this.#right; right?.content instanceof Y.ContentFormat; right = right.right) {
      if (right.deleted) continue
      const { key, value } = formatOf(right)
      if (!isWanted(key, value)) break
      last = right
    }
    if (last === null) return
    do this.#forward()
    while (this.#left !== last)
  }

  /** @returns what has to be written behind the change so that the rest keeps its attributes. */
  #open(attributes: Record<string, unknown>): Map<string, unknown> {
    const negated = new Map<string, unknown>()
    for (const [key, value] of Object.entries(attributes)) {
      const current = this.attributes.get(key) ?? null
      if (sameValue(current, value)) continue
      negated.set(key, current)
      this.#integrateFormat(key, value)
    }
    return negated
  }

  #close(negated: Map<string, unknown>): void {
    this.#skipFormats(
      (key, value) => negated.has(key) && sameValue(negated.get(key), value) && negated.delete(key),
    )
    for (const [key, value] of negated) this.#integrateFormat(key, value)
  }

  /** Deletes formats between `start` and the next character that no longer say anything. */
  #cleanGap(start: Y.Item, current: Y.Item | null, startAttributes: Map<string, unknown>): void {
    const last = new Map<string, Y.Item>()
    let end: Y.Item | null = start
    while (end !== null && (!end.countable || end.deleted)) {
      if (!end.deleted && end.content instanceof Y.ContentFormat) last.set(formatOf(end).key, end)
      end = end.right
    }
    let reached = false
    for (let item: Y.Item | null = start; item !== null && item !== end; item = item.right) {
      if (item === current) reached = true
      if (item.deleted || !(item.content instanceof Y.ContentFormat)) continue
      const format = formatOf(item)
      const before = startAttributes.get(format.key) ?? null
      if (last.get(format.key) !== item || sameValue(before, format.value)) {
        item.delete(this.#transaction)
        const current = this.attributes.get(format.key) ?? null
        if (!reached && sameValue(current, format.value) && !sameValue(before, format.value))
          this.#note({ key: format.key, value: before })
      } else if (!reached) this.#note(format)
    }
  }
}

interface Format {
  readonly key: string
  readonly value: unknown
}

function formatOf(item: Y.Item): Format {
  return item.content as unknown as Format
}
