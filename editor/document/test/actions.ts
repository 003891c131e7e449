/** What a person can do to a document, on what they see of it and know. */
import type * as Y from 'yjs'
import { type BlockMove, deleteBlocks, indentBlocks, moveBlocks } from '../src/blocks-edit.ts'
import { createMarker, setBlockColumn, setBlockShape, setLeadingHidden } from '../src/flow.ts'
import {
  type CopyStep,
  type FlowStep,
  readSegments,
  type Segment,
  writeSteps,
} from '../src/flow-internals.ts'
import { COLORS, type MarkChanges } from '../src/marks.ts'
import { type BlockShape, isVoid } from '../src/schema.ts'
import { type Axis, cellFlow, readGrid } from '../src/table.ts'
import {
  createTable,
  deleteLine,
  emptyTable,
  insertLine,
  moveLine,
  setColumnWidth,
  setHeader,
} from '../src/table-edit.ts'
import type { Ledger } from './ledger.ts'
import type { Person } from './person.ts'
import type { Random } from './random.ts'

/** What a planted fault can replace. */
export interface Edits {
  readonly createMarker: typeof createMarker
  readonly format: (flow: Y.Text, transaction: Y.Transaction, at: Segment, steps: FormatSteps) => void
  readonly moveBlocks: typeof moveBlocks
}

export interface FormatSteps {
  readonly before: number
  readonly text: string
  readonly marks: MarkChanges
}

export const EDITS: Edits = {
  createMarker,
  format: (flow, transaction, at, { before, text, marks }) => {
    const steps: FlowStep[] = before > 0 ? [{ kind: 'retain', length: before }] : []
    writeSteps(flow, transaction, at, [...steps, { kind: 'retain', length: text.length, marks }])
  },
  moveBlocks,
}

export interface Context {
  readonly person: Person
  readonly random: Random
  readonly ledger: Ledger
  readonly newId: () => string
  readonly edits: Edits
}

export type ActionName = keyof typeof ACTIONS

const WEIGHTS: { readonly [name in ActionName]: number } = {
  type: 34,
  delete: 9,
  split: 10,
  join: 6,
  kind: 8,
  indent: 3,
  column: 2,
  format: 9,
  object: 3,
  void: 3,
  table: 3,
  insertLine: 5,
  moveLine: 4,
  deleteLine: 3,
  tableLook: 1,
  move: 7,
  deleteBlocks: 3,
  retype: 1,
  undo: 9,
  redo: 5,
}
const NAMES = Object.keys(WEIGHTS) as ActionName[]
const TOTAL = NAMES.reduce((sum, name) => sum + WEIGHTS[name], 0)

export function pickAction(random: Random): ActionName {
  let left = random.whole(1, TOTAL)
  for (const name of NAMES) {
    left -= WEIGHTS[name]
    if (left <= 0) return name
  }
  return 'type'
}

const OLD_SHAPES: readonly BlockShape[] = [
  { type: 'paragraph', indent: 0 },
  { type: 'heading', level: 2, indent: 0 },
  { type: 'bullet', indent: 1 },
  { type: 'numbered', indent: 0 },
  { type: 'check', checked: true, indent: 0 },
  { type: 'quote', indent: 0 },
  { type: 'code', language: 'js', indent: 0 },
]
const SHAPES: readonly BlockShape[] = [
  ...OLD_SHAPES,
  { type: 'heading', level: 4, indent: 0 },
  { type: 'numbered', indent: 0, start: 5 },
  { type: 'callout', kind: 'tip', emoji: '', indent: 0 },
  { type: 'toggle', collapsed: true, indent: 0 },
]
const VOIDS: readonly BlockShape[] = [
  { type: 'divider', indent: 0 },
  { type: 'image', indent: 0, url: 'https://example.org/i', name: '', size: 0, alt: 'i', width: 0 },
  { type: 'file', indent: 0, url: 'weft-file:f', name: 'f', size: 3 },
  { type: 'equation', indent: 0, latex: 'x^2' },
  { type: 'embed', indent: 0, url: 'https://example.org/e' },
]

export const ACTIONS = {
  type(context: Context): void {
    const { person, random, ledger } = context
    const { flow, segment } = place(context)
    const offset = random.chance(0.4) ? segment.text.length : random.whole(0, segment.text.length)
    const text = ledger.take(random.whole(1, 5))
    const marks = random.chance(0.2) ? { bold: true as const } : {}
    person.edit((transaction) => write(flow, transaction, segment, offset, [{ kind: 'text', text, marks }]))
  },

  /** From somewhere in a block to somewhere in it or in one of the next. */
  delete(context: Context): void {
    const { person, random } = context
    const { flow, segments, index } = place(context)
    const last = Math.min(segments.length - 1, index + (random.chance(0.7) ? 0 : random.whole(0, 2)))
    person.edit((transaction) => {
      for (let current = last; current >= index; current -= 1) {
        const segment = segments[current]
        if (segment === undefined) continue
        const from = current === index ? random.whole(0, segment.text.length) : 0
        const to = current === last ? random.whole(from, segment.text.length) : segment.text.length
        if (to > from) write(flow, transaction, segment, from, [{ kind: 'delete', length: to - from }])
        if (current > index && person.knows(segment.shape)) removeMarker(context, flow, transaction, segment)
      }
    })
  },

  split(context: Context): void {
    const { person, random, newId, edits } = context
    const { flow, segment } = place(context)
    const offset = random.whole(0, segment.text.length)
    const shape = person.knows(segment.shape) && !isVoid(segment.shape) ? segment.shape : OLD_SHAPES[0]
    if (shape === undefined) return
    const marker = edits.createMarker(shape, newId())
    person.edit((transaction) => write(flow, transaction, segment, offset, [{ kind: 'marker', marker }]))
  },

  join(context: Context): void {
    const { person } = context
    const { flow, segment } = place(context)
    if (segment.marker === null || !person.knows(segment.shape)) return
    person.edit((transaction) => removeMarker(context, flow, transaction, segment))
  },

  kind(context: Context): void {
    const { person, random } = context
    const { flow, segment } = place(context)
    if (!person.knows(segment.shape)) return
    // What a table holds would stand behind the last block: for that, it is deleted.
    if (segment.shape.type === 'table') return
    const shape = random.pick(person.isOlder ? OLD_SHAPES : SHAPES)
    person.edit(() => {
      setBlockShape(flow, segment.marker, shape)
      if (segment.marker === null && random.chance(0.3)) setLeadingHidden(flow, false)
    })
  },

  indent(context: Context): void {
    const { person, random } = context
    const { flow, segment, index } = place(context)
    if (person.knows(segment.shape))
      person.edit(() => indentBlocks(flow, index, index + 1, random.chance(0.6) ? 1 : -1))
  },

  column(context: Context): void {
    const { person, random } = context
    const { flow, segment } = place(context)
    if (!person.isOlder && person.knows(segment.shape))
      person.edit(() => setBlockColumn(flow, segment.marker, random.whole(0, 4)))
  },

  format(context: Context): void {
    const { person, random, edits } = context
    const { flow, segment } = place(context)
    const before = random.whole(0, segment.text.length)
    const text = segment.text.slice(before, random.whole(before, segment.text.length))
    if (text === '' || segment.objects.length > 0) return
    const marks = random.pick<MarkChanges>([
      { bold: true },
      { bold: null },
      { link: 'https://example.org/' },
      person.isOlder ? { italic: true } : { color: random.pick(COLORS) },
    ])
    const markers = segment.marker === null ? 0 : 1
    person.edit((transaction) =>
      edits.format(flow, transaction, segment, { before: before + markers, text, marks }),
    )
  },

  object(context: Context): void {
    const { person, random } = context
    const { flow, segment } = place(context)
    if (person.isOlder) return
    const content = random.pick([
      { type: 'date', date: '2026-11-22' },
      { type: 'mention', kind: 'person', ref: 'p', label: 'Ann' },
      { type: 'sparkle', of: 'later' },
    ])
    const step: CopyStep = { kind: 'copy', content, attributes: {} }
    const offset = random.whole(0, segment.text.length)
    person.edit((transaction) => write(flow, transaction, segment, offset, [step]))
  },

  void(context: Context): void {
    const { person, random, newId, edits } = context
    const { flow, segment } = place(context)
    const marker = edits.createMarker(
      person.isOlder ? (VOIDS[0] ?? random.pick(VOIDS)) : random.pick(VOIDS),
      newId(),
    )
    const offset = segment.text.length
    person.edit((transaction) => write(flow, transaction, segment, offset, [{ kind: 'marker', marker }]))
  },

  table(context: Context): void {
    const { person, newId } = context
    if (person.isOlder || tablesOf(person).length > 2) return
    const { flow } = person
    const segment = context.random.pick(readSegments(flow))
    const id = newId()
    const marker = context.edits.createMarker({ type: 'table', indent: 0 }, id)
    person.edit((transaction) => {
      write(flow, transaction, segment, segment.text.length, [{ kind: 'marker', marker }])
      createTable(person.doc, { id, rows: [newId(), newId()], columns: [newId(), newId()] })
    })
  },

  insertLine(context: Context): void {
    onTable(context, (table, axis, ids) =>
      insertLine(context.person.doc, table, axis, context.random.whole(0, ids.length), context.newId()),
    )
  },

  moveLine(context: Context): void {
    onTable(context, (table, axis, ids) => {
      if (ids.length > 1)
        moveLine(
          context.person.doc,
          table,
          axis,
          context.random.whole(0, ids.length - 1),
          context.random.pick(ids),
        )
    })
  },

  deleteLine(context: Context): void {
    onTable(context, (table, axis, ids) => {
      if (ids.length > 1) deleteLine(context.person.doc, table, axis, context.random.pick(ids))
    })
  },

  tableLook(context: Context): void {
    onTable(context, (table, axis, ids) => {
      setHeader(context.person.doc, table, axis, context.random.chance(0.5))
      const id = ids[0]
      if (axis === 'column' && id !== undefined) setColumnWidth(context.person.doc, table, id, 120)
    })
  },

  move(context: Context): void {
    const { person, random, newId, edits, ledger } = context
    const { flow, segments, index } = place(context)
    const to = Math.min(segments.length, index + random.whole(1, 2))
    const moved = segments.slice(index, to)
    if (!moved.every(({ shape }) => person.knows(shape))) return
    const move: BlockMove = { from: index, to, before: random.whole(0, segments.length), newId: newId() }
    person.edit((transaction) => {
      if (edits.moveBlocks(flow, transaction, move))
        ledger.noteMove(person.index, moved.map(({ text }) => text).join(''))
    })
  },

  deleteBlocks(context: Context): void {
    const { person, random } = context
    const { flow, segments, index } = place(context)
    const to = Math.min(segments.length, index + random.whole(1, 2))
    if (!segments.slice(index, to).every(({ shape }) => person.knows(shape))) return
    person.edit((transaction) => deleteBlocks(flow, transaction, index, to))
  },

  /** Selects all and writes something else. */
  retype(context: Context): void {
    const { person, ledger } = context
    const { flow } = person
    const text = ledger.take(3)
    person.edit((transaction) => {
      const segments = readSegments(flow)
      for (const segment of segments.toReversed()) {
        const length = segment.text.length
        if (length > 0) write(flow, transaction, segment, 0, [{ kind: 'delete', length }])
        if (segment.marker !== null && person.knows(segment.shape))
          removeMarker(context, flow, transaction, segment)
      }
      const [leading] = readSegments(flow)
      if (leading !== undefined) write(flow, transaction, leading, 0, [{ kind: 'text', text, marks: {} }])
    })
  },

  undo({ person }: Context): void {
    person.travel('undo')
  },

  redo({ person }: Context): void {
    person.travel('redo')
  },
}

interface Place {
  readonly flow: Y.Text
  readonly segments: readonly Segment[]
  readonly segment: Segment
  readonly index: number
}

/** A block of the document's flow, or of a cell. */
function place({ person, random }: Context): Place {
  const flow = random.chance(0.3) ? cellOf(person, random) : person.flow
  const segments = readSegments(flow)
  const index = random.whole(0, segments.length - 1)
  const segment = segments[index]
  if (segment === undefined) throw new Error('a flow always has a segment')
  return { flow, segments, segment, index }
}

function cellOf(person: Person, random: Random): Y.Text {
  const tables = person.isOlder ? [] : tablesOf(person)
  if (tables.length === 0) return person.flow
  const table = random.pick(tables)
  const { rows, columns } = readGrid(person.doc, table)
  if (rows.length === 0 || columns.length === 0) return person.flow
  return cellFlow(person.doc, table, { row: random.pick(rows), column: random.pick(columns).id })
}

function tablesOf({ flow }: Person): string[] {
  return readSegments(flow).flatMap(({ shape, id }) => (shape.type === 'table' ? [id] : []))
}

function onTable(
  context: Context,
  change: (table: string, axis: Axis, ids: readonly string[]) => void,
): void {
  const { person, random } = context
  const tables = person.isOlder ? [] : tablesOf(person)
  if (tables.length === 0) return
  const table = random.pick(tables)
  const axis = random.pick<Axis>(['row', 'column'])
  const grid = readGrid(person.doc, table)
  person.edit(() => change(table, axis, axis === 'row' ? grid.rows : grid.columns.map(({ id }) => id)))
}

function write(
  flow: Y.Text,
  transaction: Y.Transaction,
  segment: Segment,
  offset: number,
  steps: readonly (FlowStep | CopyStep)[],
): void {
  const length = offset + (segment.marker === null ? 0 : 1)
  writeSteps(flow, transaction, segment, length > 0 ? [{ kind: 'retain', length }, ...steps] : steps)
}

/** A table goes with what is in it; any other block's text joins the block before. */
function removeMarker({ person }: Context, flow: Y.Text, transaction: Y.Transaction, segment: Segment): void {
  writeSteps(flow, transaction, segment, [{ kind: 'delete', length: 1 }])
  if (segment.shape.type === 'table' && flow === person.flow) emptyTable(person.doc, segment.id)
}
