/**
 * What it costs to take in a long document key by key, and to open it on a server that has just been started.
 *
 * Every server gets the same time to store and to tidy up, is stopped with SIGTERM, and is at rest before a clock
 * or a meter starts: starting up is not part of opening.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ColdReaders, type ColdReadersOptions } from './cold-readers.ts'
import type { Contestant, RunningServer } from './contestants.ts'
import { dispatch } from './dispatch.ts'
import { type Manuscript, readManuscript } from './manuscript.ts'
import { atRest, cpuMs } from './process-facts.ts'

export interface ColdOpenPlan {
  readonly keystrokes: number
  /** Typed into each of ten documents at once, and into one to warm up. */
  readonly shortKeystrokes: number
  /** How often one person opens it, each time on a server started anew. */
  readonly restarts: number
  /** How often a crowd does. */
  readonly crowds: number
  readonly crowdPeople: number
  /** How long a server is watched after typing, and after a crowd has left, for work it put off. */
  readonly settleMs: number
}

export interface ColdOpen {
  /** Server CPU until at rest, in microseconds an edit: one writer, and ten in as many documents. */
  readonly cpuMicrosPerEdit: number
  readonly cpuMicrosPerEditOfTen: number
  readonly editsPerSecond: number
  /** One person's time from connecting to holding everything; one for each restart. */
  readonly openMs: readonly number[]
  /** For each crowd: server CPU in milliseconds a person, and when the last one held everything. */
  readonly crowdCpuMs: readonly number[]
  readonly crowdMs: readonly number[]
}

export interface ColdOpenOptions {
  readonly contestants: readonly Contestant[]
  readonly plan: ColdOpenPlan
  readonly loses?: ColdReadersOptions['loses']
  readonly within?: ColdReadersOptions['within']
  /** Forges what is typed on purpose, to see the check catch it. */
  readonly forge?: (updates: readonly Uint8Array[]) => readonly Uint8Array[]
  readonly say?: (line: string) => void
}

/** What one server has shown so far, and the folder that it is started on again. */
interface Trial {
  readonly contestant: Contestant
  readonly data: string
  readonly ingested: Pick<ColdOpen, 'cpuMicrosPerEdit' | 'cpuMicrosPerEditOfTen' | 'editsPerSecond'>
  readonly openMs: number[]
  readonly crowdCpuMs: number[]
  readonly crowdMs: number[]
}

const DOCUMENT = 'paper'
const WRITERS = 10

/**
 * Only one server runs at a time; they take turns at being opened, so that a noisy minute meets all alike.
 * @returns one of each contestant, in their order
 */
export async function measureColdOpens(options: ColdOpenOptions): Promise<ColdOpen[]> {
  const { contestants, plan, loses, within, forge = (updates) => updates, say } = options
  const paper = readManuscript(plan.keystrokes)
  const short = readManuscript(plan.shortKeystrokes)
  const folders: string[] = []
  const trials: Trial[] = []
  const open = ({ contestant }: Trial, url: string, people: number) =>
    ColdReaders.open({
      server: url,
      documentId: DOCUMENT,
      openWire: contestant.openWire,
      people,
      text: paper.text,
      loses,
      within,
    })
  try {
    for (const contestant of contestants) {
      say?.(`writing the paper into ${contestant.title}`)
      const data = await mkdtemp(join(tmpdir(), `weft-bench-cold-${contestant.name}-`))
      folders.push(data)
      const ingested = await started(contestant, data, async (server) => {
        const type = (documents: readonly string[], { updates }: Manuscript, settleMs = plan.settleMs) =>
          ingest(contestant, server, documents, forge(updates), settleMs)
        await type(['warm-up'], short, 0)
        const one = await type([DOCUMENT], paper)
        const tenDocuments = Array.from({ length: WRITERS }, (_, index) => `short-${index}`)
        const ten = await type(tenDocuments, short)
        return {
          cpuMicrosPerEdit: one.cpuMicros,
          cpuMicrosPerEditOfTen: ten.cpuMicros,
          editsPerSecond: one.perSecond,
        }
      })
      trials.push({ contestant, data, ingested, openMs: [], crowdCpuMs: [], crowdMs: [] })
    }
    say?.('opening it cold')
    for (const trial of inTurns(trials, plan.restarts))
      await started(trial.contestant, trial.data, async ({ url }) => {
        const reader = await open(trial, url, 1)
        trial.openMs.push(...reader.openMs)
        await reader.leave()
      })
    say?.('opening it cold, as a crowd')
    for (const trial of inTurns(trials, plan.crowds))
      await started(trial.contestant, trial.data, async ({ url, pid }) => {
        const before = cpuMs(pid)
        const readers = await open(trial, url, plan.crowdPeople)
        await readers.leave()
        await atRest(pid, plan.settleMs)
        trial.crowdCpuMs.push((cpuMs(pid) - before) / plan.crowdPeople)
        trial.crowdMs.push(Math.max(...readers.openMs))
      })
    return trials.map(({ ingested, openMs, crowdCpuMs, crowdMs }) => ({
      ...ingested,
      openMs,
      crowdCpuMs,
      crowdMs,
    }))
  } finally {
    for (const folder of folders) await rm(folder, { recursive: true, force: true })
  }
}

/** Each of them `rounds` times, another one first in each round. */
function inTurns<Member>(members: readonly Member[], rounds: number): Member[] {
  return Array.from({ length: rounds }, (_, round) => {
    const first = round % members.length
    return [...members.slice(first), ...members.slice(0, first)]
  }).flat()
}

/** A server just started and at rest, stopped as an operator stops it when `work` is done. */
async function started<Result>(
  contestant: Contestant,
  data: string,
  work: (server: RunningServer) => Promise<Result>,
): Promise<Result> {
  const server = await contestant.start(data)
  try {
    await atRest(server.pid, 0)
    const result = await work(server)
    await server.stop()
    return result
  } finally {
    await server.kill()
  }
}

/** One writer in each document, nobody reading, until the server has nothing left to do. */
async function ingest(
  { openWire }: Contestant,
  { url, pid }: RunningServer,
  documents: readonly string[],
  updates: readonly Uint8Array[],
  settleMs: number,
): Promise<{ readonly cpuMicros: number; readonly perSecond: number }> {
  const before = cpuMs(pid)
  const startMs = performance.now()
  await Promise.all(documents.map((documentId) => dispatch(openWire(url, documentId), updates)))
  const elapsedMs = performance.now() - startMs
  await atRest(pid, settleMs)
  const edits = documents.length * updates.length
  return { cpuMicros: ((cpuMs(pid) - before) * 1_000) / edits, perSecond: (edits * 1_000) / elapsedMs }
}
