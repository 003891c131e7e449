/** Replays a recorded concurrent history through live clients: nobody builds on what has not reached them. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import * as Y from 'yjs'
import { until } from './wait.ts'

interface Transaction {
  readonly parents: readonly number[]
  readonly agent: number
  readonly patches: readonly (readonly [position: number, deleted: number, inserted: string])[]
}
export interface Trace {
  readonly endContent: string
  readonly numAgents: number
  readonly txns: readonly Transaction[]
}

export function readTrace(name: string): Trace {
  const file = new URL(`../fixtures/traces/${name}.json.gz`, import.meta.url)
  return JSON.parse(gunzipSync(readFileSync(file)).toString()) as Trace
}

/** The bytes of one transaction, and how to see in a document that they have arrived. */
interface Written {
  readonly agent: number
  readonly bytes: Uint8Array
  readonly clock: number
  readonly deleted: readonly { client: number; clock: number; len: number }[]
}

function hasArrived(doc: Y.Doc, client: number, written: Written): boolean {
  if (Y.getState(doc.store, client) < written.clock) return false
  return written.deleted.every((range) => {
    if (Y.getState(doc.store, range.client) < range.clock + range.len) return false
    for (let clock = range.clock; clock < range.clock + range.len; clock++) {
      if (!Y.getItem(doc.store, Y.createID(range.client, clock)).deleted) return false
    }
    return true
  })
}

/**
 * Plays the whole trace: one shadow document an agent holds exactly the ancestors of what that agent writes next,
 * taken over only once they are in the agent's connected document.
 *
 * @param connected the agents' live documents, in the agents' order
 * @param before called before each transaction with its index; the test's moment to break something
 */
export async function replay(
  trace: Trace,
  connected: readonly Y.Doc[],
  before: (index: number) => Promise<void>,
): Promise<void> {
  const shadows = connected.map((_, agent) => {
    const shadow = new Y.Doc()
    shadow.clientID = agent + 1
    return shadow
  })
  const written: Written[] = []
  const known = connected.map(() => new Set<number>())

  for (const [index, txn] of trace.txns.entries()) {
    await before(index)
    const shadow = shadows[txn.agent]
    const live = connected[txn.agent]
    const has = known[txn.agent]
    if (shadow === undefined || live === undefined || has === undefined)
      throw new Error(`no agent ${txn.agent}`)

    const missing: number[] = []
    const look = [...txn.parents]
    for (let next = look.pop(); next !== undefined; next = look.pop()) {
      if (has.has(next)) continue
      has.add(next)
      missing.push(next)
      look.push(...(trace.txns[next]?.parents ?? []))
    }
    for (const ancestor of missing.sort((a, b) => a - b)) {
      const change = written[ancestor]
      if (change === undefined)
        throw new Error(`transaction ${index} builds on ${ancestor}, which comes later`)
      if (change.agent !== txn.agent && !hasArrived(live, change.agent + 1, change)) {
        await until(`transaction ${ancestor} reaches agent ${txn.agent}`, () =>
          hasArrived(live, change.agent + 1, change),
        )
      }
      Y.applyUpdate(shadow, change.bytes)
    }

    const text = shadow.getText('text')
    const updates: Uint8Array[] = []
    const keep = (update: Uint8Array) => updates.push(update)
    shadow.on('update', keep)
    shadow.transact(() => {
      for (const [position, deleted, inserted] of txn.patches) {
        if (deleted > 0) text.delete(position, deleted)
        if (inserted !== '') text.insert(position, inserted)
      }
    })
    shadow.off('update', keep)
    has.add(index)
    const bytes = Y.mergeUpdates(updates)
    written.push({
      agent: txn.agent,
      bytes,
      clock: Y.getState(shadow.store, txn.agent + 1),
      deleted: [...Y.decodeUpdate(bytes).ds.clients].flatMap(([client, ranges]) =>
        ranges.map(({ clock, len }) => ({ client, clock, len })),
      ),
    })
    Y.applyUpdate(live, bytes)
  }
  for (const shadow of shadows) shadow.destroy()
}
