/** Reads blocks out of the flow: all of them, or one. `segment-list.ts` keeps them up with transactions. */
import * as Y from 'yjs'
import { readInline } from '../inline.ts'
import { type Marks, NO_MARKS, readMarks, sameMarks } from '../marks.ts'
import { readBlockShape, readColumn } from '../schema.ts'
import { MAX_ID_LENGTH } from '../values.ts'
import {
  type Attributes,
  markerIn,
  NO_ATTRIBUTES,
  OBJECT_CHARACTER,
  type PlacedObject,
  type Segment,
  sameAttributes,
} from './segment.ts'

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
 * What stands behind the marker `item` up to the next one.
 *
 * @param item null for the leading segment.
 * @param start the attributes in force there.
 * @param before what was read there earlier: what it left in force stays the same object when it is the same.
 * @returns the next marker, too.
 */
export function readSegment(
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
