/**
 * A document as JSON: `DocumentJson`, with its schema version, as `readDocument` gives it.
 *
 * Rule: `parseJson(printJson(d))` is `d`, ids included. What is no document is refused with its place; values outside
 * of their domain read as their defaults, as everywhere (`MODEL.md`), so nothing that could run comes in.
 */
import type { BlockJson, CellJson, DocumentJson, TableJson, TextRun } from '../flow.ts'
import { readInline } from '../inline.ts'
import { readMarks } from '../marks.ts'
import { readBlockShape, readColumn, SCHEMA_VERSION } from '../schema.ts'
import { normalDocument } from '../value.ts'
import { MAX_ID_LENGTH, readWhole } from '../values.ts'

/** Ids of what is shown can be longer than stored ones, by what tells two of them apart. */
const LONGEST_ID = MAX_ID_LENGTH + 32

/** The text is no document of this version; `place` says where, as in `blocks[3].runs`. */
export class DocumentFormatError extends Error {
  override readonly name = 'DocumentFormatError'
  readonly place: string

  constructor(place: string, message: string, cause?: unknown) {
    super(`${place}: ${message}`, { cause })
    this.place = place
  }
}

/** @throws {DocumentFormatError} when it is no JSON, no document, or one of a later schema. */
export function parseJson(text: string): DocumentJson {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new DocumentFormatError('document', 'expected JSON', cause)
  }
  const { schema, blocks } = recordOf(value, 'document')
  if (!(typeof schema === 'number' && Number.isInteger(schema) && schema >= 1 && schema <= SCHEMA_VERSION))
    throw new DocumentFormatError('schema', `expected 1 to ${SCHEMA_VERSION}, the versions that can be read`)
  return normalDocument({ blocks: listOf(blocks, 'blocks', readBlock) })
}

function readBlock(value: unknown, place: string): BlockJson {
  const block = recordOf(value, place)
  const shape = recordOf(block['shape'], `${place}.shape`)
  const type = shape['type'] === 'unknown' ? shape['name'] : shape['type']
  const { table } = block
  return {
    id: idOf(block['id'], `${place}.id`),
    shape: readBlockShape((name) => (name === 'type' ? type : shape[name])),
    runs: listOf(block['runs'], `${place}.runs`, readRun),
    column: readColumn(block['column']),
    ...(table === undefined ? {} : { table: readTable(table, `${place}.table`) }),
  }
}

function readRun(value: unknown, place: string): TextRun {
  const { text, marks, object } = recordOf(value, place)
  if (typeof text !== 'string') throw new DocumentFormatError(`${place}.text`, 'expected a string')
  const own = readMarks(Object.entries(recordOf(marks ?? {}, `${place}.marks`)))
  if (object === undefined) return { text, marks: own }
  const stored = recordOf(object, `${place}.object`)
  return {
    text,
    marks: own,
    object: readInline(stored['type'] === 'unknown' ? { type: stored['name'] } : stored),
  }
}

function readTable(value: unknown, place: string): TableJson {
  const table = recordOf(value, place)
  return {
    id: idOf(table['id'], `${place}.id`),
    headerRow: table['headerRow'] === true,
    headerColumn: table['headerColumn'] === true,
    columns: listOf(table['columns'], `${place}.columns`, (column, own) => {
      const { id, width } = recordOf(column, own)
      return { id: idOf(id, `${own}.id`), width: readWhole(width, 16, 4_096) }
    }),
    rows: listOf(table['rows'], `${place}.rows`, (row, own) => {
      const { id, cells } = recordOf(row, own)
      return { id: idOf(id, `${own}.id`), cells: listOf(cells, `${own}.cells`, readCell) }
    }),
  }
}

function readCell(value: unknown, place: string): CellJson {
  const { blocks } = recordOf(value, place)
  return {
    blocks: listOf(blocks, `${place}.blocks`, (block, own) => {
      if (recordOf(block, own)['table'] !== undefined)
        throw new DocumentFormatError(own, 'tables do not nest')
      return readBlock(block, own)
    }),
  }
}

function recordOf(value: unknown, place: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new DocumentFormatError(place, 'expected an object')
  return value as Record<string, unknown>
}

function listOf<T>(value: unknown, place: string, read: (element: unknown, place: string) => T): T[] {
  if (!Array.isArray(value)) throw new DocumentFormatError(place, 'expected a list')
  return value.map((element: unknown, at) => read(element, `${place}[${at}]`))
}

function idOf(value: unknown, place: string): string {
  if (typeof value !== 'string' || value.length > LONGEST_ID)
    throw new DocumentFormatError(place, `expected a string of at most ${LONGEST_ID} units`)
  return value
}
