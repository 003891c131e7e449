/** What people do to each other's blocks, told by hand: the exact text, and every word once. */
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { authorsOf } from '../src/authorship.ts'
import { deleteBlocks, indentBlocks, moveBlocks } from '../src/blocks-edit.ts'
import { createMarker, flowOf, setBlockShape } from '../src/flow.ts'
import {
  type FlowStep,
  isOnlyOurs,
  readSegments,
  type Segment,
  signRestored,
  writeSteps,
} from '../src/flow-internals.ts'
import type { Marks } from '../src/marks.ts'
import { readDocument } from '../src/read-document.ts'
import type { BlockShape } from '../src/schema.ts'
import { cellFlow } from '../src/table.ts'
import { createTable, insertLine } from '../src/table-edit.ts'

class Writer {
  readonly doc = new Y.Doc()
  readonly undo: Y.UndoManager
  readonly #name: string
  #ids = 0

  constructor(name: string, client: number) {
    this.#name = name
    this.doc.clientID = client
    flowOf(this.doc)
    const options = { trackedOrigins: new Set<unknown>([this]), captureTimeout: 0, deleteFilter: isOnlyOurs }
    this.undo = new Y.UndoManager(this.doc, options)
  }

  get flow(): Y.Text {
    return flowOf(this.doc)
  }

  travel(direction: 'undo' | 'redo'): void {
    const step = this.undo[direction]()
    if (step !== null) signRestored(this.doc, step.deletions, 'restored')
  }

  type(block: number, offset: number, text: string, marks: Marks = {}): void {
    this.#write(block, offset, { kind: 'text', text, marks })
  }

  erase(block: number, offset: number, length: number): void {
    this.#write(block, offset, { kind: 'delete', length })
  }

  format(block: number, offset: number, length: number): void {
    this.#write(block, offset, { kind: 'retain', length, marks: { bold: true } })
  }

  enter(block: number, offset: number, shape: BlockShape = { type: 'paragraph', indent: 0 }): void {
    this.#ids += 1
    this.#write(block, offset, { kind: 'marker', marker: createMarker(shape, `${this.#name}${this.#ids}`) })
  }

  /** Backspace at the start of a block. */
  join(block: number): void {
    this.#write(block, -1, { kind: 'delete', length: 1 })
  }

  shape(block: number, shape: BlockShape): void {
    this.doc.transact(() => setBlockShape(this.flow, this.#segment(block).marker, shape), this)
  }

  indent(block: number, by: number): void {
    this.doc.transact(() => indentBlocks(this.flow, block, block + 1, by), this)
  }

  /** Selects everything and types. */
  retype(text: string): void {
    this.doc.transact((transaction) => {
      deleteBlocks(this.flow, transaction, 0, readSegments(this.flow).length)
      writeSteps(this.flow, transaction, this.#segment(0), [{ kind: 'text', text, marks: {} }])
    }, this)
  }

  lines(): string[] {
    return readDocument(this.flow).blocks.map(
      ({ shape, runs }) =>
        `${shape.type} ${runs.map(({ text, marks }) => (marks.bold === true ? `*${text}*` : text)).join('')}`,
    )
  }

  #segment(block: number): Segment {
    const segment = readSegments(this.flow)[block]
    if (segment === undefined) throw new Error(`no block ${block}`)
    return segment
  }

  #write(block: number, offset: number, step: FlowStep): void {
    const segment = this.#segment(block)
    const length = offset + (segment.marker === null ? 0 : 1)
    const steps: FlowStep[] = length > 0 ? [{ kind: 'retain', length }, step] : [step]
    this.doc.transact((transaction) => writeSteps(this.flow, transaction, segment, steps), this)
  }
}

/** Two people who both have a paragraph for each line. */
function two(...lines: string[]): [Writer, Writer] {
  const ann = new Writer('a', 1)
  const ben = new Writer('b', 2)
  for (const [index, line] of lines.entries()) {
    if (index > 0) ann.enter(index - 1, lines[index - 1]?.length ?? 0)
    ann.type(index, 0, line)
  }
  meet(ann, ben)
  ann.undo.clear()
  return [ann, ben]
}

function meet(ann: Writer, ben: Writer): void {
  for (let round = 0; round < 2; round += 1) {
    Y.applyUpdate(ann.doc, Y.encodeStateAsUpdate(ben.doc))
    Y.applyUpdate(ben.doc, Y.encodeStateAsUpdate(ann.doc))
  }
  expect(readDocument(ann.flow)).toEqual(readDocument(ben.flow))
}

describe('two people at once', () => {
  it('turn a block into a heading and type in it', () => {
    const [ann, ben] = two('one', 'two')
    ann.shape(1, { type: 'heading', level: 2, indent: 0 })
    ben.type(1, 1, 'XX')
    meet(ann, ben)
    expect(ann.lines()).toEqual(['paragraph one', 'heading tXXwo'])
  })

  it('press Enter and type in the tail', () => {
    const [ann, ben] = two('one two')
    ann.enter(0, 4)
    ben.type(0, 7, ' three')
    meet(ann, ben)
    expect(ann.lines()).toEqual(['paragraph one ', 'paragraph two three'])
  })

  it('join two blocks and type in both', () => {
    const [ann, ben] = two('one', 'two')
    ann.join(1)
    ben.type(0, 0, '<')
    ben.type(1, 3, '>')
    meet(ann, ben)
    expect(ann.lines()).toEqual(['paragraph <onetwo>'])
  })

  it('delete a block and type in it', () => {
    const [ann, ben] = two('one', 'two', 'three')
    ann.doc.transact((transaction) => deleteBlocks(ann.flow, transaction, 1, 2))
    ben.type(1, 2, 'new')
    meet(ann, ben)
    expect(ann.lines()).toEqual(['paragraph onenew', 'paragraph three'])
  })

  it('make a word bold and type inside it', () => {
    const [ann, ben] = two('one two')
    ann.format(0, 0, 3)
    ben.type(0, 2, 'X')
    meet(ann, ben)
    expect(ann.lines()).toEqual(['paragraph *onXe* two'])
  })

  it('split and join the same blocks', () => {
    const [ann, ben] = two('one two', 'three')
    ann.enter(0, 4)
    ben.join(1)
    ben.enter(0, 4)
    meet(ann, ben)
    expect(ann.lines()).toEqual(['paragraph one ', 'paragraph ', 'paragraph twothree'])
  })

  it('turn ten paragraphs into a list and type in the fifth', () => {
    const lines = Array.from({ length: 10 }, (_, index) => `line ${index}`)
    const [ann, ben] = two(...lines)
    for (let block = 0; block < 10; block += 1) ann.shape(block, { type: 'bullet', indent: 0 })
    ben.type(4, 6, ' and more')
    ben.enter(4, 10)
    meet(ann, ben)
    expect(ann.lines()).toEqual([
      ...lines.slice(0, 4).map((line) => `bullet ${line}`),
      'bullet line 4 and',
      'paragraph  more',
      ...lines.slice(5).map((line) => `bullet ${line}`),
    ])
  })

  it('select all and retype, and type', () => {
    const [ann, ben] = two('one', 'two')
    ann.retype('fresh')
    ben.type(1, 3, ' kept')
    meet(ann, ben)
    expect(ann.lines().join('')).toBe('paragraph fresh kept')
  })

  it('both select all and retype', () => {
    const [ann, ben] = two('one', 'two')
    ann.retype('ann')
    ben.retype('ben')
    meet(ann, ben)
    expect(ann.lines()).toEqual(['paragraph annben'])
  })

  it('paste 200 blocks into a block and type in it', () => {
    const [ann, ben] = two('start end')
    for (let index = 0; index < 200; index += 1) {
      ann.enter(index, index === 0 ? 5 : `pasted ${index}`.length)
      ann.type(index + 1, 0, `pasted ${index + 1}`)
    }
    ben.type(0, 9, '!')
    ben.type(0, 0, '>')
    meet(ann, ben)
    const lines = ann.lines()
    expect(lines).toHaveLength(201)
    expect(lines.slice(0, 3)).toEqual(['paragraph >start', 'paragraph pasted 1', 'paragraph pasted 2'])
    expect(lines.at(-1)).toBe('paragraph pasted 200 end!')
  })

  it('add a row, add a column and type in a cell of a table', () => {
    const [ann, ben] = two('text')
    ann.enter(0, 4, { type: 'table', indent: 0 })
    createTable(ann.doc, { id: 'a1', rows: ['r'], columns: ['c'] })
    meet(ann, ben)
    insertLine(ann.doc, 'a1', 'row', 1, 'r2')
    insertLine(ben.doc, 'a1', 'column', 0, 'c0')
    cellFlow(ben.doc, 'a1', { row: 'r', column: 'c' }).insert(0, 'ben')
    cellFlow(ann.doc, 'a1', { row: 'r', column: 'c' }).insert(0, 'ann')
    meet(ann, ben)
    const table = readDocument(ann.flow).blocks[1]?.table
    expect(
      table?.rows.map(({ cells }) =>
        cells.map(({ blocks }) => blocks.flatMap(({ runs }) => runs.map(({ text }) => text)).join('')),
      ),
    ).toEqual([
      ['', 'annben'],
      ['', ''],
    ])
  })

  it('indent and outdent a block', () => {
    const [ann, ben] = two('one', 'two')
    ann.indent(1, 1)
    meet(ann, ben)
    ann.indent(1, 1)
    ben.indent(1, -1)
    ben.type(1, 3, '!')
    meet(ann, ben)
    expect([0, 2]).toContain(readDocument(ann.flow).blocks[1]?.shape.indent)
    expect(ann.lines()).toEqual(['paragraph one', 'paragraph two!'])
  })

  it('make a block code and a paragraph again', () => {
    const [ann, ben] = two('one')
    ann.shape(0, { type: 'code', language: 'js', indent: 0 })
    meet(ann, ben)
    ann.type(0, 3, '\nlet')
    ben.shape(0, { type: 'paragraph', indent: 0 })
    meet(ann, ben)
    expect(ann.lines()).toEqual(['paragraph one\nlet'])
  })

  it('both undo after typing between each other’s words', () => {
    const [ann, ben] = two('base')
    ann.type(0, 4, ' ann')
    meet(ann, ben)
    ben.type(0, 6, 'BEN')
    meet(ann, ben)
    ann.travel('undo')
    meet(ann, ben)
    expect(ann.lines()).toEqual(['paragraph baseBEN'])
    ben.travel('undo')
    ann.travel('redo')
    meet(ann, ben)
    expect(ann.lines()).toEqual(['paragraph base ann'])
  })

  it('one deletes or moves what both wrote, and takes it back: whose it was it is', () => {
    const [ann, ben] = two('ann ', 'one')
    ben.type(0, 4, 'ben')
    meet(ann, ben)
    const authors = () =>
      authorsOf(ben.flow).map(({ runs }) => runs.map(({ text, client }) => `${client} ${text}`))
    const before = authors()
    expect(before).toEqual([['1 ann ', '2 ben'], ['1 one']])
    ann.erase(0, 2, 3)
    for (const direction of ['undo', 'redo', 'undo'] as const) ann.travel(direction)
    meet(ann, ben)
    expect(ann.lines()).toEqual(['paragraph ann ben', 'paragraph one'])
    expect(authors()).toEqual(before)
    ann.doc.transact((transaction) => {
      moveBlocks(ann.flow, transaction, { from: 0, to: 1, before: 2, newId: 'moved' })
    }, ann)
    meet(ann, ben)
    expect(authors().flat().sort()).toEqual(before.flat().sort())
    ann.travel('undo')
    meet(ann, ben)
    expect(ann.lines()).toEqual(['paragraph ann ben', 'paragraph one'])
    expect(authors()).toEqual(before)
    // What is typed in between is somebody's own again.
    ann.type(0, 5, '!')
    ben.type(0, 7, '?')
    meet(ann, ben)
    expect(authors()).toEqual([['1 ann ', '2 b', '1 !', '2 en?'], ['1 one']])
  })

  it('both undo the same deletion: the words are there twice, what was typed meanwhile once', () => {
    const [ann, ben] = two('one two')
    ann.erase(0, 0, 3)
    ben.erase(0, 0, 3)
    meet(ann, ben)
    ann.travel('undo')
    ben.travel('undo')
    meet(ann, ben)
    expect(ann.lines()).toEqual(['paragraph oneone two'])
  })

  it('open an empty document and type: it is one paragraph', () => {
    const [ann, ben] = [new Writer('a', 1), new Writer('b', 2)]
    ann.type(0, 0, 'ann')
    ben.type(0, 0, 'ben')
    meet(ann, ben)
    expect(ann.lines()).toEqual(['paragraph annben'])
  })
})
