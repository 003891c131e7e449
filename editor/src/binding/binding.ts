/**
 * Ties a Lexical editor to a flow: each shows what the other says.
 *
 * Rule: nothing typed is lost. Whatever the editor holds is written before anything else is applied (the gate),
 * what comes in changes only the blocks it concerns, and the two are compared as content, never by tag: a block
 * that already says what the flow says produces no operation, whoever changed it.
 * What the steps are is decided in `to-flow.ts` and `to-lexical.ts`; this file carries them out.
 */
import {
  type Block,
  type FlowPlace,
  flowOf,
  insertBehind,
  placeAt,
  readSegments,
  resolvePlace,
  setBlockColumn,
  setBlockShape,
  setLeadingHidden,
  updateSegments,
  writeSteps,
} from '@weft/document'
import {
  $addUpdateTag,
  $createRangeSelection,
  $getNodeByKey,
  $getRoot,
  $getSelection,
  $isElementNode,
  $isNodeSelection,
  $isRangeSelection,
  $isTextNode,
  $setSelection,
  BLUR_COMMAND,
  COLLABORATION_TAG,
  COMMAND_PRIORITY_LOW,
  CUT_TAG,
  type EditorState,
  HISTORIC_TAG,
  type LexicalEditor,
  type LexicalNode,
  type NodeKey,
  type NodeMap,
  PASTE_TAG,
  type PointType,
  SKIP_DOM_SELECTION_TAG,
  SKIP_SCROLL_INTO_VIEW_TAG,
  type UpdateListenerPayload,
} from 'lexical'
import type * as Y from 'yjs'
import type { ApplyGate } from '../apply-gate.ts'
import { $isBlockNode } from '../blocks/block-node.ts'
import { type HeldBlock, holdBlock, placeOfHeld, releaseBlock, segmentOf } from './composition.ts'
import {
  $createFor,
  $pointAt,
  $setPoint,
  $writeBlock,
  type EditorBlock,
  offsetOfPoint,
  readBlock,
  sameContent,
} from './editor-block.ts'
import { renderKnown } from './known-blocks.ts'
import { type Change, Mirror } from './mirror.ts'
import { type MirrorEntry, type Region, type Translation, toFlow } from './to-flow.ts'
import { type Rewrite, toLexical } from './to-lexical.ts'
import { FlowUndo } from './undo.ts'

/** A place in the document as JSON: it stays with the character before it, for everybody. */
export type RelativePlace = FlowPlace

export interface EditorPoint {
  readonly key: NodeKey
  readonly offset: number
  readonly type: 'text' | 'element'
}

export interface BindingOptions {
  readonly editor: LexicalEditor
  readonly doc: Y.Doc
  readonly gate: ApplyGate
  /** Told of a defect after which the editor was rebuilt from the document. */
  readonly onError: (error: unknown) => void
  /** Told when the editor did not show what the document says, after it was put right. */
  readonly onDrift?: (drift: Drift) => void
  /** For new blocks; unique, at most 64 characters. Random by default. */
  readonly newId?: () => string
  /** @see CAPTURE_MS */
  readonly undoCaptureMs?: number
}

export interface Drift {
  /** Index of the first block that differed. */
  readonly block: number
  readonly blocks: { readonly editor: number; readonly document: number }
}

export interface Binding {
  undo(): void
  redo(): void
  readonly canUndo: boolean
  readonly canRedo: boolean
  /** Composed text waits for its composition to end, because others changed the block: the document lacks it. */
  readonly isHolding: boolean
  /** Writes what is pending; what comes after it is an undo step of its own. */
  separate(): void
  /** @param fn called after `canUndo` or `canRedo` may have changed. @returns its undo. */
  onHistory(fn: () => void): () => void
  /** @returns null for a point outside of the text, or in text that is not in the document yet. */
  toRelative(point: EditorPoint): RelativePlace | null
  /** @returns null when the place is not in this document (yet). */
  fromRelative(place: RelativePlace): EditorPoint | null
  /** The document's id of a block; undefined for a node that is no block of it. */
  blockId(key: NodeKey): string | undefined
  /** Compares the editor with the document and puts it right. @returns whether they differed. */
  checkDrift(): boolean
  destroy(): void
}

interface Caret {
  readonly anchor: FlowPlace
  readonly focus: FlowPlace
}

export function bindFlow(options: BindingOptions): Binding {
  return new FlowBinding(options)
}

class FlowBinding implements Binding {
  readonly #editor: LexicalEditor
  readonly #doc: Y.Doc
  readonly #flow: Y.Text
  readonly #gate: ApplyGate
  readonly #options: BindingOptions
  readonly #undo: FlowUndo<Caret>
  readonly #mirror: Mirror
  readonly #disposers: (() => void)[] = []
  /** The selection before the transaction that is going on, so that it can be found again after it. */
  #caret: Caret | undefined
  #isWriting = false
  /** The block an input method is composing in, while others change the document. */
  #held: HeldBlock | undefined
  #isDestroyed = false

  constructor(options: BindingOptions) {
    this.#options = options
    this.#editor = options.editor
    this.#doc = options.doc
    this.#flow = flowOf(options.doc)
    this.#gate = options.gate
    this.#undo = new FlowUndo<Caret>(this.#flow, this, options.undoCaptureMs)
    this.#mirror = new Mirror(readSegments(this.#flow))
    this.#rebuild()
    const before = (transaction: Y.Transaction): void => this.#noteCaret(transaction)
    const after = (transaction: Y.Transaction): void => this.#onTransaction(transaction)
    this.#doc.on('beforeTransaction', before)
    this.#doc.on('afterTransaction', after)
    this.#disposers.push(
      () => this.#doc.off('beforeTransaction', before),
      () => this.#doc.off('afterTransaction', after),
      this.#gate.register(() => this.#writePending()),
      this.#editor.registerUpdateListener((payload) => this.#onUpdate(payload)),
      this.#editor.registerCommand(
        BLUR_COMMAND,
        () => {
          this.#undo.stopCapturing()
          return false
        },
        COMMAND_PRIORITY_LOW,
      ),
    )
  }

  get canUndo(): boolean {
    return this.#undo.canUndo
  }

  get canRedo(): boolean {
    return this.#undo.canRedo
  }

  undo(): void {
    this.#travel(() => this.#undo.undo())
  }

  redo(): void {
    this.#travel(() => this.#undo.redo())
  }

  separate(): void {
    this.#writePending()
    this.#undo.stopCapturing()
  }

  onHistory(fn: () => void): () => void {
    return this.#undo.onChange(fn)
  }

  toRelative(point: EditorPoint): RelativePlace | null {
    return this.#placeOf(this.#editor.getEditorState()._nodeMap, point) ?? null
  }

  fromRelative(place: RelativePlace): EditorPoint | null {
    return this.#editor.getEditorState().read(() => this.#$pointOf(place) ?? null, { editor: this.#editor })
  }

  blockId(key: NodeKey): string | undefined {
    return this.#mirror.entryOf(key)?.block.segment.id
  }

  get isHolding(): boolean {
    return this.#held?.isStale === true
  }

  checkDrift(): boolean {
    this.#writePending()
    if (this.#held?.isStale === true) return false
    const shown = this.#readEditor()
    const wanted = renderKnown(readSegments(this.#flow))
    const length = Math.max(shown.length, wanted.length)
    for (let index = 0; index < length; index += 1) {
      const [block, want] = [shown[index], wanted[index]]
      if (block !== undefined && want !== undefined && sameContent(block, want)) continue
      this.#rebuild()
      this.#options.onDrift?.({
        block: index,
        blocks: { editor: shown.length, document: wanted.length },
      })
      return true
    }
    return false
  }

  destroy(): void {
    if (this.#isDestroyed) return
    this.#writePending()
    this.#isDestroyed = true
    for (const dispose of this.#disposers) dispose()
    this.#undo.destroy()
  }

  /** Commits what the editor holds, which writes it into the flow. */
  #writePending(): void {
    if (this.#editor._pendingEditorState === null || this.#editor._updating) return
    this.#editor.update(() => {}, { discrete: true })
  }

  #travel(step: () => Caret | undefined): void {
    // In a command's listener the editor's pending edits cannot be committed yet.
    if (this.#editor._updating) {
      queueMicrotask(() => {
        if (!this.#isDestroyed) this.#travel(step)
      })
      return
    }
    const caret = this.#gate.run(step)
    if (caret === undefined) return
    this.#editor.update(() => this.#$select(caret), {
      discrete: true,
      tag: [HISTORIC_TAG, COLLABORATION_TAG],
    })
  }

  // From the editor to the flow

  #onUpdate({ editorState, prevEditorState, dirtyElements, dirtyLeaves, tags }: UpdateListenerPayload): void {
    const isIdle = dirtyElements.size === 0 && dirtyLeaves.size === 0
    if (isIdle && this.#held?.isStale !== true) return
    try {
      if (this.#held?.isStale === true) {
        if (!this.#editor.isComposing()) this.#release(this.#held, editorState)
        return
      }
      const regions = this.#changedRegions(editorState, prevEditorState, dirtyElements, dirtyLeaves)
      if (regions.length > 0) this.#write(regions, editorState, prevEditorState, tags)
    } catch (error) {
      this.#recover(error)
    }
  }

  /** Runs of blocks that differ from the mirror, in order. */
  #changedRegions(
    state: EditorState,
    previous: EditorState,
    dirty: ReadonlyMap<NodeKey, boolean>,
    leaves: ReadonlySet<NodeKey>,
  ): { from: number; to: number; next: EditorBlock[] }[] {
    const nodes = state._nodeMap
    const { entries } = this.#mirror
    // The root is on every list of dirty elements; only a new version of it means other children.
    if (nodes.get('root') === previous._nodeMap.get('root')) {
      const regions: { from: number; to: number; next: EditorBlock[] }[] = []
      for (const key of dirty.keys()) {
        const node = nodes.get(key)
        if (node === undefined || node.__parent !== 'root') continue
        const entry = this.#mirror.entryOf(key)
        if (entry === undefined) continue
        const block = readBlock(nodes, node)
        if (sameContent(block, entry.block)) continue
        const from = entries.indexOf(entry)
        regions.push({ from, to: from + 1, next: [block] })
      }
      return regions.sort((a, b) => a.from - b.from)
    }
    const [first, last] = this.#span([...dirty.keys(), ...leaves])
    const before = entries[first - 1]
    const behind = entries[last + 1]?.key ?? null
    const children = childrenOf(nodes, before === undefined ? undefined : nodes.get(before.key), behind)
    const old = entries.slice(first, last + 1)
    const isSame = (entry: MirrorEntry | undefined, node: LexicalNode | undefined): boolean =>
      entry !== undefined &&
      node !== undefined &&
      entry.key === node.__key &&
      (!dirty.has(entry.key) || sameContent(readBlock(nodes, node), entry.block))
    let start = 0
    while (isSame(old[start], children[start])) start += 1
    let end = 0
    const most = Math.min(old.length, children.length) - start
    while (end < most && isSame(old[old.length - 1 - end], children[children.length - 1 - end])) end += 1
    if (start + end === old.length && start + end === children.length) return []
    const next = children.slice(start, children.length - end).map((node) => readBlock(nodes, node))
    let [from, to] = [first + start, first + old.length - end]
    // Something to hold on to: new blocks come behind a known one, or before it.
    if (from === to) {
      const neighbour = entries[from > 0 ? from - 1 : to]
      const node = neighbour === undefined ? undefined : nodes.get(neighbour.key)
      if (node !== undefined && from > 0) {
        from -= 1
        next.unshift(readBlock(nodes, node))
      } else if (node !== undefined) {
        to += 1
        next.push(readBlock(nodes, node))
      }
    }
    return [{ from, to, next }]
  }

  /** The first and the last entry that a change of the root's children can concern: its nodes are dirty. */
  #span(dirty: readonly NodeKey[]): [number, number] {
    const { entries } = this.#mirror
    let first = entries.length
    let last = -1
    if (dirty.length <= MANY_DIRTY)
      for (const key of dirty) {
        const entry = this.#mirror.entryOf(key)
        if (entry === undefined) continue
        const index = entries.indexOf(entry)
        first = Math.min(first, index)
        last = Math.max(last, index)
      }
    return first <= last ? [first, last] : [0, entries.length - 1]
  }

  #write(
    regions: readonly { from: number; to: number; next: EditorBlock[] }[],
    state: EditorState,
    previous: EditorState,
    tags: ReadonlySet<string>,
  ): void {
    const mirror = this.#mirror
    const { entries } = mirror
    const caret = collapsedCaret(state)
    const translations = regions.map(({ from, to, next }) => {
      const region: Region = {
        old: entries.slice(from, to),
        next,
        isFirst: from === 0,
        hasOthers: to - from < entries.length,
        leading: mirror.leading,
        caret,
        newId: this.#options.newId ?? randomId,
      }
      return toFlow(region)
    })
    const isStep = tags.has(PASTE_TAG) || tags.has(CUT_TAG) || translations.some(changesBlocks)
    const known = mirror.segments
    this.#transact(this.#caretOf(previous), isStep, (transaction) => {
      for (const translation of translations.toReversed()) this.#carryOut(translation, transaction)
    })
    const change = mirror.changeFrom(known)
    this.#settle(change, regions, translations)
    if (tags.has(PASTE_TAG) || tags.has(CUT_TAG)) this.#undo.stopCapturing()
    this.#undo.noteAfter(this.#caretOf(state))
  }

  #carryOut({ at, steps, shapes, hidden }: Translation, transaction: Y.Transaction): void {
    writeSteps(this.#flow, transaction, at, steps)
    for (const { marker, shape, column } of shapes) {
      setBlockShape(this.#flow, marker, shape)
      setBlockColumn(this.#flow, marker, column)
    }
    if (hidden !== undefined) setLeadingHidden(this.#flow, hidden)
  }

  /** Brings the mirror up to what was just written; where the flow says something else, the editor follows. */
  #settle(
    written: Change | undefined,
    regions: readonly { from: number; to: number; next: EditorBlock[] }[],
    translations: readonly Translation[],
  ): void {
    const mirror = this.#mirror
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
    const isRight = rewrite.removed.length === 0 && rewrite.blocks.every(({ isChanged }) => !isChanged)
    mirror.replace(
      change.from,
      change.to,
      rewrite.blocks.map(({ key, block }) => ({ key: key ?? '', block })),
    )
    if (!isRight) this.#rebuild()
  }

  // From the flow to the editor

  #noteCaret(transaction: Y.Transaction): void {
    if (this.#isWriting || transaction.origin === this) return
    this.#caret = this.#caretOf(this.#editor.getEditorState())
    if (this.#held?.isStale !== true) this.#held = this.#hold()
  }

  #hold(): HeldBlock | undefined {
    const composing = this.#editor._compositionKey
    if (composing === null) return undefined
    const nodes = this.#editor.getEditorState()._nodeMap
    let node = nodes.get(composing)
    while (node !== undefined && node.__parent !== null && node.__parent !== 'root')
      node = nodes.get(node.__parent)
    const entry = node === undefined ? undefined : this.#mirror.entryOf(node.__key)
    return entry === undefined ? undefined : holdBlock(this.#flow, entry.key, entry.block)
  }

  /** Writes what was composed into a block that others changed meanwhile, and shows what came of both. */
  #release(held: HeldBlock, state: EditorState): void {
    this.#held = undefined
    const mirror = this.#mirror
    const nodes = state._nodeMap
    const node = nodes.get(held.key)
    const others = mirror.entries.flatMap((entry, index) => {
      const other = entry.key === held.key ? undefined : nodes.get(entry.key)
      const block = other === undefined ? undefined : readBlock(nodes, other)
      if (block === undefined || sameContent(block, entry.block)) return []
      return [{ from: index, to: index + 1, next: [block] }]
    })
    if (others.length > 0) this.#write(others, state, state, new Set())
    const own = collapsedCaret(state)
    let caret = this.#caretOf(state)
    if (node !== undefined) {
      const { steps } = toFlow({
        old: [{ key: held.key, block: held.base }],
        next: [readBlock(nodes, node)],
        isFirst: held.base.part === 'leading',
        hasOthers: true,
        leading: mirror.leading,
        caret: own,
        newId: this.#options.newId ?? randomId,
      })
      const place = own?.key === held.key ? placeOfHeld(held, steps, own.offset) : undefined
      if (place !== undefined) caret = { anchor: place, focus: place }
      releaseBlock(this.#flow, held, steps, (placed) => {
        const segment = segmentOf(mirror.segments, placed.marker)
        if (segment === undefined) return
        const { insertion } = placed
        this.#transact(this.#caretOf(state), false, (transaction) => {
          if (insertion === undefined) writeSteps(this.#flow, transaction, segment, placed.steps)
          else insertBehind(this.#flow, transaction, segment, insertion.place, insertion)
        })
        const written = segmentOf(mirror.segments, placed.marker)
        if (written === undefined || placed.caret === undefined || place !== undefined) return
        const behind = placeAt(this.#flow, written, placed.caret)
        caret = { anchor: behind, focus: behind }
      })
    }
    this.#rebuild(caret)
  }

  /** Changes the flow in the name of this person and takes note of what it says then. */
  #transact(before: Caret | undefined, isStep: boolean, change: (transaction: Y.Transaction) => void): void {
    const mirror = this.#mirror
    const collect = (transaction: Y.Transaction): void => {
      mirror.segments = updateSegments(mirror.segments, this.#flow, transaction)
    }
    this.#doc.once('afterTransaction', collect)
    this.#isWriting = true
    try {
      this.#undo.track(before, isStep, () => this.#doc.transact(change, this))
    } finally {
      this.#isWriting = false
      this.#doc.off('afterTransaction', collect)
    }
  }

  #onTransaction(transaction: Y.Transaction): void {
    if (this.#isWriting || !isAbout(transaction, this.#flow)) return
    try {
      const mirror = this.#mirror
      const known = mirror.segments
      mirror.segments = updateSegments(known, this.#flow, transaction)
      const change = mirror.changeFrom(known)
      if (change !== undefined) this.#show(change)
    } catch (error) {
      this.#recover(error)
    }
  }

  #show({ from, to, wanted }: Change): void {
    const mirror = this.#mirror
    const shown = mirror.entries.slice(from, to).map(blockOfEntry)
    const rewrite = this.#spareHeld(toLexical(shown, wanted, (block) => mirror.keyOf(block)))
    if (rewrite.removed.length === 0 && rewrite.blocks.every(({ isChanged }) => !isChanged)) {
      mirror.replace(from, to, entriesOf(rewrite.blocks))
      return
    }
    const caret = this.#caret
    let isDone = false
    this.#editor.update(
      () => {
        this.#$rewrite(rewrite, from, to)
        this.#$keepSelection(caret, rewrite)
        isDone = true
      },
      { discrete: true, tag: this.#quietTags(), skipTransforms: true },
    )
    if (!isDone && !this.#editor._updating) this.#rebuild()
  }

  /** Leaves the block that is being composed in as it is, for `#release` to deal with. */
  #spareHeld(rewrite: Rewrite): Rewrite {
    const held = this.#held
    if (held === undefined) return rewrite
    const isConcerned = ({ key, isChanged }: Rewrite['blocks'][number]): boolean =>
      key === held.key && isChanged
    if (rewrite.removed.includes(held.key) || rewrite.blocks.some(isConcerned)) held.isStale = true
    if (!held.isStale) return rewrite
    return {
      removed: rewrite.removed.filter((key) => key !== held.key),
      blocks: rewrite.blocks.map((block) => (isConcerned(block) ? { ...block, isChanged: false } : block)),
    }
  }

  #$rewrite(rewrite: Rewrite, from: number, to: number): void {
    const before = this.#mirror.entries[from - 1]
    let previous: LexicalNode | null = before === undefined ? null : $getNodeByKey(before.key)
    const shown: { key: NodeKey | null; block: Block }[] = []
    for (const { key, block, isChanged } of rewrite.blocks) {
      let node = key === null ? null : $getNodeByKey(key)
      if (node === null) {
        node = $createFor(block)
        $insertBehind(previous, node)
      }
      if (isChanged) $writeBlock(node, block)
      shown.push({ key: node.__key, block })
      previous = node
    }
    for (const key of rewrite.removed) $getNodeByKey(key)?.remove(true)
    this.#mirror.replace(from, to, entriesOf(shown))
  }

  /** Puts back each end of the selection whose block was rewritten or is gone. */
  #$keepSelection(caret: Caret | undefined, rewrite: Rewrite): void {
    const selection = $getSelection()
    if ($isNodeSelection(selection)) {
      for (const key of rewrite.removed) if (selection.has(key)) selection.delete(key)
      return
    }
    if (!$isRangeSelection(selection) || caret === undefined) return
    this.#$movePoint(selection.anchor, caret.anchor)
    this.#$movePoint(selection.focus, caret.focus)
  }

  #$movePoint(point: PointType, place: FlowPlace): void {
    const wanted = this.#$pointOf(place)
    if (wanted === undefined) return
    const nodes = nodesOf(this.#editor)
    // The composition's own caret belongs to the input method.
    if (this.#held?.isStale === true && offsetOfPoint(nodes, point)?.key === this.#held.key) return
    const node = nodes.get(point.key)
    const isInside = node !== undefined && point.offset <= sizeOf(node)
    const now = isInside ? offsetOfPoint(nodes, point) : undefined
    const then = offsetOfPoint(nodes, wanted)
    if (now !== undefined && now.key === then?.key && now.offset === then.offset) return
    $setPoint(point, wanted)
  }

  #$select(caret: Caret): void {
    const anchor = this.#$pointOf(caret.anchor)
    const focus = this.#$pointOf(caret.focus)
    if (anchor === undefined || focus === undefined) return
    const current = $getSelection()
    const selection = $isRangeSelection(current) ? current : $createRangeSelection()
    $setPoint(selection.anchor, anchor)
    $setPoint(selection.focus, focus)
    if (selection !== current) $setSelection(selection)
  }

  #$pointOf(place: FlowPlace): EditorPoint | undefined {
    const found = resolvePlace(this.#flow, place)
    if (found === undefined) return undefined
    const key = this.#mirror.keyAt(found.marker) ?? this.#mirror.entries[0]?.key
    const node = key === undefined ? null : $getNodeByKey(key)
    if (node === null) return undefined
    if ($isBlockNode(node)) return $pointAt(node, found.offset)
    const next = node.getNextSibling()
    if ($isBlockNode(next)) return $pointAt(next, 0)
    return { key: 'root', offset: node.getIndexWithinParent() + 1, type: 'element' }
  }

  #caretOf(state: EditorState): Caret | undefined {
    const selection = state._selection
    if (!$isRangeSelection(selection)) return undefined
    const anchor = this.#placeOf(state._nodeMap, selection.anchor)
    const focus = this.#placeOf(state._nodeMap, selection.focus)
    return anchor === undefined || focus === undefined ? undefined : { anchor, focus }
  }

  #placeOf(nodes: NodeMap, point: EditorPoint): FlowPlace | undefined {
    const found = offsetOfPoint(nodes, point)
    const entry = found === undefined ? undefined : this.#mirror.entryOf(found.key)
    if (found === undefined || entry === undefined) return undefined
    return placeAt(this.#flow, entry.block.segment, found.offset)
  }

  #readEditor(): EditorBlock[] {
    const nodes = this.#editor.getEditorState()._nodeMap
    return childrenOf(nodes).map((node) => readBlock(nodes, node))
  }

  /** Shows the whole document anew, keeping the nodes that are right and the caret. */
  #rebuild(caret = this.#caretOf(this.#editor.getEditorState())): void {
    const mirror = this.#mirror
    this.#editor.update(
      () => {
        for (const tag of this.#quietTags()) $addUpdateTag(tag)
        mirror.segments = readSegments(this.#flow)
        const nodes = nodesOf(this.#editor)
        const shown = childrenOf(nodes).map((node) => readBlock(nodes, node))
        const rewrite = toLexical(shown, mirror.render(), (block) => mirror.keyOf(block))
        this.#$rewrite(rewrite, 0, mirror.entries.length)
        this.#$keepSelection(caret, rewrite)
      },
      { discrete: true, skipTransforms: true },
    )
  }

  #recover(error: unknown): void {
    this.#options.onError(error)
    this.#rebuild()
  }

  /** An editor without the focus must not take it, and nothing that others do scrolls anybody's view. */
  #quietTags(): string[] {
    const tags = [COLLABORATION_TAG, SKIP_SCROLL_INTO_VIEW_TAG]
    if (!hasFocus(this.#editor)) tags.push(SKIP_DOM_SELECTION_TAG)
    return tags
  }
}

/** What is written may be less than what the editor changed; both have to be compared. */
function covering(
  written: Change | undefined,
  regions: readonly { readonly from: number; readonly to: number }[],
  entries: readonly MirrorEntry[],
): Change {
  const from = Math.min(...regions.map((region) => region.from), written?.from ?? Infinity)
  const to = Math.max(...regions.map((region) => region.to), written?.to ?? 0)
  const inner = written ?? { from, to: from, wanted: [] }
  const before = entries.slice(from, inner.from).map(({ block }) => block)
  const after = entries.slice(inner.to, to).map(({ block }) => block)
  return { from, to, wanted: [...before, ...inner.wanted, ...after] }
}

/** With more dirty nodes than this, looking at every block is cheaper than looking each of them up. */
const MANY_DIRTY = 32

function changesBlocks({ steps, shapes }: Translation): boolean {
  return shapes.length > 0 || steps.some(({ kind }) => kind === 'marker')
}

function pushEntry(blocks: EditorBlock[], entry: MirrorEntry | undefined): void {
  if (entry !== undefined) blocks.push(blockOfEntry(entry))
}

function blockOfEntry({ key, block }: MirrorEntry): EditorBlock {
  const { shape, column, text, runs } = block
  return { key, shape, column, text, runs }
}

function entriesOf(blocks: readonly { key: NodeKey | null; block: Block }[]): MirrorEntry[] {
  return blocks.map(({ key, block }) => ({ key: key ?? '', block }))
}

function isAbout(transaction: Y.Transaction, flow: Y.Text): boolean {
  return (transaction.changedParentTypes as unknown as Map<unknown, unknown>).has(flow)
}

/** The nodes of the update that is going on. */
function nodesOf(editor: LexicalEditor): NodeMap {
  return (editor._pendingEditorState ?? editor._editorState)._nodeMap
}

/** The root's children, behind `previous` and before the one with the key `until`, where given. */
function childrenOf(nodes: NodeMap, previous?: LexicalNode, until: NodeKey | null = null): LexicalNode[] {
  const children: LexicalNode[] = []
  const root = nodes.get('root') as unknown as { __first: NodeKey | null } | undefined
  for (let key = previous === undefined ? (root?.__first ?? null) : previous.__next; key !== null; ) {
    if (key === until) break
    const node = nodes.get(key)
    if (node === undefined) break
    children.push(node)
    key = node.__next
  }
  return children
}

function collapsedCaret(state: EditorState): { key: NodeKey; offset: number } | undefined {
  const selection = state._selection
  if (!$isRangeSelection(selection) || !selection.isCollapsed()) return undefined
  return offsetOfPoint(state._nodeMap, selection.anchor)
}

/** How far a point in the node can go. */
function sizeOf(node: LexicalNode): number {
  if ($isTextNode(node)) return node.__text.length
  return $isElementNode(node) ? node.__size : 0
}

function $insertBehind(previous: LexicalNode | null, node: LexicalNode): void {
  if (previous !== null) {
    previous.insertAfter(node, false)
    return
  }
  const first = $getRoot().getFirstChild()
  if (first === null) $getRoot().append(node)
  else first.insertBefore(node, false)
}

function hasFocus(editor: LexicalEditor): boolean {
  const root = editor._rootElement
  if (root === null) return false
  const scope = root.getRootNode() as Document | ShadowRoot
  return scope.activeElement === root || root.contains(scope.activeElement)
}

/** 72 random bits: two people never make the same id. */
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(9))
  return Array.from(bytes, (byte) => byte.toString(36).padStart(2, '0')).join('')
}
