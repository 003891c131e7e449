/**
 * The seal that stands beside every stored update, snapshot, history segment and catalogue entry: version, length,
 * checksum.
 *
 * The checksum covers the bytes and what they are said to be (document, sequence, time, author), so a row that decayed,
 * or that came to stand under another number, is found when it is read. It guards against decay, not against forgers.
 */
import { crc32 } from 'node:zlib'
import { StoreError } from './error.ts'

const VERSION = 1
/** version u8, length u32, CRC-32 u32; big endian. */
const SEAL_BYTES = 9

export interface RecordIdentity {
  readonly kind: 'update' | 'snapshot' | 'segment' | 'entry'
  readonly documentId: string
  /** Of an update its own, of a snapshot or segment the last one contained, of a catalogue entry 0. */
  readonly seq: number
  /** Whatever else must not change unseen. */
  readonly facts: readonly (string | number)[]
}

/** @returns what to store beside `parts`, whose order and lengths it fixes. */
export function sealRecord(identity: RecordIdentity, ...parts: readonly Uint8Array[]): Uint8Array {
  const seal = new Uint8Array(SEAL_BYTES)
  const view = new DataView(seal.buffer)
  view.setUint8(0, VERSION)
  view.setUint32(1, totalLength(parts))
  view.setUint32(5, checksum(identity, parts))
  return seal
}

/** @throws {StoreError} `corrupt`, naming document and sequence, when anything differs from what was sealed. */
export function checkRecord(
  seal: Uint8Array,
  identity: RecordIdentity,
  ...parts: readonly Uint8Array[]
): void {
  const differs = whatDiffers(seal, identity, parts)
  if (differs === undefined) return
  const what = identity.kind === 'entry' ? 'its catalogue entry' : `${identity.kind} ${identity.seq}`
  throw new StoreError('corrupt', `document ${identity.documentId}: ${what} is damaged: ${differs}`)
}

function whatDiffers(
  seal: Uint8Array,
  identity: RecordIdentity,
  parts: readonly Uint8Array[],
): string | undefined {
  if (seal.length !== SEAL_BYTES) return `its seal has ${seal.length} bytes instead of ${SEAL_BYTES}`
  const view = new DataView(seal.buffer, seal.byteOffset, seal.byteLength)
  if (view.getUint8(0) !== VERSION) return `its seal has version ${view.getUint8(0)}, unknown here`
  const length = totalLength(parts)
  if (view.getUint32(1) !== length) return `${length} bytes instead of ${view.getUint32(1)}`
  return view.getUint32(5) === checksum(identity, parts) ? undefined : 'its checksum differs'
}

function totalLength(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0)
}

function checksum(identity: RecordIdentity, parts: readonly Uint8Array[]): number {
  const { kind, documentId, seq, facts } = identity
  // JSON keeps the fields apart, so that no two identities read alike.
  const start = crc32(JSON.stringify([kind, documentId, seq, ...facts, ...parts.map((part) => part.length)]))
  return parts.reduce((sum, part) => crc32(part, sum), start)
}
