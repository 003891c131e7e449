/**
 * What is stored beside a snapshot, so that opening a document does not decode it: what is known of it.
 *
 * Version 2: `varuint` 2; the principals that own something; for each client its id, its clock and its owner (0 for
 * none, otherwise the place in that list, from 1); the delete set. Version 1 has neither principals nor owners, and is
 * still read. An older server that finds a version it does not know reads the snapshot instead.
 */
import { ProtocolError, Reader } from '@weft/protocol'
import { createEncoder, toUint8Array, writeVarString, writeVarUint } from 'lib0/encoding'
import { addTriples, Knowledge, writeDeleteSet } from './knowledge.ts'

const VERSION = 2
const WITHOUT_OWNERS = 1

export function encodeSummary({ vector, deleted, owners }: Knowledge): Uint8Array {
  const places = new Map<string, number>()
  for (const client of vector.keys()) {
    const owner = owners.ofStored(client)
    if (owner !== undefined && !places.has(owner)) places.set(owner, places.size + 1)
  }
  const encoder = createEncoder()
  writeVarUint(encoder, VERSION)
  writeVarUint(encoder, places.size)
  for (const principal of places.keys()) writeVarString(encoder, principal)
  writeVarUint(encoder, vector.size)
  for (const [client, clock] of vector) {
    writeVarUint(encoder, client)
    writeVarUint(encoder, clock)
    writeVarUint(encoder, places.get(owners.ofStored(client) ?? '') ?? 0)
  }
  writeDeleteSet(encoder, deleted)
  return toUint8Array(encoder)
}

/** @returns undefined when the summary is empty, of another version or damaged: then the snapshot is read instead. */
export function decodeSummary(summary: Uint8Array): Knowledge | undefined {
  const reader = new Reader(summary)
  try {
    const version = summary.length === 0 ? 0 : reader.varUint()
    if (version !== VERSION && version !== WITHOUT_OWNERS) return undefined
    const knowledge = new Knowledge()
    readClients(reader, knowledge, version === VERSION)
    readDeletes(reader, knowledge)
    reader.end()
    return knowledge
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}

function readClients(reader: Reader, knowledge: Knowledge, withOwners: boolean): void {
  const principals: string[] = []
  if (withOwners) for (let left = reader.varUint(); left > 0; left--) principals.push(reader.varString())
  for (let left = reader.varUint(); left > 0; left--) {
    const client = reader.varUint()
    knowledge.advance(client, reader.varUint())
    const owner = principals[(withOwners ? reader.varUint() : 0) - 1]
    if (owner !== undefined) knowledge.owners.set(client, owner)
  }
}

function readDeletes(reader: Reader, knowledge: Knowledge): void {
  const deletes: number[] = []
  for (let left = reader.varUint(); left > 0; left--) {
    const client = reader.varUint()
    for (let ranges = reader.varUint(); ranges > 0; ranges--) {
      const clock = reader.varUint()
      deletes.push(client, clock, clock + reader.varUint())
    }
  }
  addTriples(knowledge.deleted, deletes)
}
