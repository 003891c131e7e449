/** What a block's part of the flow is to the other files here: the segment, and what Yjs keeps beside its text. */
import type * as Y from 'yjs'
import type { InlineObject } from '../inline.ts'
import type { Marks } from '../marks.ts'
import type { BlockShape } from '../schema.ts'

/** Stands in a segment's text for an inline object, which is one unit long in the flow too. */
export const OBJECT_CHARACTER = '\uFFFC'

export interface MarkRun {
  /** In UTF-16 units, above 0. */
  readonly length: number
  readonly marks: Marks
}

export interface PlacedObject {
  readonly offset: number
  readonly object: InlineObject
  /** As it is embedded, with what this version does not know of it. Never changed in place. */
  readonly stored: unknown
}

/**
 * A marker and the text up to the next one; or, with `marker` null, the text before the first marker.
 *
 * Never changed in place: the same object means the same content.
 */
export interface Segment {
  readonly marker: Y.Map<unknown> | null
  readonly shape: BlockShape
  /** As stored; '' when there is none. Two segments may have the same. */
  readonly id: string
  /** Of the leading segment only: not shown as long as it is empty and others exist. */
  readonly hidden: boolean
  /** In which of the columns side by side it stands, from 1; 0 for none. */
  readonly column: number
  /** Line breaks are '\n'; an inline object is one `OBJECT_CHARACTER`. */
  readonly text: string
  /** Cover `text`; neighbours differ; a line break takes the marks of what stands before it. */
  readonly runs: readonly MarkRun[]
  /** The inline objects in order, each with its offset in `text`. */
  readonly objects: readonly PlacedObject[]
  /** Attributes in force where the segment starts and ends; for the files beside this one only. */
  readonly start: Attributes
  readonly end: Attributes
}

export type Attributes = ReadonlyMap<string, unknown>

export const NO_ATTRIBUTES: Attributes = new Map()

export function itemOf(segment: Segment): Y.Item | null {
  return segment.marker === null ? null : segment.marker._item
}

export function markerIn(item: Y.Item): Y.Map<unknown> {
  return (item.content as Y.ContentType).type as Y.Map<unknown>
}

export function sameAttributes(a: Attributes, b: Attributes): boolean {
  if (a === b) return true
  if (a.size !== b.size) return false
  for (const [name, value] of a) if (!sameValue(value, b.get(name))) return false
  return true
}

export function sameValue(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b))
}

export interface Format {
  readonly key: string
  readonly value: unknown
}

export function formatOf(item: Y.Item): Format {
  return item.content as unknown as Format
}
