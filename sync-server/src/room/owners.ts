/**
 * Whose each client id is, in one document: nobody else may bring new content under it.
 *
 * Two replicas that write different things under one id and clock never agree again, and neither can tell. So an id
 * belongs to the identified principal who announced it first in awareness, or whose record first carried its content
 * and no other client's. A record with several clients is a copy that somebody carried here, and makes no owner: the
 * people who wrote it may still be on their way. Where nobody signs in, ids have no owners.
 *
 * Owners of stored content follow from the log; announcements are kept only as long as the room.
 */
import { isIdentified } from '../access/principal.ts'
import type { UpdateLayout } from './update-layout.ts'

/** So many announced ids of which nothing is stored are remembered, the newest ones: more than a room has people. */
const MAX_ANNOUNCED = 10_000

export class Owners {
  readonly #stored = new Map<number, string>()
  readonly #announced = new Map<number, string>()

  /** Nothing belongs to anybody: nobody needs to be asked. */
  get isEmpty(): boolean {
    return this.#stored.size === 0 && this.#announced.size === 0
  }

  /** Of an id of which something is stored. */
  ofStored(client: number): string | undefined {
    return this.#stored.get(client)
  }

  isForeign(client: number, principal: string): boolean {
    const owner = this.#stored.get(client) ?? this.#announced.get(client)
    return owner !== undefined && owner !== principal
  }

  /** A record of `principal` is in the log, or on its way there. */
  add({ sections }: UpdateLayout, principal: string): void {
    const [first] = sections
    if (first === undefined || !isIdentified(principal)) return
    // Only around a Skip does one client have several sections, and no record has any.
    if (sections.length === 1) this.set(first.client, principal)
  }

  /** `principal` has said that it writes under this id. */
  announce(client: number, principal: string): void {
    if (!isIdentified(principal) || this.#stored.has(client) || this.#announced.has(client)) return
    this.#announced.set(client, principal)
    if (this.#announced.size <= MAX_ANNOUNCED) return
    for (const oldest of this.#announced.keys()) {
      this.#announced.delete(oldest)
      return
    }
  }

  /** Of stored content; the first owner stays. */
  set(client: number, principal: string): void {
    if (this.#stored.has(client)) return
    this.#stored.set(client, principal)
    this.#announced.delete(client)
  }

  /** Adds what another one knows of stored content. */
  addAll(other: Owners): void {
    for (const [client, principal] of other.#stored) this.set(client, principal)
  }
}
