/**
 * What a change in the editor is in the flow: a pure function from blocks before and after to steps.
 *
 * Rule: no character that is still there is ever removed and written again, whatever happened to its block:
 * Enter is one marker inserted, a join one marker deleted, a new kind one attribute, a format a range. Only where blocks
 * have changed places must one of them be written anew, the shorter one; its marker keeps its id.
 * A contiguous run of changed blocks is one list of tokens (markers by identity, characters by value), so text
 * that went from one block to another by a split or a join is matched where it stands.
 */
import {
  type Block,
  type BlockShape,
  createMarker,
  type FlowStep,
  isVoid,
  markChanges,
  PARAGRAPH,
  type Segment,
  sameShape,
} from '@weft/document'
import type { NodeKey } from 'lexical'
import type { Map as YMap } from 'yjs'
import {
  countCodePoints,
  emptyTokens,
  isMarker,
  lengthOf,
  MARKER,
  OBJECT,
  pushMarker,
  pushText,
} from './block-tokens.ts'
import { diff } from './diff.ts'
import type { BlockOffset, EditorBlock } from './editor-block.ts'
import { Script } from './flow-script.ts'
import type { TypedOver } from './typed-over.ts'

/** A block of the editor and the part of the flow it shows. */
export interface MirrorEntry {
  readonly key: NodeKey
  readonly block: Block
}

export interface Region {
  /** Neighbouring entries, at least one, as the flow has them. */
  readonly old: readonly MirrorEntry[]
  /** What the editor has instead. */
  readonly next: readonly EditorBlock[]
  /** Whether `old` starts with the first block of the document. */
  readonly isFirst: boolean
  /** Whether the document has blocks outside of `old`. */
  readonly hasOthers: boolean
  readonly leading: Segment
  readonly caret: BlockOffset | undefined
  /** What of `old` was selected and typed over: of its characters none is still there, whatever is there reads the same. */
  readonly over?: TypedOver | undefined
  /** For new markers; unique. */
  readonly newId: () => string
}

export interface Translation {
  /** Steps start just before this segment. */
  readonly at: Segment
  readonly steps: readonly FlowStep[]
  /** Attributes to set; `marker` null is the leading block. */
  readonly shapes: readonly {
    readonly marker: YMap<unknown> | null
    readonly shape: BlockShape
    readonly column: number
  }[]
  /** Whether to hide the leading text or to show it again; undefined leaves it. */
  readonly hidden: boolean | undefined
  /** The editor's blocks for the markers the steps insert, and for the leading text. */
  readonly keys: ReadonlyMap<YMap<unknown> | null, NodeKey>
}

interface NewMarker {
  readonly shape: BlockShape
  readonly column: number
  readonly key: NodeKey
  /** Of the block it is a copy of, if it was moved. */
  readonly id: string | undefined
  /** The marker it was, if it was one. */
  readonly origin: YMap<unknown> | null | undefined
}

export function toFlow(region: Region): Translation {
  const { old, next, isFirst, leading } = region
  const entries = new Map(old.map((entry, index) => [entry.key, index] as const))
  const leadingEntry = isFirst && old[0]?.block.part === 'leading' ? old[0] : undefined
  const keys = new Map<YMap<unknown> | null, NodeKey>()
  const inserted = new Map<number, NewMarker>()
  const kept = new Map<number, EditorBlock>()

  const roleOf = (block: EditorBlock, index: number): number => {
    const known = entries.get(block.key)
    const entry = known === undefined ? undefined : old[known]
    if (known !== undefined && entry !== undefined && !kept.has(MARKER + known)) {
      const isSameSort = isVoid(entry.block.shape) === isVoid(block.shape)
      if (entry.block.part === 'marked' && isSameSort) return MARKER + known
      if (entry === leadingEntry && index === 0) return MARKER
      if (entry.block.part === 'tail' && isStillTail(old, next, known, index)) return MARKER + known
    }
    // A new first block takes the leading text's place, so that two people who do this at once share it.
    if (leadingEntry !== undefined && index === 0 && entry === undefined && !isVoid(block.shape))
      return MARKER
    return -1 - inserted.size
  }

  const objects = new Map<string, number>()
  const before = emptyTokens(objects)
  let [overFrom, overTo] = [Infinity, Infinity]
  for (const [index, { key, block }] of old.entries()) {
    pushMarker(before, MARKER + index)
    const tokenAt = (point: BlockOffset | undefined): number | undefined =>
      point?.key === key
        ? before.codes.length + countCodePoints(block.text.slice(0, point.offset))
        : undefined
    overFrom = tokenAt(region.over?.start) ?? overFrom
    overTo = tokenAt(region.over?.end) ?? overTo
    pushText(before, block)
  }
  // Nothing equals it, not even itself.
  const codes = before.codes.map((code, index) =>
    index >= overFrom && index < overTo && !isMarker(code) ? Number.NaN : code,
  )
  const after = emptyTokens(objects)
  let caret: number | undefined
  for (const [index, block] of next.entries()) {
    const token = roleOf(block, index)
    if (token < 0) {
      const known = entries.get(block.key)
      const segment = known === undefined ? undefined : old[known]?.block.segment
      const id = segment === undefined || segment.marker === null ? undefined : segment.id
      inserted.set(token, {
        shape: block.shape,
        column: block.column,
        key: block.key,
        id: id === '' ? undefined : id,
        origin: segment?.marker,
      })
    } else kept.set(token, block)
    pushMarker(after, token)
    if (region.caret?.key === block.key)
      caret = after.codes.length + countCodePoints(block.text.slice(0, region.caret.offset))
    pushText(after, block)
  }

  const stored = new Map(
    [...objects].map(([content, code]) => [code, JSON.parse(content) as object] as const),
  )
  const script = new Script()
  const shapes: { marker: YMap<unknown> | null; shape: BlockShape; column: number }[] = []
  const first = old[0]
  const at = isFirst || first === undefined ? leading : first.block.segment
  // A tail stands behind a marker that is not part of the region.
  if (!isFirst && first?.block.part === 'tail') script.retainMarker()
  let oldIndex = 0
  let nextIndex = 0
  for (const { kind, count } of diff(codes, after.codes, caret)) {
    for (let step = 0; step < count; step += 1) {
      const from = kind === 'insert' ? undefined : before.codes[oldIndex]
      const to = kind === 'remove' ? undefined : after.codes[nextIndex]
      const oldMarks = before.marks[oldIndex]
      const nextMarks = after.marks[nextIndex]
      if (kind !== 'insert') oldIndex += 1
      if (kind !== 'remove') nextIndex += 1
      if (from !== undefined && isMarker(from)) {
        const entry = old[from - MARKER]
        if (entry === undefined) continue
        const { segment, part, shape, column } = entry.block
        const block = to === undefined ? undefined : kept.get(from)
        if (part === 'marked') {
          // What this version does not understand is not its to delete.
          if (block !== undefined || shape.type === 'unknown') script.retainMarker()
          else script.delete(1)
        }
        if (block !== undefined && part !== 'tail') {
          const isSame = sameShape(shape, block.shape) && column === block.column
          if (shape.type !== 'unknown' && !isSame)
            shapes.push({ marker: segment.marker, shape: block.shape, column: block.column })
          if (part === 'leading') keys.set(null, block.key)
        }
      } else if (to !== undefined && (to < 0 || isMarker(to))) {
        const marker = to < 0 ? inserted.get(to) : copyOf(old[to - MARKER], kept.get(to))
        if (marker === undefined) continue
        const { shape, column, id = region.newId(), origin } = marker
        const map = createMarker(knownShape(shape), id, column, origin)
        keys.set(map, marker.key)
        script.insertMarker(map)
      } else if (from !== undefined && to !== undefined)
        script.retain(lengthOf(from), markChanges(oldMarks ?? {}, nextMarks ?? {}))
      else if (from !== undefined) script.delete(lengthOf(from))
      else if (to !== undefined && to >= OBJECT) script.insertObject(stored.get(to), nextMarks ?? {})
      else if (to !== undefined) script.insert(String.fromCodePoint(to), nextMarks ?? {})
    }
  }
  const leadingBlock = leadingEntry === undefined ? undefined : kept.get(MARKER)
  let hidden: boolean | undefined
  if (leadingEntry !== undefined) {
    if (leadingBlock === undefined) {
      if (next.length > 0 || region.hasOthers) hidden = leading.hidden ? undefined : true
      else shapes.push({ marker: null, shape: PARAGRAPH, column: 0 })
    } else if (leading.hidden) hidden = false
  }
  return { at, steps: script.steps, shapes, hidden, keys }
}

/**
 * A block that is still there but was not matched where it stood: moved, or among too many changes to be searched. Its
 * marker is deleted there and inserted here with the same id.
 *
 * @returns undefined where nothing is to be inserted: the old marker stays, or there never was one.
 */
function copyOf(entry: MirrorEntry | undefined, block: EditorBlock | undefined): NewMarker | undefined {
  if (entry === undefined || block === undefined) return undefined
  const { part, shape, segment } = entry.block
  if (part !== 'marked' || shape.type === 'unknown') return undefined
  const id = segment.id === '' ? undefined : segment.id
  return { shape: block.shape, column: block.column, key: block.key, id, origin: segment.marker }
}

/** A tail needs no marker as long as it stays plain text right behind its divider. */
function isStillTail(
  old: readonly MirrorEntry[],
  next: readonly EditorBlock[],
  oldIndex: number,
  nextIndex: number,
): boolean {
  const block = next[nextIndex]
  if (block === undefined || block.text === '' || !sameShape(block.shape, PARAGRAPH)) return false
  if (block.column !== old[oldIndex]?.block.column) return false
  // When the region starts with the tail, its divider has not changed.
  if (oldIndex === 0) return nextIndex === 0
  return old[oldIndex - 1]?.key === next[nextIndex - 1]?.key
}

/** A block pasted or copied as `unknown` has no attributes we could write. */
function knownShape(shape: BlockShape): BlockShape {
  return shape.type === 'unknown' ? { type: 'paragraph', indent: shape.indent } : shape
}
