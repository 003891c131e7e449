/**
 * The flow: one Y.Text that is the whole content of a document. `MODEL.md` is normative.
 *
 * Reading is pure and total: every state a flow can get into has exactly one rendering, and nothing is ever
 * repaired by writing. Editing functions take flow offsets (a marker counts one unit, a character its UTF-16
 * length) and belong into a transaction of the caller.
 */
import * as Y from 'yjs'
import { type MarkRun, markerName, type PlacedObject, readSegments, type Segment } from './flow-internals.ts'
import { type InlineObject, storedInline } from './inline.ts'
import type { MarkChanges, Marks } from './marks.ts'
import {
  BLOCK_ATTRIBUTES,
  type BlockShape,
  isVoid,
  PARAGRAPH,
  readColumn,
  SCHEMA_VERSION,
  storedBlock,
} from './schema.ts'

export const FLOW_NAME = 'flow'

/**
 * Ask for it before the first `Y.applyUpdate` on a document: Yjs tidies formats of a text differently while
 * it does not know that it is one.
 */
export function flowOf(doc: Y.Doc): Y.Text {
  return doc.getText(FLOW_NAME)
}

/** A block as it is shown. */
export interface Block {
  readonly segment: Segment
  /**
   * Which part of the segment: the leading text, a marker with its text, or the text that stands behind a
   * block without text and reads as a paragraph of its own.
   */
  readonly part: 'leading' | 'marked' | 'tail'
  readonly shape: BlockShape
  /** Of its segment: a tail stands in the column of the block it is behind. */
  readonly column: number
  readonly text: string
  readonly runs: readonly MarkRun[]
  readonly objects: readonly PlacedObject[]
}

/**
 * @param alone whether the flow has no other segment: then even a hidden leading one is shown.
 * @param shape what the reader takes the segment for, when it knows fewer types than this package.
 */
export function blocksOf(segment: Segment, alone: boolean, shape: BlockShape = segment.shape): Block[] {
  const { marker, column, text, runs, objects } = segment
  const part = marker === null ? 'leading' : 'marked'
  if (part === 'leading' && segment.hidden && text === '' && !alone) return []
  // A leading block without text would leave no place to write; it reads as the paragraph it cannot be.
  if (part === 'leading' && isVoid(segment.shape))
    return [{ segment, part, shape: PARAGRAPH, column, text, runs, objects }]
  if (!isVoid(shape)) return [{ segment, part, shape, column, text, runs, objects }]
  const own: Block = { segment, part, shape, column, text: '', runs: [], objects: [] }
  return text === '' ? [own] : [own, { ...own, part: 'tail', shape: PARAGRAPH, text, runs, objects }]
}

export function renderSegments(segments: readonly Segment[]): Block[] {
  const alone = segments.length === 1
  return segments.flatMap((segment) => blocksOf(segment, alone))
}

export interface TextRun {
  readonly text: string
  readonly marks: Marks
  /** `text` is one `OBJECT_CHARACTER` then, and stands for this. */
  readonly object?: InlineObject
}

export interface BlockJson {
  /** Unique within the document. */
  readonly id: string
  readonly shape: BlockShape
  readonly runs: readonly TextRun[]
  /**
   * Neighbouring blocks with a column stand side by side, from 1 to `MAX_COLUMN`: blocks of one number below each
   * other, and a number lower than the one before starts another row of columns. Absent: none.
   */
  readonly column?: number
  /** Of a table only, at its first place: another block with the same table id is a reference to it. */
  readonly table?: TableJson
}

/** Every row has a cell for every column, in order. */
export interface TableJson {
  /** Names the table and its cells; the block's own id may differ. */
  readonly id: string
  readonly headerRow: boolean
  readonly headerColumn: boolean
  /** `width` in CSS pixels; 0 for what the content needs. */
  readonly columns: readonly { readonly id: string; readonly width: number }[]
  readonly rows: readonly { readonly id: string; readonly cells: readonly CellJson[] }[]
}

export interface CellJson {
  /** At least one; none of them a table. Ids are unique within the cell. */
  readonly blocks: readonly BlockJson[]
}

export interface DocumentJson {
  readonly schema: number
  readonly blocks: readonly BlockJson[]
}

/** The blocks of one flow. `readDocument` reads the cells of tables, too. */
export function readFlow(flow: Y.Text): DocumentJson {
  return { schema: SCHEMA_VERSION, blocks: blocksJson(renderSegments(readSegments(flow))) }
}

export function blocksJson(blocks: readonly Block[]): BlockJson[] {
  const ids = blockIds(blocks)
  return blocks.map((block, index) => ({
    id: ids[index] ?? '',
    shape: block.shape,
    runs: textRuns(block),
    ...(block.column > 0 ? { column: block.column } : {}),
  }))
}

/**
 * The ids under which blocks are shown. Two blocks that say the same id (both of two people undid the same
 * deletion) are told apart by their order.
 */
export function blockIds(blocks: readonly Block[]): string[] {
  const seen = new Map<string, number>()
  return blocks.map(({ segment, part }) => {
    const own = segment.marker === null || segment.id !== '' ? segment.id : markerName(segment.marker)
    const id = part === 'tail' ? `${own}~text` : own
    const count = (seen.get(id) ?? 0) + 1
    seen.set(id, count)
    return count === 1 ? id : `${id}~${count}`
  })
}

/** An inline object is a run of its own. */
export function textRuns(block: {
  readonly text: string
  readonly runs: readonly MarkRun[]
  readonly objects: readonly Pick<PlacedObject, 'offset' | 'object'>[]
}): TextRun[] {
  const { text, objects } = block
  const runs: TextRun[] = []
  let from = 0
  let next = 0
  for (const { length, marks } of block.runs) {
    const end = from + length
    for (let placed = objects[next]; placed !== undefined && placed.offset < end; placed = objects[next]) {
      if (placed.offset > from) runs.push({ text: text.slice(from, placed.offset), marks })
      from = placed.offset + 1
      next += 1
      runs.push({ text: text.slice(placed.offset, from), marks, object: placed.object })
    }
    if (from < end) runs.push({ text: text.slice(from, end), marks })
    from = end
  }
  return runs
}

/**
 * A marker to insert.
 *
 * @param id unique, at most 64 characters.
 * @param column from 1; 0 for none.
 * @param origin what it is a copy of: attributes of later versions come along.
 */
export function createMarker(
  shape: BlockShape,
  id: string,
  column = 0,
  origin?: Y.Map<unknown> | null,
): Y.Map<unknown> {
  const place = column > 0 ? { column } : {}
  return new Y.Map<unknown>([
    ...(origin instanceof Y.Map ? laterAttributes(origin) : []),
    ...Object.entries({ ...storedBlock(shape), ...place, id }),
  ])
}

const OWN_NAMES: ReadonlySet<string> = new Set([...BLOCK_ATTRIBUTES, 'column', 'id'])

/** A shared type inside would be one, too, and cannot be in two places. */
function laterAttributes(marker: Y.Map<unknown>): [string, unknown][] {
  return [...marker.entries()].filter(
    ([name, value]) => !OWN_NAMES.has(name) && !(value instanceof Y.AbstractType),
  )
}

/**
 * Makes a block what `shape` says, writing only the attributes that differ. An `unknown` shape is not written.
 *
 * @param marker null for the leading segment.
 */
export function setBlockShape(flow: Y.Text, marker: Y.Map<unknown> | null, shape: BlockShape): void {
  if (shape.type === 'unknown') return
  const stored = storedBlock(shape)
  for (const name of BLOCK_ATTRIBUTES) {
    const wanted = stored[name]
    const current: unknown = marker === null ? flow.getAttribute(name) : marker.get(name)
    if (
      current === wanted ||
      (marker === null && name === 'type' && current === undefined && wanted === 'paragraph')
    )
      continue
    if (marker === null) {
      if (wanted === undefined) flow.removeAttribute(name)
      else flow.setAttribute(name, wanted)
    } else if (wanted === undefined) marker.delete(name)
    else marker.set(name, wanted)
  }
}

/** @see blocksOf for what hiding means. */
export function setLeadingHidden(flow: Y.Text, hidden: boolean): void {
  if (hidden) flow.setAttribute('hidden', true)
  else flow.removeAttribute('hidden')
}

/** @param column from 1; 0 takes the block out of its columns. @param marker null for the leading segment. */
export function setBlockColumn(flow: Y.Text, marker: Y.Map<unknown> | null, column: number): void {
  const wanted = readColumn(column)
  const current = readColumn(marker === null ? flow.getAttribute('column') : marker.get('column'))
  if (wanted === current) return
  if (marker === null) {
    if (wanted === 0) flow.removeAttribute('column')
    else flow.setAttribute('column', wanted)
  } else if (wanted === 0) marker.delete('column')
  else marker.set('column', wanted)
}

/** Text gets exactly `marks`; a line break is '\n'. */
export function insertText(flow: Y.Text, at: number, text: string, marks: Marks = {}): void {
  flow.insert(at, text.toWellFormed(), { ...marks })
}

/** @param object of a known type. */
export function insertObject(flow: Y.Text, at: number, object: InlineObject, marks: Marks = {}): void {
  flow.insertEmbed(at, storedInline(object), { ...marks })
}

/** Markers in the range go too, joining what stood around them. */
export function deleteRange(flow: Y.Text, from: number, length: number): void {
  flow.delete(from, length)
}

export function formatRange(flow: Y.Text, from: number, length: number, marks: MarkChanges): void {
  flow.format(from, length, { ...marks })
}

/** What follows `at` in its block becomes a block of its own. @returns its marker. */
export function splitBlock(flow: Y.Text, at: number, shape: BlockShape, id: string): Y.Map<unknown> {
  const marker = createMarker(shape, id)
  flow.insertEmbed(at, marker)
  return marker
}
