/** Writes into the flow from a block on, or behind a place in it. */
import * as Y from 'yjs'
import type { MarkChanges, Marks } from '../marks.ts'
import { Cursor } from './cursor.ts'
import { type FlowPlace, findItem } from './places.ts'
import { itemOf, type Segment } from './segment.ts'

/** One step over the flow, in order; lengths in units (a marker is one unit, a character its UTF-16 length). */
export type FlowStep =
  | { readonly kind: 'retain'; readonly length: number; readonly marks?: MarkChanges }
  | { readonly kind: 'delete'; readonly length: number }
  | { readonly kind: 'text'; readonly text: string; readonly marks: Marks }
  /** An inline object, as it is to be stored. */
  | { readonly kind: 'embed'; readonly stored: object; readonly marks: Marks }
  | { readonly kind: 'marker'; readonly marker: Y.Map<unknown> }

/** A step that writes what was stored elsewhere, with all its attributes: only copying needs it. */
export type CopyStep = {
  readonly kind: 'copy'
  readonly content: string | object
  readonly attributes: Readonly<Record<string, unknown>>
}

/**
 * Applies `steps` from just before the marker of `segment` on (from the start of the flow for the leading one).
 *
 * Call it inside a transaction. Inserted text gets exactly its marks; inserted markers inherit what is in force.
 */
export function writeSteps(
  flow: Y.Text,
  transaction: Y.Transaction,
  segment: Segment,
  steps: readonly (FlowStep | CopyStep)[],
): void {
  const item = itemOf(segment)
  const cursor = new Cursor(
    flow,
    transaction,
    item === null ? null : item.left,
    item === null ? flow._start : item,
    new Map(segment.start),
  )
  for (const step of steps) {
    switch (step.kind) {
      case 'retain':
        cursor.retain(step.length, step.marks)
        break
      case 'delete':
        cursor.delete(step.length)
        break
      case 'text':
        cursor.insert(new Y.ContentString(step.text), attributesOf(step.marks))
        break
      case 'embed':
        cursor.insert(new Y.ContentEmbed(step.stored), attributesOf(step.marks))
        break
      case 'copy':
        cursor.insert(
          typeof step.content === 'string'
            ? new Y.ContentString(step.content)
            : new Y.ContentEmbed(step.content),
          { ...step.attributes },
        )
        break
      case 'marker':
        cursor.insert(new Y.ContentType(step.marker), Object.fromEntries(cursor.attributes))
        break
    }
  }
  forgetSearchMarkers(flow)
}

/**
 * Inserts text right behind `place`, also when what it stands behind has been deleted: not where its neighbours
 * have moved together, since others may have written there.
 *
 * @param segment the one that `resolvePlace` finds for the place.
 */
export function insertBehind(
  flow: Y.Text,
  transaction: Y.Transaction,
  segment: Segment,
  place: FlowPlace,
  insertion: { readonly text: string; readonly marks: Marks },
): void {
  const marker = itemOf(segment)
  const right = marker === null ? flow._start : marker.right
  const cursor = new Cursor(flow, transaction, marker, right, new Map(segment.start))
  const found =
    place.item === null ? undefined : findItem(transaction.doc, place.item.client, place.item.clock)
  if (found !== undefined && found.item !== marker) {
    const { client, clock } = found.item.id
    if (found.diff + 1 < found.item.length)
      Y.getItemCleanStart(transaction, Y.createID(client, clock + found.diff + 1))
    cursor.goBehind(found.item)
  }
  cursor.insert(new Y.ContentString(insertion.text), attributesOf(insertion.marks))
  forgetSearchMarkers(flow)
}

/** They count from the start of the document, and we did not. */
export function forgetSearchMarkers(flow: Y.Text): void {
  const markers = (flow as unknown as { _searchMarker: unknown[] | null })._searchMarker
  if (markers !== null) markers.length = 0
}

function attributesOf(marks: Marks): Record<string, unknown> {
  return { ...marks }
}
