/**
 * The folder's epoch: clients that see another one than before know that history may have moved back.
 *
 * It is sealed like everything else. One that decayed is replaced at the next start, which costs clients one whole
 * comparison and no edit.
 */
import { randomUUID } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import { readMeta, writeMeta } from './meta.ts'
import { transaction } from './transaction.ts'

export function ensureEpoch(database: DatabaseSync): string {
  return readEpoch(database) ?? renewEpoch(database)
}

/** @returns undefined when there is none, or it differs from its seal. */
export function readEpoch(database: DatabaseSync): string | undefined {
  const epoch = readMeta(database, 'epoch')
  if (epoch === undefined || readMeta(database, 'epoch_seal') !== sealOf(epoch)) return undefined
  return epoch
}

export function renewEpoch(database: DatabaseSync): string {
  const epoch = randomUUID()
  transaction(database, () => writeEpoch(database, epoch))
  return epoch
}

/** In a transaction of the caller's. */
export function writeEpoch(database: DatabaseSync, epoch: string): void {
  writeMeta(database, 'epoch', epoch)
  writeMeta(database, 'epoch_seal', sealOf(epoch))
}

function sealOf(epoch: string): string {
  return crc32(epoch).toString(16).padStart(8, '0')
}
