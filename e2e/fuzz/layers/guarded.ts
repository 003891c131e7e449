/**
 * Layer D in documents with rules (`?schema=`): what a version of the editor could have written, bent like all other
 * updates. What `@weft/document` says of it, read as Yjs items, must be what the server says, who reads bytes: allowed
 * content is never refused for what it holds, and of what holds something else nothing is found.
 */
import { checkStructs, createMarker, flowOf, SCHEMA_VERSION } from '@weft/document'
import { Reader } from '@weft/protocol'
import * as Y from 'yjs'
import { type Attempt, READABLE, WRITTEN } from '../case.ts'
import { type UpdatesGroup, updatesGroup } from './updates.ts'

/** An update or a step 2, on the wire. */
const UPDATE = 2

export function guardedGroup(seed: number, index: number): UpdatesGroup {
  const group = updatesGroup(seed, 'guarded', index, editFlow)
  const attempts = group.attempts.map((attempt) => withRules(attempt, group.known))
  return { ...group, schema: SCHEMA_VERSION, attempts }
}

function withRules(attempt: Attempt, known: UpdatesGroup['known']): Attempt {
  if (attempt.allowed !== READABLE && attempt.allowed !== WRITTEN) return attempt
  const reader = new Reader(attempt.bytes)
  reader.varUint()
  const kind = reader.varUint()
  const { structs } = Y.decodeUpdate(reader.varBytes())
  if (checkStructs(structs) === undefined) return attempt
  // What is said again of what is known is not looked at.
  const fresh = structs.filter(({ id, length }) => id.clock + length > (known.get(id.client) ?? 0))
  // A step 2 may hold, beside what waits for something, what can be applied and is allowed.
  const forbidden = kind === UPDATE && checkStructs(fresh) !== undefined
  return { ...attempt, allowed: [...attempt.allowed, '4422'], forbidden }
}

const WORDS = ['a', 'bc ', 'déf', '日本', 'x'.repeat(40)]

/** One or a few edits of each kind that a document of Weft has. */
function editFlow(doc: Y.Doc, random: () => number): void {
  const below = (count: number): number => Math.floor(random() * count)
  const one = <T>(of: readonly T[]): T => of[below(of.length)] as T
  const flow = flowOf(doc)
  const table = doc.getMap<unknown>('table/t')
  const cell = doc.getText('cell/t/r/c')
  const edits: (() => void)[] = [
    () => flow.insert(below(flow.length + 1), one(WORDS)),
    () => flow.insert(below(flow.length + 1), one(WORDS), { bold: true, link: 'https://a.b' }),
    () => {
      const from = below(flow.length + 1)
      flow.format(from, below(flow.length - from + 1), { italic: random() < 0.5 ? true : null })
    },
    () => {
      if (flow.length > 0) flow.delete(below(flow.length), 1)
    },
    () =>
      flow.insertEmbed(
        below(flow.length + 1),
        createMarker({ type: 'paragraph', indent: below(3) }, `b${below(1e9)}`),
      ),
    () => flow.insertEmbed(below(flow.length + 1), { type: 'date', date: '2026-11-22' }),
    () => flow.insertEmbed(below(flow.length + 1), { type: 'of a later version', parts: [1, { two: 2 }] }),
    () => flow.setAttribute('hidden', random() < 0.5),
    () => table.set(one(['row/a', 'column/b']), one(['a0', 7, true])),
    () => table.delete('row/a'),
    () => cell.insert(below(cell.length + 1), one(WORDS)),
  ]
  doc.transact(() => {
    for (let left = 1 + below(3); left > 0; left--) one(edits)()
  })
}
