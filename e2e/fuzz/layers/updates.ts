/**
 * Layer D: updates that real Yjs made on a recorded history, bent in their structs and deletes and written down again.
 *
 * What Yjs cannot decode must be refused, what nobody has bent must be taken. Of the rest only its consequences tell:
 * whoever runs this compares everybody's documents afterwards.
 */
import { encodeSyncStep2, encodeUpdate, Reader } from '@weft/protocol'
import * as Y from 'yjs'
import { editRandomly, recordUpdates } from '../../../sync-server/src/room/testing/random-edits.ts'
import type { Random } from '../../harness/random.ts'
import { damaged } from '../bytes.ts'
import {
  APART,
  type Attempt,
  GROUP,
  type Group,
  type Layer,
  MALFORMED,
  READABLE,
  randomOf,
  WRITTEN,
} from '../case.ts'
import { contradictoryTypes } from '../replicas.ts'
import { readModel, renameClients, type UpdateModel, writeModel } from '../update-model.ts'
import { MUTATIONS, type Surroundings } from '../update-mutations.ts'

/** Apart from the recorded clients of all groups: one author for each case. */
const AUTHORS = 2 ** 40
/** Who has written what is bent, until it is given to its author. */
const NOBODY = AUTHORS - 1
const CLIENTS_OF_A_GROUP = 40

export const authorOf = (number: number): number => AUTHORS + APART * number

/** Updates that are written for a group; each is bent many times. */
const TEMPLATES = 6
/** With these alone nobody contradicts himself, so that all replicas must be equal to the letter. */
const GENTLE = [
  'client',
  'clock',
  'length',
  'content kind',
  'content',
  'delete ranges',
  'whose deletes',
  'counts',
]
const ALL = Object.keys(MUTATIONS)

/** What is written, before it is bent. */
type Edit = typeof editRandomly

/**
 * @param layer `updates`, `guarded` or `rooms`: the same cases would be a waste
 * @param edit what people write there
 */
export function updatesGroup(seed: number, layer: Layer, index: number, edit = editRandomly): UpdatesGroup {
  const random = randomOf(seed, layer, index)
  const history = recordedBy(random, 100 + index * CLIENTS_OF_A_GROUP, edit)
  const base = new Y.Doc({ gc: false })
  // Sometimes not all of the history has come yet.
  const shown = history.slice(0, Math.ceil(history.length * (random.happens(0.7) ? 1 : random.share())))
  for (const update of shown) Y.applyUpdate(base, update)
  const state = Y.encodeStateAsUpdate(base)
  const known = new Map([...base.store.clients].map(([client]) => [client, Y.getState(base.store, client)]))
  base.destroy()
  const templates = Array.from({ length: TEMPLATES }, () => readModel(writeOn(state, NOBODY, random, edit)))
  const others = [...templates, ...history.map(readModel)]
  const names = random.happens(0.5) ? GENTLE : ALL
  const attempts = Array.from({ length: GROUP }, (_, at): Attempt => {
    const author = authorOf(index * GROUP + at)
    const written = rewrite(random.of(templates), NOBODY, author)
    const bent = bend(structuredClone(written), names, { random, known, other: random.of(others) })
    // Replicas may order what contradicts itself in different ways: that is tried without people.
    const attempt =
      layer !== 'rooms' && bent.allowed !== MALFORMED && contradictsItself(bent.bytes, state, known)
        ? untouched(written, random)
        : bent
    return { ...attempt, author, ends: 'ping' }
  })
  const beginning = shown.map((update) => encodeUpdate(update))
  return { layer, index, speaks: random.happens(0.5) ? 'weft.1' : 'stock', beginning, attempts, known }
}

export interface UpdatesGroup extends Group {
  /** How far each client has come with the beginning, which all that follows was written on. */
  readonly known: ReadonlyMap<number, number>
}

/** What two or three people wrote together. */
function recordedBy(random: Random, firstClient: number, edit: Edit): Uint8Array[] {
  const [seed, people, edits] = [random.below(2 ** 31), 2 + random.below(2), 4 + random.below(16)]
  const { docs, updates } = recordUpdates(seed, people, edits, edit)
  for (const doc of docs) doc.destroy()
  return updates.map((update) => {
    const model = readModel(update)
    renameClients(model, (client) => client + firstClient)
    return writeModel(model)
  })
}

/** One or a few edits of somebody who has read everything. */
function writeOn(state: Uint8Array, author: number, random: Random, edit: Edit): Uint8Array {
  const doc = new Y.Doc({ gc: false })
  Y.applyUpdate(doc, state)
  doc.clientID = author
  const vector = Y.encodeStateVector(doc)
  for (let edits = 1 + random.below(3); edits > 0; edits--) edit(doc, () => random.share())
  const update = Y.encodeStateAsUpdate(doc, vector)
  doc.destroy()
  return update
}

function rewrite(template: UpdateModel, from: number, to: number): UpdateModel {
  const model = structuredClone(template)
  renameClients(model, (client) => (client === from ? to : client))
  return model
}

function bend(
  model: UpdateModel,
  names: readonly string[],
  surroundings: Surroundings,
): Omit<Attempt, 'ends'> {
  const { random } = surroundings
  const roll = random.share()
  if (roll < 0.1) return untouched(model, random)
  const bent: string[] = []
  for (let left = 1 + random.below(3); left > 0; left--) {
    const name = random.of(names)
    MUTATIONS[name]?.(model, surroundings)
    bent.push(name)
  }
  let update: Uint8Array = writeModel(model)
  if (roll < 0.2) {
    update = damaged(update, random)
    bent.push('bytes')
  }
  const allowed = isReadable(update) ? READABLE : MALFORMED
  return { title: bent.join(', '), bytes: messageOf(update, random), allowed }
}

const untouched = (model: UpdateModel, random: Random): Omit<Attempt, 'ends'> => ({
  title: 'as it was written',
  bytes: messageOf(writeModel(model), random),
  allowed: WRITTEN,
})

/** @param message an update or a step 2 */
function contradictsItself(
  message: Uint8Array,
  state: Uint8Array,
  known: ReadonlyMap<number, number>,
): boolean {
  const reader = new Reader(message)
  reader.varUint()
  reader.varUint()
  try {
    return contradictoryTypes([state, reader.varBytes()], known, []).size > 0
  } catch {
    // Yjs itself throws on it: that must be refused.
    return false
  }
}

const messageOf = (update: Uint8Array, random: Random): Uint8Array =>
  random.happens(0.6) ? encodeUpdate(update) : encodeSyncStep2(update)

/** Whether the clients that people have could decode it. */
export function isReadable(update: Uint8Array): boolean {
  try {
    Y.decodeUpdate(update)
    return true
  } catch {
    return false
  }
}
