/**
 * The flow: one Y.Text that is the whole content of a document. `MODEL.md` is normative.
 *
 * Reading is pure and total: every state a flow can get into has exactly one rendering, and nothing is ever
 * repaired by writing. Editing functions take flow offsets (a marker counts one unit, a character its UTF-16
 * length) and belong into a transaction of the caller.
 */
import * as Y from 'yjs'
import { type MarkRun, markerName, readSegments, type Segment } from './flow-internals.ts'
import {
  BLOCK_ATTRIBUTES,
  type BlockShape,
  isVoid,
  type MarkChanges,
  type Marks,
  PARAGRAPH,
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
  readonly text: string
  readonly runs: readonly MarkRun[]
}

/** @param alone whether the flow has no other segment: then even a hidden leading one is shown. */
export function blocksOf(segment: Segment, alone: boolean): Block[] {
  const { marker, shape, text, runs } = segment
  const part = marker === null ? 'leading' : 'marked'
  if (part === 'leading' && segment.hidden && text === '' && !alone) return []
  if (!isVoid(shape)) return [{ segment, part, shape, text, runs }]
  // A leading divider would leave no place to write; it reads as the paragraph it cannot be.
  if (part === 'leading') return [{ segment, part, shape: PARAGRAPH, text, runs }]
  const own: Block = { segment, part, shape, text: '', runs: [] }
  return text === '' ? [own] : [own, { segment, part: 'tail', shape: PARAGRAPH, text, runs }]
}

export function renderSegments(segments: readonly Segment[]): Block[] {
  const alone = segments.length === 1
  return segments.flatMap((segment) => blocksOf(segment, alone))
}

export interface TextRun {
  readonly text: string
  readonly marks: Marks
}

export interface BlockJson {
  /** Unique within the document. */
  readonly id: string
  readonly shape: BlockShape
  readonly runs: readonly TextRun[]
}

export interface DocumentJson {
  readonly schema: number
  readonly blocks: readonly BlockJson[]
}

export function readDocument(flow: Y.Text): DocumentJson {
  const blocks = renderSegments(readSegments(flow))
  const ids = blockIds(blocks)
  return {
    schema: SCHEMA_VERSION,
    blocks: blocks.map((block, index) => ({
      id: ids[index] ?? '',
      shape: block.shape,
      runs: textRuns(block),
    })),
  }
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

export function textRuns(block: Pick<Block, 'text' | 'runs'>): TextRun[] {
  let from = 0
  return block.runs.map(({ length, marks }) => {
    const text = block.text.slice(from, from + length)
    from += length
    return { text, marks }
  })
}

/** A marker to insert. @param id unique, at most 64 characters. */
export function createMarker(shape: BlockShape, id: string): Y.Map<unknown> {
  return new Y.Map<unknown>(Object.entries({ ...storedBlock(shape), id }))
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

/** Text gets exactly `marks`; a line break is '\n'. */
export function insertText(flow: Y.Text, at: number, text: string, marks: Marks = {}): void {
  flow.insert(at, text.toWellFormed(), { ...marks })
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
