/**
 * Whatever arrives, in whatever pieces and order: what the guard lets in is a log that every replica can replay.
 *
 * Real histories are cut at any clock, merged, reordered, repeated, left out and damaged, and offered to a server in
 * miniature, as updates and as step 2. What a damaged update says may be contradictory (an item to the left of its own
 * left neighbour), and replicas then order it as it reached them; all that is said of it is that nothing waits for it.
 */
import { ProtocolError } from '@weft/protocol'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { sameContent } from './content.ts'
import { judge } from './guard.ts'
import { encodeStateVector, Knowledge } from './knowledge.ts'
import { eachMissing } from './ranges.ts'
import { randomNumbers, recordUpdates, seeds } from './testing/random-edits.ts'

type Random = () => number

/** Another spelling of history: a part of one update, or several in one. */
function deform(updates: readonly Uint8Array[], random: Random): Uint8Array {
  const below = (count: number): number => Math.floor(random() * count)
  const one = (): Uint8Array => updates[below(updates.length)] ?? new Uint8Array()
  const roll = random()
  if (roll < 0.3) return one()
  const merged = Y.mergeUpdates(Array.from({ length: 1 + below(6) }, one))
  if (roll < 0.5) return merged
  const cuts = new Map<number, number>()
  for (const [client, end] of Y.parseUpdateMeta(merged).to)
    if (random() < 0.7) cuts.set(client, below(end + 1))
  return Y.diffUpdate(merged, encodeStateVector(cuts))
}

function damage(update: Uint8Array, random: Random): Uint8Array {
  const damaged = new Uint8Array(update)
  for (let flips = 1 + Math.floor(random() * 3); flips > 0; flips--) {
    const bit = Math.floor(random() * damaged.length * 8)
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  }
  return random() < 0.2 ? damaged.subarray(0, Math.floor(random() * damaged.length)) : damaged
}

/** What is let in, in order. */
class Server {
  readonly known = new Knowledge()
  readonly log: Uint8Array[] = []

  offer(update: Uint8Array, whole: boolean): void {
    try {
      const verdict = judge(new Uint8Array(update), this.known, whole)
      if (!('update' in verdict) || verdict.update === undefined) return
      this.known.add(verdict.update)
      this.log.push(verdict.update.bytes)
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
    }
  }
}

/** A replica that hears the log from its beginning; fails at the first record that waits for something. */
function replay(log: readonly Uint8Array[], seed: number): Y.Doc {
  const doc = new Y.Doc({ gc: false })
  for (const [index, update] of log.entries()) {
    Y.applyUpdate(doc, update)
    const { pendingStructs, pendingDs } = doc.store
    expect({ index, pendingStructs, pendingDs }, `SEED=${seed}`).toEqual({
      index,
      pendingStructs: null,
      pendingDs: null,
    })
  }
  return doc
}

/** Deletes that `known` names and `doc` does not have, and the other way round, as `client@clock`. */
function compareDeletes(known: Knowledge, doc: Y.Doc): { onlyKnown: string[]; onlyReplica: Y.Item[] } {
  const replica = Y.createDeleteSetFromStructStore(doc.store)
  const onlyKnown: string[] = []
  for (const [client, ranges] of known.deleted) {
    const theirs = (replica.clients.get(client) ?? []).flatMap(({ clock, len }) => [clock, clock + len])
    for (let at = 0; at < ranges.length; at += 2)
      eachMissing(theirs, ranges[at] ?? 0, ranges[at + 1] ?? 0, (from) => onlyKnown.push(`${client}@${from}`))
  }
  const onlyReplica: Y.Item[] = []
  for (const [client, ranges] of replica.clients)
    for (const { clock, len } of ranges)
      eachMissing(known.deleted.get(client), clock, clock + len, (from) => {
        const item = Y.getItem(doc.store, Y.createID(client, from))
        if (item instanceof Y.Item) onlyReplica.push(item)
      })
  return { onlyKnown, onlyReplica }
}

/** An assignment that lost against another, or something inside one: replicas delete those without being told. */
function lostAssignment(item: Y.Item): boolean {
  if (item.parentSub !== null) return true
  const holder = item.parent instanceof Y.AbstractType ? item.parent._item : null
  return holder?.deleted === true
}

function expectSound(server: Server, seed: number): Y.Doc {
  const doc = replay(server.log, seed)
  expect(server.known.encodeVector(), `SEED=${seed}`).toEqual(Y.encodeStateVector(doc))
  const { onlyKnown, onlyReplica } = compareDeletes(server.known, doc)
  expect(onlyKnown, `SEED=${seed}`).toEqual([])
  expect(onlyReplica.filter((item) => !lostAssignment(item)).length, `SEED=${seed}`).toBe(0)
  return doc
}

describe('what the guard lets in', () => {
  it('replays without anything pending, and is what is known, however a history is cut and reordered', () => {
    for (const seed of seeds(100)) {
      const random = randomNumbers(seed)
      const { docs, updates } = recordUpdates(seed, 2 + (seed % 3), 30)
      const server = new Server()
      for (let turn = 0; turn < 60; turn++) server.offer(deform(updates, random), random() < 0.5)
      const partial = expectSound(server, seed)
      // Nothing that was let in was anything but a part of the history.
      for (const doc of docs) Y.applyUpdate(partial, Y.encodeStateAsUpdate(doc))
      for (const doc of docs) server.offer(Y.encodeStateAsUpdate(doc, server.known.encodeVector()), false)
      const whole = expectSound(server, seed)
      const merged = new Y.Doc({ gc: false })
      Y.applyUpdate(merged, Y.mergeUpdates(server.log))
      expect(sameContent(merged, whole), `SEED=${seed}`).toBe(true)
      expect(sameContent(whole, partial), `SEED=${seed}`).toBe(true)
    }
  })

  it('replays without anything pending, and is what is known, whatever is damaged on the way', () => {
    for (const seed of seeds(100)) {
      const random = randomNumbers(seed)
      const { updates } = recordUpdates(seed, 3, 20)
      const server = new Server()
      for (const update of updates) {
        if (random() < 0.8) server.offer(update, true)
        for (let tries = 0; tries < 4; tries++)
          server.offer(damage(deform(updates, random), random), random() < 0.5)
      }
      expectSound(server, seed)
    }
  })
})
