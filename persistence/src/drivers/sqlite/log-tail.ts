/**
 * What SQLite is about to leave out of a log file, because it is torn: it does so without a word.
 *
 * The log is read as SQLite reads it when it recovers: it ends with the last commit up to which every frame has the
 * salts of the header and a checksum that goes on from the one before. What comes behind that was being written when a
 * process or the machine ended; commits are synced one by one, so it is of one transaction at most, which nobody was
 * told of. Several commits behind a bad frame are therefore no torn write but decay.
 * @see https://www.sqlite.org/fileformat2.html#the_write_ahead_log
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

export interface DroppedTail {
  /** Of the log file that SQLite passes over, and the frames in them, the last one perhaps not whole. */
  readonly bytes: number
  readonly frames: number
  /** Frames among them that end a transaction. */
  readonly commits: number
}

const HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24
const MAGIC = 0x377f0682
/** What is left at the end of a file of an earlier beginning than that counts as garbage. */
const EARLIER_BEGINNINGS = 2 ** 20

/**
 * @param log `weft.db-wal`, which nobody has open
 * @returns undefined when SQLite will use all of it, or there is none
 */
export function droppedTail(log: string): DroppedTail | undefined {
  let file: number
  try {
    file = openSync(log, 'r')
  } catch {
    return undefined
  }
  try {
    const { size } = fstatSync(file)
    if (size === 0) return undefined
    const header = read(file, 0, HEADER_BYTES)
    const walk = header === undefined ? undefined : LogWalk.begin(header)
    // The header is written with the first transaction, and synced with it.
    if (walk === undefined) return { bytes: size, frames: 0, commits: 0 }
    const frameBytes = FRAME_HEADER_BYTES + walk.pageBytes
    for (let at = HEADER_BYTES; at < size; at += frameBytes) {
      const frame = read(file, at, Math.min(frameBytes, size - at))
      if (frame !== undefined) walk.frame(frame)
    }
    return walk.dropped
  } finally {
    closeSync(file)
  }
}

/** In one line, for the log of a server that has just begun. */
export function describeDropped({ bytes, frames, commits }: DroppedTail): string {
  const what = `the last ${bytes} bytes of weft.db-wal (${frames} frames) are not whole and were left out`
  if (commits <= 1)
    return `${what}: they were being written when the process or the machine ended, and nobody was told that they are saved`
  return (
    `${what}: there are ${commits} transactions in them, so the file is damaged, and edits that were acknowledged may be ` +
    'missing; who still has them open brings them back, otherwise restore a backup'
  )
}

function read(file: number, at: number, length: number): DataView | undefined {
  const bytes = new Uint8Array(length)
  const count = readSync(file, bytes, 0, length, at)
  return count === length ? new DataView(bytes.buffer) : undefined
}

class LogWalk {
  readonly pageBytes: number
  readonly #salts: readonly [number, number]
  readonly #littleEndian: boolean
  #sums: [number, number]
  #isSound = true
  #bytes = 0
  #frames = 0
  #commits = 0

  private constructor(header: DataView, littleEndian: boolean, sums: [number, number]) {
    const pageBytes = header.getUint32(8)
    this.pageBytes = pageBytes === 1 ? 65_536 : pageBytes
    this.#salts = [header.getUint32(16), header.getUint32(20)]
    this.#littleEndian = littleEndian
    this.#sums = sums
  }

  /** @returns undefined when SQLite does not take this for a log */
  static begin(header: DataView): LogWalk | undefined {
    const magic = header.getUint32(0)
    if (magic !== MAGIC && magic !== MAGIC + 1) return undefined
    const littleEndian = magic === MAGIC
    const sums = addTo([0, 0], header, 0, 24, littleEndian)
    if (!isSame(sums, header, 24)) return undefined
    const walk = new LogWalk(header, littleEndian, sums)
    const isPossible = walk.pageBytes >= 512 && walk.pageBytes <= 65_536
    return isPossible && (walk.pageBytes & (walk.pageBytes - 1)) === 0 ? walk : undefined
  }

  get dropped(): DroppedTail | undefined {
    return this.#bytes === 0
      ? undefined
      : { bytes: this.#bytes, frames: this.#frames, commits: this.#commits }
  }

  frame(frame: DataView): void {
    if (this.#isLeftOver(frame)) {
      // The log ends here; what stands behind it belongs to it only when blocks were written in another order.
      this.#isSound = false
      return
    }
    const isWhole = frame.byteLength === FRAME_HEADER_BYTES + this.pageBytes
    this.#isSound &&= isWhole && this.#goesOn(frame)
    const isCommit = frame.byteLength >= 8 && frame.getUint32(4) !== 0
    if (this.#isSound && isCommit) {
      this.#bytes = 0
      this.#frames = 0
      return
    }
    this.#bytes += frame.byteLength
    this.#frames++
    if (isCommit) this.#commits++
  }

  /** Of an earlier beginning of the file: each has a first salt higher by one. */
  #isLeftOver(frame: DataView): boolean {
    if (frame.byteLength < 16) return false
    const age = (this.#salts[0] - frame.getUint32(8)) >>> 0
    return age > 0 && age <= EARLIER_BEGINNINGS
  }

  #goesOn(frame: DataView): boolean {
    if (frame.getUint32(8) !== this.#salts[0] || frame.getUint32(12) !== this.#salts[1]) return false
    if (frame.getUint32(0) === 0) return false
    const ofHeader = addTo(this.#sums, frame, 0, 8, this.#littleEndian)
    this.#sums = addTo(ofHeader, frame, FRAME_HEADER_BYTES, frame.byteLength, this.#littleEndian)
    return isSame(this.#sums, frame, 16)
  }
}

function addTo(
  [first, second]: readonly [number, number],
  bytes: DataView,
  from: number,
  to: number,
  littleEndian: boolean,
): [number, number] {
  let one = first
  let two = second
  for (let at = from; at < to; at += 8) {
    one = (one + bytes.getInt32(at, littleEndian) + two) | 0
    two = (two + bytes.getInt32(at + 4, littleEndian) + one) | 0
  }
  return [one, two]
}

function isSame([one, two]: readonly [number, number], bytes: DataView, at: number): boolean {
  return bytes.getInt32(at) === one && bytes.getInt32(at + 4) === two
}
