/**
 * What the merge report asks of an editor with its binding, so that one script can be played to several.
 *
 * Rule: a contestant adds nothing of its own to what its maker ships: it places the caret, calls the editor's own
 * commands, and hands Yjs updates in and out.
 */
import type * as Y from 'yjs'

/** A place on one's own screen: an index of `Screen.blocks` and a number of characters. */
export interface Place {
  readonly block: number
  readonly offset: number
}

export type Kind = 'paragraph' | 'heading' | 'code' | 'bullet'

export interface NewBlock {
  readonly kind: Kind
  readonly indent: number
  readonly text: string
}

export interface Screen {
  /** The text of each block that has text of its own, cells of tables included, in order. */
  readonly blocks: readonly string[]
  /** All that can be seen, kinds, nesting and marks included; equal texts are equal screens. */
  readonly whole: string
}

/** One person at one editor. Every method acts at once and commits; one that throws may have done nothing. */
export interface Person {
  readonly doc: Y.Doc
  /** What the editor complained of since it was opened. */
  readonly errors: readonly unknown[]
  screen(): Screen
  /** Makes these blocks the whole of an empty document. */
  write(blocks: readonly NewBlock[]): void
  /** The same with one table, row by row. */
  writeTable(rows: readonly (readonly string[])[]): void
  /** Types one character after the other. */
  type(at: Place, text: string): void
  enter(at: Place): void
  /** Backspace at the start of a block, which is joined to the one before it. */
  join(block: number): void
  /** Selects and deletes. */
  erase(from: Place, to: Place): void
  /** Selects everything and types. */
  retype(text: string): void
  setKind(from: Place, to: Place, kind: Kind): void
  bold(from: Place, to: Place): void
  link(from: Place, to: Place): void
  /** Drags a top-level block before another one. */
  moveBefore(block: number, target: number): void
  /** Pastes paragraphs. */
  paste(at: Place, paragraphs: readonly string[]): void
  indent(block: number): void
  outdent(block: number): void
  /** Below the row, and behind the column, of the cell that holds the block; the two that delete take theirs. */
  addRow(block: number): void
  addColumn(block: number): void
  deleteRow(block: number): void
  deleteColumn(block: number): void
  undo(): void
  /** What is done next is an undo step of its own. */
  pause(): void
  /** Applies what others have sent. */
  receive(update: Uint8Array): void
  close(): void
}

export interface Contestant {
  readonly name: 'weft' | 'lexical-v1' | 'lexical-v2' | 'y-prosemirror'
  readonly title: string
  /** @param client the Yjs client id. */
  open(client: number): Person
}

/** The origin of what came from others. */
export const NETWORK = { name: 'network' }
