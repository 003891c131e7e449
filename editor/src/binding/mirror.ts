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
    const { segments: next, entries } = this
    if (next === segments) return undefined
    let start = 0
    let from = 0
    // Whether the leading text is shown depends on whether there is anything else.
    const isSettled = (segments.length === 1) === (next.length === 1)
    const most = isSettled ? Math.min(segments.length, next.length) : 0
    while (start < most && segments[start] === next[start]) {
      while (entries[from]?.block.segment === segments[start]) from += 1
      start += 1
    }
    let end = 0
    let to = entries.length
    while (
      end < segments.length - start &&
      end < next.length - start &&
      segments[segments.length - 1 - end] === next[next.length - 1 - end]
    ) {
      while (to > from && entries[to - 1]?.block.segment === segments[segments.length - 1 - end]) to -= 1
      end += 1
    }
    const alone = next.length === 1
    const wanted = next
      .slice(start, next.length - end)
      .flatMap((segment) => knownBlocksOf(segment, alone, this.#known))
    return { from, to, wanted }
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
