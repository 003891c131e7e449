import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { NONE, OrderTable, type Place } from './order-table.ts'
import { randomNumbers, seeds } from './testing/random-edits.ts'

type Random = () => number

/** A text that several people have written, now and then without having read each other; without formats, which move. */
function writeTogether(random: Random): Y.Doc {
  const below = (count: number): number => Math.floor(random() * count)
  const docs = Array.from({ length: 2 + below(4) }, (_, index) => {
    const doc = new Y.Doc({ gc: false })
    doc.clientID = ([30, 10, 70, 20, 90][index] ?? 0) + below(10)
    return doc
  })
  const someone = (): Y.Doc => docs[below(docs.length)] as Y.Doc
  // Everybody at the top, everybody at the end, or anywhere.
  const habit = random()
  for (let edits = 10 + below(50); edits > 0; edits--) {
    const doc = someone()
    const text = doc.getText('text')
    const anywhere = below(text.length + 1)
    const place = habit < 0.3 ? Math.min(anywhere, below(3)) : habit < 0.5 ? text.length : anywhere
    if (random() < 0.25) Y.applyUpdate(doc, Y.encodeStateAsUpdate(someone()))
    else if (text.length > 0 && random() < 0.15) text.delete(below(text.length), 1)
    else text.insert(place, 'abc'.slice(0, 1 + below(3)))
  }
  const all = new Y.Doc({ gc: false })
  for (const doc of docs) Y.applyUpdate(all, Y.encodeStateAsUpdate(doc))
  return all
}

/** The table of a text, and its items in their order, deleted ones too. */
function tableOf(doc: Y.Doc): { table: OrderTable; items: Place[] } {
  const ids = [...doc.store.clients.keys()]
  const table = new OrderTable((client) => ids[client] ?? -1)
  const placeOf = (id: Y.ID | null): Place =>
    id === null ? NONE : { client: ids.indexOf(id.client), clock: id.clock }
  for (const structs of doc.store.clients.values())
    for (const struct of structs)
      if (struct instanceof Y.Item)
        table.add(placeOf(struct.id), placeOf(struct.origin), placeOf(struct.rightOrigin))
  const items: Place[] = []
  for (let item = doc.getText('text')._start; item !== null; item = item.right)
    for (let at = 0; at < item.length; at++)
      items.push({ client: ids.indexOf(item.id.client), clock: item.id.clock + at })
  return { table, items }
}

describe('OrderTable', () => {
  it.each(seeds(200))('says of any two items what a replica says (seed %i)', (seed) => {
    const { table, items } = tableOf(writeTogether(randomNumbers(seed)))
    const wrong: string[] = []
    for (const [first, a] of items.entries())
      for (const [second, b] of items.entries()) {
        table.steps = 10_000
        if (table.isBefore(a, b) !== first < second) wrong.push(`${first} and ${second}`)
      }
    expect(wrong).toEqual([])
  })

  it('gives up when there are no steps left', () => {
    const { table, items } = tableOf(writeTogether(randomNumbers(1)))
    table.steps = 0
    expect(table.isBefore(items[0] ?? NONE, items.at(-1) ?? NONE)).toBe(undefined)
  })
})
