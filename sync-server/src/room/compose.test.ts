import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { concatenate, dropBefore } from './compose.ts'
import { sameContent } from './content.ts'
import { judge } from './guard.ts'
import { encodeStateVector, Knowledge } from './knowledge.ts'
import { decodeSummary, encodeSummary } from './summary.ts'
import { randomNumbers, recordUpdates, seeds } from './testing/random-edits.ts'
import { readLayout, type UpdateLayout } from './update-layout.ts'

/** A log as a room has one. */
function logOf(seed: number): { log: UpdateLayout[]; known: Knowledge } {
  const known = new Knowledge()
  const log: UpdateLayout[] = []
  for (const update of recordUpdates(seed, 3, 40).updates) {
    const verdict = judge(update, known, true)
    if (verdict.kind !== 'new') continue
    known.add(verdict.update)
    log.push(verdict.update)
  }
  return { log, known }
}

function docOf(...updates: Uint8Array[]): Y.Doc {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  return doc
}

describe('concatenate', () => {
  it('says what its parts say, to Yjs and to our own decoder', () => {
    for (const seed of seeds(30)) {
      const { log } = logOf(seed)
      const merged = concatenate(log)
      expect(readLayout(merged).bytes.length).toBeLessThan(
        log.reduce((sum, { bytes }) => sum + bytes.length, 1),
      )
      expect(sameContent(docOf(merged), docOf(...log.map(({ bytes }) => bytes))), `SEED=${seed}`).toBe(true)
    }
  })

  it('gives who holds a part of the log what is missing, with every delete', () => {
    for (const seed of seeds(20)) {
      const { log } = logOf(seed)
      const half = log.slice(0, log.length >> 1)
      const doc = docOf(...half.map(({ bytes }) => bytes))
      const known = new Knowledge()
      for (const layout of half) known.add(layout)
      Y.applyUpdate(doc, concatenate(log, known.vector, known.deleted))
      expect(doc.store.pendingStructs, `SEED=${seed}`).toBeNull()
      expect(sameContent(doc, docOf(...log.map(({ bytes }) => bytes))), `SEED=${seed}`).toBe(true)
    }
  })

  it('loses nothing when an update stands in the log twice, whole or in part', () => {
    const doc = new Y.Doc()
    const updates: Uint8Array[] = []
    doc.on('update', (update: Uint8Array) => updates.push(update))
    for (const word of ['one ', 'two ', 'three']) doc.getText('text').insert(doc.getText('text').length, word)
    const [one, two, three] = updates.map(readLayout)
    if (one === undefined || two === undefined || three === undefined) throw new Error('three edits')
    const both = readLayout(Y.mergeUpdates([one.bytes, two.bytes]))
    for (const log of [
      [one, one, two, three],
      [one, both, three],
      [one, two, both, three],
    ])
      expect(docOf(concatenate(log)).getText('text').toString()).toBe('one two three')
  })

  it('puts thousands together in seconds, also when some of them overlap', () => {
    const doc = new Y.Doc()
    const updates: Uint8Array[] = []
    doc.on('update', (update: Uint8Array) => updates.push(update))
    for (let word = 0; word < 4_000; word++) doc.getText('text').insert(0, `${word} `)
    const log = updates.map(readLayout)
    const overlapping = readLayout(Y.mergeUpdates(updates.slice(1, 3)))
    const merged = concatenate([...log.slice(0, 2), overlapping, ...log.slice(3)])
    expect(docOf(merged).getText('text').toString()).toBe(doc.getText('text').toString())
  })
})

describe('a summary', () => {
  it('brings back what was known', () => {
    for (const seed of seeds(10)) {
      const { known } = logOf(seed)
      const back = decodeSummary(encodeSummary(known))
      expect(back?.encodeVector()).toEqual(known.encodeVector())
      expect(new Map(back?.deleted)).toEqual(known.deleted)
    }
  })

  it('of another version, cut off or empty is not believed', () => {
    const { known } = logOf(3)
    const summary = encodeSummary(known)
    for (let end = 0; end < summary.length; end++)
      expect(decodeSummary(summary.subarray(0, end))).toBeUndefined()
    expect(decodeSummary(Uint8Array.of(3, 0, 0))).toBeUndefined()
  })
})

describe('dropBefore', () => {
  const dropped = (layout: UpdateLayout, vector: ReadonlyMap<number, number>): Uint8Array =>
    dropBefore(
      layout,
      layout.sections.map(({ client }) => vector.get(client) ?? 0),
      () => {},
    )

  it('makes the bytes that Yjs would make, wherever it cuts, around a Skip as well', () => {
    let skips = 0
    for (const seed of seeds(60)) {
      const { docs, updates } = recordUpdates(seed, 3, 30)
      const random = randomNumbers(seed)
      const whole = docs.map((doc) => Y.encodeStateAsUpdate(doc))
      const torn = Y.mergeUpdates(updates.filter(() => random() < 0.7))
      for (const raw of [...whole, torn]) {
        // Yjs leaves out a bit that says nothing when it reads and writes a struct; here it has read all of them.
        const update = Y.diffUpdate(raw, encodeStateVector(new Map()))
        const layout = readLayout(update)
        if (layout.skips) skips++
        for (let cut = 0; cut < 10; cut++) {
          const vector = new Map<number, number>()
          for (const { client, clock, end } of layout.sections)
            if (random() < 0.8) vector.set(client, clock + Math.floor(random() * (end - clock + 2)))
          expect(dropped(layout, vector), `SEED=${seed}`).toEqual(
            Y.diffUpdate(update, encodeStateVector(vector)),
          )
        }
      }
    }
    expect(skips).toBeGreaterThan(10)
  })

  it('shows what it cuts before it is cut, and nothing that it cuts between', () => {
    const doc = new Y.Doc()
    doc.clientID = 7
    doc.getText('text').insert(0, 'abc')
    doc.getText('text').insert(0, 'def')
    const layout = readLayout(Y.encodeStateAsUpdate(doc))
    const cuts = (from: number): number[] => {
      const seen: number[] = []
      dropBefore(layout, [from], (_section, struct, clock) => seen.push(struct.clock, clock))
      return seen
    }
    expect([0, 1, 2, 3, 5, 6].map(cuts)).toEqual([[], [0, 1], [0, 2], [], [3, 5], []])
  })
})
