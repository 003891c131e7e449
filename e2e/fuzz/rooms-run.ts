/**
 * Layer D without a network: the same rooms, sessions and guard over a store in memory, so that what was let in can be
 * looked at after every few cases: by people who were there, by one who comes later, and after a restart.
 */
import { decodeMessage, encodeSyncStep1, type Message } from '@weft/protocol'
import * as Y from 'yjs'
import { FakeSocket } from '../../sync-server/src/room/testing/fake-socket.ts'
import { eventually, type OpenRooms, openRooms } from '../../sync-server/src/room/testing/open-rooms.ts'
import type { TestClient } from '../../sync-server/src/room/testing/test-client.ts'
import { type Attempt, GROUP, isAllowed, nameOf, type Outcome, type OutcomeName } from './case.ts'
import type { UpdatesGroup } from './layers/updates.ts'
import { contradictoryTypes, digestOutside, ownTextOf, placeBehindOwn, vectorOf } from './replicas.ts'

/** Compaction happens in another thread; not after every few cases. */
const COMPACTED_EVERY = 40
/** Far from all that is bent: a bent delete that named it by chance would be somebody who may edit deleting a word. */
const VICTIM = 2 ** 42 + 5

export interface GroupResult {
  readonly outcomes: readonly OutcomeName[]
  /** Whether there are types within which replicas may differ: what was let in contradicted itself in their order. */
  readonly contradictory: boolean
  readonly wrong: readonly string[]
}

/** @returns what came of each case, and what is wrong with it or with what all left behind */
export async function runInRooms(group: UpdatesGroup): Promise<GroupResult> {
  const wrong: string[] = []
  const opened = await openRooms()
  const doc = new Y.Doc()
  doc.clientID = VICTIM
  const [victim, reader] = [opened.join({ doc }), opened.join()]
  let typed = ''
  const type = (): void => {
    const word = `word ${typed.length}, `
    // Behind the last own word, wherever others have put that.
    victim.type(word, placeBehindOwn(victim.text, VICTIM, typed.length))
    typed += word
  }
  await opened.until(() => isSynced(victim) && isSynced(reader))
  type()
  const teller = await Hostile.enter(opened)
  for (const message of group.beginning) teller.send(message)
  const outcomes: OutcomeName[] = []
  let hostile = await Hostile.enter(opened)
  for (const [at, attempt] of group.attempts.entries()) {
    if (hostile.outcome.kind !== 'taken') hostile = await Hostile.enter(opened)
    const name = tryOne(opened, hostile, attempt)
    if (!isAllowed(attempt, name))
      wrong.push(`case ${group.index * GROUP + at} (${attempt.title}) ended with ${name}`)
    outcomes.push(name)
    if (at % 4 === 0) type()
  }
  type()
  if (teller.outcome.kind !== 'taken') wrong.push(`the history itself was refused: ${nameOf(teller.outcome)}`)
  teller.leave()
  hostile.leave()
  const contradictory = await compareAll(opened, { victim, reader, typed, group, wrong })
  for (const client of [victim, reader]) client.disconnect()
  return { outcomes, contradictory, wrong }
}

const isSynced = (client: TestClient): boolean => client.received('sync-step-2').length > 0

/** A refused case has left nothing; that is asked at once. */
function tryOne({ rooms }: OpenRooms, hostile: Hostile, attempt: Attempt): OutcomeName {
  const count = (): number => {
    const { updatesCommitted, uncommitted } = rooms.stats()
    return updatesCommitted + uncommitted
  }
  const before = count()
  hostile.send(attempt.bytes)
  const name = nameOf(hostile.outcome)
  return name !== 'taken' && count() !== before ? `${name}, and something of it was stored` : name
}

/** Sends what it is told to, and does nothing with what it hears. */
class Hostile {
  readonly #heard: Uint8Array[] = []
  readonly #socket = new FakeSocket((frame) => this.#heard.push(frame))

  static async enter({ rooms, until }: OpenRooms): Promise<Hostile> {
    const hostile = new Hostile()
    const arrival = {
      documentId: 'doc',
      role: 'edit',
      principal: 'hostile',
      address: '127.0.0.1',
      schema: undefined,
    } as const
    rooms.attach(hostile.#socket.asSocket, { ...arrival, weft: true })
    await until(() => hostile.#heard.length > 0, 'a session to be greeted')
    return hostile
  }

  /** What a client would have that opens the document now; undefined when Yjs throws on it. */
  static async openCold(opened: OpenRooms): Promise<Y.Doc | undefined> {
    const reader = await Hostile.enter(opened)
    reader.send(encodeSyncStep1(Uint8Array.of(0)))
    const messages = (): Message[] => reader.#heard.map((frame) => decodeMessage(frame))
    await opened.until(() => messages().some(({ kind }) => kind === 'sync-step-2'), 'the document')
    reader.leave()
    const doc = new Y.Doc()
    try {
      for (const message of messages())
        if (message.kind === 'sync-step-2' || message.kind === 'update') Y.applyUpdate(doc, message.update)
      return doc
    } catch {
      return undefined
    }
  }

  send(message: Uint8Array): void {
    this.#socket.deliver(message)
  }

  get outcome(): Outcome {
    const { closedWith } = this.#socket
    return closedWith === undefined ? { kind: 'taken' } : { kind: 'closed', code: closedWith.code }
  }

  leave(): void {
    this.#socket.terminate()
  }
}

interface Left {
  readonly victim: TestClient
  readonly reader: TestClient
  /** All that the victim has typed. */
  readonly typed: string
  readonly group: UpdatesGroup
  readonly wrong: string[]
}

/** @returns whether what was let in contradicted itself */
async function compareAll(
  opened: OpenRooms,
  { victim, reader, typed, group, wrong }: Left,
): Promise<boolean> {
  try {
    await opened.until(() => opened.rooms.stats().uncommitted === 0, 'everything to be on disk')
    const contradictory = contradictoryTypes(await logOf(opened), group.known, [VICTIM])
    // The log is one row: who has its last word has all before it.
    await opened.until(() => victim.durable === victim.sent, 'the victim to be acknowledged')
    await opened.until(() => ownTextOf(reader.text, VICTIM) === typed, 'the reader to see the last word')
    const late = await Hostile.openCold(opened)
    if (group.index % COMPACTED_EVERY === 0) await compact(opened, [victim, reader], wrong)
    const restarted = await openRooms({ store: opened.store })
    const cold = await Hostile.openCold(restarted)
    const measure = (doc: Y.Doc): string => `${vectorOf(doc)} ${digestOutside(doc, contradictory)}`
    for (const [who, doc] of Object.entries({ victim: victim.doc, reader: reader.doc, late, cold })) {
      if (doc === undefined) {
        wrong.push(`Yjs throws on what ${who} is sent`)
        continue
      }
      const { pendingStructs, pendingDs } = doc.store
      if (pendingStructs !== null || pendingDs !== null) wrong.push(`something is pending for ${who}`)
      if (ownTextOf(doc.getText('text'), VICTIM) !== typed) wrong.push(`the victim's words differ for ${who}`)
      if (measure(doc) !== measure(victim.doc)) wrong.push(`${who} has other content than the victim`)
    }
    for (const { level, message } of [...opened.lines, ...restarted.lines])
      wrong.push(`${level} in the log: ${message}`)
    return contradictory.size > 0
  } catch (error) {
    const state = `${victim.durable} of the victim's ${victim.sent} messages are on disk, closed with ${victim.closedWith}`
    wrong.push(`${error instanceof Error ? error.message : String(error)}; ${state}`)
    wrong.push(...opened.lines.map(({ level, message }) => `${level} in the log: ${message}`))
    return false
  }
}

async function compact(
  { rooms, clock }: OpenRooms,
  people: readonly TestClient[],
  wrong: string[],
): Promise<void> {
  for (const client of people) client.disconnect()
  clock.advance(7_000)
  await eventually(() => rooms.stats().compactions > 0 || rooms.stats().fenced.length > 0, 'a compaction')
  if (rooms.stats().fenced.length > 0) wrong.push('what was let in cannot be compacted')
  // The thread that did it ends by this clock.
  clock.advance(31_000)
}

async function logOf({ store }: OpenRooms): Promise<Uint8Array[]> {
  const { snapshot, tail } = await store.load('doc')
  return [...(snapshot === undefined ? [] : [snapshot.bytes]), ...tail.map(({ bytes }) => bytes)]
}
