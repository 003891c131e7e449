import { ProtocolError } from '@weft/protocol'
import { describe, expect, it, vi } from 'vitest'
import * as Y from 'yjs'
import { digestContent } from './content.ts'
import { judge } from './guard.ts'
import { Knowledge } from './knowledge.ts'
import { ListTable } from './list-table.ts'
import { MAX_TYPE_DEPTH, Structure } from './structure.ts'
import { Forged } from './testing/forged.ts'
import { HonestGroup } from './testing/honest-group.ts'
import { randomNumbers, seeds } from './testing/random-edits.ts'
import { readOwnLayout } from './update-layout.ts'

/** Two texts, a map, a type in it, and one that was deleted; all by client 1. */
function someDocument() {
  const doc = new Y.Doc({ gc: false })
  doc.clientID = 1
  doc.getText('a').insert(0, 'abc') // 0 to 2
  doc.getText('b').insert(0, 'xyz') // 3 to 5
  doc.getMap('m').set('k', 1) // 6
  doc.getMap('m').set('type', new Y.Array()) // 7
  doc.getArray('gone').insert(0, [new Y.Array()]) // 8
  const inner = doc.getArray('gone').get(0) as Y.Array<string>
  inner.insert(0, ['in what is deleted']) // 9
  doc.getArray('gone').delete(0, 1)
  return doc
}

class Server {
  readonly known = new Knowledge()
  readonly structure = new Structure()
  readonly log: Uint8Array[] = []

  constructor(stored: Uint8Array) {
    this.known.add(readOwnLayout(stored))
    this.structure.addStored(readOwnLayout(stored))
    this.log.push(stored)
  }

  /** @returns why it was refused */
  offer(update: Uint8Array): string | undefined {
    const verdict = judge(update, this.known, true)
    if (verdict.kind !== 'new') throw new Error(`the update is ${verdict.kind}`)
    try {
      this.structure.take(verdict.update, this.known)
    } catch (error) {
      if (error instanceof ProtocolError) return error.message
      throw error
    }
    this.known.add(verdict.update)
    this.log.push(verdict.update.bytes)
    return undefined
  }
}

const open = (): Server => new Server(Y.encodeStateAsUpdate(someDocument()))

/** The same, after what is deleted was collected. */
function folded(): Server {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(someDocument()))
  return new Server(Y.encodeStateAsUpdate(doc))
}

describe('what no client writes', () => {
  const cases: [title: string, update: Forged, why: RegExp][] = [
    ['neighbours in two texts', new Forged(2).text('!', [1, 0], [1, 4]), /different lists/],
    ['neighbours in a text and a map', new Forged(2).text('!', [1, 0], [1, 6]), /different lists/],
    ['a left neighbour in what is deleted', new Forged(2).text('!', [1, 9], [1, 1]), /different lists/],
    ['text for a parent', new Forged(2).value(1, { type: [1, 1] }), /no type to be in/],
    ['a value for a parent', new Forged(2).value(1, { type: [1, 6], key: 'k' }), /no type to be in/],
    ['text under a key', new Forged(2).text('!', [1, 6]), /what only sequences hold/],
    ['text under a new key', new Forged(2).text('!', { root: 'm', key: 'new' }), /what only sequences hold/],
    ['a mark under a key', new Forged(2).format([1, 6]), /what only sequences hold/],
    ['a right neighbour under a key', new Forged(2).value(1, undefined, [1, 6]), /what only sequences hold/],
    ['one item on both sides', new Forged(2).text('!', [1, 1], [1, 1]), /never side by side/],
    ['neighbours the wrong way round', new Forged(2).text('!', [1, 2], [1, 0]), /never side by side/],
    ['neighbours with something between', new Forged(2).text('!', [1, 0], [1, 2]), /never side by side/],
    ['an end that is none', new Forged(2).text('!', undefined, [1, 1]), /never been at/],
    [
      'an end behind which there was something',
      new Forged(3).text('p', [1, 0], [1, 1]).text('!', [3, 0]),
      /never been at/,
    ],
    ['several values under a key', new Forged(2).values([1, 2], { root: 'm', key: 'k' }), /several values/],
  ]

  it.each(cases)('refuses %s, and nothing of it is kept', (_, forged, why) => {
    const server = open()
    expect(server.offer(forged.write())).toMatch(why)
    expect(server.known.clock(2)).toBe(0)
    expect(server.offer(new Forged(2).text('fine', [1, 0], [1, 1]).write())).toBe(undefined)
    expect(server.structure.listAt(2, 0)).toBe(server.structure.listAt(1, 0))
  })

  it('is seen through sections that lean on each other', () => {
    const [one, other] = [new Forged(3).text('p', [1, 0], [1, 1]), new Forged(2).text('q', [3, 0], [1, 4])]
    expect(open().offer(new Forged(3).with(one, other).write())).toMatch(/different lists/)
    const honest = new Forged(2).text('q', [3, 0], [1, 1])
    expect(open().offer(new Forged(3).with(one, honest).write())).toBe(undefined)
  })

  it('is seen although one of two places was collected', () => {
    const update = new Forged(2).text('!', [1, 0], [1, 9])
    expect(folded().offer(update.write())).toMatch(/different lists/)
  })

  it(`is more than ${MAX_TYPE_DEPTH} types in each other`, () => {
    const nest = new Forged(2).type({ root: 'deep' })
    for (let clock = 0; clock < MAX_TYPE_DEPTH - 1; clock++) nest.type({ type: [2, clock] })
    const server = open()
    expect(server.offer(nest.write())).toBe(undefined)
    const more = new Forged(3).type({ type: [2, MAX_TYPE_DEPTH - 1] })
    expect(server.offer(more.write())).toMatch(/nested deeper/)
  })
})

describe('what somebody honest writes late', () => {
  it.each([
    ['before', open],
    ['after', folded],
  ])('is taken in a type that was deleted, %s it is collected', (_, server) => {
    expect(server().offer(new Forged(2).text('!', [1, 9]).write())).toBe(undefined)
    expect(server().offer(new Forged(2).value(1, { type: [1, 8] }).write())).toBe(undefined)
  })

  it('is taken between what was collected and what will be, on either side', () => {
    const server = open()
    expect(server.offer(new Forged(2).collected(1).write())).toBe(undefined)
    expect(server.offer(new Forged(3).text('!', [2, 0], [1, 9]).write())).toBe(undefined)
    expect(server.offer(new Forged(4).text('!', [1, 9], [2, 0]).write())).toBe(undefined)
    expect(server.offer(new Forged(5).text('!', [1, 0], [2, 0]).write())).toMatch(/different lists/)
  })

  it('is taken after something under its client id was refused', () => {
    const server = open()
    expect(server.offer(new Forged(2).text('k', [1, 0], [1, 1]).write())).toBe(undefined)
    const half = new Forged(2, 1).text('p', [2, 0], [1, 1]).text('q', [1, 3], [1, 4])
    expect(server.offer(half.text('!', [1, 0], [1, 4]).write())).toMatch(/different lists/)
    expect(server.offer(new Forged(2, 1).text('fine', [1, 3], [1, 4]).write())).toBe(undefined)
    expect(server.offer(new Forged(3).text('!', [1, 3], [2, 1]).write())).toBe(undefined)
    expect(server.offer(new Forged(4).text('!', [1, 4], [2, 1]).write())).toMatch(/never side by side/)
  })

  it('is taken as a row of former values of a key', () => {
    const update = new Forged(2).values([1, 2], { root: 'm', key: 'k' }).deleting(2, 0, 2)
    expect(open().offer(update.write())).toBe(undefined)
  })
})

describe('neighbours that were written at the same time', () => {
  /** a x l m n y b: x and y without knowing of each other, l, m and n on the side of x. */
  const written = (): Server => {
    const server = new Server(new Forged(1).text('ab', { root: 'text' }).write())
    const items = [
      new Forged(2).text('x', [1, 0], [1, 1]),
      new Forged(5).text('y', [1, 0], [1, 1]),
      new Forged(4).text('m', [2, 0], [1, 1]),
      new Forged(6).text('l', [2, 0], [4, 0]),
      new Forged(7).text('n', [4, 0], [1, 1]),
    ]
    for (const item of items) expect(server.offer(item.write())).toBe(undefined)
    const doc = new Y.Doc()
    for (const update of server.log) Y.applyUpdate(doc, update)
    expect(doc.getText('text').toString()).toBe('axlmnyb')
    return server
  }
  const [x, y, m, l, n] = [
    [2, 0],
    [5, 0],
    [4, 0],
    [6, 0],
    [7, 0],
  ] as const

  it.each([
    ['x and y, before the others came', x, y],
    ['m and y, before n came', m, y],
    ['n and y', n, y],
    ['l and m', l, m],
  ])('can be %s', (_, left, right) => {
    expect(written().offer(new Forged(8).text('!', left, right).write())).toBe(undefined)
  })

  it.each([
    ['y and x, the wrong way round', y, x],
    ['l and y, for l was put before m', l, y],
    ['x and n, for n was put behind m', x, n],
    ['l and n, for both reasons', l, n],
  ])('cannot be %s', (_, left, right) => {
    expect(written().offer(new Forged(8).text('!', left, right).write())).toMatch(/never side by side/)
  })
})

describe('a sequence that contradicted its order before that was refused', () => {
  it('is written on as it is', () => {
    const torn = new Forged(1).text('abc', { root: 'a' }).text('!', [1, 2], [1, 0])
    const server = new Server(torn.write())
    expect(server.offer(new Forged(2).text('?', [1, 3], [1, 0]).write())).toBe(undefined)
    expect(server.offer(new Forged(3).text('in another one', { root: 'b' }).write())).toBe(undefined)
    expect(server.offer(new Forged(4).text('!', [3, 1], [3, 0]).write())).toMatch(/never side by side/)
  })
})

describe('what Yjs itself puts between neighbours that were never side by side (ADR 12)', () => {
  /** A list in a list, from which first an item and then the whole was deleted; the whole is back, with a word in the middle. */
  function comeBack() {
    const doc = new Y.Doc()
    doc.clientID = 1
    const lists = doc.getArray<Y.Array<string>>('lists')
    lists.insert(0, [Y.Array.from(['a', 'b', 'undone later', 'd'])])
    const manager = new Y.UndoManager(lists, { captureTimeout: 0 })
    lists.get(0).delete(2, 1)
    lists.delete(0, 1)
    manager.undo()
    const other = new Y.Doc()
    other.clientID = 2
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc))
    other.getArray<Y.Array<string>>('lists').get(0).insert(1, ['meanwhile'])
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other), 'server')
    const stored = Y.encodeStateAsUpdate(doc)
    manager.undo()
    return { doc, stored, undone: Y.encodeStateAsUpdate(doc, Y.encodeStateVectorFromUpdate(stored)) }
  }

  it('is taken in a type within a type, and everybody has it', () => {
    const { doc, stored, undone } = comeBack()
    const server = new Server(stored)
    expect(server.offer(undone)).toBe(undefined)
    const reader = new Y.Doc()
    for (const update of server.log) Y.applyUpdate(reader, update)
    expect(reader.getArray('lists').toJSON()).toEqual([['a', 'undone later', 'meanwhile', 'b', 'd']])
    expect(digestContent(reader)).toBe(digestContent(doc))
  })

  it('does contradict the order: in the sequence of a root the same would be refused', () => {
    vi.spyOn(ListTable.prototype, 'isRootSequence').mockReturnValue(true)
    const { stored, undone } = comeBack()
    expect(new Server(stored).offer(undone)).toMatch(/never side by side/)
    vi.restoreAllMocks()
  })
})

describe('people with real replicas', () => {
  it.each(seeds(60))('are never refused, and the index says what their replicas say (seed %i)', (seed) => {
    const group = new HonestGroup(randomNumbers(seed))
    for (let step = 0; step < 150; step++) group.step()
    group.settle()
    expect(group.misplaced()).toEqual([])
    group.fold()
    expect(group.misplaced()).toEqual([])
    expect(new Set(group.people.map(({ doc }) => digestContent(doc))).size).toBe(1)
    group.leave()
  })
})
