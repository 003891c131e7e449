/** Somebody who stays in a document all day, and comes back to it with what they have whenever the connection was lost. */
import * as Y from 'yjs'
import type { Visitor } from '../scale/visitor.ts'

export class Resident {
  visitor: Visitor
  readonly #enter: (doc: Y.Doc) => Visitor
  readonly #doc = new Y.Doc()

  constructor(enter: (doc: Y.Doc) => Visitor) {
    this.#enter = enter
    this.visitor = enter(this.#doc)
  }

  /** In the document, and told all of it. */
  get isHere(): boolean {
    return this.visitor.closed === undefined && this.visitor.synced
  }

  /** Here, and nothing waits for the disk. */
  get isSaved(): boolean {
    return this.isHere && this.visitor.saved
  }

  /** Unless they never left. */
  comeBack(): void {
    if (this.visitor.closed !== undefined) this.visitor = this.#enter(this.#doc)
  }
}
