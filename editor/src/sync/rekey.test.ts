import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { editRandomly, randomNumbers, seeds } from '../../../sync-server/src/room/testing/random-edits.ts'
import { rekey } from './rekey.ts'

const clockOf = (doc: Y.Doc, client: number): number => Y.getState(doc.store, client)
const whole = (doc: Y.Doc): Uint8Array => Y.encodeStateAsUpdate(doc)

function docOf(clientID: number, update?: Uint8Array): Y.Doc {
  const doc = new Y.Doc()
  doc.clientID = clientID
  doc.getText('text')
  doc.getMap('map')
  doc.getArray('list')
  doc.getXmlFragment('xml')
  if (update !== undefined) Y.applyUpdate(doc, update)
  return doc
}

/** Shared types and documents that are values, too. */
const contentOf = (doc: Y.Doc): unknown =>
  JSON.parse(
    JSON.stringify(
      {
        text: doc.getText('text').toDelta(),
        map: doc.getMap('map').toJSON(),
        list: doc.getArray('list').toJSON(),
        xml: doc.getXmlFragment('xml').toJSON(),
      },
      (_key, value: unknown) => {
        if (value instanceof Y.Doc) return `document ${value.guid}`
        return value instanceof Y.AbstractType ? (value.toJSON() as unknown) : value
      },
    ),
  )

describe('edits under another client id', () => {
  it('make the same document out of what was there before them', () => {
    let rewrites = 0
    for (const seed of seeds(200)) {
      const random = randomNumbers(seed)
      const page = docOf(7)
      const peer = docOf(random() < 0.5 ? 3 : 11)
      for (let step = 0; step < 15; step++) {
        editRandomly(page, random)
        editRandomly(peer, random)
        Y.applyUpdate(peer, whole(page))
        Y.applyUpdate(page, whole(peer))
      }
      const before = whole(page)
      const from = clockOf(page, 7)
      for (let step = 0; step < 15; step++) editRandomly(page, random)
      const move = { client: 7, from, end: clockOf(page, 7), to: 5_000 }
      const { rest, rewritten } = rekey(whole(page), [move])
      const again = docOf(9, before)
      if (rewritten !== undefined) {
        Y.applyUpdate(again, rewritten)
        rewrites++
      }
      expect(contentOf(again), `SEED=${seed}`).toEqual(contentOf(page))
      expect([again.store.pendingStructs, again.store.pendingDs], `SEED=${seed}`).toEqual([null, null])
      expect(clockOf(again, 5_000), `SEED=${seed}`).toBe(move.end - from)
      // What stays has nothing of them, and can be taken by whoever had the beginning.
      expect(Y.encodeStateVectorFromUpdate(rest), `SEED=${seed}`).toEqual(
        Y.encodeStateVectorFromUpdate(before),
      )
      expect(contentOf(docOf(9, Y.mergeUpdates([rest, rewritten ?? rest]))), `SEED=${seed}`).toEqual(
        contentOf(page),
      )
    }
    expect(rewrites).toBeGreaterThan(150)
  })

  it('join those of a twin that wrote under the same clocks: both texts are there, in every order', () => {
    const common = docOf(7)
    common.getText('text').insert(0, 'Both. ')
    const [page, twin] = [docOf(7, whole(common)), docOf(7, whole(common))]
    const from = clockOf(common, 7)
    page.clientID = 7
    twin.clientID = 7
    page.getText('text').insert(6, 'From the page.')
    page.getText('text').insert(0, '>')
    twin.getText('text').insert(6, 'From the twin, which is longer.')
    const { rest, rewritten = new Uint8Array() } = rekey(whole(page), [
      { client: 7, from, end: clockOf(page, 7), to: 8 },
    ])
    const texts = [
      [whole(twin), rest, rewritten],
      [rest, rewritten, whole(twin)],
      [rewritten, whole(twin), rest],
    ].map((updates) => {
      const doc = docOf(1)
      for (const update of updates) Y.applyUpdate(doc, update)
      return doc.getText('text').toJSON()
    })
    expect(new Set(texts).size).toBe(1)
    expect(texts[0]).toMatch(/^>Both\. /)
    for (const words of ['From the page.', 'From the twin, which is longer.'])
      expect(texts[0]).toContain(words)
  })

  it('leave out what a twin has written behind them, which the server has', () => {
    const page = docOf(7)
    page.getText('text').insert(0, 'abc')
    const other = docOf(7)
    other.getText('text').insert(0, 'xyz and more')
    Y.applyUpdate(page, whole(other))
    expect(clockOf(page, 7)).toBe(12)
    const { rest, rewritten } = rekey(whole(page), [{ client: 7, from: 0, end: 3, to: 8 }])
    const doc = docOf(1, rest)
    expect(doc.getText('text').toJSON()).toBe('')
    Y.applyUpdate(doc, whole(other))
    Y.applyUpdate(doc, rewritten ?? new Uint8Array())
    expect(doc.getText('text').toJSON()).toContain('abc')
    expect(doc.getText('text').toJSON()).toContain('xyz and more')
  })
})
