/**
 * Who is in a room, and of whom something is outstanding: who leans on what has not arrived, and who must be asked for
 * what was not kept.
 *
 * Whoever cannot be told is let go, and comes back; nobody else notices.
 */
import { CLOSE } from '@weft/protocol'
import type { Logger } from '../observe/logger.ts'
import type { Member } from './member.ts'

export class Members {
  readonly #documentId: string
  readonly #logger: Logger
  readonly #members = new Set<Member>()
  readonly #waiting = new Set<Member>()
  readonly #owed = new Set<Member>()

  constructor(documentId: string, logger: Logger) {
    this.#documentId = documentId
    this.#logger = logger
  }

  get size(): number {
    return this.#members.size
  }

  all(): Member[] {
    return [...this.#members]
  }

  add(member: Member): void {
    this.#members.add(member)
  }

  /** @returns whether it was here */
  remove(member: Member): boolean {
    this.#waiting.delete(member)
    this.#owed.delete(member)
    return this.#members.delete(member)
  }

  /** It leans on something that has not arrived. */
  waits(member: Member): void {
    this.#waiting.add(member)
  }

  waitsNoMore(member: Member): void {
    this.#waiting.delete(member)
  }

  /** Something that it sent was not kept, for want of room or of what it must be compared with. */
  owe(member: Member): void {
    this.#owed.add(member)
  }

  /** Whoever waits for something looks whether this was it. @param from who brought it */
  learn(from: Member): void {
    this.each((member) => {
      if (member !== from) member.learn()
    }, this.#waiting)
  }

  askOwed(): void {
    this.each((member) => member.askAgain(), this.#takeOwed())
  }

  closeOwed(code: number, reason: string): void {
    for (const member of this.#takeOwed()) member.close(code, reason)
  }

  #takeOwed(): Member[] {
    const owed = [...this.#owed]
    this.#owed.clear()
    return owed
  }

  each(tell: (member: Member) => void, members: Iterable<Member> = this.#members): void {
    // A copy: being told changes who is in these sets.
    const told = [...members]
    for (const member of told) {
      try {
        tell(member)
      } catch (error) {
        this.#logger.error({ err: error, documentId: this.#documentId }, 'a session could not be told')
        member.close(CLOSE.internal, 'internal error')
      }
    }
  }
}
