/**
 * Which states a disk may be found in after the power went: what was synced, and of what was not any part, in any order,
 * the last piece of it torn.
 *
 * After a mere kill everything is there that was written. Names (new files, removals, renames) reach the disk in the
 * order in which they were made, some or all of them, and any sync takes those before it along, as the journal of a
 * file system does.
 */
import type { Random } from '../harness/random.ts'
import type { DiskCall } from './recording.ts'

/** A disk writes a sector whole or not at all. */
const SECTOR = 512

type Change = Exclude<DiskCall, { kind: 'sync' }>
type NameChange = Extract<Change, { kind: 'remove' | 'rename' | 'link' }>

export class Disk {
  readonly #synced: Map<string, FileBytes>
  #changes: Change[] = []

  constructor(before: ReadonlyMap<string, Buffer> = new Map()) {
    this.#synced = new Map([...before].map(([name, bytes]) => [name, new FileBytes(bytes)]))
  }

  take(call: DiskCall): void {
    if (call.kind !== 'sync') {
      this.#changes.push(call)
      return
    }
    const isKept = (change: Change): boolean => isOfNames(change) || change.file === call.file
    for (const change of this.#changes) if (isKept(change)) apply(this.#synced, change)
    this.#changes = this.#changes.filter((change) => !isKept(change))
  }

  /** As a kill leaves it. */
  afterKill(): Map<string, Uint8Array> {
    return this.#with(this.#changes)
  }

  /** As it may be found when the power has gone. */
  afterPowerCut(random: Random): Map<string, Uint8Array> {
    const share = random.of([0, 0.2, 0.5, 0.8, 1])
    let names = random.below(this.#changes.filter(isOfNames).length + 1)
    const kept = this.#changes.filter((change) => (isOfNames(change) ? names-- > 0 : random.happens(share)))
    const last = kept.findLast((change) => change.kind === 'write')
    return this.#with(kept.map((change) => (change === last ? torn(last, random) : change)))
  }

  #with(changes: readonly Change[]): Map<string, Uint8Array> {
    const files = new Map([...this.#synced].map(([name, file]) => [name, new FileBytes(file.bytes)]))
    for (const change of changes) apply(files, change)
    return new Map([...files].map(([name, { bytes }]) => [name, bytes]))
  }
}

function isOfNames(change: Change): change is NameChange {
  return change.kind !== 'write' && change.kind !== 'truncate'
}

function torn(write: Extract<Change, { kind: 'write' }>, random: Random): Change {
  const sectors = Math.ceil(write.bytes.length / SECTOR)
  return { ...write, bytes: write.bytes.subarray(0, random.below(sectors + 1) * SECTOR) }
}

function apply(files: Map<string, FileBytes>, change: Change): void {
  const old = files.get(change.file)
  switch (change.kind) {
    case 'write':
    case 'truncate': {
      const file = old ?? new FileBytes(new Uint8Array())
      files.set(change.file, file)
      if (change.kind === 'write') file.write(change.bytes, change.offset)
      else file.truncate(change.length)
      break
    }
    case 'remove':
      files.delete(change.file)
      break
    case 'rename':
    case 'link':
      if (old !== undefined) files.set(change.to, old)
      if (change.kind === 'rename') files.delete(change.file)
  }
}

/** Grows by doubling: a log is written in thousands of small pieces. */
class FileBytes {
  #room: Uint8Array
  #length: number

  constructor(bytes: Uint8Array) {
    this.#room = bytes.slice()
    this.#length = bytes.length
  }

  get bytes(): Uint8Array {
    return this.#room.subarray(0, this.#length)
  }

  write(bytes: Uint8Array, offset: number): void {
    this.#grow(offset + bytes.length)
    this.#room.set(bytes, offset)
  }

  truncate(length: number): void {
    this.#room.fill(0, Math.min(length, this.#length))
    this.#length = Math.min(length, this.#length)
    this.#grow(length)
  }

  /** What is between the old end and the new one reads as zeros. */
  #grow(length: number): void {
    if (length > this.#room.length) {
      const larger = new Uint8Array(Math.max(length, this.#room.length * 2))
      larger.set(this.bytes)
      this.#room = larger
    }
    this.#length = Math.max(length, this.#length)
  }
}
