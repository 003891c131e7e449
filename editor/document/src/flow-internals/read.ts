/** Reads blocks out of the flow: all of them, or those that a transaction has touched. */
import * as Y from 'yjs'
import { readInline } from '../inline.ts'
import { type Marks, NO_MARKS, readMarks, sameMarks } from '../marks.ts'
import { readBlockShape, readColumn } from '../schema.ts'
import { MAX_ID_LENGTH } from '../values.ts'
import {
  type Attributes,
  itemOf,
  markerIn,
  NO_ATTRIBUTES,
  OBJECT_CHARACTER,
  type PlacedObject,
  type Segment,
  sameAttributes,
} from './segment.ts'
import { touchedMarkers } from './touched.ts'

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
