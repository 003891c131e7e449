/**
 * How far this page has written under each of its client ids, and from where on nobody has said that it is stored:
 * what may have to be written anew, should it turn out that the server knows these clocks otherwise.
 *
 * A page has one client id; Yjs takes another one when it sees its own in what somebody else wrote.
 */
import type { ClockRange } from './rekey.ts'

export class OwnEdits {
  /** In the order in which they were made: the edit's number, and its client's clock behind it. */
  #unconfirmed: { readonly edit: number; readonly client: number; readonly end: number }[] = []
  /** By client, the clock up to which everything is stored. */
  readonly #stored = new Map<number, number>()

  /** @param stored what `client` had written before this page did, as far as anybody knows */
  constructor(client: number, stored: number) {
    this.#stored.set(client, stored)
  }

  /** Edit number `edit` has been made; `client` has written everything before `end`. */
  made(edit: number, client: number, end: number): void {
    this.#unconfirmed.push({ edit, client, end })
  }

  /** Edits through this number are on the server's disk. */
  confirmed(through: number): void {
    const later = this.#unconfirmed.findIndex(({ edit }) => edit > through)
    const count = later === -1 ? this.#unconfirmed.length : later
    for (const { client, end } of this.#unconfirmed.splice(0, count)) this.#stored.set(client, end)
  }

  /** One for each client that has any. */
  get unconfirmed(): readonly ClockRange[] {
    const ends = new Map(this.#unconfirmed.map(({ client, end }) => [client, end]))
    return [...ends].map(([client, end]) => ({ client, from: this.#stored.get(client) ?? 0, end }))
  }
}
