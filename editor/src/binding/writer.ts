/**
 * Writes what the editor says into the flows.
 *
 * Rule: what changed is told by comparison with what was last shown, never by tag: a block that already says what its
 * flow says produces no operation, whoever changed it. What the operations are is decided in `to-flow.ts`.
 */
import { insertBehind, placeAt, writeSteps } from '@weft/document'
import {
  $isRangeSelection,
  CUT_TAG,
  type EditorState,
  type NodeKey,
  PASTE_TAG,
  type UpdateListenerPayload,
} from 'lexical'
import type * as Y from 'yjs'
import { placeOfHeld, releaseBlock } from './composition.ts'
import { caretInDrift } from './drift.ts'
import { offsetOfPoint, readBlock } from './editor-block.ts'
import type { Held, Holding } from './held.ts'
import { type Caret, caretOfState } from './places.ts'
import type { Screen } from './screen.ts'
import type { Changed, Shown } from './shown.ts'
import type { NewCell, NewTable, Tables } from './tables.ts'
import { toFlow } from './to-flow.ts'
import type { TypedOver } from './typed-over.ts'
import type { FlowUndo } from './undo.ts'
import { carryOut, changesBlocks, isAboutTables, newTables, type Work } from './work.ts'

export interface WriterOptions {
  readonly doc: Y.Doc
  /** Of the transactions; what undo goes by. */
  readonly origin: object
  readonly undo: FlowUndo<Caret>
  readonly shown: Shown
  readonly holding: Holding
  readonly screen: Screen
  /** For new blocks, rows and columns; unique. */
  readonly newId: () => string
}

type Changes = readonly Pick<Work, 'view' | 'regions'>[]

const NOTHING: Changed = { changes: [], isConcerned: false }

export class Writer {
  readonly #options: WriterOptions
  #isWriting = false

  constructor(options: WriterOptions) {
    this.#options = options
  }

  /** Whether a transaction that is going on is one of these here, which the editor shows already. */
  get isWriting(): boolean {
    return this.#isWriting
  }

  /**
   * After an update of the editor.
   *
   * @param over what was selected, when it was typed over.
   */
  write(update: UpdateListenerPayload, over?: TypedOver): void {
    const { shown, screen } = this.#options
    const { editorState, prevEditorState, dirtyElements, tags } = update
    const nodes = editorState._nodeMap
    const work = [...shown.dirtyViews(dirtyElements)].flatMap((view) => {
      const regions = view.changedRegions(update, over)
      return regions.length > 0 ? [{ view, regions }] : []
    })
    const gone = shown.tables.gone(nodes)
    if (work.length > 0 || gone.length > 0) this.#write(work, gone, editorState, prevEditorState, tags, over)
    if (!shown.tables.isIntact(nodes, dirtyElements)) screen.rebuild()
  }

  #write(
    changed: Changes,
    gone: ReturnType<Tables['gone']>,
    state: EditorState,
    previous: EditorState,
    tags: ReadonlySet<string>,
    over?: TypedOver,
  ): void {
    const { shown, screen, undo, newId } = this.#options
    const { tables } = shown
    const nodes = state._nodeMap
    const caret = collapsedCaret(state)
    const work = changed.map(({ view, regions }): Work => {
      const translations = regions.map((region) => view.translate(region, newId, caret, over))
      return { view, regions, translations }
    })
    const isTabular = gone.length > 0 || work.some(({ regions }) => regions.some(isAboutTables))
    const isStep =
      tags.has(PASTE_TAG) ||
      tags.has(CUT_TAG) ||
      gone.length > 0 ||
      work.some(({ translations }) => translations.some(changesBlocks))
    const made: NewTable[] = []
    const { changes, isConcerned } = this.#transact(caretOfState(shown, previous), isStep, (transaction) => {
      for (const { view, translations } of work)
        for (const translation of translations.toReversed()) carryOut(view.flow, translation, transaction)
      for (const { head } of gone) tables.empty(head)
      for (const [marker, key] of newTables(work, nodes)) {
        if (marker === null || tables.headOf(key) !== undefined) continue
        const id: unknown = marker.get('id')
        const write = ({ view, translation }: NewCell): void => carryOut(view.flow, translation, transaction)
        made.push(tables.create(nodes, key, String(id), newId, write))
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
    if (!isRight) screen.rebuild(caretInDrift(shown, state), made)
    else if (isTabular || isConcerned) screen.syncTables(made)
    if (tags.has(PASTE_TAG) || tags.has(CUT_TAG)) undo.stopCapturing()
    undo.noteAfter(caretOfState(shown, state))
  }

  /** Writes what was composed into a block that others changed meanwhile, and shows what came of both. */
  release(held: Held, state: EditorState): void {
    const { shown, holding, screen, newId } = this.#options
    holding.letGo()
    const { flow } = held.view
    // When its table is shown elsewhere by now, it is that one that is kept up to date.
    const { mirror } = shown.viewOfFlow(flow) ?? held.view
    const nodes = state._nodeMap
    const node = nodes.get(held.key)
    const others = shown.all.flatMap((view) => {
      const regions = view.edited(nodes, held.key)
      return regions.length > 0 ? [{ view, regions }] : []
    })
    if (others.length > 0) this.#write(others, [], state, state, new Set())
    const own = collapsedCaret(state)
    let caret = caretOfState(shown, state)
    if (node !== undefined) {
      const { steps } = toFlow({
        old: [{ key: held.key, block: held.base }],
        next: [readBlock(nodes, node)],
        isFirst: held.base.part === 'leading',
        hasOthers: true,
        leading: mirror.leading,
        caret: own,
        newId,
      })
      const place = own?.key === held.key ? placeOfHeld(held, steps, own.offset) : undefined
      if (place !== undefined) caret = { anchor: place, focus: place }
      releaseBlock(flow, held, steps, (placed) => {
        const segment = mirror.segmentOf(placed.marker)
        if (segment === undefined) return
        const { insertion } = placed
        this.#transact(caretOfState(shown, state), false, (transaction) => {
          if (insertion === undefined) writeSteps(flow, transaction, segment, placed.steps)
          else insertBehind(flow, transaction, segment, insertion.place, insertion)
        })
        const written = mirror.segmentOf(placed.marker)
        if (written === undefined || placed.caret === undefined || place !== undefined) return
        const behind = placeAt(flow, written, placed.caret)
        caret = { anchor: behind, focus: behind }
      })
    }
    screen.rebuild(caret)
  }

  /** Changes flows in the name of this person and takes note of what they say then. */
  #transact(
    before: Caret | undefined,
    isStep: boolean,
    change: (transaction: Y.Transaction) => void,
  ): Changed {
    const { doc, origin, undo, shown } = this.#options
    let changed = NOTHING
    const collect = (transaction: Y.Transaction): void => {
      changed = shown.update(transaction)
    }
    doc.once('afterTransaction', collect)
    this.#isWriting = true
    try {
      undo.track(before, isStep, () => doc.transact(change, origin))
    } finally {
      this.#isWriting = false
      doc.off('afterTransaction', collect)
    }
    return changed
  }
}

function collapsedCaret(state: EditorState): { key: NodeKey; offset: number } | undefined {
  const selection = state._selection
  if (!$isRangeSelection(selection) || !selection.isCollapsed()) return undefined
  return offsetOfPoint(state._nodeMap, selection.anchor)
}
