/**
 * What the editor shows of the flow: for each of its blocks, the key and the part of the flow behind it.
 *
 * Rule: it describes the flow as it was last shown. A change in the editor is the difference between it and
 * the editor; a change of the flow is the difference between it and the flow.
 */
import type { Block, Segment } from '@weft/document'
import type { NodeKey } from 'lexical'
import type { Map as YMap } from 'yjs'
import { type Known, knownBlocksOf, renderKnown } from './known-blocks.ts'
import type { MirrorEntry } from './to-flow.ts'

/** A run of entries, `from` to `to`, and the blocks the flow has in their place. */
export interface Change {
  readonly from: number
  readonly to: number
  readonly wanted: readonly Block[]
}

export class Mirror {
  segments: readonly Segment[]
  entries: readonly MirrorEntry[] = []
  readonly #byKey = new Map<NodeKey, MirrorEntry>()
  readonly #own = new Map<YMap<unknown> | null, NodeKey>()
  readonly #tails = new Map<YMap<unknown> | null, NodeKey>()

  readonly #known: Known

  constructor(segments: readonly Segment[], known: Known) {
    this.segments = segments
    this.#known = known
  }

  get leading(): Segment {
    const [leading] = this.segments
    if (leading === undefined) throw new Error('a flow always has a leading segment')
    return leading
  }

  entryOf(key: NodeKey): MirrorEntry | undefined {
    return this.#byKey.get(key)
  }

  keyOf(block: Block): NodeKey | undefined {
    return (block.part === 'tail' ? this.#tails : this.#own).get(block.segment.marker)
  }

  /** The block of a segment, or the text behind it where it has none itself. */
  keyAt(marker: YMap<unknown> | null): NodeKey | undefined {
    return this.#tails.get(marker) ?? this.#own.get(marker)
  }

  /**
   * Where the flow differs from what is shown; undefined when it does not.
   *
   * @param segments those that `entries` show.
   */
  changeFrom(segments: readonly Segment[]): Change | undefined {
    const { segments: next } = this
    if (next === segments) return undefined
    let start = 0
    // Whether the leading text is shown depends on whether there is anything else.
    const isSettled = (segments.length === 1) === (next.length === 1)
    const most = isSettled ? Math.min(segments.length, next.length) : 0
    // Nothing but the two lists is looked at on the way: what they point to is spread all over the memory.
    while (start < most && segments[start] === next[start]) start += 1
    let end = 0
    const rest = Math.min(segments.length, next.length) - start
    while (end < rest && segments[segments.length - 1 - end] === next[next.length - 1 - end]) end += 1
    const from = this.#entriesThrough(segments, start - 1)
    const to = this.#entriesBefore(segments, segments.length - end)
    const alone = next.length === 1
    const wanted = next
      .slice(start, next.length - end)
      .flatMap((segment) => knownBlocksOf(segment, alone, this.#known))
    return { from, to, wanted }
  }

  /** How many of the entries show `segments` through the one at `index`; some segments show none. */
  #entriesThrough(segments: readonly Segment[], index: number): number {
    for (let at = index; at >= 0; at -= 1) {
      const segment = segments[at]
      const key = segment === undefined ? undefined : this.keyAt(segment.marker)
      const entry = key === undefined ? undefined : this.entryOf(key)
      if (entry !== undefined && entry.block.segment === segment) return this.entries.indexOf(entry) + 1
    }
    return 0
  }

  /** How many of the entries stand before those that show the segment at `index` or one behind it. */
  #entriesBefore(segments: readonly Segment[], index: number): number {
    for (const segment of segments.slice(index)) {
      const key = this.#own.get(segment.marker) ?? this.#tails.get(segment.marker)
      const entry = key === undefined ? undefined : this.entryOf(key)
      if (entry !== undefined && entry.block.segment === segment) return this.entries.indexOf(entry)
    }
    return this.entries.length
  }

  /** Puts `shown` in the place of the entries from `from` to `to`. */
  replace(from: number, to: number, shown: readonly MirrorEntry[]): void {
    for (const { key, block } of this.entries.slice(from, to)) {
      if (this.#byKey.get(key)?.block === block) this.#byKey.delete(key)
      const keys = block.part === 'tail' ? this.#tails : this.#own
      if (keys.get(block.segment.marker) === key) keys.delete(block.segment.marker)
    }
    for (const entry of shown) {
      this.#byKey.set(entry.key, entry)
      const keys = entry.block.part === 'tail' ? this.#tails : this.#own
      keys.set(entry.block.segment.marker, entry.key)
    }
    if (to - from === shown.length && shown.length === 1) {
      const entries = this.entries.slice()
      const [entry] = shown
      if (entry !== undefined) entries[from] = entry
      this.entries = entries
    } else this.entries = [...this.entries.slice(0, from), ...shown, ...this.entries.slice(to)]
  }

  /** Everything the flow has, in order. */
  render(): Block[] {
    return renderKnown(this.segments, this.#known)
  }
}
