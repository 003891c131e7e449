/** A thread that tries cases: it is told which, and answers with what came of them. */
import { parentPort } from 'node:worker_threads'
import { attack, request } from './attacker.ts'
import { type Group, nameOf, type OutcomeName } from './case.ts'
import { readCorpus } from './corpus.ts'
import { makeGroup } from './generate.ts'
import { httpFaults } from './http-answer.ts'
import { type Route, routesOf } from './layers/http.ts'
import { PORT_MARK } from './layers/requests.ts'
import { type UpdatesGroup, updatesGroup } from './layers/updates.ts'
import { runInRooms } from './rooms-run.ts'
import { Tally } from './tally.ts'
import type { Report, Work } from './threads.ts'

/** Connections at a time. */
const LANES = 8

const port = parentPort
port?.on('message', (work: Work) => {
  // What is thrown here ends the thread, and so the run, with its stack.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
  void run(work).then((report) => port.postMessage(report))
})

let routes: Promise<Route[]> | undefined

async function run(work: Work): Promise<Report> {
  const tally = new Tally(work.seed)
  switch (work.kind) {
    case 'sockets': {
      routes ??= routesOf()
      const all = await routes
      return overSockets(
        tally,
        work,
        work.planned.map(
          ({ layer, index }) =>
            () =>
              makeGroup(work.seed, layer, index, all),
        ),
      )
    }
    case 'socket corpus': {
      const kept = (await readCorpus()).filter(({ layer }) => layer !== 'rooms')
      return overSockets(
        tally,
        work,
        kept.map((group) => () => group),
      )
    }
    case 'rooms':
      for (let index = work.from; index < work.to; index += work.step)
        await inRooms(tally, updatesGroup(work.seed, 'rooms', index))
      return report(tally)
    case 'rooms corpus':
      for (const group of await readCorpus()) if (group.layer === 'rooms') await inRooms(tally, group)
      return report(tally)
  }
}

const report = (tally: Tally, known = new Map<number, number>(), refused: number[] = []): Report => {
  const { outcomes, findings, compared, contradictory } = tally
  return { outcomes, findings, compared, contradictory, known, refused }
}

async function overSockets(
  tally: Tally,
  target: { readonly port: number; readonly documentId: string },
  makers: readonly (() => Group)[],
): Promise<Report> {
  const known = new Map<number, number>()
  const refused: number[] = []
  let next = 0
  const lane = async (): Promise<void> => {
    for (let make = makers[next++]; make !== undefined; make = makers[next++]) {
      const group = make()
      if ('known' in group) for (const [client, end] of (group as UpdatesGroup).known) known.set(client, end)
      const names = await tryGroup(tally, target, group)
      tally.add(group, names)
      for (const [at, { author, forbidden }] of group.attempts.entries())
        if (author !== undefined && (names[at] !== 'taken' || forbidden === true)) refused.push(author)
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return report(tally, known, refused)
}

async function tryGroup(
  tally: Tally,
  target: { readonly port: number; readonly documentId: string },
  group: Group,
): Promise<OutcomeName[]> {
  if (group.speaks !== undefined) return (await attack(target, group)).map(nameOf)
  const names: OutcomeName[] = []
  for (const { bytes, title } of group.attempts) {
    const text = Buffer.from(bytes).toString('latin1').replaceAll(PORT_MARK, String(target.port))
    const { outcome, answer } = await request(target.port, Buffer.from(text, 'latin1'))
    for (const fault of httpFaults(answer)) tally.say(`${title}: ${fault}`, group.layer, group.index)
    names.push(nameOf(outcome))
  }
  return names
}

async function inRooms(tally: Tally, group: UpdatesGroup): Promise<void> {
  const { outcomes, contradictory, wrong } = await runInRooms(group)
  for (const name of outcomes) tally.count('rooms', name)
  tally.compared++
  if (contradictory) tally.contradictory++
  for (const what of wrong) tally.say(what, 'rooms', group.index)
}
