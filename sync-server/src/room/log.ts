/**
 * A room's log in memory: the snapshot's bytes as they are stored, and every committed update after it.
 *
 * Nothing that is not committed is ever in here, so whatever is made from it may be shown to anybody. A log can be
 * released: then it keeps its facts and what is committed from then on, and what lies before is in the store alone
 * until somebody restores it. Who stands at the head notices nothing of that.
 */
import type { Snapshot } from '@weft/persistence'
import { encodeSyncStep2, encodeUpdate } from '@weft/protocol'
import { ByteCache, keyOf } from './byte-cache.ts'
import { concatenate } from './compose.ts'
import type { StoredSection } from './contradiction.ts'
import { HeldSnapshot } from './held-snapshot.ts'
import type { DeleteSet, StateVector } from './knowledge.ts'
import type { UpdateLayout } from './update-layout.ts'

/** One record of the stored log, or several that were put together. */
export interface LogEntry {
  /** Of its last record. */
  readonly seq: number
  readonly update: UpdateLayout
  /** `Member.id` of the session that wrote all of it; 0 when there are several, or it was loaded. */
  readonly author: number
}

/** What a session at some cursor is sent to stand at the head. */
export interface CatchUp {
  readonly frames: readonly Uint8Array[]
  /** The session that wrote all of it, which needs none of it; 0 when there are several. */
  readonly author: number
}

/** What was read from the store. */
export interface LogState {
  readonly snapshot: Snapshot | undefined
  /** Everything after it, in order. */
  readonly tail: readonly LogEntry[]
}

/** Bytes of answers to newcomers of one moment that are kept; a crowd that comes back has the same vector. */
const MAX_JOINS_BYTES = 4 * 1_048_576

/** A crowd that comes back is there within seconds. */
const KEPT_TICKS = 10

export class Log {
  #snapshot: HeldSnapshot | undefined
  #tail: LogEntry[]
  #head: number
  /** Everything committed after this sequence is in memory; and all before it as well, unless it was released. */
  #start: number
  #isWhole = true
  /** Of the stored document, in memory or not. */
  #through: number
  #snapshotBytes: number
  #tailBytes: number
  /** Of the entries that are in memory. */
  #heldTailBytes: number
  #wholeTail: Uint8Array | undefined
  #catchUps = new Map<number, CatchUp>()
  readonly #joins = new ByteCache(MAX_JOINS_BYTES)
  #madeBytes = 0
  #unusedTicks = 0

  constructor({ snapshot, tail }: LogState) {
    this.#snapshot = snapshot === undefined ? undefined : new HeldSnapshot(snapshot)
    this.#tail = [...tail]
    this.#through = snapshot?.through ?? 0
    this.#snapshotBytes = snapshot?.bytes.length ?? 0
    this.#tailBytes = bytesOf(tail)
    this.#heldTailBytes = this.#tailBytes
    this.#start = this.#through
    this.#head = tail.at(-1)?.seq ?? this.#through
  }

  /** The last committed sequence. */
  get head(): number {
    return this.#head
  }

  /** Of the stored document, in bytes and records; whether or not it is in memory. */
  get sizes(): { tailBytes: number; tailRecords: number; snapshotBytes: number } {
    // Sequences have no gaps.
    const tailRecords = this.#head - this.#through
    return { tailBytes: this.#tailBytes, tailRecords, snapshotBytes: this.#snapshotBytes }
  }

  /** What is in memory, with frames that were made of it. */
  get residentBytes(): number {
    const made = this.#madeBytes + this.#joins.bytes
    return (this.#snapshot?.residentBytes ?? 0) + this.#heldTailBytes + made
  }

  /** Whether all of the stored document is in memory; if not, only `since` may be asked, and only what it `holds`. */
  get isWhole(): boolean {
    return this.#isWhole
  }

  /** Whether everything after `cursor` is in memory. */
  holds(cursor: number): boolean {
    return this.#isWhole || cursor >= this.#start
  }

  get snapshot(): HeldSnapshot | undefined {
    return this.#snapshot
  }

  /** Of the tail that is in memory, newest first. */
  *sections(): Generator<StoredSection, undefined> {
    for (let at = this.#tail.length - 1; at >= 0; at--) {
      const update = this.#tail[at]?.update
      for (const section of update?.sections ?? [])
        yield { bytes: update?.bytes ?? new Uint8Array(), section }
    }
  }

  /** Of a whole log, all that the snapshot does not contain. */
  get tail(): readonly LogEntry[] {
    return this.#tail
  }

  append(entry: LogEntry): void {
    this.#tail.push(entry)
    this.#tailBytes += entry.update.bytes.length
    this.#heldTailBytes += entry.update.bytes.length
    this.#head = entry.seq
    this.#forget()
  }

  /** Puts a newer snapshot in place of the part of the tail that it contains. */
  compact(snapshot: Snapshot): void {
    if (snapshot.through <= this.#through) return
    // Nor does it bring back what was released before it: the next restoring does.
    if (snapshot.through < this.#start) return
    this.#become(
      snapshot,
      this.#tail.filter(({ seq }) => seq > snapshot.through),
    )
  }

  /** Leaves what is committed so far to the store. */
  release(): void {
    if (this.#head === 0) return
    this.#snapshot = undefined
    this.#tail = []
    this.#heldTailBytes = 0
    this.#start = this.#head
    this.#isWhole = false
    this.#forget()
  }

  /**
   * Takes back what was released; does nothing to a log that is whole.
   * @param read gives everything in the store up to a sequence, and may leave out nothing before it.
   * @param through the last sequence in the store when it was read.
   * @returns false when that was before the log was released: it must be read again.
   */
  restore(through: number, read: (upTo: number) => LogState): boolean {
    if (this.#isWhole) return true
    if (through < this.#start) return false
    const { snapshot, tail } = read(this.#start)
    const later = this.#tail.filter(({ seq }) => seq > (snapshot?.through ?? 0))
    this.#become(snapshot, [...tail, ...later])
    return true
  }

  #become(snapshot: Snapshot | undefined, tail: LogEntry[]): void {
    this.#snapshot = snapshot === undefined ? undefined : new HeldSnapshot(snapshot)
    this.#tail = tail
    this.#through = snapshot?.through ?? 0
    this.#snapshotBytes = snapshot?.bytes.length ?? 0
    this.#tailBytes = bytesOf(tail)
    this.#heldTailBytes = this.#tailBytes
    this.#start = this.#through
    this.#isWhole = true
    this.#forget()
  }

  /** Called about once a second: frames that nobody has asked for in a while are made again when somebody does. */
  tick(): void {
    this.#unusedTicks++
    if (this.#unusedTicks === KEPT_TICKS) this.#forget()
  }

  #forget(): void {
    this.#wholeTail = undefined
    this.#catchUps.clear()
    this.#joins.clear()
    this.#madeBytes = 0
  }

  /** Encoded once for all sessions that stand at `cursor`, which the log must hold. */
  since(cursor: number): CatchUp {
    this.#unusedTicks = 0
    let found = this.#catchUps.get(cursor)
    if (found === undefined) {
      if (!this.holds(cursor)) throw new Error(`what follows ${cursor} is not in memory`)
      found = this.#catchUp(cursor)
      this.#catchUps.set(cursor, found)
      for (const frame of found.frames) if (frame !== this.#snapshot?.frame) this.#madeBytes += frame.length
    }
    return found
  }

  #catchUp(cursor: number): CatchUp {
    let first = this.#tail.length
    while (first > 0 && (this.#tail[first - 1]?.seq ?? 0) > cursor) first--
    const entries = this.#tail.slice(first)
    const frames =
      entries.length === 0 ? [] : [encodeUpdate(concatenate(entries.map(({ update }) => update)))]
    // Folded while the session stood still: the snapshot contains what it lacks, and a replica skips what it knows.
    if (this.#snapshot !== undefined && cursor < this.#snapshot.through)
      return { frames: [this.#snapshot.frame, ...frames], author: 0 }
    const author = entries[0]?.author ?? 0
    return { frames, author: entries.every((entry) => entry.author === author) ? author : 0 }
  }

  /** For a newcomer that holds nothing: stored bytes, undecoded; the same buffers for a crowd. Of a whole log. */
  whole(): Uint8Array[] {
    this.#assertWhole()
    this.#unusedTicks = 0
    if (this.#wholeTail === undefined) {
      this.#wholeTail = encodeSyncStep2(concatenate(this.#tail.map(({ update }) => update)))
      this.#madeBytes += this.#wholeTail.length
    }
    return this.#snapshot === undefined ? [this.#wholeTail] : [this.#snapshot.frame, this.#wholeTail]
  }

  /** Whether somebody who holds `vector` has every struct of the snapshot. Of a whole log. */
  covers(vector: StateVector): boolean {
    this.#assertWhole()
    if (this.#snapshot === undefined) return true
    for (const [client, clock] of this.#snapshot.knowledge.vector)
      if ((vector.get(client) ?? 0) < clock) return false
    return true
  }

  /**
   * Step 2 for somebody who holds `vector` and has what the snapshot's structs are: the tail beyond it, and every
   * delete there is, for equal vectors do not mean equal deletes. Of a whole log.
   */
  beyond(vector: StateVector, encodedVector: Uint8Array): Uint8Array {
    this.#assertWhole()
    this.#unusedTicks = 0
    const key = keyOf(encodedVector)
    let found = this.#joins.get(key)
    if (found === undefined) {
      const deleted: DeleteSet = this.#snapshot?.knowledge.deleted ?? new Map()
      found = encodeSyncStep2(
        concatenate(
          this.#tail.map(({ update }) => update),
          vector,
          deleted,
        ),
      )
      this.#joins.set(key, found)
    }
    return found
  }

  #assertWhole(): void {
    if (!this.#isWhole) throw new Error('a part of the log is not in memory')
  }
}

function bytesOf(entries: readonly LogEntry[]): number {
  return entries.reduce((sum, { update }) => sum + update.bytes.length, 0)
}
