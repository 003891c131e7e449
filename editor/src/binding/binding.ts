/**
 * Ties a Lexical editor to a flow: each shows what the other says.
 *
 * Rule: nothing typed is lost. Whatever the editor holds is written before anything else is applied (the gate),
 * what comes in changes only the blocks it concerns, and the two are compared as content, never by tag: a block
 * that already says what the flow says produces no operation, whoever changed it.
 * `writer.ts` carries edits into the flow, `screen.ts` flows into the editor; this file decides when.
 */
import { moveBlocks, setBlockColumn } from '@weft/document'
import {
  BLUR_COMMAND,
  COMMAND_PRIORITY_LOW,
  type EditorState,
  type LexicalEditor,
  type NodeKey,
  type UpdateListenerPayload,
} from 'lexical'
import type * as Y from 'yjs'
import type { ApplyGate } from '../apply-gate.ts'
import type { Binding, BindingOptions, RelativePlace } from './contract.ts'
import { caretInDrift, driftOf } from './drift.ts'
import type { FlowView } from './flow-view.ts'
import { Holding } from './held.ts'
import { followMove, moveOf } from './moves.ts'
import { $pointOfPlace, type Caret, type EditorPoint, placeOfPoint } from './places.ts'
import { Screen } from './screen.ts'
import { Shown } from './shown.ts'
import { type TypedOver, watchTypedOver } from './typed-over.ts'
import { FlowUndo } from './undo.ts'
import { Writer } from './writer.ts'

export function bindFlow(options: BindingOptions): Binding {
  return new FlowBinding(options)
}

class FlowBinding implements Binding {
  readonly #editor: LexicalEditor
  readonly #doc: Y.Doc
  readonly #gate: ApplyGate
  readonly #options: BindingOptions
  readonly #undo: FlowUndo<Caret>
  readonly #shown: Shown
  readonly #holding: Holding
  readonly #screen: Screen
  readonly #writer: Writer
  readonly #disposers: (() => void)[] = []
  /** And the edits that it is of, which are not committed yet. */
  #over: readonly [TypedOver, EditorState] | undefined
  #isDestroyed = false

  constructor(options: BindingOptions) {
    const { editor, doc, gate } = options
    this.#options = options
    this.#editor = editor
    this.#doc = doc
    this.#gate = gate
    this.#undo = new FlowUndo<Caret>(doc, this, options.undoCaptureMs)
    this.#shown = new Shown(doc, options.knows ?? (() => true))
    this.#holding = new Holding(editor, this.#shown)
    this.#screen = new Screen(editor, doc, this.#shown, this.#holding)
    this.#writer = new Writer({
      doc,
      origin: this,
      undo: this.#undo,
      shown: this.#shown,
      holding: this.#holding,
      screen: this.#screen,
      newId: () => this.#newId(),
    })
    this.#screen.rebuild()
    const before = (): void => this.#beforeTransaction()
    const after = (transaction: Y.Transaction): void => this.#afterTransaction(transaction)
    doc.on('beforeTransaction', before)
    doc.on('afterTransaction', after)
    this.#disposers.push(
      () => doc.off('beforeTransaction', before),
      () => doc.off('afterTransaction', after),
      gate.register(() => this.#writePending()),
      editor.registerUpdateListener((payload) => this.#onUpdate(payload)),
      watchTypedOver(editor, (...over) => {
        this.#over = over
      }),
      editor.registerCommand(
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
    return placeOfPoint(this.#shown, this.#editor.getEditorState()._nodeMap, point) ?? null
  }

  fromRelative(place: RelativePlace): EditorPoint | null {
    const state = this.#editor.getEditorState()
    return state.read(() => $pointOfPlace(this.#shown, this.#doc, place) ?? null, { editor: this.#editor })
  }

  blockId(key: NodeKey): string | undefined {
    return this.#viewOfBlock(key)?.mirror.entryOf(key)?.block.segment.id
  }

  tableId(key: NodeKey): string | undefined {
    const head = this.#shown.tables.headOf(key)
    return head === undefined || head.role === 'reference' ? undefined : head.table
  }

  edit(change: (doc: Y.Doc) => void): void {
    this.#whenIdle(() => this.#change((transaction) => change(transaction.doc)))
  }

  moveBlocks(
    first: NodeKey,
    last: NodeKey,
    before: NodeKey | null,
    columns?: ReadonlyMap<NodeKey, number>,
  ): boolean {
    this.#writePending()
    const view = this.#viewOfBlock(first)
    const move = view === undefined ? undefined : moveOf(view, { first, last, before, newId: this.#newId() })
    if (view === undefined || move === undefined) return false
    const { caret } = this.#screen
    const follow = caret === undefined ? undefined : followMove(view, move)
    const anchor = caret === undefined ? undefined : follow?.(caret.anchor)
    const focus = caret === undefined ? undefined : follow?.(caret.focus)
    let isMoved = false
    this.#change((transaction) => {
      for (const [key, column] of columns ?? []) {
        const segment = view.mirror.entryOf(key)?.block.segment
        if (segment !== undefined) setBlockColumn(view.flow, segment.marker, column)
      }
      isMoved = moveBlocks(view.flow, transaction, move)
    })
    if (!isMoved || anchor === undefined || focus === undefined) return isMoved
    const after = { anchor: anchor(), focus: focus() }
    this.#screen.select(after, false)
    this.#undo.noteAfter(after)
    return true
  }

  get isHolding(): boolean {
    return this.#holding.stale !== undefined
  }

  checkDrift(): boolean {
    this.#writePending()
    if (this.isHolding) return false
    const state = this.#editor.getEditorState()
    const drift = driftOf(this.#shown, state._nodeMap)
    if (drift === undefined) return false
    this.#screen.rebuild(caretInDrift(this.#shown, state))
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

  #viewOfBlock(key: NodeKey): FlowView | undefined {
    return this.#shown.viewOfBlock(this.#editor.getEditorState()._nodeMap, key)
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
      this.#screen.select(caret, true)
    })
  }

  /** Changes the document in this person's name, as a step of its own, and shows what comes of it. */
  #change(change: (transaction: Y.Transaction) => void): void {
    this.#writePending()
    const { caret } = this.#screen
    this.#undo.track(caret, true, () => this.#doc.transact(change, this))
    this.#undo.stopCapturing()
  }

  #onUpdate(payload: UpdateListenerPayload): void {
    const { editorState, dirtyElements, dirtyLeaves } = payload
    const [over, pending] = this.#over ?? []
    this.#over = undefined
    this.#holding.letGoOfEnded(editorState)
    const { stale } = this.#holding
    const isUnchanged = dirtyElements.size === 0 && dirtyLeaves.size === 0
    if (isUnchanged && stale === undefined) return
    try {
      if (stale === undefined) this.#writer.write(payload, pending === editorState ? over : undefined)
      else if (!this.#editor.isComposing()) this.#writer.release(stale, editorState)
    } catch (error) {
      this.#recover(error)
    }
  }

  #beforeTransaction(): void {
    if (this.#writer.isWriting) return
    this.#screen.noteCaret()
    this.#holding.note()
  }

  #afterTransaction(transaction: Y.Transaction): void {
    if (this.#writer.isWriting) return
    try {
      this.#screen.show(this.#shown.update(transaction))
    } catch (error) {
      this.#recover(error)
    }
  }

  #recover(error: unknown): void {
    this.#options.onError(error)
    this.#screen.rebuild()
  }

  #newId(): string {
    return (this.#options.newId ?? randomId)()
  }
}

/** 72 random bits: two people never make the same id. */
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(9))
  return Array.from(bytes, (byte) => byte.toString(36).padStart(2, '0')).join('')
}
