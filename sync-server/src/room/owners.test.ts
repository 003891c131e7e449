import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { Knowledge } from './knowledge.ts'
import { Owners } from './owners.ts'
import { decodeSummary, encodeSummary } from './summary.ts'
import { readLayout, type UpdateLayout } from './update-layout.ts'

function written(...clientIds: number[]): UpdateLayout {
  const doc = new Y.Doc()
  for (const clientId of clientIds) {
    doc.clientID = clientId
    doc.getText('t').insert(0, 'x')
  }
  return readLayout(Y.encodeStateAsUpdate(doc))
}

describe('Owners', () => {
  it('gives an id to who first wrote under it, and to nobody after', () => {
    const owners = new Owners()
    owners.add(written(5), 'user:ada')
    owners.add(written(5), 'user:eve')
    expect(owners.isForeign(5, 'user:ada')).toBe(false)
    expect(owners.isForeign(5, 'user:eve')).toBe(true)
    expect(owners.isForeign(5, 'guest')).toBe(true)
  })

  it('gives an id to who announced it before anything was written under it', () => {
    const owners = new Owners()
    owners.announce(5, 'user:ada')
    owners.announce(5, 'user:eve')
    expect(owners.isForeign(5, 'user:eve')).toBe(true)
    owners.add(written(5), 'user:ada')
    expect(owners.ofStored(5)).toBe('user:ada')
  })

  it('gives nothing to somebody nobody knows, so that where nobody signs in ids have no owners', () => {
    const owners = new Owners()
    owners.announce(5, 'guest')
    owners.add(written(5), 'guest')
    expect(owners.isEmpty).toBe(true)
    owners.add(written(5), 'user:ada')
    expect(owners.isForeign(5, 'guest')).toBe(true)
  })

  it('gives nothing to who carries here what several wrote', () => {
    const owners = new Owners()
    owners.add(written(5, 6), 'user:ada')
    expect(owners.isEmpty).toBe(true)
  })

  it('forgets the oldest of more announcements than a room has people, and no owner of stored content', () => {
    const owners = new Owners()
    owners.add(written(1), 'user:ada')
    for (let client = 2; client < 10_100; client++) owners.announce(client, 'user:eve')
    expect(owners.isForeign(2, 'user:ada')).toBe(false)
    expect(owners.isForeign(10_099, 'user:ada')).toBe(true)
    expect(owners.isForeign(1, 'user:eve')).toBe(true)
  })

  it('survives in a snapshot’s summary, as far as it is of stored content', () => {
    const known = new Knowledge()
    known.add(written(5), 'user:ada')
    known.add(written(6), 'user:bob')
    known.add(written(7), 'guest')
    known.owners.announce(8, 'user:ada')
    const back = decodeSummary(encodeSummary(known))
    expect([5, 6, 7, 8].map((client) => back?.owners.ofStored(client))).toEqual([
      'user:ada',
      'user:bob',
      undefined,
      undefined,
    ])
    expect(back?.encodeVector()).toEqual(known.encodeVector())
  })

  it('is nobody’s in a summary of the first version, which is still read', () => {
    // Client 5 has written 4 clocks, of which the one at 2 is deleted.
    const back = decodeSummary(Uint8Array.of(1, 1, 5, 4, 1, 5, 1, 2, 1))
    expect([...(back?.vector ?? [])]).toEqual([[5, 4]])
    expect([...(back?.deleted ?? [])]).toEqual([[5, [2, 3]]])
    expect(back?.owners.isEmpty).toBe(true)
  })
})
