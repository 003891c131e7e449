/**
 * Folded log segments: what a snapshot stands in place of, kept compressed with time and author of every update.
 *
 * A segment is raw-deflated; inside, one length-prefixed JSON header and then the updates' bytes end to end. From all
 * segments and the log every past state can be made again; who needs one merges the updates itself.
 */
import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import type { SegmentRow } from './driver.ts'
import { StoreError } from './error.ts'
import type { StoredUpdate } from './store.ts'

// The callback forms run on libuv's threads: packing a large log never holds the event loop.
const deflate = promisify(deflateRaw)
const inflate = promisify(inflateRaw)

const VERSION = 1
const HEADER_LENGTH_BYTES = 4

interface SegmentHeader {
  readonly version: number
  readonly first: number
  /** Of each update. */
  readonly lengths: readonly number[]
  /** ms since the one before; the first since 1970. */
  readonly elapsed: readonly number[]
  /** Every author once, and for each update the author's place in that list. */
  readonly principals: readonly string[]
  readonly by: readonly number[]
}

/** @param updates at least one, with contiguous sequences. */
export async function packSegment(updates: readonly StoredUpdate[]): Promise<SegmentRow> {
  const first = updates[0]?.seq ?? 0
  const principals = [...new Set(updates.map((update) => update.principal))]
  const placeOf = new Map(principals.map((principal, place) => [principal, place]))
  const header: SegmentHeader = {
    version: VERSION,
    first,
    lengths: updates.map((update) => update.bytes.length),
    elapsed: updates.map((update, index) => update.at - (updates[index - 1]?.at ?? 0)),
    principals,
    by: updates.map((update) => placeOf.get(update.principal) ?? 0),
  }
  const head = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(HEADER_LENGTH_BYTES)
  length.writeUInt32BE(head.length)
  const packed = await deflate(Buffer.concat([length, head, ...updates.map((update) => update.bytes)]))
  return { first, last: first + updates.length - 1, bytes: packed }
}

/** @throws {StoreError} `corrupt` when the segment is not one: its checksum was right, so it was written wrongly. */
export async function unpackSegment(
  documentId: string,
  segment: SegmentRow,
): Promise<readonly StoredUpdate[]> {
  try {
    const updates = readSegment(await inflate(segment.bytes))
    if (updates[0]?.seq === segment.first && updates.at(-1)?.seq === segment.last) return updates
    throw new RangeError('it holds other updates than it says')
  } catch (cause) {
    const what = `history ${segment.first} to ${segment.last} cannot be unpacked`
    throw new StoreError('corrupt', `document ${documentId}: ${what}`, cause)
  }
}

function readSegment(raw: Buffer): StoredUpdate[] {
  const headEnd = HEADER_LENGTH_BYTES + raw.readUInt32BE(0)
  const header = JSON.parse(raw.toString('utf8', HEADER_LENGTH_BYTES, headEnd)) as SegmentHeader
  if (header.version !== VERSION) throw new RangeError(`segment version ${header.version}`)
  let offset = headEnd
  let at = 0
  return header.lengths.map((length, index) => {
    const bytes = raw.subarray(offset, offset + length)
    if (bytes.length !== length) throw new RangeError('segment ends early')
    offset += length
    at += header.elapsed[index] ?? 0
    return { seq: header.first + index, at, principal: header.principals[header.by[index] ?? 0] ?? '', bytes }
  })
}
