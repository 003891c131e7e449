/**
 * People elsewhere, in a process of their own: stock y-websocket clients that type all over a document at human rate.
 *
 *   node typists.ts <server> <document> <dialect> <people> <seed>
 *
 * Says `ready` when everybody has the document; told `{ lastingMs }` they type for so long, say how many keys that
 * were, and wait for the next time. Every key is a character that stands nowhere else, so that a page can be asked for it.
 */
import * as Y from 'yjs'
import { stockClient } from '../harness/stock-client.ts'
import { until } from '../harness/wait.ts'
import { seededRandom } from '../load/plan.ts'
import { humanSchedule, pause } from '../load/typing.ts'
import { EDITORS } from './contestants.ts'
import type { Dialect } from './dialects.ts'

/** A letter of another alphabet: the manuscript has none of it. */
export const THEIR_LETTER = 'ж'
/** A person who has paused begins again somewhere else. */
const THOUGHT_MS = 280
/**
 * So many places for each are looked for before anybody types: a look through the whole document, which no editor takes
 * while somebody types, would cost the page its core.
 */
const PLACES = 30

export type TypistsSay = { readonly kind: 'ready' } | { readonly kind: 'typed'; readonly keys: number }
export interface TypistsAreTold {
  readonly lastingMs: number
}

interface Typist {
  readonly doc: Y.Doc
  readonly moved: (place: Y.RelativePosition) => void
  readonly places: readonly Y.RelativePosition[]
  /** How often this person has begun. */
  begun: number
  place: Y.RelativePosition | undefined
  lastMs: number
}

const COLORS = ['#b4412f', '#2f7db4', '#3a8f4d', '#8a5cc2', '#b47a2f']

function dialectOf(name: string): Dialect {
  const editor = EDITORS.find((one) => one.name === name)
  if (editor === undefined) throw new Error(`no editor "${name}"`)
  return editor.dialect
}

async function main([
  server = '',
  documentId = '',
  name = '',
  people = '',
  seed = '',
]: string[]): Promise<void> {
  const dialect = dialectOf(name)
  const random = seededRandom(Number(seed))
  // Apart from the other, which has the same timetable made for every editor.
  const where = seededRandom(Number(seed) + 1_000)
  const clients = Array.from({ length: Number(people) }, () => stockClient(server, documentId))
  await Promise.all(clients.map(({ provider }) => until('a typist is synced', () => provider.synced)))
  const typists = clients.map(({ doc, provider }, index): Typist => {
    const person = { name: `Typist ${index + 1}`, color: COLORS[index % COLORS.length] ?? '' }
    return {
      doc,
      places: Array.from({ length: PLACES }, () => dialect.placeIn(doc, where)),
      begun: 0,
      place: undefined,
      lastMs: Number.NEGATIVE_INFINITY,
      moved: (place) =>
        provider.awareness.setLocalState(dialect.presence(person, Y.relativePositionToJSON(place))),
    }
  })

  function press(typist: Typist, atMs: number): void {
    const { doc } = typist
    const isNew = typist.place === undefined || atMs - typist.lastMs > THOUGHT_MS
    const place = isNew ? typist.places[typist.begun++ % PLACES] : typist.place
    if (place === undefined) throw new Error('a typist has nowhere to type')
    typist.lastMs = atMs
    const found = Y.createAbsolutePositionFromRelativePosition(place, doc)
    if (!(found?.type instanceof Y.Text)) throw new Error('a typist has lost their place')
    found.type.insert(found.index, THEIR_LETTER)
    // Behind the letter that has just been written.
    const written = Y.createID(doc.clientID, Y.getState(doc.store, doc.clientID) - 1)
    typist.place = new Y.RelativePosition(place.type, place.tname, written, -1)
    typist.moved(typist.place)
  }

  process.on('message', ({ lastingMs }: TypistsAreTold) => {
    void (async () => {
      const startMs = performance.now()
      const schedule = humanSchedule(typists.length, lastingMs, random)
      for (const typist of typists) typist.lastMs = Number.NEGATIVE_INFINITY
      for (const { atMs, writer } of schedule) {
        const waitMs = startMs + atMs - performance.now()
        if (waitMs > 0) await pause(waitMs)
        const typist = typists[writer]
        if (typist !== undefined) press(typist, atMs)
      }
      process.send?.({ kind: 'typed', keys: schedule.length } satisfies TypistsSay)
    })()
  })
  process.send?.({ kind: 'ready' } satisfies TypistsSay)
}

if (import.meta.main) await main(process.argv.slice(2))
