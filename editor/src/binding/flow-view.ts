/**
 * One flow and the place in the editor that shows it: the document's text under the root, a cell's text in its cell.
 *
 * Rule: it knows what it last showed (the mirror) and compares with that, in both directions. What it finds is told,
 * never done: `writer.ts` writes it into the document, `screen.ts` into the editor.
 */
import { type Block, type BlockShape, readSegments } from '@weft/document'
import type { LexicalNode, NodeKey, NodeMap, UpdateListenerPayload } from 'lexical'
import type * as Y from 'yjs'
import { $isLostTable } from '../blocks/table-node.ts'
import { type EditorBlock, ROOT, readBlock, sameContent } from './editor-block.ts'
import { type Known, knownBy, renderKnown } from './known-blocks.ts'
import { type Change, Mirror } from './mirror.ts'
import { type MirrorEntry, type Region, type Translation, toFlow } from './to-flow.ts'
import { type Rewrite, toLexical } from './to-lexical.ts'
import type { TypedOver } from './typed-over.ts'

/** Blocks that the editor has instead of the entries from `from` to `to`. */
export interface ChangedRegion {
  readonly from: number
  readonly to: number
  readonly next: readonly EditorBlock[]
}

/** What an update of the editor has changed. */
export type EditorChange = Pick<
  UpdateListenerPayload,
  'editorState' | 'prevEditorState' | 'dirtyElements' | 'dirtyLeaves'
>

export class FlowView {
  readonly flow: Y.Text
  /** The key of what holds the blocks. */
  readonly container: NodeKey
  readonly mirror: Mirror
  /** Whether there was anything in the flow when it was last looked at. */
  isFilled: boolean
  readonly #known: Known

  /** @param knows whether the editor shows blocks of this type as what they are. */
  constructor(flow: Y.Text, container: NodeKey, knows: (type: BlockShape['type']) => boolean) {
    this.flow = flow
    this.container = container
    this.#known = knownBy(container !== ROOT, knows)
    this.mirror = new Mirror(flow, this.#known)
    this.isFilled = flow.length > 0
  }

  /** @param behind, until what stands before and behind those that are wanted; all of them when left out. */
  children(nodes: NodeMap, behind?: LexicalNode, until: NodeKey | null = null): LexicalNode[] {
    const children: LexicalNode[] = []
    const container = nodes.get(this.container) as unknown as { __first: NodeKey | null } | undefined
    for (let key = behind === undefined ? (container?.__first ?? null) : behind.__next; key !== null; ) {
      if (key === until) break
      const node = nodes.get(key)
      if (node === undefined) break
      if (!$isLostTable(node)) children.push(node)
      key = node.__next
    }
    return children
  }

  shown(nodes: NodeMap): EditorBlock[] {
    return this.children(nodes).map((node) => readBlock(nodes, node))
  }

  /** What the flow says now, read anew. */
  wanted(): Block[] {
    return renderKnown(readSegments(this.flow), this.#known)
  }

  /** Runs of blocks that differ from the mirror, in order; one in which a letter was typed over its equal among them. */
  changedRegions(
    {
      editorState: { _nodeMap: nodes },
      prevEditorState: { _nodeMap: previous },
      dirtyElements: dirty,
      dirtyLeaves: leaves,
    }: EditorChange,
    over?: TypedOver,
  ): ChangedRegion[] {
    const { mirror, container } = this
    const { entries } = mirror
    // What holds blocks is on every list of dirty elements; only a new version of it means other children.
    if (nodes.get(container) === previous.get(container)) {
      const regions: ChangedRegion[] = []
      // A block without text is a leaf.
      for (const key of [...dirty.keys(), ...leaves]) {
        const node = nodes.get(key)
        if (node === undefined || node.__parent !== container) continue
        const entry = mirror.entryOf(key)
        if (entry === undefined) continue
        const block = readBlock(nodes, node)
        if (key !== over?.start.key && sameContent(block, entry.block)) continue
        const from = entries.indexOf(entry)
        regions.push({ from, to: from + 1, next: [block] })
      }
      return regions.sort((a, b) => a.from - b.from)
    }
    const [first, last] = this.#span([...dirty.keys(), ...leaves])
    const before = entries[first - 1]
    const behind = entries[last + 1]?.key ?? null
    const children = this.children(nodes, before === undefined ? undefined : nodes.get(before.key), behind)
    const old = entries.slice(first, last + 1)
    const isSame = (entry: MirrorEntry | undefined, node: LexicalNode | undefined): boolean =>
      entry !== undefined &&
      node !== undefined &&
      entry.key === node.__key &&
      entry.key !== over?.start.key &&
      (!(dirty.has(entry.key) || leaves.has(entry.key)) || sameContent(readBlock(nodes, node), entry.block))
    let start = 0
    while (isSame(old[start], children[start])) start += 1
    let end = 0
    const most = Math.min(old.length, children.length) - start
    while (end < most && isSame(old[old.length - 1 - end], children[children.length - 1 - end])) end += 1
    if (start + end === old.length && start + end === children.length) return []
    const next = children.slice(start, children.length - end).map((node) => readBlock(nodes, node))
    return [this.#heldOn(nodes, first + start, first + old.length - end, next)]
  }

  /** @param newId for new markers; unique. */
  translate(
    { from, to, next }: ChangedRegion,
    newId: () => string,
    caret?: Region['caret'],
    over?: TypedOver,
  ): Translation {
    const { entries, leading } = this.mirror
    const old = entries.slice(from, to)
    return toFlow({
      old,
      next,
      isFirst: from === 0,
      hasOthers: to - from < entries.length,
      leading,
      over,
      caret,
      newId,
    })
  }

  /**
   * Brings the mirror up to what was just written.
   *
   * @param written where the flow has changed, in order.
   * @returns whether the editor says what the flow says.
   */
  settle(
    written: readonly Change[],
    regions: readonly ChangedRegion[],
    translations: readonly Translation[],
  ): boolean {
    const { mirror } = this
    const change = covering(written, regions, mirror.entries)
    const keys = new Map(translations.flatMap((translation) => [...translation.keys]))
    const keyOf = (block: Block): NodeKey | undefined =>
      (block.part === 'tail' ? undefined : keys.get(block.segment.marker)) ?? mirror.keyOf(block)
    const shown: EditorBlock[] = []
    let from = change.from
    for (const region of regions) {
      for (; from < region.from; from += 1) pushEntry(shown, mirror.entries[from])
      shown.push(...region.next)
      from = region.to
    }
    for (; from < change.to; from += 1) pushEntry(shown, mirror.entries[from])
    const rewrite = toLexical(shown, change.wanted, keyOf)
    const entries = rewrite.blocks.map(({ key, block }) => ({ key: key ?? '', block }))
    mirror.replace(change.from, change.to, entries)
    return rewrite.removed.length === 0 && rewrite.blocks.every(({ isChanged }) => !isChanged)
  }

  /** As `settle`, for a flow that nobody has shown before. */
  adopt(region: ChangedRegion, translation: Translation): boolean {
    const { mirror, flow } = this
    mirror.readAnew()
    this.isFilled = flow.length > 0
    return this.settle(
      [{ from: 0, to: mirror.entries.length, wanted: mirror.render() }],
      [region],
      [translation],
    )
  }

  /** Blocks that say something else than the mirror, one by one, whatever was marked as changed. @param except a key. */
  edited(nodes: NodeMap, except: NodeKey): ChangedRegion[] {
    return this.mirror.entries.flatMap((entry, index) => {
      const node = entry.key === except ? undefined : nodes.get(entry.key)
      const block = node === undefined ? undefined : readBlock(nodes, node)
      if (block === undefined || sameContent(block, entry.block)) return []
      return [{ from: index, to: index + 1, next: [block] }]
    })
  }

  /** What a change of the flow is in the editor. */
  rewriteOf({ from, to, wanted }: Change): Rewrite {
    const { mirror } = this
    const shown = mirror.entries.slice(from, to).map(blockOfEntry)
    return toLexical(shown, wanted, (block) => mirror.keyOf(block))
  }

  /** What makes the editor say all that the flow says, whatever either said before. */
  rewriteOfAll(nodes: NodeMap): Rewrite {
    const { mirror } = this
    mirror.readAnew()
    return toLexical(this.shown(nodes), mirror.render(), (block) => mirror.keyOf(block))
  }

  /** The first and the last entry that a change of the children can concern: their nodes are dirty. */
  #span(dirty: readonly NodeKey[]): [number, number] {
    const { entries } = this.mirror
    let first = entries.length
    let last = -1
    if (dirty.length <= MANY_DIRTY)
      for (const key of dirty) {
        const entry = this.mirror.entryOf(key)
        if (entry === undefined) continue
        const index = entries.indexOf(entry)
        first = Math.min(first, index)
        last = Math.max(last, index)
      }
    return first <= last ? [first, last] : [0, entries.length - 1]
  }

  /** Something to hold on to: new blocks come behind a known one, or before it. */
  #heldOn(nodes: NodeMap, from: number, to: number, next: readonly EditorBlock[]): ChangedRegion {
    const { entries } = this.mirror
    const neighbour = from === to ? entries[from > 0 ? from - 1 : to] : undefined
    const node = neighbour === undefined ? undefined : nodes.get(neighbour.key)
    if (node === undefined) return { from, to, next }
    const block = readBlock(nodes, node)
    return from > 0
      ? { from: from - 1, to, next: [block, ...next] }
      : { from, to: to + 1, next: [...next, block] }
  }
}

/** With more dirty nodes than this, looking at every block is cheaper than looking each of them up. */
const MANY_DIRTY = 32

/** What is written may be less than what the editor changed; both have to be compared. */
function covering(
  written: readonly Change[],
  regions: readonly ChangedRegion[],
  entries: readonly MirrorEntry[],
): Change {
  const from = Math.min(...[...regions, ...written].map((each) => each.from))
  const to = Math.max(...[...regions, ...written].map((each) => each.to))
  const wanted: Block[] = []
  let at = from
  const keepUntil = (end: number): void => {
    for (const { block } of entries.slice(at, end)) wanted.push(block)
  }
  for (const change of written) {
    keepUntil(change.from)
    for (const block of change.wanted) wanted.push(block)
    at = change.to
  }
  keepUntil(to)
  return { from, to, wanted }
}

function pushEntry(blocks: EditorBlock[], entry: MirrorEntry | undefined): void {
  if (entry !== undefined) blocks.push(blockOfEntry(entry))
}

function blockOfEntry({ key, block }: MirrorEntry): EditorBlock {
  const { shape, column, text, runs, objects } = block
  return { key, shape, column, text, runs, objects }
}
