import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { blocksOf, createMarker, flowOf, renderSegments, textRuns } from './flow.ts'
import {
  type FlowStep,
  OBJECT_CHARACTER,
  placeAt,
  readSegments,
  resolvePlace,
  type Segment,
  type SegmentChange,
  SegmentList,
  writeSteps,
} from './flow-internals.ts'
import type { MarkChanges, Marks } from './marks.ts'

const SEEDS = 150

/** @see https://github.com/bryc/code/blob/master/jshash/PRNGs.md#mulberry32 */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const MARKS: readonly Marks[] = [
  {},
  { bold: true },
  { italic: true },
  { bold: true, link: 'https://example.org/' },
]
const CHANGES: readonly MarkChanges[] = [{ bold: true }, { bold: null }, { italic: true }, { link: null }]

function pick<T>(random: () => number, from: readonly T[]): T {
  const value = from[Math.floor(random() * from.length)]
  if (value === undefined) throw new Error('nothing to pick from')
  return value
}

/** Random steps over at most `length` units, as a recipe so that two documents can each make their markers. */
function recipe(random: () => number, length: number): (() => FlowStep)[] {
  const steps: (() => FlowStep)[] = []
  let left = length
  for (let count = 1 + Math.floor(random() * 4); count > 0; count -= 1) {
    const kind = random()
    const size = 1 + Math.floor(random() * Math.min(8, left))
    if (kind < 0.3) {
      const text = pick(random, ['a', 'bc', 'd\ne', 'é'])
      const marks = pick(random, MARKS)
      steps.push(() => ({ kind: 'text', text, marks }))
    } else if (kind < 0.38) {
      const stored = { type: 'date', date: pick(random, ['2026-11-27', '2026-11-28']) }
      const marks = pick(random, MARKS)
      steps.push(() => ({ kind: 'embed', stored, marks }))
    } else if (kind < 0.48) {
      const id = String(Math.floor(random() * 1e9))
      steps.push(() => ({ kind: 'marker', marker: createMarker({ type: 'quote', indent: 0 }, id) }))
    } else if (left >= size && kind < 0.6) {
      steps.push(() => ({ kind: 'delete', length: size }))
      left -= size
    } else if (left >= size) {
      const marks = random() < 0.6 ? pick(random, CHANGES) : undefined
      steps.push(() => ({ kind: 'retain', length: size, ...(marks === undefined ? {} : { marks }) }))
      left -= size
    }
  }
  return steps
}

function toDelta(step: FlowStep, inherited: Record<string, unknown>): Record<string, unknown> {
  switch (step.kind) {
    case 'retain':
      return { retain: step.length, ...(step.marks === undefined ? {} : { attributes: { ...step.marks } }) }
    case 'delete':
      return { delete: step.length }
    case 'text':
      return { insert: step.text, attributes: { ...step.marks } }
    case 'embed':
      return { insert: step.stored, attributes: { ...step.marks } }
    case 'marker':
      return { insert: step.marker, attributes: inherited }
  }
}

/** So that a failure names its seed. */
function expectSame(where: string, actual: unknown, expected: unknown): void {
  expect({ where, value: actual }).toEqual({ where, value: expected })
}

function unitsBefore(segments: readonly Segment[], index: number): number {
  return segments.slice(0, index).reduce((sum, { marker, text }) => sum + text.length + (marker ? 1 : 0), 0)
}

function rendered(segments: readonly Segment[]): unknown {
  return segments.map((segment) => ({ shape: segment.shape, id: segment.id, runs: textRuns(segment) }))
}

/** What the public interface says of the same flow. */
function fromDelta(flow: Y.Text): unknown {
  const blocks: { id: unknown; runs: { text: string; bold: boolean; link: unknown }[] }[] = [
    { id: 'first', runs: [] },
  ]
  for (const { insert, attributes } of flow.toDelta() as {
    insert: unknown
    attributes?: Record<string, unknown>
  }[]) {
    if (insert instanceof Y.Map) blocks.push({ id: insert.get('id'), runs: [] })
    else
      for (const text of typeof insert === 'string' ? insert.replaceAll('\n', '') : OBJECT_CHARACTER)
        blocks.at(-1)?.runs.push({ text, bold: attributes?.['bold'] === true, link: attributes?.['link'] })
  }
  return blocks
}

function fromSegments(segments: readonly Segment[]): unknown {
  return segments.map((segment) => ({
    id: segment.id,
    runs: textRuns(segment).flatMap(({ text, marks }) =>
      Array.from(text.replaceAll('\n', ''), (character) => ({
        text: character,
        bold: marks.bold === true,
        link: marks.link,
      })),
    ),
  }))
}

describe('writing from a block on', () => {
  it('says what applyDelta would have made it say, and reads what toDelta reads', () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const random = randomOf(seed)
      const ours = new Y.Doc()
      let theirs = new Y.Doc()
      ours.clientID = 7
      const flow = flowOf(ours)
      const list = new SegmentList(flow)
      const segments = list.all
      ours.on('afterTransaction', (transaction: Y.Transaction) => list.update(transaction))
      for (let round = 0; round < 12; round += 1) {
        const index = Math.floor(random() * segments.length)
        const segment = segments[index]
        if (segment === undefined) throw new Error('no segment')
        // Right behind the marker: before it, our position is past formats that Yjs has yet to look at.
        const skip = segment.marker === null ? 0 : 1
        const retained: FlowStep = { kind: 'retain', length: 1 }
        const from = unitsBefore(segments, index) + skip
        const steps = recipe(random, flow.length - from).map((make) => [make(), make()] as const)
        // A marker inherits what is in force where it lands, which only a second document can tell us.
        ours.transact((transaction) => {
          for (const [step] of steps.slice(0, 1))
            writeSteps(flow, transaction, segment, [...(skip > 0 ? [retained] : []), step])
        })
        const attributes = Object.fromEntries(segment.start)
        const [first] = steps
        if (first === undefined) continue
        theirs.transact(() => {
          const delta = [{ retain: from }, toDelta(first[1], attributes)]
          flowOf(theirs).applyDelta(from === 0 ? delta.slice(1) : delta, { sanitize: false })
        })
        const where = `SEED=${seed} round ${round}`
        expectSame(where, fromDelta(flow), fromDelta(flowOf(theirs)))
        // Both go on from ours: the items may differ, what they say may not.
        theirs.destroy()
        theirs = new Y.Doc()
        theirs.clientID = 8
        flowOf(theirs)
        const rest = steps.slice(1).map(([step]) => step)
        const at = list.segmentOf(segment.marker)
        if (at !== undefined && unitsBefore(segments, segments.indexOf(at)) + 40 < flow.length)
          ours.transact((transaction) => writeSteps(flow, transaction, at, rest))
        Y.applyUpdate(theirs, Y.encodeStateAsUpdate(ours, Y.encodeStateVector(theirs)))
        expectSame(where, fromSegments(readSegments(flow)), fromDelta(flow))
        expectSame(where, rendered(segments), rendered(readSegments(flow)))
      }
    }
  })
})

/** Whatever `changes` does not tell of must stand in the list as it stood before, in the same order. */
function expectTold(
  where: string,
  before: readonly Segment[],
  now: readonly Segment[],
  changes: readonly SegmentChange[],
): void {
  const fresh = new Set(changes.flatMap(({ added }) => added))
  const kept = now.filter((segment) => !fresh.has(segment))
  const known = new Set(kept)
  expectSame(where, [...fresh].filter((segment) => before.includes(segment)).length, 0)
  expect(kept.every((segment, index) => segment === before.filter((each) => known.has(each))[index])).toBe(
    true,
  )
  let free = 0
  for (const { at, added } of changes) {
    expectSame(where, now.slice(at, at + added.length), added)
    expect({ where, at }).toSatisfy(() => at >= free)
    free = at + added.length + 1
  }
}

describe('SegmentList', () => {
  it('says after any local or remote transaction what reading everything says, and where it has changed', () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const random = randomOf(seed * 31)
      const peers = [1, 2, 3].map((client) => {
        const doc = new Y.Doc()
        doc.clientID = client
        const flow = flowOf(doc)
        const list = new SegmentList(flow)
        const undo = new Y.UndoManager(flow, { captureTimeout: 0 })
        doc.on('afterTransaction', (transaction: Y.Transaction) => {
          const before = list.all.slice()
          expectTold(`SEED=${seed}`, before, list.all, list.update(transaction))
        })
        return { peer: { doc, flow, list }, undo }
      })
      for (let round = 0; round < 25; round += 1) {
        const { peer, undo } = pick(random, peers)
        const segments = peer.list.all
        const action = random()
        if (action < 0.6) {
          const segment = pick(random, segments)
          const from = unitsBefore(segments, segments.indexOf(segment))
          const steps = recipe(random, peer.flow.length - from).map((make) => make())
          peer.doc.transact((transaction) => writeSteps(peer.flow, transaction, segment, steps))
        } else if (action < 0.7) undo.undo()
        else if (action < 0.75) segments[1]?.marker?.set('type', pick(random, ['heading', 'code', 'x']))
        else {
          const other = pick(random, peers).peer
          Y.applyUpdate(peer.doc, Y.encodeStateAsUpdate(other.doc, Y.encodeStateVector(peer.doc)))
        }
        const where = `SEED=${seed} round ${round}`
        expectSame(where, rendered(peer.list.all), rendered(readSegments(peer.flow)))
        for (const segment of peer.list.all)
          if (peer.list.segmentOf(segment.marker) !== segment)
            expectSame(where, segment.id, 'found by its marker')
      }
    }
  })

  it('keeps the objects of what was not touched, also between two that were', () => {
    const doc = new Y.Doc()
    const flow = flowOf(doc)
    flow.applyDelta([
      { insert: 'a' },
      { insert: createMarker({ type: 'quote', indent: 0 }, 'q') },
      { insert: 'b' },
      { insert: createMarker({ type: 'quote', indent: 0 }, 'r') },
      { insert: 'c' },
    ])
    const list = new SegmentList(flow)
    const [, between] = list.all
    let changes: readonly SegmentChange[] = []
    doc.once('afterTransaction', (transaction: Y.Transaction) => {
      changes = list.update(transaction)
    })
    doc.transact(() => {
      flow.insert(5, 'z')
      flow.insert(0, 'x')
    })
    expect(changes.map(({ at, added }) => [at, added.map(({ text }) => text)])).toEqual([
      [0, ['xa']],
      [2, ['cz']],
    ])
    expect(list.all[1]).toBe(between)
  })
})

describe('places', () => {
  it('stay with their left neighbour through splits, joins and what an undo brings back', () => {
    const doc = new Y.Doc()
    const flow = flowOf(doc)
    const undo = new Y.UndoManager(flow, { captureTimeout: 0 })
    flow.insert(0, 'abcdef')
    const [leading] = readSegments(flow)
    if (leading === undefined) throw new Error('no segment')
    const place = placeAt(flow, leading, 4)
    const marker = createMarker({ type: 'quote', indent: 0 }, 'q')
    flow.insertEmbed(2, marker)
    expect(resolvePlace(flow, place)).toEqual({ marker, offset: 2 })
    flow.delete(2, 1)
    expect(resolvePlace(flow, place)).toEqual({ marker: null, offset: 4 })
    flow.delete(3, 2)
    expect(resolvePlace(flow, place)).toEqual({ marker: null, offset: 3 })
    undo.undo()
    expect(resolvePlace(flow, place)).toEqual({ marker: null, offset: 4 })
    expect(resolvePlace(flow, { ...place, item: { client: 5, clock: 1 } })).toBeUndefined()
  })

  it('are what Yjs itself understands as a relative position', () => {
    const doc = new Y.Doc()
    const flow = flowOf(doc)
    flow.insert(0, 'abc')
    const [leading] = readSegments(flow)
    if (leading === undefined) throw new Error('no segment')
    for (const offset of [0, 1, 3]) {
      const relative = Y.createRelativePositionFromJSON(placeAt(flow, leading, offset))
      const absolute = Y.createAbsolutePositionFromRelativePosition(relative, doc)
      expect(absolute?.index).toBe(offset === 0 ? 0 : offset)
    }
  })
})

describe('rendering', () => {
  it('shows an empty flow as one empty paragraph, and a hidden leading text only when it has to', () => {
    const flow = flowOf(new Y.Doc())
    expect(renderSegments(readSegments(flow)).map(({ shape }) => shape)).toEqual([
      { type: 'paragraph', indent: 0 },
    ])
    flow.setAttribute('hidden', true)
    expect(renderSegments(readSegments(flow))).toHaveLength(1)
    flow.insertEmbed(0, createMarker({ type: 'divider', indent: 0 }, 'd'))
    expect(renderSegments(readSegments(flow)).map(({ shape }) => shape.type)).toEqual(['divider'])
    flow.insert(1, 'behind')
    expect(renderSegments(readSegments(flow)).map(({ part, text }) => [part, text])).toEqual([
      ['marked', ''],
      ['tail', 'behind'],
    ])
    const [leading] = readSegments(flow)
    if (leading === undefined) throw new Error('no segment')
    expect(blocksOf(leading, false)).toEqual([])
  })
})
