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
  type BlockMove,
  type BlockShape,
  type FlowPlace,
  flowOf,
  insertBehind,
  moveBlocks,
  placeAt,
  resolvePlace,
  setBlockColumn,
  setBlockShape,
  setLeadingHidden,
  writeSteps,
} from '@weft/document'
import {
  $addUpdateTag,
  $createRangeSelection,
  $getNodeByKey,
  $getSelection,
  $isElementNode,
  $isNodeSelection,
  $isRangeSelection,
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
  SKIP_DOM_SELECTION_TAG,
  SKIP_SCROLL_INTO_VIEW_TAG,
  type UpdateListenerPayload,
} from 'lexical'
import type * as Y from 'yjs'
import type { ApplyGate } from '../apply-gate.ts'
import { $isTableNode } from '../blocks/table-node.ts'
import { type HeldBlock, holdBlock, placeOfHeld, releaseBlock, segmentOf } from './composition.ts'
import { $createFor, $writeBlock, offsetOfPoint, ROOT, readBlock, sameContent } from './editor-block.ts'
import { type ChangedRegion, FlowView } from './flow-view.ts'
import type { Change } from './mirror.ts'
import {
  $movePoint,
  $pointOfPlace,
  type Caret,
  caretOfState,
  type EditorPoint,
  followMoved,
  placeOfPoint,
  type Standing,
  standingOf,
  type Views,
} from './places.ts'
import { type NewCell, type NewTable, Tables } from './tables.ts'
import { type MirrorEntry, type Translation, toFlow } from './to-flow.ts'
import type { Rewrite } from './to-lexical.ts'
import { FlowUndo } from './undo.ts'

/** A place in the document as JSON: it stays with the character before it, for everybody. */
export type RelativePlace = FlowPlace

export type { EditorPoint } from './places.ts'

export interface BindingOptions {
  readonly editor: LexicalEditor
  readonly doc: Y.Doc
  readonly gate: ApplyGate
  /** Told of a defect after which the editor was rebuilt from the document. */
  readonly onError: (error: unknown) => void
  /** Told when the editor did not show what the document says, after it was put right. */
  readonly onDrift?: (drift: Drift) => void
  /**
   * Whether blocks of this type are shown as what they are. All others, and those of later versions, are placeholders
   * with their text, which this editor neither removes nor changes. All types by default.
   */
  readonly knows?: (type: BlockShape['type']) => boolean
  /** For new blocks, rows and columns; unique, 1 to 64 of `[A-Za-z0-9_-]`. Random by default. */
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
  /** The document's id of a table; undefined for a node that shows no grid. */
  tableId(key: NodeKey): string | undefined
  /** Changes the document by functions of `@weft/document`, as one step of this person's undo. */
  edit(change: (doc: Y.Doc) => void): void
  /**
   * Moves neighbouring blocks, which keep their identity: what others type in them meanwhile survives.
   *
   * @param before the block before which they come; null for the end of what holds them.
   * @returns whether anything moved: not from one cell into another, nor a block of an unknown type.
   */
  moveBlocks(first: NodeKey, last: NodeKey, before: NodeKey | null): boolean
  /** Compares the editor with the document and puts it right. @returns whether they differed. */
  checkDrift(): boolean
  destroy(): void
}

export function bindFlow(options: BindingOptions): Binding {
  return new FlowBinding(options)
}

/** What the editor has changed in one flow, and what that is in the document. */
interface Work {
  readonly view: FlowView
  readonly regions: readonly ChangedRegion[]
  readonly translations: readonly Translation[]
}

interface ViewChange {
  readonly view: FlowView
  readonly change: Change
}

class FlowBinding implements Binding, Views {
  readonly #editor: LexicalEditor
  readonly #doc: Y.Doc
  readonly #gate: ApplyGate
  readonly #options: BindingOptions
  readonly #undo: FlowUndo<Caret>
  /** The document's own flow. */
  readonly #root: FlowView
  readonly #tables: Tables
  readonly #disposers: (() => void)[] = []
  /** The selection before the transaction that is going on, so that it can be found again after it. */
  #caret: readonly [anchor: Standing, focus: Standing] | undefined
  #isWriting = false
  /** The block an input method is composing in, while others change the document. */
  #held: (HeldBlock & { readonly view: FlowView }) | undefined
  #isDestroyed = false

  constructor(options: BindingOptions) {
    this.#options = options
    this.#editor = options.editor
    this.#doc = options.doc
    this.#gate = options.gate
    this.#undo = new FlowUndo<Caret>(this.#doc, this, options.undoCaptureMs)
    const knows = options.knows ?? (() => true)
    this.#root = new FlowView(flowOf(options.doc), ROOT, knows)
    this.#tables = new Tables(options.doc, knows)
    this.#rebuild()
    const before = (): void => this.#noteCaret()
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
    return placeOfPoint(this, this.#editor.getEditorState()._nodeMap, point) ?? null
  }

  fromRelative(place: RelativePlace): EditorPoint | null {
    const state = this.#editor.getEditorState()
    return state.read(() => $pointOfPlace(this, this.#doc, place) ?? null, { editor: this.#editor })
  }

  blockId(key: NodeKey): string | undefined {
    return this.#viewOfBlock(key)?.mirror.entryOf(key)?.block.segment.id
  }

  tableId(key: NodeKey): string | undefined {
    const head = this.#tables.headOf(key)
    return head === undefined || head.role === 'reference' ? undefined : head.table
  }

  edit(change: (doc: Y.Doc) => void): void {
    this.#whenIdle(() => this.#change((transaction) => change(transaction.doc)))
  }

  moveBlocks(first: NodeKey, last: NodeKey, before: NodeKey | null): boolean {
    this.#writePending()
    const view = this.#viewOfBlock(first)
    const move = view === undefined ? undefined : this.#moveOf(view, first, last, before)
    if (view === undefined || move === undefined) return false
    const caret = caretOfState(this, this.#editor.getEditorState())
    const follow = caret === undefined ? undefined : followMove(view, move)
    const anchor = caret === undefined ? undefined : follow?.(caret.anchor)
    const focus = caret === undefined ? undefined : follow?.(caret.focus)
    let isMoved = false
    this.#change((transaction) => {
      isMoved = moveBlocks(view.flow, transaction, move)
    })
    if (!isMoved || anchor === undefined || focus === undefined) return isMoved
    const after = { anchor: anchor(), focus: focus() }
    this.#editor.update(() => this.#$select(after), { discrete: true, tag: this.#quietTags() })
    this.#undo.noteAfter(after)
    return true
  }

  get isHolding(): boolean {
    return this.#held?.isStale === true
  }

  checkDrift(): boolean {
    this.#writePending()
    if (this.isHolding) return false
    const nodes = this.#editor.getEditorState()._nodeMap
    const drift = this.#driftOf(nodes)
    if (drift === undefined) return false
    this.#rebuild()
    this.#options.onDrift?.(drift)
    return true
  }

  destroy(): void {
    if (this.#isDestroyed) return
    this.#writePending()
    this.#isDestroyed = true
    for (const dispose of this.#disposers) dispose()
    this.#undo.destroy()
  }

  viewOfFlow(flow: Y.Text): FlowView | undefined {
    return flow === this.#root.flow ? this.#root : this.#tables.viewOfFlow(flow)
  }

  viewOfContainer(key: NodeKey): FlowView | undefined {
    return key === ROOT ? this.#root : this.#tables.viewOfCell(key)
  }

  #viewOfBlock(key: NodeKey): FlowView | undefined {
    const parent = this.#editor.getEditorState()._nodeMap.get(key)?.__parent
    return parent === undefined || parent === null ? undefined : this.viewOfContainer(parent)
  }

  /** Commits what the editor holds, which writes it into the flow. */
  #writePending(): void {
    if (this.#editor._pendingEditorState === null || this.#editor._updating) return
    this.#editor.update(() => {}, { discrete: true })
  }

  /** In a command's listener the editor's pending edits cannot be committed yet. */
  #whenIdle(step: () => void): void {
    if (this.#editor._updating)
      queueMicrotask(() => {
        if (!this.#isDestroyed) this.#whenIdle(step)
      })
    else step()
  }

  #travel(step: () => Caret | undefined): void {
    this.#whenIdle(() => {
      const caret = this.#gate.run(step)
      if (caret === undefined) return
      this.#editor.update(() => this.#$select(caret), {
        discrete: true,
        tag: [HISTORIC_TAG, COLLABORATION_TAG],
      })
    })
  }

  /** Changes the document in this person's name, as a step of its own, and shows what comes of it. */
  #change(change: (transaction: Y.Transaction) => void): void {
    this.#writePending()
    const caret = caretOfState(this, this.#editor.getEditorState())
    this.#undo.track(caret, true, () => this.#doc.transact(change, this))
    this.#undo.stopCapturing()
  }

  /** In segments, which is what the document moves. */
  #moveOf(view: FlowView, first: NodeKey, last: NodeKey, before: NodeKey | null): BlockMove | undefined {
    const { segments } = view.mirror
    const indexOf = (key: NodeKey): number => {
      const segment = view.mirror.entryOf(key)?.block.segment
      return segment === undefined ? -1 : segments.indexOf(segment)
    }
    const from = indexOf(first)
    const to = indexOf(last) + 1
    const target = before === null ? segments.length : indexOf(before)
    if (from < 0 || to <= from || target < 0) return undefined
    const moved = new Set(segments.slice(from, to))
    const isUnknown = ({ block }: MirrorEntry): boolean =>
      block.shape.type === 'unknown' && moved.has(block.segment)
    if (view.mirror.entries.some(isUnknown)) return undefined
    return { from, to, before: target, newId: this.#newId() }
  }

  // From the editor to the flow

  #onUpdate({ editorState, prevEditorState, dirtyElements, dirtyLeaves, tags }: UpdateListenerPayload): void {
    // What held the composed block is gone with it: from here on words go where the caret is, and are written at once.
    if (this.#held !== undefined && !editorState._nodeMap.has(this.#held.key)) this.#held = undefined
    const isIdle = dirtyElements.size === 0 && dirtyLeaves.size === 0
    if (isIdle && this.#held?.isStale !== true) return
    try {
      if (this.#held?.isStale === true) {
        if (!this.#editor.isComposing()) this.#release(this.#held, editorState)
        return
      }
      const nodes = editorState._nodeMap
      const change = {
        state: editorState,
        previous: prevEditorState,
        dirty: dirtyElements,
        leaves: dirtyLeaves,
      }
      const work: { view: FlowView; regions: ChangedRegion[] }[] = []
      for (const view of this.#dirtyViews(dirtyElements)) {
        const regions = view.changedRegions(change)
        if (regions.length > 0) work.push({ view, regions })
      }
      const gone = this.#tables.gone(nodes)
      if (work.length > 0 || gone.length > 0) this.#write(work, gone, editorState, prevEditorState, tags)
      if (!this.#tables.isIntact(nodes, dirtyElements)) this.#rebuild()
    } catch (error) {
      this.#recover(error)
    }
  }

  *#dirtyViews(dirty: ReadonlyMap<NodeKey, boolean>): Iterable<FlowView> {
    yield this.#root
    for (const key of dirty.keys()) {
      const view = this.#tables.viewOfCell(key)
      if (view !== undefined) yield view
    }
  }

  #write(
    changed: readonly Pick<Work, 'view' | 'regions'>[],
    gone: ReturnType<Tables['gone']>,
    state: EditorState,
    previous: EditorState,
    tags: ReadonlySet<string>,
  ): void {
    const nodes = state._nodeMap
    const caret = collapsedCaret(state)
    const newId = (): string => this.#newId()
    const work = changed.map(({ view, regions }): Work => {
      const translations = regions.map((region) => view.translate(region, caret, newId))
      return { view, regions, translations }
    })
    const isTabular = gone.length > 0 || work.some(({ regions }) => regions.some(isAboutTables))
    const isStep =
      tags.has(PASTE_TAG) ||
      tags.has(CUT_TAG) ||
      gone.length > 0 ||
      work.some(({ translations }) => translations.some(changesBlocks))
    const known = work.map(({ view }) => view.mirror.segments)
    const made: NewTable[] = []
    const isConcerned = this.#transact(caretOfState(this, previous), isStep, (transaction) => {
      for (const { view, translations } of work)
        for (const translation of translations.toReversed()) carryOut(view.flow, translation, transaction)
      for (const { head } of gone) this.#tables.empty(head)
      for (const [marker, key] of newTables(work, nodes)) {
        if (marker === null || this.#tables.headOf(key) !== undefined) continue
        const id: unknown = marker.get('id')
        const write = ({ view, translation }: NewCell): void => carryOut(view.flow, translation, transaction)
        made.push(this.#tables.create(nodes, key, String(id), newId, write))
      }
    })
    let isRight = true
    for (const { view, region, translation } of made.flatMap(({ rows }) =>
      rows.flatMap(({ cells }) => cells),
    ))
      if (!view.adopt(region, translation)) isRight = false
    for (const [index, { view, regions, translations }] of work.entries()) {
      const change = view.mirror.changeFrom(known[index] ?? [])
      if (!view.settle(change, regions, translations)) isRight = false
    }
    if (!isRight) this.#rebuild(undefined, made)
    else if (isTabular || isConcerned) this.#syncTables(made)
    if (tags.has(PASTE_TAG) || tags.has(CUT_TAG)) this.#undo.stopCapturing()
    this.#undo.noteAfter(caretOfState(this, state))
  }

  // From the flow to the editor

  #noteCaret(): void {
    if (this.#isWriting) return
    const { _selection: selection, _nodeMap: nodes } = this.#editor.getEditorState()
    const ends = $isRangeSelection(selection)
      ? [selection.anchor, selection.focus].map((point) => standingOf(this, nodes, point))
      : []
    const [anchor, focus] = ends
    this.#caret = anchor === undefined || focus === undefined ? undefined : [anchor, focus]
    if (this.#held?.isStale !== true) this.#held = this.#hold()
  }

  #hold(): (HeldBlock & { readonly view: FlowView }) | undefined {
    const composing = this.#editor._compositionKey
    const nodes = this.#editor.getEditorState()._nodeMap
    let node = composing === null ? undefined : nodes.get(composing)
    while (node !== undefined && node.__parent !== null) {
      const view = this.viewOfContainer(node.__parent)
      if (view !== undefined) {
        const entry = view.mirror.entryOf(node.__key)
        return entry === undefined ? undefined : { ...holdBlock(view.flow, entry.key, entry.block), view }
      }
      node = nodes.get(node.__parent)
    }
    return undefined
  }

  /** Writes what was composed into a block that others changed meanwhile, and shows what came of both. */
  #release(held: HeldBlock & { readonly view: FlowView }, state: EditorState): void {
    this.#held = undefined
    const { view } = held
    const { mirror, flow } = view
    const nodes = state._nodeMap
    const node = nodes.get(held.key)
    const others = [this.#root, ...this.#tables.views].flatMap((each) => {
      const regions = each.edited(nodes, held.key)
      return regions.length > 0 ? [{ view: each, regions }] : []
    })
    if (others.length > 0) this.#write(others, [], state, state, new Set())
    const own = collapsedCaret(state)
    let caret = caretOfState(this, state)
    if (node !== undefined) {
      const { steps } = toFlow({
        old: [{ key: held.key, block: held.base }],
        next: [readBlock(nodes, node)],
        isFirst: held.base.part === 'leading',
        hasOthers: true,
        leading: mirror.leading,
        caret: own,
        newId: () => this.#newId(),
      })
      const place = own?.key === held.key ? placeOfHeld(held, steps, own.offset) : undefined
      if (place !== undefined) caret = { anchor: place, focus: place }
      releaseBlock(flow, held, steps, (placed) => {
        const segment = segmentOf(mirror.segments, placed.marker)
        if (segment === undefined) return
        const { insertion } = placed
        this.#transact(caretOfState(this, state), false, (transaction) => {
          if (insertion === undefined) writeSteps(flow, transaction, segment, placed.steps)
          else insertBehind(flow, transaction, segment, insertion.place, insertion)
        })
        const written = segmentOf(mirror.segments, placed.marker)
        if (written === undefined || placed.caret === undefined || place !== undefined) return
        const behind = placeAt(flow, written, placed.caret)
        caret = { anchor: behind, focus: behind }
      })
    }
    this.#rebuild(caret)
  }

  /**
   * Changes flows in the name of this person and takes note of what they say then.
   *
   * @returns whether tables may have other rows or columns now.
   */
  #transact(
    before: Caret | undefined,
    isStep: boolean,
    change: (transaction: Y.Transaction) => void,
  ): boolean {
    let isConcerned = false
    const collect = (transaction: Y.Transaction): void => {
      for (const view of this.#viewsIn(transaction)) view.update(transaction)
      isConcerned = this.#tables.isConcerned(transaction, this.#root.flow)
    }
    this.#doc.once('afterTransaction', collect)
    this.#isWriting = true
    try {
      this.#undo.track(before, isStep, () => this.#doc.transact(change, this))
    } finally {
      this.#isWriting = false
      this.#doc.off('afterTransaction', collect)
    }
    return isConcerned
  }

  #viewsIn(transaction: Y.Transaction): FlowView[] {
    return [...transaction.changedParentTypes.keys()].flatMap((type) => {
      const other: unknown = type
      return this.viewOfFlow(other as Y.Text) ?? []
    })
  }

  #onTransaction(transaction: Y.Transaction): void {
    if (this.#isWriting) return
    try {
      const changes = this.#viewsIn(transaction).flatMap((view): ViewChange[] => {
        const change = view.mirror.changeFrom(view.update(transaction))
        return change === undefined ? [] : [{ view, change }]
      })
      const isConcerned = this.#tables.isConcerned(transaction, this.#root.flow)
      const isTabular = isConcerned || changes.some(({ view, change }) => hasTables(view, change))
      if (changes.length > 0 || isTabular) this.#show(changes, isTabular)
    } catch (error) {
      this.#recover(error)
    }
  }

  #show(changes: readonly ViewChange[], isTabular: boolean): void {
    const rewrites = changes.map(({ view, change }) => ({
      view,
      change,
      rewrite: this.#spareHeld(view, view.rewriteOf(change)),
    }))
    const [right, wrong] = [rewrites.filter(isIdle), rewrites.filter((each) => !isIdle(each))]
    for (const { view, change, rewrite } of right)
      view.mirror.replace(change.from, change.to, entriesOf(rewrite.blocks))
    if (wrong.length === 0 && !isTabular) return
    const [anchor, focus] = this.#caret?.map(followMoved) ?? []
    const caret = anchor === undefined || focus === undefined ? undefined : { anchor, focus }
    let isDone = false
    this.#editor.update(
      () => {
        for (const { view, change, rewrite } of wrong) this.#$rewrite(view, rewrite, change.from, change.to)
        if (isTabular) this.#$syncTables()
        this.#$keepSelection(caret)
        isDone = true
      },
      { discrete: true, tag: this.#quietTags(), skipTransforms: true },
    )
    if (!isDone && !this.#editor._updating) this.#rebuild()
  }

  /** Leaves the block that is being composed in as it is, for `#release` to deal with. */
  #spareHeld(view: FlowView, rewrite: Rewrite): Rewrite {
    const held = this.#held
    if (held === undefined || held.view !== view) return rewrite
    const isConcerned = ({ key, isChanged }: Rewrite['blocks'][number]): boolean =>
      key === held.key && isChanged
    if (rewrite.removed.includes(held.key) || rewrite.blocks.some(isConcerned)) held.isStale = true
    if (!held.isStale) return rewrite
    return {
      removed: rewrite.removed.filter((key) => key !== held.key),
      blocks: rewrite.blocks.map((block) => (isConcerned(block) ? { ...block, isChanged: false } : block)),
    }
  }

  #$rewrite(view: FlowView, rewrite: Rewrite, from: number, to: number): void {
    const before = view.mirror.entries[from - 1]
    let previous: LexicalNode | null = before === undefined ? null : $getNodeByKey(before.key)
    const shown: { key: NodeKey | null; block: Block }[] = []
    for (const { key, block, isChanged } of rewrite.blocks) {
      let node = key === null ? null : $getNodeByKey(key)
      if (node === null) {
        node = $createFor(block)
        $insertBehind(view.container, previous, node)
      }
      if (isChanged) $writeBlock(node, block)
      shown.push({ key: node.__key, block })
      previous = node
    }
    for (const key of rewrite.removed) $getNodeByKey(key)?.remove(true)
    view.mirror.replace(from, to, entriesOf(shown))
  }

  #$fill(view: FlowView): void {
    const rewrite = this.#spareHeld(view, view.rewriteOfAll(nodesOf(this.#editor)))
    this.#$rewrite(view, rewrite, 0, view.mirror.entries.length)
  }

  #$syncTables(): void {
    const held = this.#held
    const isSparing = this.#tables.$sync(this.#root, held?.key, (view) => this.#$fill(view))
    if (isSparing && held !== undefined) held.isStale = true
  }

  /** @param made tables that were just written and do not know their ids yet. */
  #syncTables(made: readonly NewTable[]): void {
    const state = this.#editor.getEditorState()
    const caret = caretOfState(this, state)
    this.#editor.update(
      () => {
        // In a shadow root every update begins with the browser's selection, which may be behind by the last one.
        $setSelection(state._selection?.clone() ?? null)
        this.#tables.$adopt(made)
        this.#$syncTables()
        this.#$keepSelection(caret)
      },
      { discrete: true, tag: this.#quietTags(), skipTransforms: true },
    )
  }

  /** Puts back each end of the selection whose block was rewritten or is gone. */
  #$keepSelection(caret: Caret | undefined): void {
    const selection = $getSelection()
    if ($isNodeSelection(selection)) {
      for (const node of selection.getNodes()) if (!node.isAttached()) selection.delete(node.getKey())
      return
    }
    if (!$isRangeSelection(selection) || caret === undefined) return
    const nodes = nodesOf(this.#editor)
    // The composition's own caret belongs to the input method.
    const isLeft = (key: NodeKey): boolean => this.#held?.isStale === true && key === this.#held.key
    for (const end of ['anchor', 'focus'] as const)
      $movePoint(selection[end], $pointOfPlace(this, this.#doc, caret[end]), nodes, isLeft)
  }

  #$select(caret: Caret): void {
    const anchor = $pointOfPlace(this, this.#doc, caret.anchor)
    const focus = $pointOfPlace(this, this.#doc, caret.focus)
    if (anchor === undefined || focus === undefined) return
    const current = $getSelection()
    const selection = $isRangeSelection(current) ? current : $createRangeSelection()
    selection.anchor.set(anchor.key, anchor.offset, anchor.type)
    selection.focus.set(focus.key, focus.offset, focus.type)
    if (selection !== current) $setSelection(selection)
  }

  /** Shows the whole document anew, keeping the nodes that are right and the caret. */
  #rebuild(caret = caretOfState(this, this.#editor.getEditorState()), made: readonly NewTable[] = []): void {
    this.#editor.update(
      () => {
        for (const tag of this.#quietTags()) $addUpdateTag(tag)
        this.#$fill(this.#root)
        this.#tables.$adopt(made)
        this.#$syncTables()
        for (const view of this.#tables.views) this.#$fill(view)
        this.#$keepSelection(caret)
      },
      { discrete: true, skipTransforms: true },
    )
  }

  #driftOf(nodes: NodeMap): Drift | undefined {
    for (const view of [this.#root, ...this.#tables.views]) {
      const shown = view.shown(nodes)
      const wanted = view.wanted()
      for (let index = 0; index < Math.max(shown.length, wanted.length); index += 1) {
        const [block, want] = [shown[index], wanted[index]]
        if (block !== undefined && want !== undefined && sameContent(block, want)) continue
        return { block: index, blocks: { editor: shown.length, document: wanted.length } }
      }
    }
    if (this.#tables.isRight(nodes)) return undefined
    const blocks = this.#root.mirror.entries.length
    return { block: 0, blocks: { editor: blocks, document: blocks } }
  }

  #recover(error: unknown): void {
    this.#options.onError(error)
    this.#rebuild()
  }

  #newId(): string {
    return (this.#options.newId ?? randomId)()
  }

  /** An editor without the focus must not take it, and nothing that others do scrolls anybody's view. */
  #quietTags(): string[] {
    const tags = [COLLABORATION_TAG, SKIP_SCROLL_INTO_VIEW_TAG]
    if (!hasFocus(this.#editor)) tags.push(SKIP_DOM_SELECTION_TAG)
    return tags
  }
}

function carryOut(
  flow: Y.Text,
  { at, steps, shapes, hidden }: Translation,
  transaction: Y.Transaction,
): void {
  writeSteps(flow, transaction, at, steps)
  for (const { marker, shape, column } of shapes) {
    setBlockShape(flow, marker, shape)
    setBlockColumn(flow, marker, column)
  }
  if (hidden !== undefined) setLeadingHidden(flow, hidden)
}

/** Markers that were just inserted, with the tables they are for. */
function newTables(work: readonly Work[], nodes: NodeMap): [Y.Map<unknown> | null, NodeKey][] {
  return work
    .flatMap(({ translations }) => translations.flatMap(({ keys }) => [...keys]))
    .filter(([, key]) => $isTableNode(nodes.get(key)))
}

/**
 * For each of two places that may be in blocks that are about to be moved: where they are afterwards.
 *
 * @returns to be called before the move with a place, and what that gives after it.
 */
function followMove(view: FlowView, { from, to, newId }: BlockMove): (place: FlowPlace) => () => FlowPlace {
  const moved = view.mirror.segments.slice(from, to)
  return (place) => {
    const standing = resolvePlace(view.flow, place)
    const old = standing === undefined ? undefined : segmentOf(moved, standing.marker)
    return () => {
      if (standing === undefined || old === undefined) return place
      const id = old.marker === null ? newId : old.id
      const now = view.mirror.segments.find((segment) => segment.id === id && segment.marker !== old.marker)
      return now === undefined ? place : placeAt(view.flow, now, standing.offset)
    }
  }
}

function changesBlocks({ steps, shapes }: Translation): boolean {
  return shapes.length > 0 || steps.some(({ kind }) => kind === 'marker')
}

function isAboutTables({ next }: ChangedRegion): boolean {
  return next.some(({ shape }) => shape.type === 'table')
}

function hasTables({ mirror }: FlowView, { from, to, wanted }: Change): boolean {
  const isTable = ({ shape }: Block): boolean => shape.type === 'table'
  return wanted.some(isTable) || mirror.entries.slice(from, to).some(({ block }) => isTable(block))
}

function isIdle({ rewrite }: { readonly rewrite: Rewrite }): boolean {
  return rewrite.removed.length === 0 && rewrite.blocks.every(({ isChanged }) => !isChanged)
}

function entriesOf(blocks: readonly { key: NodeKey | null; block: Block }[]): MirrorEntry[] {
  return blocks.map(({ key, block }) => ({ key: key ?? '', block }))
}

/** The nodes of the update that is going on. */
function nodesOf(editor: LexicalEditor): NodeMap {
  return (editor._pendingEditorState ?? editor._editorState)._nodeMap
}

function collapsedCaret(state: EditorState): { key: NodeKey; offset: number } | undefined {
  const selection = state._selection
  if (!$isRangeSelection(selection) || !selection.isCollapsed()) return undefined
  return offsetOfPoint(state._nodeMap, selection.anchor)
}

function $insertBehind(container: NodeKey, previous: LexicalNode | null, node: LexicalNode): void {
  if (previous !== null) {
    previous.insertAfter(node, false)
    return
  }
  const parent = $getNodeByKey(container)
  if (!$isElementNode(parent)) throw new Error(`there is no node ${container} to show blocks in`)
  const first = parent.getFirstChild()
  if (first === null) parent.append(node)
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
