/**
 * How many of a session's step-2 and update messages are on disk.
 *
 * A message is `taken` when everything in it is on its way to the store or was before: it counts once the room has
 * committed the ticket that was the newest at that moment. A message that was `refused` holds the count, until a
 * step 2 that answers one of our step 1 has been taken whole: such an answer carries everything the client's
 * document holds that we lacked, and so everything in the messages before it.
 */

/** Of the room: the number of the update that was accepted last. Committed in this order. */
export type Ticket = number

export class AckCount {
  #received = 0
  #holds = false
  /** Messages up to `count` are on disk once `ticket` is; both rise. */
  #waiting: { count: number; ticket: Ticket; readonly since: number }[] = []
  #durable = 0

  /** Messages on disk so far. */
  get durable(): number {
    return this.#durable
  }

  /** Whether messages wait for their ticket. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0
  }

  /** @param since when the message came. */
  take(ticket: Ticket, since: number): void {
    this.#received++
    if (!this.#holds) this.#wait(ticket, since)
  }

  refuse(): void {
    this.#received++
    this.#holds = true
  }

  /** The message is a whole answer: it and everything before it wait for `ticket`. */
  cover(ticket: Ticket, since: number): void {
    this.#received++
    this.#holds = false
    this.#wait(ticket, since)
  }

  /** @returns undefined when the count has not risen, otherwise when the first message that now counts came. */
  commit(ticket: Ticket): number | undefined {
    const beyond = this.#waiting.findIndex((waiting) => waiting.ticket > ticket)
    const reached = beyond === -1 ? this.#waiting.length : beyond
    if (reached === 0) return undefined
    const since = this.#waiting[0]?.since
    this.#durable = this.#waiting[reached - 1]?.count ?? this.#durable
    this.#waiting.splice(0, reached)
    return since
  }

  #wait(ticket: Ticket, since: number): void {
    const last = this.#waiting.at(-1)
    if (last?.ticket === ticket) last.count = this.#received
    else this.#waiting.push({ count: this.#received, ticket, since })
  }
}
