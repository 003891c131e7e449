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
  createMarker,
  type DocumentJson,
  flowOf,
  formatRange,
  insertObject,
  insertText,
  renderSegments,
  setBlockColumn,
  setBlockShape,
  setLeadingHidden,
  type TableJson,
} from './flow.ts'
import { readSegments } from './flow-internals.ts'
import { type MarkChanges, markChanges } from './marks.ts'
import { readDocument } from './read-document.ts'
import { type BlockShape, PARAGRAPH } from './schema.ts'
import { cellFlow } from './table.ts'
import { createTable, emptyTable, setColumnWidth } from './table-edit.ts'
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

type Edit = { readonly at: number; readonly order: number; readonly run: () => void }

function mergeFlow(flow: Y.Text, { base, edited, newId, tableOf }: FlowMerge): void {
  const segments = readSegments(flow)
  const shown = renderSegments(segments)
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
  const isLeadGone = was.length > 0 && wasToNow.get(0) === 0 && !wasToIs.has(0)

  for (const [index, token] of was.entries()) {
    const place = places[wasToNow.get(index) ?? -1]
    const current = now[wasToNow.get(index) ?? -1]
    if (place === undefined || current === undefined) continue
    const wanted = is[wasToIs.get(index) ?? -1]
    if (wanted === undefined) {
      edits.push({ at: place.at, order: 1, run: () => deleteToken(flow, token, current, place) })
    } else if (token.kind === 'block' && wanted.kind === 'block' && current.kind === 'block') {
      edits.push({
        at: place.at,
        // Attributes of the leading block, which a new block before it has to take over.
        order: place.shown.part === 'leading' ? -1 : 0,
        run: () =>
          changeBlock(flow, { was: token.block, is: wanted.block, now: current.block, newId }, place.shown),
      })
    } else if (token.kind !== 'block' && wanted.kind !== 'block') {
      const changes = markChanges(token.marks, wanted.marks)
      if (changes !== undefined)
        edits.push({
          at: place.at,
          order: 0,
          run: () => formatRange(flow, place.at, place.length, changes satisfies MarkChanges),
        })
    }
  }

  for (let index = 0; index < is.length; ) {
    if (isToWas.has(index)) {
      index += 1
      continue
    }
    let end = index + 1
    while (end < is.length && !isToWas.has(end)) end += 1
    const added = is.slice(index, end)
    const before = index === 0 ? -1 : (isToWas.get(index - 1) ?? -1)
    const behind = placeFor(before, added, was, wasToNow, places, now)
    const at = behind ?? 0
    const isFirst = behind === undefined && added[0]?.kind === 'block' && shown[0]?.part === 'leading'
    const keepsLead = isFirst && !isLeadGone
    const order = 2 + is.length - index
    edits.push({
      at,
      // Of several at one place, the last goes in first.
      order,
      run: () =>
        isFirst ? insertFirst(flow, added, keepsLead, newId) : insertTokens(flow, at, added, newId),
    })
    index = end
  }

  // From the end, so that places before stay true; at one place what goes in does so last.
  edits.sort((one, other) => other.at - one.at || one.order - other.order)
  for (const { run } of edits) run()
  if (isLeadGone) hideEmptyLead(flow)
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

/** A new block goes behind the whole block it follows, also behind what others have added to that one. */
function placeFor(
  before: number,
  added: readonly Token[],
  was: readonly Token[],
  wasToNow: ReadonlyMap<number, number>,
  places: readonly Placed[],
  now: readonly Token[],
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

function deleteToken(flow: Y.Text, was: Token, now: Token, { at, length }: Placed): void {
  if (was.kind === 'block' && now.kind === 'block') {
    if (now.block.shape.type === 'unknown') return
    if (now.block.table !== undefined && flow.doc !== null) {
      // Others have written in it since: it stays.
      if (was.block.table === undefined || tableKey(was.block.table) !== tableKey(now.block.table)) return
      emptyTable(flow.doc, now.block.table.id)
    }
  }
  if (length > 0) flow.delete(at, length)
}

interface BlockChange {
  readonly was: BlockJson
  readonly is: BlockJson
  readonly now: BlockJson
  readonly newId: () => string
}

function changeBlock(flow: Y.Text, { was, is, now, newId }: BlockChange, shown: Block): void {
  const { marker } = shown.segment
  if (shown.part !== 'tail') {
    const { shape } = is
    // A document as a value knows where its lists start again: none means to count on.
    const wanted: BlockShape = shape.type === 'numbered' ? { ...shape, start: shape.start ?? 0 } : shape
    if (JSON.stringify(was.shape) !== JSON.stringify(shape)) setBlockShape(flow, marker, wanted)
    if ((was.column ?? 0) !== (is.column ?? 0)) setBlockColumn(flow, marker, is.column ?? 0)
  }
  const { doc } = flow
  if (doc === null || was.table === undefined || is.table === undefined || now.table === undefined) return
  if (tableKey(was.table) === tableKey(is.table)) return
  const table = now.table
  if (sizeOf(was.table) !== sizeOf(is.table) || sizeOf(was.table) !== sizeOf(table)) {
    const at = offsetOf(flow, marker)
    insertTokens(flow, at + 1, [{ kind: 'block', key: '', block: is }], newId)
    if (tableKey(was.table) === tableKey(table)) {
      emptyTable(doc, table.id)
      flow.delete(at, 1)
    }
    return
  }
  for (const [y, row] of table.rows.entries())
    for (const [x, column] of table.columns.entries())
      mergeFlow(cellFlow(doc, table.id, { row: row.id, column: column.id }), {
        base: was.table.rows[y]?.cells[x]?.blocks ?? [],
        edited: is.table.rows[y]?.cells[x]?.blocks ?? [],
        newId,
        tableOf: () => undefined,
      })
}

function sizeOf({ rows, columns }: TableJson): string {
  return `${rows.length} ${columns.length}`
}

function offsetOf(flow: Y.Text, marker: Y.Map<unknown> | null): number {
  let at = 0
  for (const segment of readSegments(flow)) {
    if (segment.marker === marker) return at
    at += segment.text.length + (segment.marker === null ? 0 : 1)
  }
  return at
}

/** @param at in front of what stood there. */
function insertTokens(flow: Y.Text, at: number, tokens: readonly Token[], newId: () => string): void {
  let offset = at
  for (const token of tokens) {
    if (token.kind === 'block') offset += insertBlock(flow, offset, token.block, newId())
    else if (token.kind === 'text') {
      insertText(flow, offset, token.text, token.marks)
      offset += token.text.length
    } else if (token.object.type !== 'unknown') {
      insertObject(flow, offset, token.object, token.marks)
      offset += 1
    }
    if (token.kind === 'block' && token.block.table !== undefined)
      fillTable(flow, offset, token.block.table, newId)
  }
}

/** @returns how many units it took. */
function insertBlock(flow: Y.Text, at: number, { shape, column }: BlockJson, id: string): number {
  const own: BlockShape = shape.type === 'unknown' ? PARAGRAPH : shape
  const marker = createMarker(own, id)
  flow.insertEmbed(at, marker)
  if (column !== undefined) setBlockColumn(flow, marker, column)
  return 1
}

/** @param behind right behind the table's marker. */
function fillTable(flow: Y.Text, behind: number, table: TableJson, newId: () => string): void {
  const { doc } = flow
  const marker = readSegments(flow).find(
    (segment) => segment.marker !== null && offsetOf(flow, segment.marker) + 1 === behind,
  )
  if (doc === null || marker === undefined) return
  const rows = table.rows.map(newId)
  const columns = table.columns.map(newId)
  createTable(doc, {
    id: marker.id,
    rows,
    columns,
    headerRow: table.headerRow,
    headerColumn: table.headerColumn,
  })
  for (const [x, { width }] of table.columns.entries())
    if (width > 0) setColumnWidth(doc, marker.id, columns[x] ?? '', width)
  for (const [y, { cells }] of table.rows.entries())
    for (const [x, { blocks }] of cells.entries())
      mergeFlow(cellFlow(doc, marker.id, { row: rows[y] ?? '', column: columns[x] ?? '' }), {
        base: [emptyParagraph()],
        edited: blocks,
        newId,
        tableOf: () => undefined,
      })
}

/** Blocks before the leading one, which gets a marker of its own: nothing can stand before what has none. */
function insertFirst(flow: Y.Text, added: readonly Token[], keepsLead: boolean, newId: () => string): void {
  const [lead] = readSegments(flow)
  if (keepsLead && lead !== undefined) {
    const { shape, column } = lead
    const marker = createMarker(shape.type === 'unknown' ? PARAGRAPH : shape, newId())
    flow.insertEmbed(0, marker)
    if (column > 0) setBlockColumn(flow, marker, column)
  }
  insertTokens(flow, 0, added, newId)
  hideEmptyLead(flow)
}

/** The leading block cannot be deleted: emptied, it is not shown any more. */
function hideEmptyLead(flow: Y.Text): void {
  const [lead, next] = readSegments(flow)
  if (lead !== undefined && next !== undefined && lead.text === '' && !lead.hidden)
    setLeadingHidden(flow, true)
}
