import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { findContradiction, type StoredSection } from './contradiction.ts'
import { Knowledge } from './knowledge.ts'
import { openRooms } from './testing/open-rooms.ts'
import { editRandomly, randomNumbers, seeds } from './testing/random-edits.ts'
import { readLayout, readOwnLayout } from './update-layout.ts'

class Stored {
  readonly known = new Knowledge()
  readonly updates: Uint8Array[] = []

  add(update: Uint8Array): void {
    this.known.add(readOwnLayout(update))
    this.updates.push(update)
  }

  contradicts(update: Uint8Array): ReturnType<typeof findContradiction> {
    return findContradiction(
      readLayout(update),
      (client) => this.known.clock(client),
      () => this.#sections(),
    )
  }

  *#sections(): Generator<StoredSection> {
    for (const update of [...this.updates].reverse())
      for (const section of readOwnLayout(update).sections) yield { bytes: update, section }
  }
}

function textOf(clientID: number, ...words: readonly string[]): Y.Doc {
  const doc = new Y.Doc()
  doc.clientID = clientID
  for (const word of words) doc.getText('text').insert(doc.getText('text').length, word)
  return doc
}

const whole = (doc: Y.Doc): Uint8Array => Y.encodeStateAsUpdate(doc)

describe('what is stored', () => {
  it('is contradicted by no copy that Yjs makes of it, however it is cut, joined, deleted and collected', () => {
    let compared = 0
    for (const seed of seeds(150)) {
      const random = randomNumbers(seed)
      const below = (count: number): number => Math.floor(random() * count)
      const stored = new Stored()
      const docs = [new Y.Doc(), new Y.Doc({ gc: false }), new Y.Doc()]
      const vectors: Uint8Array[] = []
      for (const [index, doc] of docs.entries()) {
        doc.clientID = index + 1
        doc.on('update', (update: Uint8Array, origin: unknown) => {
          // As the server would take it: in the order in which it leans on what was before.
          if (origin !== 'other') stored.add(update)
        })
      }
      for (let step = 0; step < 40; step++) {
        const doc = docs[below(docs.length)] as Y.Doc
        editRandomly(doc, random)
        vectors.push(Y.encodeStateVector(doc))
        const other = docs[below(docs.length)] as Y.Doc
        Y.applyUpdate(other, Y.encodeStateAsUpdate(doc, Y.encodeStateVector(other)), 'other')
      }
      const copies = docs.flatMap((doc) => [
        whole(doc),
        ...Array.from({ length: 5 }, () => Y.encodeStateAsUpdate(doc, vectors[below(vectors.length)])),
      ])
      copies.push(...stored.updates, Y.mergeUpdates(stored.updates.filter(() => random() < 0.5)))
      copies.push(Y.diffUpdate(Y.mergeUpdates(stored.updates), vectors[below(vectors.length)] as Uint8Array))
      // And the other way about: joined where it is stored, apart where it comes from.
      const joined = new Stored()
      joined.add(whole(docs[1] as Y.Doc))
      for (const copy of copies) {
        expect(stored.contradicts(copy), `SEED=${seed}`).toBeUndefined()
        expect(joined.contradicts(copy), `SEED=${seed}`).toBeUndefined()
        compared++
      }
    }
    expect(compared).toBeGreaterThan(1_000)
  })

  it('is contradicted by other text under the same clocks, at the first unit that differs', () => {
    const stored = new Stored()
    stored.add(whole(textOf(7, 'one ', 'two ', 'three')))
    expect(stored.contradicts(whole(textOf(7, 'one two three')))).toBeUndefined()
    expect(stored.contradicts(whole(textOf(7, 'one two four')))).toEqual({ client: 7, clock: 8 })
    expect(stored.contradicts(whole(textOf(7, 'one Two three and more')))).toEqual({ client: 7, clock: 4 })
    // Nothing is known of these clocks.
    expect(stored.contradicts(whole(textOf(7, 'one two three and more')))).toBeUndefined()
    expect(stored.contradicts(whole(textOf(8, 'quite another')))).toBeUndefined()
  })

  it('is contradicted by another kind of content, and not by what has been deleted or cut within a pair', () => {
    const stored = new Stored()
    stored.add(whole(textOf(7, 'text')))
    const other = new Y.Doc()
    other.clientID = 7
    other.getArray('list').insert(0, [1, 2, 3])
    expect(stored.contradicts(whole(other))).toEqual({ client: 7, clock: 0 })
    const deleted = textOf(7, 'text')
    deleted.getText('text').delete(1, 2)
    expect(stored.contradicts(whole(deleted))).toBeUndefined()
    const pair = new Stored()
    pair.add(whole(textOf(7, 'a😀b')))
    const cut = textOf(7, 'a😀b')
    cut.getText('text').insert(2, 'x')
    expect(pair.contradicts(whole(cut))).toBeUndefined()
  })

  it('is compared up to a bound: who sends little makes nobody read much', () => {
    const stored = new Stored()
    const long = 'x'.repeat(200_000)
    stored.add(whole(textOf(7, long)))
    expect(stored.contradicts(whole(textOf(7, 'y')))).toBeUndefined()
    const before = performance.now()
    for (let count = 0; count < 10_000; count++) stored.contradicts(whole(textOf(7, 'y')))
    expect(performance.now() - before).toBeLessThan(10_000)
  })
})

describe('a room', () => {
  it.each([
    ['on its way to the disk', false],
    ['on disk', true],
  ])(
    'closes a page that says something else under clocks that are %s with 4409, and keeps nothing of it',
    async (_where, waits) => {
      const { join, until, rooms } = await openRooms()
      const [ann, twin, peer] = [join({ doc: textOf(7) }), join({ doc: textOf(7) }), join()]
      await until(() => [ann, twin, peer].every(({ durable, sent }) => durable === sent))
      twin.answers = false
      ann.type('from the one')
      if (waits) await until(() => ann.durable === ann.sent)
      twin.sendUpdate(whole(textOf(7, 'From the other')))
      await until(() => twin.closedWith !== undefined)
      expect([twin.closedWith, twin.socket.closedWith?.reason]).toEqual([
        4409,
        'something else is stored under clock 0 of client 7',
      ])
      await until(() => peer.text.toString() === 'from the one')
      expect(ann.closedWith).toBeUndefined()
      expect(rooms.stats().refusals['foreign-client']).toBe(1)
      // What it brings as a copy is looked at as well.
      const back = join({ doc: textOf(7, 'From the other, later') })
      back.sendStep2(whole(back.doc))
      await until(() => back.closedWith === 4409)
    },
  )
})
