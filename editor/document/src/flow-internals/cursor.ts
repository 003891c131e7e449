/** Where the next step writes, and what it leaves of formats around. */
import * as Y from 'yjs'
import type { MarkChanges } from '../marks.ts'
import { type Format, formatOf, sameValue } from './segment.ts'

/** Yjs' own way of changing a text (`YText.js`), started anywhere the attributes in force are known. */
export class Cursor {
  readonly attributes: Map<string, unknown>
  readonly #flow: Y.Text
  readonly #transaction: Y.Transaction
  #left: Y.Item | null
  #right: Y.Item | null
  /** The last item that `insert` left behind. */
  #written: Y.Item | null = null

  constructor(
    flow: Y.Text,
    transaction: Y.Transaction,
    left: Y.Item | null,
    right: Y.Item | null,
    attributes: Map<string, unknown>,
  ) {
    this.#flow = flow
    this.#transaction = transaction
    this.#left = left
    this.#right = right
    this.attributes = attributes
  }

  /** Stays where it is when the item is not ahead. */
  goBehind(item: Y.Item): void {
    let ahead = this.#right
    while (ahead !== null && ahead !== item) ahead = ahead.right
    if (ahead === null) return
    do this.#forward()
    while (this.#left !== item)
  }

  retain(length: number, marks: MarkChanges | undefined): void {
    if (marks === undefined) {
      for (let left = length; left > 0 && this.#right !== null; ) {
        left -= this.#take(left)
        this.#forward()
      }
      return
    }
    this.#format(length, { ...marks })
  }

  /** @param signature of what is ahead, as `signatureOf` makes it. */
  sign(length: number, signature: Readonly<Record<string, number>>): void {
    this.#format(length, { ...signature })
  }

  delete(length: number): void {
    const startAttributes = new Map(this.attributes)
    const start = this.#right
    for (let left = length; left > 0 && this.#right !== null; ) {
      const taken = this.#take(left)
      if (taken > 0) this.#right.delete(this.#transaction)
      left -= taken
      this.#forward()
    }
    if (start !== null) this.#cleanGap(start, this.#right, startAttributes)
  }

  insert(
    content: Y.ContentString | Y.ContentEmbed | Y.ContentType,
    attributes: Record<string, unknown>,
  ): void {
    for (const name of this.attributes.keys()) attributes[name] ??= null
    // What is written in one go stays together: a format of somebody else is no place to go on behind.
    if (this.#left === null || this.#left !== this.#written) this.#skipSame(attributes)
    const negated = this.#open(attributes)
    this.#integrate(content)
    for (const [key, value] of negated) this.#integrateFormat(key, value)
    this.#written = this.#left
  }

  #format(length: number, attributes: Record<string, unknown>): void {
    this.#skipSame(attributes)
    const negated = this.#open(attributes)
    let left = length
    while (
      this.#right !== null &&
      (left > 0 || (negated.size > 0 && this.#right.content instanceof Y.ContentFormat))
    ) {
      const right = this.#right
      if (!right.deleted && right.content instanceof Y.ContentFormat) {
        const { key, value } = formatOf(right)
        if (key in attributes) {
          if (sameValue(attributes[key], value)) negated.delete(key)
          else {
            if (left === 0) break
            negated.set(key, value)
          }
          right.delete(this.#transaction)
        } else this.attributes.set(key, value)
      } else left -= this.#take(left)
      this.#forward()
    }
    this.#close(negated)
  }

  /** Splits the next item so that it is at most `length` long. @returns its length, 0 when it does not count. */
  #take(length: number): number {
    const right = this.#right
    if (right === null || right.deleted || !right.countable) return 0
    if (length < right.length)
      Y.getItemCleanStart(this.#transaction, Y.createID(right.id.client, right.id.clock + length))
    return right.length
  }

  #forward(): void {
    const right = this.#right
    if (right === null) return
    if (!right.deleted && right.content instanceof Y.ContentFormat) this.#note(formatOf(right))
    this.#left = right
    this.#right = right.right
  }

  #note({ key, value }: Format): void {
    if (value === null) this.attributes.delete(key)
    else this.attributes.set(key, value)
  }

  #integrate(content: Y.Item['content']): void {
    const { doc } = this.#transaction
    const left = this.#left
    const right = this.#right
    const id = Y.createID(doc.clientID, Y.getState(doc.store, doc.clientID))
    const item = new Y.Item(
      id,
      left,
      left && left.lastId,
      right,
      right && right.id,
      this.#flow,
      null,
      content,
    )
    item.integrate(this.#transaction, 0)
    this.#right = item
    this.#forward()
  }

  #integrateFormat(key: string, value: unknown): void {
    this.#integrate(new Y.ContentFormat(key, value as object))
  }

  /**
   * Goes right past formats that say what is wanted anyway, but not past anything deleted: what is typed belongs
   * to the character before it, and somebody else may be typing behind what was deleted.
   */
  #skipSame(attributes: Record<string, unknown>): void {
    const isWanted = Object.keys(attributes).every((key) =>
      sameValue(this.attributes.get(key) ?? null, attributes[key]),
    )
    if (!isWanted) this.#skipFormats((key, value) => sameValue(attributes[key] ?? null, value))
  }

  #skipFormats(isWanted: (key: string, value: unknown) => boolean): void {
    let last: Y.Item | null = null
    for (let right = this.#right; right?.content instanceof Y.ContentFormat; right = right.right) {
      if (right.deleted) continue
      const { key, value } = formatOf(right)
      if (!isWanted(key, value)) break
      last = right
    }
    if (last === null) return
    do this.#forward()
    while (this.#left !== last)
  }

  /** @returns what has to be written behind the change so that the rest keeps its attributes. */
  #open(attributes: Record<string, unknown>): Map<string, unknown> {
    const negated = new Map<string, unknown>()
    for (const [key, value] of Object.entries(attributes)) {
      const current = this.attributes.get(key) ?? null
      if (sameValue(current, value)) continue
      negated.set(key, current)
      this.#integrateFormat(key, value)
    }
    return negated
  }

  #close(negated: Map<string, unknown>): void {
    this.#skipFormats(
      (key, value) => negated.has(key) && sameValue(negated.get(key), value) && negated.delete(key),
    )
    for (const [key, value] of negated) this.#integrateFormat(key, value)
  }

  /** Deletes formats between `start` and the next character that no longer say anything. */
  #cleanGap(start: Y.Item, current: Y.Item | null, startAttributes: Map<string, unknown>): void {
    const last = new Map<string, Y.Item>()
    let end: Y.Item | null = start
    while (end !== null && (!end.countable || end.deleted)) {
      if (!end.deleted && end.content instanceof Y.ContentFormat) last.set(formatOf(end).key, end)
      end = end.right
    }
    let reached = false
    for (let item: Y.Item | null = start; item !== null && item !== end; item = item.right) {
      if (item === current) reached = true
      if (item.deleted || !(item.content instanceof Y.ContentFormat)) continue
      const format = formatOf(item)
      const before = startAttributes.get(format.key) ?? null
      if (last.get(format.key) !== item || sameValue(before, format.value)) {
        item.delete(this.#transaction)
        const current = this.attributes.get(format.key) ?? null
        if (!reached && sameValue(current, format.value) && !sameValue(before, format.value))
          this.#note({ key: format.key, value: before })
      } else if (!reached) this.#note(format)
    }
  }
}
