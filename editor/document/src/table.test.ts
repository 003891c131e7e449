import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { createMarker, flowOf, insertText, type TableJson } from './flow.ts'
import { positionBetween } from './position.ts'
import { readDocument } from './read-document.ts'
import { cellFlow, tableRoot } from './table.ts'
import {
  createTable,
  deleteLine,
  emptyTable,
  insertLine,
  moveLine,
  setColumnWidth,
  setHeader,
} from './table-edit.ts'

/** Two people with the same 2 × 2 table whose cells say who they are. */
function two(): [Y.Doc, Y.Doc] {
  const docs = [1, 2].map((client) => {
    const doc = new Y.Doc()
    doc.clientID = client
    flowOf(doc)
    return doc
  })
  const [ann, ben] = docs
  if (ann === undefined || ben === undefined) throw new Error('two')
  ann.transact(() => {
    flowOf(ann).insertEmbed(0, createMarker({ type: 'table', indent: 0 }, 't'))
    createTable(ann, { id: 't', rows: ['r1', 'r2'], columns: ['c1', 'c2'], headerRow: true })
    for (const row of ['r1', 'r2'])
      for (const column of ['c1', 'c2']) cellFlow(ann, 't', { row, column }).insert(0, row + column)
  })
  meet(ann, ben)
  return [ann, ben]
}

function meet(a: Y.Doc, b: Y.Doc): void {
  for (let round = 0; round < 2; round += 1) {
    Y.applyUpdate(a, Y.encodeStateAsUpdate(b))
    Y.applyUpdate(b, Y.encodeStateAsUpdate(a))
  }
  expect(readDocument(flowOf(a))).toEqual(readDocument(flowOf(b)))
}

function tableOf(doc: Y.Doc): TableJson {
  const found = readDocument(flowOf(doc)).blocks.find(({ table }) => table !== undefined)?.table
  if (found === undefined) throw new Error('no table')
  return found
}

function grid(doc: Y.Doc): string[] {
  return tableOf(doc).rows.map(({ cells }) =>
    cells
      .map(({ blocks }) => blocks.flatMap(({ runs }) => runs.map(({ text }) => text)).join('/'))
      .join(' | '),
  )
}

describe('a table', () => {
  it('has a cell for every row and column when one person adds a row and another a column', () => {
    const [ann, ben] = two()
    insertLine(ann, 't', 'row', 1, 'new')
    insertLine(ben, 't', 'column', 1, 'wide')
    cellFlow(ben, 't', { row: 'r1', column: 'wide' }).insert(0, 'ben')
    meet(ann, ben)
    expect(grid(ann)).toEqual(['r1c1 | ben | r1c2', ' |  | ', 'r2c1 |  | r2c2'])
  })

  it('shares the new cell that two people write into first', () => {
    const [ann, ben] = two()
    insertLine(ann, 't', 'row', 2, 'new')
    meet(ann, ben)
    insertText(cellFlow(ann, 't', { row: 'new', column: 'c1' }), 0, 'ann')
    insertText(cellFlow(ben, 't', { row: 'new', column: 'c1' }), 0, 'ben')
    meet(ann, ben)
    expect(grid(ann)[2]).toBe('annben | ')
  })

  it('shows a row that was deleted only for words typed into it meanwhile, and nothing else of it again', () => {
    const [ann, ben] = two()
    deleteLine(ann, 't', 'row', 'r1')
    expect(grid(ann)).toEqual(['r2c1 | r2c2'])
    cellFlow(ben, 't', { row: 'r1', column: 'c2' }).insert(4, ' kept')
    insertLine(ben, 't', 'column', 2, 'c3')
    meet(ann, ben)
    expect(grid(ann)).toEqual([' |  kept | ', 'r2c1 | r2c2 | '])
    deleteLine(ben, 't', 'row', 'r1')
    meet(ann, ben)
    expect(grid(ann)).toEqual(['r2c1 | r2c2 | '])
  })

  it('has a row once when two people move it, and not at all when one of them deletes it', () => {
    const [ann, ben] = two()
    insertLine(ann, 't', 'row', 2, 'r3')
    meet(ann, ben)
    moveLine(ann, 't', 'row', 0, 'r3')
    moveLine(ben, 't', 'row', 1, 'r3')
    meet(ann, ben)
    expect(
      tableOf(ann)
        .rows.map(({ id }) => id)
        .sort(),
    ).toEqual(['r1', 'r2', 'r3'])
    moveLine(ann, 't', 'row', 2, 'r1')
    deleteLine(ben, 't', 'row', 'r1')
    meet(ann, ben)
    expect(
      tableOf(ann)
        .rows.map(({ id }) => id)
        .sort(),
    ).toEqual(['r2', 'r3'])
  })

  it('moves as a marker: its rows and words are there once, at the first of two places', () => {
    const [ann, ben] = two()
    for (const doc of [ann, ben])
      doc.transact(() => {
        flowOf(doc).delete(0, 1)
        flowOf(doc).insertEmbed(0, createMarker({ type: 'table', indent: 0 }, 't'))
      })
    insertLine(ben, 't', 'row', 0, 'top')
    meet(ann, ben)
    const tables = readDocument(flowOf(ann)).blocks.filter(({ shape }) => shape.type === 'table')
    expect(tables.map(({ table }) => table?.rows.length)).toEqual([3, undefined])
  })

  it('that was deleted is shown last as long as it has words that were typed meanwhile', () => {
    const [ann, ben] = two()
    ann.transact(() => {
      flowOf(ann).delete(0, 1)
      emptyTable(ann, 't')
    })
    cellFlow(ben, 't', { row: 'r2', column: 'c1' }).insert(4, ' late')
    meet(ann, ben)
    expect(grid(ann)).toEqual([' late'])
    expect(readDocument(flowOf(ann)).blocks.map(({ shape }) => shape.type)).toEqual(['paragraph', 'table'])
  })

  it('keeps its header and widths, and takes odd values for none', () => {
    const [ann, ben] = two()
    setHeader(ann, 't', 'column', true)
    setColumnWidth(ann, 't', 'c2', 120)
    tableRoot(ben, 't').set('width/c1', 'wide')
    tableRoot(ben, 't').set('row/r2', 7)
    tableRoot(ben, 't').set('row/__proto__', 'A')
    meet(ann, ben)
    const { headerRow, headerColumn, columns } = tableOf(ann)
    expect({ headerRow, headerColumn }).toEqual({ headerRow: true, headerColumn: true })
    expect(columns).toEqual([
      { id: 'c1', width: 0 },
      { id: 'c2', width: 120 },
    ])
    expect(tableOf(ann).rows.map(({ id }) => id)).toEqual(['r1', 'r2'])
  })

  it('refuses ids that would be part of another name', () => {
    const doc = new Y.Doc()
    expect(() => insertLine(doc, 't', 'row', 0, 'a/b')).toThrow(RangeError)
    expect(() => createTable(doc, { id: '__proto__', rows: [], columns: [] })).toThrow(RangeError)
  })

  it('in a cell is of an unknown type', () => {
    const [ann] = two()
    cellFlow(ann, 't', { row: 'r1', column: 'c1' }).insertEmbed(
      0,
      createMarker({ type: 'table', indent: 0 }, 'u'),
    )
    expect(tableOf(ann).rows[0]?.cells[0]?.blocks.map(({ shape }) => shape.type)).toContain('unknown')
  })
})

describe('positionBetween', () => {
  it('finds one between any two, however often, and stays short at the end', () => {
    let [low, high] = ['', '']
    for (let round = 0; round < 300; round += 1) {
      const next = positionBetween(low, high, `x${round * 7_919}`)
      expect(next > low && (high === '' || next < high) && !next.endsWith('0')).toBe(true)
      if (round % 3 === 0) low = next
      else high = next
    }
    let last = ''
    for (let round = 0; round < 1_000; round += 1) last = positionBetween(last, '', 'abcd')
    expect(last.length).toBeLessThan(64)
  })
})
