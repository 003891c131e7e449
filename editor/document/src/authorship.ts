/**
 * Who wrote which character, from the ids that Yjs gives each of them.
 *
 * Rule: a character belongs to whose client typed it, whatever has been split, joined, formatted, moved, deleted and
 * brought back since (a move and an undo write characters anew, and say for whom). Which person a client is, is the server's
 * knowledge, not the document's.
 */
import type * as Y from 'yjs'
import { markerName, placesIn, readSegments, type Segment, typistsIn } from './flow-internals.ts'
import type { Marks } from './marks.ts'

/** One unit of a flow: a block's start, or a UTF-16 unit of its text. */
export interface Unit {
  /** The same in every copy of the document, as long as the unit is there. */
  readonly key: string
  /** The Yjs client that wrote it; undefined for the leading block's start, which nobody writes. */
  readonly client: number | undefined
  /** '' for the start of a block. */
  readonly text: string
  readonly marks: Marks
  readonly segment: Segment
}

export interface AuthoredRun {
  readonly text: string
  readonly client: number
}

/** @returns for each segment in order, its text by who wrote it; neighbours differ. */
export function authorsOf(
  flow: Y.Text,
): { readonly segment: Segment; readonly runs: readonly AuthoredRun[] }[] {
  const found = new Map<Segment, { text: string; client: number }[]>()
  for (const { segment, client, text } of unitsOf(flow)) {
    const runs = found.get(segment) ?? []
    found.set(segment, runs)
    const last = runs.at(-1)
    if (text === '' || client === undefined) continue
    if (last?.client === client) last.text += text
    else runs.push({ text, client })
  }
  return [...found].map(([segment, runs]) => ({ segment, runs }))
}

export function unitsOf(flow: Y.Text): Unit[] {
  const authors = typistsIn(flow)
  const units: Unit[] = []
  let at = 0
  for (const segment of readSegments(flow)) {
    const { marker, text, runs } = segment
    units.push({
      key: marker === null ? 'lead' : markerName(marker),
      client: marker?._item?.id.client,
      text: '',
      marks: {},
      segment,
    })
    if (marker !== null) at += 1
    const ids = placesIn(flow, segment)
    let offset = 0
    for (const { length, marks } of runs) {
      for (const end = offset + length; offset < end; offset += 1) {
        const id = ids[offset + 1]?.item
        if (id === null || id === undefined) continue
        units.push({
          key: `${id.client}-${id.clock}`,
          client: authors[at + offset] ?? id.client,
          text: text[offset] ?? '',
          marks,
          segment,
        })
      }
    }
    at += text.length
  }
  return units
}
