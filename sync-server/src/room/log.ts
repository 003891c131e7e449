/**
 * A room's log in memory: the snapshot's bytes as they are stored, and every committed update after it.
 *
 * Nothing that is not committed is ever in here, so whatever is made from it may be shown to anybody.
 */
import type { Snapshot } from '@weft/persistence'
import { encodeSyncStep2, encodeUpdate } from '@weft/protocol'
import { concatenate } from './compose.ts'
import { type DeleteSet, Knowledge, type StateVector } from './knowledge.ts'
import { decodeSummary } from './summary.ts'
import { readOwnLayout, type UpdateLayout } from './update-layout.ts'

/** One record of the stored log. */
export interface LogEntry {
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

/** Different vectors of one moment that are kept; a crowd that comes back has the same one. */
const MAX_JOINS = 16

export class Log {
  #snapshot: Snapshot | undefined
  #tail: LogEntry[]
  #head: number
  #tailBytes = 0
  #tailRecords = 0
  #snapshotFrame: Uint8Array | undefined
  #snapshotKnowledge: Knowledge | undefined
  #wholeTail: Uint8Array | undefined
  #catchUps = new Map<number, CatchUp>()
  #joins = new Map<string, Uint8Array>()

  constructor(snapshot: Snapshot | undefined, tail: LogEntry[]) {
    this.#snapshot = snapshot
    this.#tail = tail
    this.#head = tail.at(-1)?.seq ?? snapshot?.through ?? 0
    this.#count(tail)
  }

  #count(entries: readonly LogEntry[]): void {
    for (const { update } of entries) this.#tailBytes += update.bytes.length
    this.#tailRecords += entries.length
  }

  /** The last committed sequence. */
  get head(): number {
    return this.#head
  }

  get sizes(): { tailBytes: number; tailRecords: number; snapshotBytes: number } {
    const snapshotBytes = this.#snapshot?.bytes.length ?? 0
    return { tailBytes: this.#tailBytes, tailRecords: this.#tailRecords, snapshotBytes }
  }

  get snapshot(): Snapshot | undefined {
    return this.#snapshot
  }

  append(entry: LogEntry): void {
    this.#tail.push(entry)
    this.#count([entry])
    this.#head = entry.seq
    this.#forget()
  }

  /** Puts a newer snapshot in place of the part of the tail that it contains. */
  compact(snapshot: Snapshot): void {
    if (snapshot.through <= (this.#snapshot?.through ?? 0)) return
    this.#snapshot = snapshot
    this.#tail = this.#tail.filter(({ seq }) => seq > snapshot.through)
    this.#tailBytes = 0
    this.#tailRecords = 0
    this.#count(this.#tail)
    this.#snapshotFrame = undefined
    this.#snapshotKnowledge = undefined
    this.#forget()
  }

  #forget(): void {
    this.#wholeTail = undefined
    this.#catchUps.clear()
    this.#joins.clear()
  }

  /** Encoded once for all sessions that stand at `cursor`. */
  since(cursor: number): CatchUp {
    let found = this.#catchUps.get(cursor)
    if (found === undefined) {
      found = this.#catchUp(cursor)
      this.#catchUps.set(cursor, found)
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
      return { frames: [this.snapshotFrame(this.#snapshot), ...frames], author: 0 }
    const author = entries[0]?.author ?? 0
    return { frames, author: entries.every((entry) => entry.author === author) ? author : 0 }
  }

  /** For a newcomer that holds nothing: stored bytes, undecoded; the same buffers for a crowd. */
  whole(): Uint8Array[] {
    if (this.#snapshot !== undefined && this.#tail.length === 0) {
      this.#wholeTail ??= encodeSyncStep2(this.#snapshot.bytes)
      return [this.#wholeTail]
    }
    this.#wholeTail ??= encodeSyncStep2(concatenate(this.#tail.map(({ update }) => update)))
    return this.#snapshot === undefined
      ? [this.#wholeTail]
      : [this.snapshotFrame(this.#snapshot), this.#wholeTail]
  }

  /** Whether somebody who holds `vector` has every struct of the snapshot. */
  covers(vector: StateVector): boolean {
    if (this.#snapshot === undefined) return true
    for (const [client, clock] of this.#ofSnapshot(this.#snapshot).vector)
      if ((vector.get(client) ?? 0) < clock) return false
    return true
  }

  /**
   * Step 2 for somebody who holds `vector` and has what the snapshot's structs are: the tail beyond it, and every
   * delete there is, for equal vectors do not mean equal deletes.
   */
  beyond(vector: StateVector, encodedVector: Uint8Array): Uint8Array {
    const key = Buffer.from(encodedVector.buffer, encodedVector.byteOffset, encodedVector.length).toString(
      'latin1',
    )
    let found = this.#joins.get(key)
    if (found === undefined) {
      const deleted: DeleteSet =
        this.#snapshot === undefined ? new Map() : this.#ofSnapshot(this.#snapshot).deleted
      found = encodeSyncStep2(
        concatenate(
          this.#tail.map(({ update }) => update),
          vector,
          deleted,
        ),
      )
      if (this.#joins.size >= MAX_JOINS) this.#joins.clear()
      this.#joins.set(key, found)
    }
    return found
  }

  snapshotFrame(snapshot: Snapshot): Uint8Array {
    this.#snapshotFrame ??= encodeUpdate(snapshot.bytes)
    return this.#snapshotFrame
  }

  #ofSnapshot(snapshot: Snapshot): Knowledge {
    this.#snapshotKnowledge ??= knowledgeOf(snapshot)
    return this.#snapshotKnowledge
  }
}

/** From its summary; from its bytes when there is none that can be read. */
export function knowledgeOf(snapshot: Snapshot): Knowledge {
  const summarised = decodeSummary(snapshot.summary)
  if (summarised !== undefined) return summarised
  const knowledge = new Knowledge()
  knowledge.add(readOwnLayout(snapshot.bytes))
  return knowledge
}
