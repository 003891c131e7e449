/**
 * Documents as plain values (`DocumentJson`): what every format prints from and parses to.
 *
 * Rule: `normalDocument` gives what reading a flow with that content would give, so values from anywhere can be
 * compared. Ids of parsed blocks are made up by position; whoever writes a value into a document gives new ones.
 */
import {
  type BlockJson,
  type CellJson,
  type DocumentJson,
  type TableJson,
  type TextRun,
  textRuns,
} from './flow.ts'
import { OBJECT_CHARACTER, type PlacedObject, pushText } from './flow-internals.ts'
import type { InlineObject } from './inline.ts'
import { type Marks, readMarks } from './marks.ts'
import { isVoid, PARAGRAPH, readBlockShape, readColumn, SCHEMA_VERSION, storedBlock } from './schema.ts'

/** Collects text, marks and objects, and gives them as the flow would. */
export class RunBuilder {
  #text = ''
  readonly #runs: { length: number; marks: Marks }[] = []
  readonly #objects: Pick<PlacedObject, 'offset' | 'object'>[] = []

  get isEmpty(): boolean {
    return this.#text === ''
  }

  push(text: string, marks: Marks): void {
    const own = normalText(text)
    this.#text += own
    pushText(this.#runs, own, marks)
  }

  pushObject(object: InlineObject, marks: Marks): void {
    this.#objects.push({ offset: this.#text.length, object })
    this.#text += OBJECT_CHARACTER
    pushText(this.#runs, OBJECT_CHARACTER, marks)
  }

  runs(): TextRun[] {
    return textRuns({ text: this.#text, runs: this.#runs, objects: this.#objects })
  }
}

/** Line ends become '\n'; NUL, which Markdown and HTML cannot hold, and halves of characters become U+FFFD. */
export function normalText(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').replaceAll('\0', '\uFFFD').toWellFormed()
}

export function normalRuns(runs: readonly TextRun[]): TextRun[] {
  const builder = new RunBuilder()
  for (const { text, marks, object } of runs) {
    const own = readMarks(Object.entries(marks))
    if (object === undefined) builder.push(text, own)
    else builder.pushObject(object, own)
  }
  return builder.runs()
}

/** A block without what has its default, and with what its type needs. */
export function normalBlock({ id, shape, runs, column, table }: BlockJson): BlockJson {
  const stored = storedBlock(shape)
  const own = readBlockShape((name) => stored[name])
  const place = readColumn(column)
  return {
    id,
    shape: own,
    runs: isVoid(own) ? [] : normalRuns(runs),
    ...(place > 0 ? { column: place } : {}),
    ...(own.type === 'table' ? { table: normalTable(table) } : {}),
  }
}

/** At least one block, as every document has. */
export function normalDocument({ blocks }: { readonly blocks: readonly BlockJson[] }): DocumentJson {
  return { schema: SCHEMA_VERSION, blocks: atLeastOne(blocks.map(normalBlock)) }
}

/** The same with ids by position, so that values of different origin can be compared. */
export function withoutIds({ schema, blocks }: DocumentJson): DocumentJson {
  return { schema, blocks: numbered(blocks) }
}

/** @returns the blocks with ids '1', '2' …, and those of rows and columns likewise. */
export function numbered(blocks: readonly BlockJson[]): BlockJson[] {
  return blocks.map((block, index) => ({
    ...block,
    id: String(index + 1),
    ...(block.table === undefined ? {} : { table: numberedTable(block.table) }),
  }))
}

export function emptyParagraph(id = '1'): BlockJson {
  return { id, shape: PARAGRAPH, runs: [] }
}

function numberedTable(table: TableJson): TableJson {
  return {
    ...table,
    id: '',
    columns: table.columns.map(({ width }, index) => ({ id: String(index + 1), width })),
    rows: table.rows.map(({ cells }, index) => ({
      id: String(index + 1),
      cells: cells.map((cell): CellJson => ({ blocks: numbered(cell.blocks) })),
    })),
  }
}

/** Every row gets as many cells as there are columns. */
function normalTable(table: TableJson | undefined): TableJson {
  const { id = '', headerRow = false, headerColumn = false, columns = [], rows = [] } = table ?? {}
  return {
    id,
    headerRow,
    headerColumn,
    columns,
    rows: rows.map(({ id, cells }) => ({
      id,
      cells: columns.map((_, index): CellJson => {
        const blocks = cells[index]?.blocks ?? []
        return { blocks: atLeastOne(blocks.map(normalCellBlock)) }
      }),
    })),
  }
}

/** Tables do not nest: one in a cell is of an unknown type. */
function normalCellBlock(block: BlockJson): BlockJson {
  const { shape } = block
  if (shape.type !== 'table') return normalBlock(block)
  return normalBlock({ ...block, shape: { type: 'unknown', indent: shape.indent, name: shape.type } })
}

function atLeastOne(blocks: BlockJson[]): BlockJson[] {
  return blocks.length > 0 ? blocks : [emptyParagraph()]
}
