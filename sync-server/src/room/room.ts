/**
 * The live side of one document: what is known, what is on its way to the store, what is committed, who is here.
 *
 * The order is the product: accept, commit, relay, acknowledge. Members are told of new updates by `advance`, which
 * is called from one place, after a commit, so nothing that is not on disk is ever on anybody else's screen.
 * No Yjs document exists here.
 */

import { SCHEMA_VERSION } from '@weft/document/rules'
import {
  type DocumentInfo,
  type DocumentStore,
  type Snapshot,
  StoreError,
  shouldCompact,
} from '@weft/persistence'
import { CLOSE, type Notice } from '@weft/protocol'
import type { Logger } from '../observe/logger.ts'
import type { Ticket } from './ack-count.ts'
import type { Clock } from './clock.ts'
import { CommitQueue } from './commit-queue.ts'
import type { StoredSection } from './contradiction.ts'
import type { Missing } from './dependencies.ts'
import { judge } from './guard.ts'
import type { Intake } from './intake.ts'
import type { Knowledge } from './knowledge.ts'
import type { Log, LogEntry } from './log.ts'
import type { Member } from './member.ts'
import { Members } from './members.ts'
import { Presence } from './presence.ts'
import type { RoomLimits } from './room-limits.ts'
import type { RoomCounters } from './room-stats.ts'
import { checkSchema } from './schema-guard.ts'
import { StructureGuard } from './structure-guard.ts'
import type { UpdateLayout } from './update-layout.ts'

export interface RoomDeps {
  readonly store: DocumentStore
  readonly clock: Clock
  readonly limits: RoomLimits
  readonly logger: Logger
  readonly counters: RoomCounters
  readonly intake: Intake
  /** Puts all of the log into memory. @throws {StoreError} what the store says. */
  readonly restore: () => Promise<void>
  /** The tail has grown long. */
  readonly requestCompaction: (room: Room) => void
}

/** What became of an update that a member sent. */
export type Submission =
  /** All of it is, or will be, on disk once `ticket` is committed. */
  | { readonly kind: 'taken'; readonly ticket: Ticket }
  | { readonly kind: 'gap'; readonly missing: Missing }
  /** It holds what this document may not; nothing of it was kept. */
  | { readonly kind: 'against-schema'; readonly reason: string }
  /** New content under a client id that belongs to somebody else; nothing of it was kept. */
  | { readonly kind: 'foreign'; readonly client: number }
  /** Other content under a client id and clocks that are known; nothing of it was kept. */
  | { readonly kind: 'contradiction'; readonly client: number; readonly clock: number }
  /** Nothing of it was kept, for want of room or of what it must be compared with; the member will be asked again. */
  | { readonly kind: 'queue-full' }
  | { readonly kind: 'too-large' }

export class Room {
  readonly documentId: string
  /** Of the guarded schema; 0 when this document may hold anything. */
  readonly schema: number
  readonly known: Knowledge
  readonly log: Log
  readonly presence: Presence
  /** By the clock, ms. */
  readonly openedAt: number
  readonly #deps: RoomDeps
  readonly #queue: CommitQueue
  readonly #structure: StructureGuard
  readonly #members: Members
  #title: string
  /** Newest version of the schema that somebody has written with. */
  #written: number
  #isOpen = true
  #isReading = false
  #idleSince: number
  #usedAt: number

  constructor(info: DocumentInfo, log: Log, known: Knowledge, deps: RoomDeps) {
    const { clock, limits, logger } = deps
    this.documentId = info.id
    this.#title = info.title
    this.schema = info.kind === 'weft' ? SCHEMA_VERSION : 0
    this.#written = info.schema
    this.log = log
    this.known = known
    this.#deps = deps
    this.#members = new Members(info.id, logger)
    this.openedAt = clock.now()
    this.#idleSince = this.openedAt
    this.#usedAt = this.openedAt
    this.#structure = new StructureGuard(log, known, clock)
    this.presence = new Presence({
      clock,
      perSecond: limits.awarenessPerSecond,
      maxStateBytes: limits.maxAwarenessBytes,
      owners: known.owners,
      send: (frame, except) =>
        this.#members.each((member) => {
          if (member !== except) member.deliverPresence(frame)
        }),
    })
    this.#queue = new CommitQueue({
      ...deps,
      documentId: info.id,
      committed: (entries) => this.#committed(entries),
      stateChanged: (state, message) => {
        logger.warn({ documentId: info.id, state, reason: message }, 'the storage of a document has changed')
        this.notify({ kind: 'storage', state, message })
      },
      drained: () => this.#members.askOwed(),
      lost: (error) => this.#lost(error),
    })
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  get title(): string {
    return this.#title
  }

  get size(): number {
    return this.#members.size
  }

  /** Since when nobody is here; undefined while somebody is. */
  get idleSince(): number | undefined {
    return this.#members.size === 0 ? this.#idleSince : undefined
  }

  get storage(): CommitQueue['storage'] {
    return this.#queue.storage
  }

  /** The newest ticket that is on disk. */
  get committed(): Ticket {
    return this.#queue.committed
  }

  get uncommitted(): number {
    return this.#queue.updates
  }

  get residentBytes(): number {
    return this.log.residentBytes + this.#queue.bytes + this.#structure.residentBytes
  }

  /** Of these, what `release` gives back, or will once nothing waits for the store. */
  get releasableBytes(): number {
    return this.log.residentBytes + this.#structure.residentBytes
  }

  /** When somebody last came, or the log was last needed from the store. */
  get usedAt(): number {
    return this.#usedAt
  }

  /** Leaves what is stored to the store. */
  release(): void {
    this.log.release()
    if (this.#queue.updates === 0) this.#structure.release()
  }

  /** Resolves once all of the log is in memory. @throws {StoreError} what the store says. */
  restoreLog(): Promise<void> {
    this.#usedAt = this.#deps.clock.now()
    return this.#deps.restore()
  }

  enter(member: Member): void {
    this.#usedAt = this.#deps.clock.now()
    this.#members.add(member)
  }

  leave(member: Member): void {
    if (!this.#members.remove(member)) return
    this.presence.leave(member)
    if (this.#members.size === 0) this.#idleSince = this.#deps.clock.now()
  }

  /**
   * Takes what is new in an update, all of it or, of a step 2 (`whole` false), what can be applied.
   * @param bytes read now, and copied where they are kept.
   * @throws {ProtocolError} for malformed bytes, and for what contradicts the document; nothing was taken.
   */
  submit(from: Member, bytes: Uint8Array, whole: boolean): Submission {
    if (this.#queue.isFull) {
      this.#members.owe(from)
      return { kind: 'queue-full' }
    }
    const { owners } = this.known
    const isForeign = owners.isEmpty
      ? undefined
      : (client: number): boolean => owners.isForeign(client, from.principal)
    const verdict = judge(bytes, this.known, whole, isForeign, () => this.#stored())
    switch (verdict.kind) {
      case 'foreign':
      case 'contradiction':
        return verdict
      case 'known':
        return { kind: 'taken', ticket: this.#queue.accepted }
      case 'new':
        return (
          this.#refusalOf(from, verdict.update) ?? {
            kind: 'taken',
            ticket: this.#accept(from, verdict.update),
          }
        )
      case 'gap':
        if (verdict.update !== undefined) {
          const refusal = this.#refusalOf(from, verdict.update)
          if (refusal !== undefined) return refusal
          this.#accept(from, verdict.update)
        }
        this.#members.waits(from)
        return { kind: 'gap', missing: verdict.missing }
    }
  }

  /** Newest first, as far as it is in memory as it came. */
  *#stored(): Generator<StoredSection, undefined> {
    yield* this.#queue.sections()
    yield* this.log.sections()
  }

  #refusalOf(from: Member, update: UpdateLayout): Submission | undefined {
    if (this.#wouldBeTooLarge(update)) return { kind: 'too-large' }
    const refusal = this.schema === 0 ? undefined : checkSchema(update)
    if (refusal !== undefined) return { kind: 'against-schema', reason: refusal.reason }
    // Last, because it takes note of what is accepted.
    if (this.#structure.take(update)) return undefined
    this.#members.owe(from)
    void this.#readLog()
    return { kind: 'queue-full' }
  }

  async #readLog(): Promise<void> {
    if (this.#isReading) return
    this.#isReading = true
    try {
      await this.restoreLog()
      await this.#structure.prepare()
      this.#members.askOwed()
    } catch (error) {
      this.#deps.logger.error({ err: error, documentId: this.documentId }, 'a log could not be read again')
      this.#members.closeOwed(CLOSE.storeUnavailable, 'the document cannot be read')
    } finally {
      this.#isReading = false
    }
  }

  /** Whether a client that knows this version of the schema might misread what is here. One that says nothing never does. */
  isBeyond(schema: number | undefined): boolean {
    return this.schema > 0 && schema !== undefined && schema < this.#written
  }

  /** Nothing that this member sent waits for anything any more. */
  filled(member: Member): void {
    this.#members.waitsNoMore(member)
  }

  #accept(from: Member, update: UpdateLayout): Ticket {
    if (this.schema > 0) this.#writtenWith(from.schema)
    const ticket = this.#takeIn(from, update)
    this.#members.learn(from)
    return ticket
  }

  #writtenWith(schema = 0): void {
    // A version that this server does not know counts as its own: nobody locks all others out by claiming a high one.
    const written = Math.min(schema, this.schema)
    if (written <= this.#written) return
    this.#written = written
    this.#queue.raiseSchema(written)
    this.#members.each((member) => {
      if (this.isBeyond(member.schema)) member.outgrown()
    })
  }

  /** Known and on its way, or neither: a document of which that cannot be said is loaded again. */
  #takeIn(from: Member, update: UpdateLayout): Ticket {
    try {
      this.known.add(update, from.principal)
      return this.#queue.push(update, { principal: from.principal, author: from.id })
    } catch (error) {
      this.#lost(error)
      throw error
    }
  }

  /**
   * The tail can be folded, so it counts only where it has grown beyond what folding keeps up with. Who only deletes
   * may go on, because that is how a document gets smaller again; but not without end: holes take room too.
   */
  #wouldBeTooLarge({ bytes, sections }: UpdateLayout): boolean {
    const { maxDocumentBytes } = this.#deps.limits
    const { snapshotBytes, tailBytes } = this.log.sizes
    const content = Math.max(snapshotBytes, (snapshotBytes + tailBytes + this.#queue.bytes) / 2)
    return content + bytes.length > (sections.length === 0 ? 2 : 1) * maxDocumentBytes
  }

  /** The one place from which anything is relayed or acknowledged. */
  #committed(entries: readonly LogEntry[]): void {
    for (const entry of entries) this.log.append(entry)
    this.#members.each((member) => member.advance())
    if (shouldCompact(this.log.sizes)) this.#deps.requestCompaction(this)
  }

  #lost(error: unknown): void {
    if (!this.#isOpen) return
    const { logger } = this.#deps
    if (error instanceof StoreError && error.code === 'not-found')
      this.end(CLOSE.deleted, 'the document was deleted')
    else if (error instanceof StoreError) {
      logger.error({ err: error, documentId: this.documentId }, 'the storage of a document is gone')
      this.end(CLOSE.storeUnavailable, 'the storage is not available')
    } else {
      logger.error({ err: error, documentId: this.documentId }, 'a document could not be written')
      this.end(CLOSE.internal, 'internal error')
    }
  }

  /** A compaction has been stored: memory follows. */
  compacted(snapshot: Snapshot, knowledge: Knowledge): void {
    this.log.compact(snapshot)
    if (this.#queue.updates === 0) this.#structure.folded(snapshot.bytes.length)
    // Integrating may have deleted more than the updates say: losers of a concurrent assignment.
    this.known.addAll(knowledge)
  }

  notify(notice: Notice): void {
    if (notice.kind === 'renamed') this.#title = notice.title
    this.#members.each((member) => member.notify(notice))
  }

  /** Resolves once everything accepted is on disk, or never will be. */
  whenIdle(): Promise<void> {
    return this.#queue.whenIdle()
  }

  /** Members, for a drain that closes them in slices. */
  members(): Member[] {
    return this.#members.all()
  }

  /** Nothing is left to do for this room; safe to call twice. What was accepted and not committed is offered again by its writers. */
  end(code: number, reason: string): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#queue.close()
    this.#members.each((member) => member.close(code, reason))
    this.presence.close()
  }
}
