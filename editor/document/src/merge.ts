/**
 * Three-way merge: what somebody changed in a copy of a document, brought into the document as it is meanwhile.
 *
 * Rule: only what the copy's editor changed is written, token by token (`tokens.ts`); everything else keeps its
 * characters, ids and authors. Nothing that others put in is deleted: a word goes only if the editor had seen it.
 * Where both changed the same word, both words are there. Of a block's type or a mark, the editor's word counts.
 */
import type * as Y from 'yjs'
import {
  type Block,
  type BlockJson,
  blocksJson,
  type DocumentJson,
  flowOf,
  renderSegments,
  setBlockColumn,
  setBlockShape,
  setLeadingHidden,
  type TableJson,
} from './flow.ts'
import { readSegments } from './flow-internals.ts'
import { markChanges } from './marks.ts'
import { readDocument } from './read-document.ts'
import { PARAGRAPH } from './schema.ts'
import { cellFlow } from './table.ts'
import { createTable, emptyTable, setColumnWidth } from './table-edit.ts'
import { blockStep, type DeltaStep, type NewTable, stepsFor } from './token-steps.ts'
import { alignTokens, type Token, tableKey, tokensOf } from './tokens.ts'
import { emptyParagraph } from './value.ts'

export interface MergeOptions {
  /** What the editor of the copy had read. */
  readonly base: DocumentJson
  /** What the editor made of it. */
  readonly edited: DocumentJson
  /** Ids for new blocks, tables, rows and columns: unique, 1 to 64 of `[A-Za-z0-9_-]`. */
  readonly newId: () => string
}

/** Writes into `doc`; call it inside a transaction, so that others see it at once. */
export function mergeDocument(doc: Y.Doc, { base, edited, newId }: MergeOptions): void {
  const live = new Map(readDocument(flowOf(doc)).blocks.map((block) => [block.id, block]))
  mergeFlow(flowOf(doc), {
    base: base.blocks,
    edited: edited.blocks,
    newId,
    tableOf: (id) => live.get(id)?.table,
  })
}

/** Makes `doc` say `document`, with the least edits: what is the same stays untouched. */
export function writeDocument(doc: Y.Doc, document: DocumentJson, newId: () => string): void {
  mergeDocument(doc, { base: readDocument(flowOf(doc)), edited: document, newId })
}

interface FlowMerge {
  readonly base: readonly BlockJson[]
  readonly edited: readonly BlockJson[]
  readonly newId: () => string
  readonly tableOf: (id: string) => TableJson | undefined
}

interface Placed {
  readonly at: number
  readonly length: number
  readonly shown: Block
}

/** One change of the flow as it was before any; in all, they are written in one pass from its start. */
interface Edit {
  readonly at: number
  /** In units; 0 for what is put in. */
  readonly length: number
  readonly steps: readonly DeltaStep[]
}

function mergeFlow(flow: Y.Text, { base, edited, newId, tableOf }: FlowMerge): void {
  const shown = renderSegments(readSegments(flow))
  const live = blocksJson(shown).map((block) => {
    const table = tableOf(block.id)
    return table === undefined ? block : { ...block, table }
  })
  const [was, is, now] = [tokensOf(base), tokensOf(edited), tokensOf(live)]
  const places = placesOf(now, shown)
  const wasToIs = alignTokens(was, is)
  const wasToNow = alignTokens(was, now)
  const isToWas = new Map([...wasToIs].map(([from, to]) => [to, from]))
  const edits: Edit[] = []
  const newTables: NewTable[] = []
  const isLeadGone = was.length > 0 && wasToNow.get(0) === 0 && !wasToIs.has(0)

  for (const [index, token] of was.entries()) {
    const place = places[wasToNow.get(index) ?? -1]
    const current = now[wasToNow.get(index) ?? -1]
    if (place === undefined || current === undefined) continue
    const wanted = is[wasToIs.get(index) ?? -1]
    if (wanted === undefined) {
      if (place.length > 0 && mayGo(flow, token, current))
        edits.push({ ...place, steps: [{ delete: place.length }] })
    } else if (token.kind === 'block' && wanted.kind === 'block' && current.kind === 'block') {
      const change = { was: token.block, is: wanted.block, now: current.block, newId }
      setBlock(flow, change, place.shown)
      if (!mergeTable(flow, change)) edits.push(...replaceTable(flow, change, place, newTables))
    } else if (token.kind !== 'block' && wanted.kind !== 'block') {
      const attributes = markChanges(token.marks, wanted.marks)
      if (attributes !== undefined) edits.push({ ...place, steps: [{ retain: place.length, attributes }] })
    }
  }

  let isFirst = false
  for (let index = 0; index < is.length; ) {
    if (isToWas.has(index)) {
      index += 1
      continue
    }
    let end = index + 1
    while (end < is.length && !isToWas.has(end)) end += 1
    const added = is.slice(index, end)
    const before = index === 0 ? -1 : (isToWas.get(index - 1) ?? -1)
    const behind = placeFor(before, added, { was, now, wasToNow, places })
    const steps = stepsFor(added, newId, newTables)
    if (behind === undefined && added[0]?.kind === 'block' && shown[0]?.part === 'leading') {
      isFirst = true
      if (!isLeadGone) steps.push(leadStep(flow, newId))
    }
    edits.push({ at: behind ?? 0, length: 0, steps })
    index = end
  }

  // What is put in at a place stands before what is changed there; sorting keeps the order of equals.
  writeEdits(
    flow,
    edits.toSorted((one, other) => one.at - other.at || Math.sign(one.length) - Math.sign(other.length)),
  )
  for (const table of newTables) fillTable(flow, table, newId)
  if (isFirst || isLeadGone) hideEmptyLead(flow)
}

/** In one pass: Yjs walks from the start for each change of a formatted text. */
function writeEdits(flow: Y.Text, edits: readonly Edit[]): void {
  const delta: DeltaStep[] = []
  let done = 0
  for (const { at, length, steps } of edits) {
    if (at > done) delta.push({ retain: at - done })
    delta.push(...steps)
    done = at + length
  }
  if (delta.length > 0) flow.applyDelta(delta)
}

/** Where each token of what is shown stands in the flow. The start of the leading block is no unit of it. */
function placesOf(tokens: readonly Token[], shown: readonly Block[]): Placed[] {
  let at = 0
  let block = -1
  return tokens.map((token) => {
    if (token.kind === 'block') {
      block += 1
      const own = shown[block] as Block
      const isUnit = own.part === 'marked'
      const place = { at, length: isUnit ? 1 : 0, shown: own }
      at += place.length
      return place
    }
    const length = token.kind === 'text' ? token.text.length : 1
    const place = { at, length, shown: shown[block] as Block }
    at += length
    return place
  })
}

interface Alignment {
  readonly was: readonly Token[]
  readonly now: readonly Token[]
  readonly wasToNow: ReadonlyMap<number, number>
  readonly places: readonly Placed[]
}

/**
 * A new block goes behind the whole block it follows, also behind what others have added to that one.
 *
 * @param before index in `was` of what `added` stands behind. @returns undefined for before everything.
 */
function placeFor(
  before: number,
  added: readonly Token[],
  { was, now, wasToNow, places }: Alignment,
): number | undefined {
  let known = before
  while (known >= 0 && !wasToNow.has(known)) known -= 1
  let index = wasToNow.get(known) ?? -1
  if (index < 0) return undefined
  const next = was[before + 1]
  if (added[0]?.kind === 'block' && (next === undefined || next.kind === 'block'))
    while (now[index + 1] !== undefined && now[index + 1]?.kind !== 'block') index += 1
  const place = places[index]
  return place === undefined ? 0 : place.at + place.length
}

/** Unknown blocks stay, and tables that others have written in since; a table that goes loses its words first. */
function mayGo(flow: Y.Text, was: Token, now: Token): boolean {
  if (was.kind !== 'block' || now.kind !== 'block') return true
  if (now.block.shape.type === 'unknown') return false
  const { table } = now.block
  if (table === undefined || flow.doc === null) return true
  if (was.block.table === undefined || tableKey(was.block.table) !== tableKey(table)) return false
  emptyTable(flow.doc, table.id)
  return true
}

interface BlockChange {
  readonly was: BlockJson
  readonly is: BlockJson
  readonly now: BlockJson
  readonly newId: () => string
}

function setBlock(flow: Y.Text, { was, is }: BlockChange, { part, segment }: Block): void {
  if (part === 'tail') return
  if (JSON.stringify(was.shape) !== JSON.stringify(is.shape)) setBlockShape(flow, segment.marker, is.shape)
  if ((was.column ?? 0) !== (is.column ?? 0)) setBlockColumn(flow, segment.marker, is.column ?? 0)
}

/** Cell by cell. @returns false when the tables differ in size, and one has to take the other's place. */
function mergeTable({ doc }: Y.Text, { was, is, now, newId }: BlockChange): boolean {
  const { table } = now
  if (doc === null || was.table === undefined || is.table === undefined || table === undefined) return true
  if (tableKey(was.table) === tableKey(is.table)) return true
  if (frameOf(was.table) !== frameOf(is.table) || sizeOf(was.table) !== sizeOf(table)) return false
  for (const [y, row] of table.rows.entries())
    for (const [x, column] of table.columns.entries())
      mergeFlow(cellFlow(doc, table.id, { row: row.id, column: column.id }), {
        base: was.table.rows[y]?.cells[x]?.blocks ?? [],
        edited: is.table.rows[y]?.cells[x]?.blocks ?? [],
        newId,
        tableOf: () => undefined,
      })
  return true
}

function replaceTable(
  flow: Y.Text,
  { was, is, now, newId }: BlockChange,
  place: Placed,
  tables: NewTable[],
): Edit[] {
  const [one, other]: Token[] = [
    { kind: 'block', key: '', block: was },
    { kind: 'block', key: '', block: now },
  ]
  const added: Edit = {
    at: place.at + place.length,
    length: 0,
    steps: stepsFor([{ kind: 'block', key: '', block: is }], newId, tables),
  }
  const goes = one !== undefined && other !== undefined && mayGo(flow, one, other)
  return goes ? [{ ...place, steps: [{ delete: place.length }] }, added] : [added]
}

function sizeOf({ rows, columns }: TableJson): string {
  return `${rows.length} ${columns.length}`
}

/** What cells cannot say. */
function frameOf(table: TableJson): string {
  const { headerRow, headerColumn, columns } = table
  return JSON.stringify([sizeOf(table), headerRow, headerColumn, columns.map(({ width }) => width)])
}

function fillTable({ doc }: Y.Text, { id, table }: NewTable, newId: () => string): void {
  if (doc === null) return
  const rows = table.rows.map(newId)
  const columns = table.columns.map(newId)
  createTable(doc, { id, rows, columns, headerRow: table.headerRow, headerColumn: table.headerColumn })
  for (const [x, { width }] of table.columns.entries())
    if (width > 0) setColumnWidth(doc, id, columns[x] ?? '', width)
  for (const [y, { cells }] of table.rows.entries())
    for (const [x, { blocks }] of cells.entries())
      mergeFlow(cellFlow(doc, id, { row: rows[y] ?? '', column: columns[x] ?? '' }), {
        base: [emptyParagraph()],
        edited: blocks,
        newId,
        tableOf: () => undefined,
      })
}

/** With new blocks before it, the leading block gets a marker: nothing can stand before what has none. */
function leadStep(flow: Y.Text, newId: () => string): DeltaStep {
  const [lead] = readSegments(flow)
  const shape = lead === undefined || lead.shape.type === 'unknown' ? PARAGRAPH : lead.shape
  return blockStep({ shape, column: lead?.column ?? 0 }, newId())
}

/** The leading block cannot be deleted: emptied, it is not shown any more. */
function hideEmptyLead(flow: Y.Text): void {
  const [lead, next] = readSegments(flow)
  if (lead !== undefined && next !== undefined && lead.text === '' && !lead.hidden)
    setLeadingHidden(flow, true)
}
