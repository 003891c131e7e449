/** What is stored of a block beside what it says: unknown marks, and whose it is. */
import * as Y from 'yjs'
import { formatOf, itemOf, type Segment } from './segment.ts'
import { Signatures } from './signatures.ts'

/** A stretch of a segment with everything that is stored of it, so that it can be written elsewhere. */
export interface StoredStretch {
  readonly content: string | object
  /** Without a signature. */
  readonly attributes: Readonly<Record<string, unknown>>
  /** The Yjs client that typed it. */
  readonly author: number
}

/** A segment's text and inline objects as they are stored, unknown marks included. */
export function storedStretches(flow: Y.Text, segment: Segment): StoredStretch[] {
  const marker = itemOf(segment)
  const stretches: StoredStretch[] = []
  const signatures = new Signatures()
  const attributes = new Map([...segment.start].filter(([name, value]) => !signatures.read(name, value)))
  for (let item = marker === null ? flow._start : marker.right; item !== null; item = item.right) {
    if (item.deleted) continue
    const { content } = item
    if (content instanceof Y.ContentType) break
    if (content instanceof Y.ContentFormat) {
      const { key, value } = formatOf(item)
      if (signatures.read(key, value)) continue
      if (value === null) attributes.delete(key)
      else attributes.set(key, value)
    } else if (content instanceof Y.ContentString || content instanceof Y.ContentEmbed)
      stretches.push({
        content: content instanceof Y.ContentString ? content.str : content.embed,
        attributes: Object.fromEntries(attributes),
        author: signatures.typistOf(item.id.client),
      })
  }
  return stretches
}

/** What tells markers apart that have no id of their own. */
export function markerName(marker: Y.Map<unknown>): string {
  const id = marker._item?.id
  return id === undefined ? '' : `${id.client}-${id.clock}`
}

/** Who inserted a marker or set one of its attributes last, as Yjs client ids. */
function writersOf(marker: Y.Map<unknown>): Set<number> {
  const writers = new Set<number>()
  for (const item of marker._map.values()) if (!item.deleted) writers.add(item.id.client)
  return writers
}

/** As many attributes as a marker is made with; their items follow its own. */
const MOST_ATTRIBUTES = 16

/**
 * For an undo manager's `deleteFilter`: a block of ours that somebody else has made something of is no longer ours
 * to take away, nor is what we made it with: its id, its type.
 */
export function isOnlyOurs(item: Y.Item): boolean {
  const { id, parent, content } = item
  if (content instanceof Y.ContentType && parent instanceof Y.Text)
    return isUntouched(content.type, id.client)
  const marker = parent instanceof Y.Map && item.left === null ? parent._item : null
  if (!(marker?.parent instanceof Y.Text) || marker.id.client !== id.client) return true
  if (id.clock - marker.id.clock > MOST_ATTRIBUTES) return true
  // Without the marker its attributes go anyway.
  return marker.deleted || isUntouched(parent, id.client)
}

function isUntouched(marker: unknown, client: number): boolean {
  return (
    !(marker instanceof Y.Map) ||
    [...writersOf(marker as Y.Map<unknown>)].every((writer) => writer === client)
  )
}
