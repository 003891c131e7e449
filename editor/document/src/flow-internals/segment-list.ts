/**
 * The segments of one flow in their order, kept up with its transactions.
 *
 * Rule: an edit reads the segments that it touches and no other, however long the document is. What it does to all
 * others is at most to move their place in one array: following a pointer to each of ten thousand segments takes longer
 * than everything else that a key press needs.
 */
import type * as Y from 'yjs'
import { replaceRange } from '../replace-range.ts'
import { readSegment, readSegments } from './read.ts'
import { itemOf, NO_ATTRIBUTES, type Segment, sameAttributes } from './segment.ts'
import { touchedMarkers } from './touched.ts'

/** A run of segments that stand where others stood, and may be fewer or more than those. */
export interface SegmentChange {
  /** Where the first one stands now. */
  readonly at: number
  /** None of them was there before. */
  readonly added: readonly Segment[]
}

interface Run {
  readonly from: number
  readonly to: number
  readonly added: readonly Segment[]
}

/** Above this many markers, one walk over all segments is quicker than looking up the place of each. */
const MANY_MARKERS = 32

export class SegmentList {
  readonly #flow: Y.Text
  #all: Segment[] = []
  readonly #byMarker = new Map<Segment['marker'], Segment>()

  constructor(flow: Y.Text) {
    this.#flow = flow
    this.readAnew()
  }

  /** Never empty: the leading one is always there. Changes in place. */
  get all(): readonly Segment[] {
    return this.#all
  }

  segmentOf(marker: Segment['marker']): Segment | undefined {
    return this.#byMarker.get(marker)
  }

  readAnew(): readonly SegmentChange[] {
    this.#all = readSegments(this.#flow)
    this.#byMarker.clear()
    for (const segment of this.#all) this.#byMarker.set(segment.marker, segment)
    return [{ at: 0, added: this.#all.slice() }]
  }

  /**
   * Re-reads what a transaction touched; all others stay the same objects.
   *
   * @param transaction has ended its changes but not yet been cleaned up: call it from 'afterTransaction'.
   * @returns where the list has changed, in order; there is at least one segment that has not between any two.
   */
  update(transaction: Y.Transaction): readonly SegmentChange[] {
    const touched = touchedMarkers(this.#flow, transaction)
    if (touched === 'all') return this.readAnew()
    if (touched.markers.size === 0) return []
    const places = this.#placesOf(touched.markers)
    if (places.length === 0) return this.readAnew()
    const runs: Run[] = []
    let done = 0
    for (const from of places) {
      if (from < done) continue
      const run = this.#readFrom(from, touched)
      runs.push(run)
      done = run.to
    }
    return this.#replace(runs)
  }

  /** In ascending order. */
  #placesOf(markers: ReadonlySet<Segment['marker']>): number[] {
    if (markers.size > MANY_MARKERS)
      return this.#all.flatMap(({ marker }, index) => (markers.has(marker) ? [index] : []))
    const places: number[] = []
    for (const marker of markers) {
      const segment = this.#byMarker.get(marker)
      if (segment !== undefined) places.push(this.#all.indexOf(segment))
    }
    return places.sort((a, b) => a - b)
  }

  /** Reads on for as long as segments were touched, or start with other attributes than they did. */
  #readFrom(from: number, { markers, added: isNew }: Exclude<ReturnType<typeof touchedMarkers>, 'all'>): Run {
    const added: Segment[] = []
    let end = this.#all[from - 1]?.end ?? NO_ATTRIBUTES
    let to = from
    for (; to < this.#all.length; to += 1) {
      const segment = this.#all[to]
      if (segment === undefined || (!markers.has(segment.marker) && end === segment.start)) break
      const item = itemOf(segment)
      if (item !== null && item.deleted) continue
      let next = item
      do {
        const read = readSegment(this.#flow, next, end, segment)
        added.push(read.segment)
        end = read.segment.end
        next = read.next
      } while (next !== null && isNew.has(next))
      // The old object says the same as before: let the following segments see that nothing changed.
      if (sameAttributes(end, segment.end)) end = segment.end
    }
    return { from, to, added }
  }

  #replace(runs: readonly Run[]): readonly SegmentChange[] {
    const all = this.#all
    for (const { from, to } of runs)
      for (let index = from; index < to; index += 1) this.#byMarker.delete(all[index]?.marker ?? null)
    let shift = 0
    const changes = runs.map(({ from, to, added }): SegmentChange => {
      for (const segment of added) this.#byMarker.set(segment.marker, segment)
      const at = from + shift
      shift += added.length - (to - from)
      return { at, added }
    })
    for (const { from, to, added } of runs.toReversed()) replaceRange(all, from, to, added)
    return changes
  }
}
