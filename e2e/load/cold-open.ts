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
  readonly contestant: Contestant
  readonly plan: ColdOpenPlan
  readonly loses?: ColdReadersOptions['loses']
  readonly withinMs?: ColdReadersOptions['withinMs']
  /** Forges what is typed on purpose, to see the check catch it. */
  readonly forge?: (updates: readonly Uint8Array[]) => readonly Uint8Array[]
}

const DOCUMENT = 'paper'
const WRITERS = 10

export async function measureColdOpen(options: ColdOpenOptions): Promise<ColdOpen> {
  const { contestant, plan, loses, withinMs, forge = (updates) => updates } = options
  const paper = readManuscript(plan.keystrokes)
  const short = readManuscript(plan.shortKeystrokes)
  const data = await mkdtemp(join(tmpdir(), `weft-bench-cold-${contestant.name}-`))
  let server: RunningServer | undefined
  const restarted = async (): Promise<RunningServer> => {
    await server?.stop()
    server = await contestant.start(data)
    await atRest(server.pid, 0)
    return server
  }
  const open = (url: string, people: number) =>
    ColdReaders.open({
      server: url,
      documentId: DOCUMENT,
      openWire: contestant.openWire,
      people,
      text: paper.text,
      loses,
      withinMs,
    })
  try {
    const first = await restarted()
    const type = (documents: readonly string[], { updates }: Manuscript, settleMs = plan.settleMs) =>
      ingest(contestant, first, documents, forge(updates), settleMs)
    await type(['warm-up'], short, 0)
    const one = await type([DOCUMENT], paper)
    const tenDocuments = Array.from({ length: WRITERS }, (_, index) => `short-${index}`)
    const ten = await type(tenDocuments, short)

    const openMs: number[] = []
    for (let restart = 0; restart < plan.restarts; restart++) {
      const readers = await open((await restarted()).url, 1)
      openMs.push(...readers.openMs)
      await readers.leave()
    }
    const crowdCpuMs: number[] = []
    const crowdMs: number[] = []
    for (let crowd = 0; crowd < plan.crowds; crowd++) {
      const { url, pid } = await restarted()
      const before = cpuMs(pid)
      const readers = await open(url, plan.crowdPeople)
      await readers.leave()
      await atRest(pid, plan.settleMs)
      crowdCpuMs.push((cpuMs(pid) - before) / plan.crowdPeople)
      crowdMs.push(Math.max(...readers.openMs))
    }
    await server?.stop()
    return {
      cpuMicrosPerEdit: one.cpuMicros,
      cpuMicrosPerEditOfTen: ten.cpuMicros,
      editsPerSecond: one.perSecond,
      openMs,
      crowdCpuMs,
      crowdMs,
    }
  } finally {
    await server?.kill()
    await rm(data, { recursive: true, force: true })
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
