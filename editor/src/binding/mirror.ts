/**
 * What the editor shows of the flow: for each of its blocks, the key and the part of the flow behind it.
 *
 * Rule: it describes the flow as it was last shown. A change in the editor is the difference between it and
 * the editor; a change of the flow is the difference between it and the flow.
 */
import { type Block, replaceRange, type Segment, SegmentList } from '@weft/document'
import type { NodeKey } from 'lexical'
import type { Transaction, Map as YMap, Text as YText } from 'yjs'
import { type Known, knownBlocksOf, renderKnown } from './known-blocks.ts'
import type { MirrorEntry } from './to-flow.ts'

/** A run of entries, `from` to `to`, and the blocks the flow has in their place. */
export interface Change {
  readonly from: number
  readonly to: number
  readonly wanted: readonly Block[]
}

export class Mirror {
  readonly #list: SegmentList
  readonly #entries: MirrorEntry[] = []
  readonly #byKey = new Map<NodeKey, MirrorEntry>()
  readonly #own = new Map<YMap<unknown> | null, NodeKey>()
  readonly #tails = new Map<YMap<unknown> | null, NodeKey>()
  readonly #known: Known

  constructor(flow: YText, known: Known) {
    this.#list = new SegmentList(flow)
    this.#known = known
  }

  /** What is in the flow. Changes in place. */
  get segments(): readonly Segment[] {
    return this.#list.all
  }

  /** What is shown of it. Changes in place. */
  get entries(): readonly MirrorEntry[] {
    return this.#entries
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

  segmentOf(marker: YMap<unknown> | null): Segment | undefined {
    return this.#list.segmentOf(marker)
  }

  /** Takes note of all that is in the flow, whatever was known of it. */
  readAnew(): void {
    this.#list.readAnew()
  }

  /**
   * Takes note of what a transaction did to the flow.
   *
   * @returns where the flow differs from what is shown since then, in order, with something between any two.
   */
  update(transaction: Transaction): Change[] {
    const wasAlone = this.segments.length === 1
    const changed = this.#list.update(transaction)
    const alone = this.segments.length === 1
    if (changed.length === 0) return []
    // Whether the leading text is shown depends on whether there is anything else.
    if (wasAlone !== alone) return [this.#everything()]
    const changes: Change[] = []
    for (const { at, added } of changed) {
      const from = this.#edgeAt(at - 1, -1, alone)
      const to = this.#edgeAt(at + added.length, 1, alone)
      // Not all of it has been shown yet: then only the whole is sure to be right.
      if (from === undefined || to === undefined) return [this.#everything()]
      changes.push({ from, to, wanted: added.flatMap((segment) => this.#blocksOf(segment, alone)) })
    }
    return changes
  }

  #everything(): Change {
    return { from: 0, to: this.#entries.length, wanted: this.render() }
  }

  /**
   * How many of the entries stand before an edge of what has changed.
   *
   * @param index of the segment beside it that has not: behind it, or with `step` -1 before it.
   * @returns undefined when that one is not shown as it is.
   */
  #edgeAt(index: number, step: 1 | -1, alone: boolean): number | undefined {
    const segment = this.segments[index]
    if (segment === undefined) return step > 0 ? this.#entries.length : 0
    const [own, tail] = [this.#own.get(segment.marker), this.#tails.get(segment.marker)]
    const entry = this.#byKey.get((step > 0 ? (own ?? tail) : (tail ?? own)) ?? '')
    if (entry?.block.segment === segment) return this.#entries.indexOf(entry) + (step > 0 ? 0 : 1)
    // Some segments are not to be shown.
    return this.#blocksOf(segment, alone).length === 0 ? this.#edgeAt(index + step, step, alone) : undefined
  }

  #blocksOf(segment: Segment, alone: boolean): Block[] {
    return knownBlocksOf(segment, alone, this.#known)
  }

  /** Puts `shown` in the place of the entries from `from` to `to`. */
  replace(from: number, to: number, shown: readonly MirrorEntry[]): void {
    for (const { key, block } of this.#entries.slice(from, to)) {
      if (this.#byKey.get(key)?.block === block) this.#byKey.delete(key)
      const keys = block.part === 'tail' ? this.#tails : this.#own
      if (keys.get(block.segment.marker) === key) keys.delete(block.segment.marker)
    }
    for (const entry of shown) {
      this.#byKey.set(entry.key, entry)
      const keys = entry.block.part === 'tail' ? this.#tails : this.#own
      keys.set(entry.block.segment.marker, entry.key)
    }
    replaceRange(this.#entries, from, to, shown)
  }

  /** Everything the flow has, in order. */
  render(): Block[] {
    return renderKnown(this.segments, this.#known)
  }
}
