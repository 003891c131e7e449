/** What the binding promises, and what it is told. */
import type { BlockShape, FlowPlace } from '@weft/document'
import type { LexicalEditor, NodeKey } from 'lexical'
import type * as Y from 'yjs'
import type { ApplyGate } from '../apply-gate.ts'
import type { EditorPoint } from './places.ts'

/** A place in the document as JSON: it stays with the character before it, for everybody. */
export type RelativePlace = FlowPlace

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
   * @param columns that blocks of the same container get in the same step.
   * @returns whether anything moved: not from one cell into another, nor a block of an unknown type.
   */
  moveBlocks(
    first: NodeKey,
    last: NodeKey,
    before: NodeKey | null,
    columns?: ReadonlyMap<NodeKey, number>,
  ): boolean
  /** Compares the editor with the document and puts it right. @returns whether they differed. */
  checkDrift(): boolean
  destroy(): void
}
