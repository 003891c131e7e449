/**
 * Ties a Lexical editor to a flow: each shows what the other says.
 *
 * Rule: nothing typed is lost. Whatever the editor holds is written before anything else is applied (the gate),
 * what comes in changes only the blocks it concerns, and the two are compared as content, never by tag: a block
 * that already says what the flow says produces no operation, whoever changed it.
 * What the steps are is decided in `to-flow.ts` and `to-lexical.ts`; this file carries them out.
 */
import { type Block, flowOf, insertBehind, moveBlocks, placeAt, writeSteps } from '@weft/document'
import {
  $addUpdateTag,
  $createRangeSelection,
  $getSelection,
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
  type NodeKey,
  type NodeMap,
  PASTE_TAG,
  SKIP_DOM_SELECTION_TAG,
  SKIP_SCROLL_INTO_VIEW_TAG,
  type UpdateListenerPayload,
} from 'lexical'
import type * as Y from 'yjs'
import type { ApplyGate } from '../apply-gate.ts'
import { type HeldBlock, holdBlock, placeOfHeld, releaseBlock } from './composition.ts'
import type { Binding, BindingOptions, RelativePlace } from './contract.ts'
import { caretInDrift, driftOf } from './drift.ts'
import { offsetOfPoint, ROOT, readBlock } from './editor-block.ts'
import { type ChangedRegion, FlowView } from './flow-view.ts'
import type { Change } from './mirror.ts'
import { followMove, moveOf } from './moves.ts'
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
import { $rewrite, entriesOf, isIdle } from './rewrite.ts'
import { type NewCell, type NewTable, Tables } from './tables.ts'
import { toFlow } from './to-flow.ts'
import type { Rewrite } from './to-lexical.ts'
import { FlowUndo } from './undo.ts'
import { carryOut, changesBlocks, isAboutTables, newTables, type Work } from './work.ts'

export function bindFlow(options: BindingOptions): Binding {
  return new FlowBinding(options)
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
    const move = view === undefined ? undefined : moveOf(view, { first, last, before, newId: this.#newId() })
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
    const state = this.#editor.getEditorState()
    const drift = driftOf(this.#root, this.#tables, state._nodeMap)
    if (drift === undefined) return false
    this.#rebuild(caretInDrift(this, state))
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

  // From the editor to the flow

  #onUpdate({ editorState, prevEditorState, dirtyElements, dirtyLeaves, tags }: UpdateListenerPayload): void {
    // What held the composed block is gone with it: from here on words go where the caret is, and are written at once.
    if (this.#held !== undefined && !editorState._nodeMap.has(this.#held.key)) this.#held = undefined
    // Nor does a composition that has ended hold anything, unless others have changed its block meanwhile.
    if (this.#held?.isStale === false && !this.#editor.isComposing()) this.#held = undefined
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
    const made: NewTable[] = []
    const { isConcerned, changes } = this.#transact(caretOfState(this, previous), isStep, (transaction) => {
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
    for (const { view, regions, translations } of work) {
      const written = changes.filter((each) => each.view === view).map(({ change }) => change)
      if (!view.settle(written, regions, translations)) isRight = false
    }
    if (!isRight) this.#rebuild(caretInDrift(this, state), made)
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
    const { flow } = held.view
    // When its table is shown elsewhere by now, it is that one that is kept up to date.
    const { mirror } = this.viewOfFlow(flow) ?? held.view
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
        const segment = mirror.segmentOf(placed.marker)
        if (segment === undefined) return
        const { insertion } = placed
        this.#transact(caretOfState(this, state), false, (transaction) => {
          if (insertion === undefined) writeSteps(flow, transaction, segment, placed.steps)
          else insertBehind(flow, transaction, segment, insertion.place, insertion)
        })
        const written = mirror.segmentOf(placed.marker)
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
   * @returns where they say something else than before, and whether tables may have other rows or columns now.
   */
  #transact(
    before: Caret | undefined,
    isStep: boolean,
    change: (transaction: Y.Transaction) => void,
  ): { readonly isConcerned: boolean; readonly changes: readonly ViewChange[] } {
    let isConcerned = false
    let changes: readonly ViewChange[] = []
    const collect = (transaction: Y.Transaction): void => {
      changes = this.#changesIn(transaction)
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
    return { isConcerned, changes }
  }

  /** What a transaction has changed of what is shown, in the order of each flow. */
  #changesIn(transaction: Y.Transaction): ViewChange[] {
    return [...transaction.changedParentTypes.keys()].flatMap((type) => {
      const other: unknown = type
      const view = this.viewOfFlow(other as Y.Text)
      return view?.mirror.update(transaction).map((change) => ({ view, change })) ?? []
    })
  }

  #onTransaction(transaction: Y.Transaction): void {
    if (this.#isWriting) return
    try {
      const changes = this.#changesIn(transaction)
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
    // From the last to the first: each leaves what stands before it where it is.
    rewrites.reverse()
    if (rewrites.every(isIdle) && !isTabular) {
      for (const { view, change, rewrite } of rewrites)
        view.mirror.replace(change.from, change.to, entriesOf(rewrite.blocks))
      return
    }
    const [anchor, focus] = this.#caret?.map(followMoved) ?? []
    const caret = anchor === undefined || focus === undefined ? undefined : { anchor, focus }
    let isDone = false
    this.#editor.update(
      () => {
        for (const { view, change, rewrite } of rewrites) $rewrite(view, rewrite, change.from, change.to)
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
    if (held === undefined) return rewrite
    if (held.view !== view) return this.#spareHolder(held, view, rewrite)
    const isConcerned = ({ key, isChanged }: Rewrite['blocks'][number]): boolean =>
      key === held.key && isChanged
    if (rewrite.removed.includes(held.key) || rewrite.blocks.some(isConcerned)) held.isStale = true
    if (!held.isStale) return rewrite
    return {
      removed: rewrite.removed.filter((key) => key !== held.key),
      blocks: rewrite.blocks.map((block) => (isConcerned(block) ? { ...block, isChanged: false } : block)),
    }
  }

  /** Leaves the table around the held block on the screen until then, though it is gone from where it was. */
  #spareHolder(held: HeldBlock, { container }: FlowView, rewrite: Rewrite): Rewrite {
    const nodes = nodesOf(this.#editor)
    let node = nodes.get(held.key)
    while (node !== undefined && node.__parent !== container)
      node = node.__parent === null ? undefined : nodes.get(node.__parent)
    const key = node?.__key
    if (key === undefined || !rewrite.removed.includes(key)) return rewrite
    held.isStale = true
    return { ...rewrite, removed: rewrite.removed.filter((each) => each !== key) }
  }

  #$fill(view: FlowView): void {
    const rewrite = this.#spareHeld(view, view.rewriteOfAll(nodesOf(this.#editor)))
    $rewrite(view, rewrite, 0, view.mirror.entries.length)
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

function hasTables({ mirror }: FlowView, { from, to, wanted }: Change): boolean {
  const isTable = ({ shape }: Block): boolean => shape.type === 'table'
  return wanted.some(isTable) || mirror.entries.slice(from, to).some(({ block }) => isTable(block))
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
