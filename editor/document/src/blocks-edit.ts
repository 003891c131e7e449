/**
 * What people do to whole blocks: move, delete, indent. Section 3 of `MODEL.md` says what each of them is.
 *
 * Rule: nobody's words go. A move writes what its person saw anew and deletes exactly that; what others type into it
 * meanwhile stays where they typed it. Functions belong into a transaction of the caller and take segments as they
 * are at that time (`readSegments`), by index.
 */
import * as Y from 'yjs'
import { createMarker, setBlockColumn, setBlockShape, setLeadingHidden } from './flow.ts'
import {
  type CopyStep,
  type FlowStep,
  readSegments,
  type Segment,
  signatureOf,
  storedStretches,
  writeSteps,
} from './flow-internals.ts'
import { type BlockShape, isVoid, MAX_INDENT, PARAGRAPH } from './schema.ts'
import { emptyTable } from './table-edit.ts'

export interface BlockMove {
  /** Neighbouring segments, `to` not included. */
  readonly from: number
  readonly to: number
  /** They come before the segment with this index; as many as there are segments: at the end. */
  readonly before: number
  /** For the marker that a leading segment needs to stand elsewhere, or to make room; unique. */
  readonly newId: string
}

/**
 * Moves blocks, which keep their ids, attributes, marks, objects and authors.
 *
 * @returns whether anything moved: not to where they are, and not a block of an unknown type, which is not ours to delete.
 */
export function moveBlocks(flow: Y.Text, transaction: Y.Transaction, move: BlockMove): boolean {
  const segments = readSegments(flow)
  const { from, to, before, newId } = move
  const moved = segments.slice(from, to)
  if (moved.length === 0 || (before >= from && before <= to) || before > segments.length) return false
  if (before < 0 || !moved.every(canMove)) return false
  const [leading] = segments
  const isRoomNeeded = before === 0 && leading !== undefined && !isAside(leading)
  // The empty leading block that is not shown has nothing to move.
  const copied = moved.filter((segment) => segment.marker !== null || !isAside(segment))
  const steps = copied.flatMap((segment) => copySteps(flow, transaction, segment, newId))
  if (steps.length === 0) return false
  if (isRoomNeeded) {
    // Its text stays; a marker before it takes over what the leading block was, and nothing is left of that.
    steps.push({ kind: 'marker', marker: createMarker(known(leading.shape), newId, leading.column) })
    writeSteps(flow, transaction, leading, steps)
    setBlockShape(flow, null, PARAGRAPH)
    setBlockColumn(flow, null, 0)
    setLeadingHidden(flow, true)
  } else writeBefore(flow, transaction, segments, Math.max(before, 1), steps)
  deleteSegments(flow, transaction, moved)
  return true
}

/**
 * Deletes blocks with what is in them, the cells of tables included. Blocks of unknown types lose their text alone.
 *
 * @param to not included.
 */
export function deleteBlocks(flow: Y.Text, transaction: Y.Transaction, from: number, to: number): void {
  const segments = readSegments(flow)
  const gone = segments.slice(from, to)
  const { doc } = transaction
  for (const { shape, id } of gone) if (shape.type === 'table') emptyTable(doc, id)
  deleteSegments(flow, transaction, gone)
}

/** Makes blocks deeper or less deep, within the bounds. @param to not included. */
export function indentBlocks(flow: Y.Text, from: number, to: number, by: number): void {
  for (const { marker, shape } of readSegments(flow).slice(from, to)) {
    const indent = Math.min(Math.max(shape.indent + by, 0), MAX_INDENT)
    if (indent !== shape.indent && shape.type !== 'divider') setBlockShape(flow, marker, { ...shape, indent })
  }
}

/** The leading block where it is neither shown nor in anybody's way. */
function isAside({ marker, hidden, text }: Segment): boolean {
  return marker === null && hidden && text === ''
}

function canMove({ marker, shape }: Segment): boolean {
  return shape.type !== 'unknown' && (marker === null || marker instanceof Y.Map)
}

function known(shape: BlockShape): BlockShape {
  return isVoid(shape) || shape.type === 'unknown' ? PARAGRAPH : shape
}

function copySteps(
  flow: Y.Text,
  { doc }: Y.Transaction,
  segment: Segment,
  newId: string,
): (FlowStep | CopyStep)[] {
  const { marker, shape, column } = segment
  const copy = marker === null ? createMarker(known(shape), newId, column) : copyMarker(marker)
  const text = storedStretches(flow, segment).map(({ content, attributes, author }): CopyStep => {
    const isOwn = author === doc.clientID
    return {
      kind: 'copy',
      content,
      attributes: isOwn ? attributes : { ...attributes, ...signatureOf(author, doc.clientID) },
    }
  })
  return [{ kind: 'marker', marker: copy }, ...text]
}

/** With attributes of later versions; a shared type inside would be one, too, and cannot be in two places. */
function copyMarker(marker: Y.Map<unknown>): Y.Map<unknown> {
  return new Y.Map([...marker.entries()].filter(([, value]) => !(value instanceof Y.AbstractType)))
}

function writeBefore(
  flow: Y.Text,
  transaction: Y.Transaction,
  segments: readonly Segment[],
  before: number,
  steps: readonly (FlowStep | CopyStep)[],
): void {
  const target = segments[before]
  const last = segments.at(-1)
  if (target !== undefined) writeSteps(flow, transaction, target, steps)
  else if (last !== undefined) {
    const length = last.text.length + (last.marker === null ? 0 : 1)
    writeSteps(flow, transaction, last, length > 0 ? [{ kind: 'retain', length }, ...steps] : steps)
  }
}

function deleteSegments(flow: Y.Text, transaction: Y.Transaction, segments: readonly Segment[]): void {
  // From the last: what is in force where a segment starts is as it was read.
  for (const segment of segments.toReversed()) {
    const { marker, shape, text } = segment
    const isKept = shape.type === 'unknown' && marker !== null
    const steps: FlowStep[] = isKept ? [{ kind: 'retain', length: 1 }] : []
    const length = text.length + (marker === null || isKept ? 0 : 1)
    if (length > 0) writeSteps(flow, transaction, segment, [...steps, { kind: 'delete', length }])
    if (marker === null) setLeadingHidden(flow, true)
  }
}
