/**
 * What a person costs who has a document open and does nothing.
 *
 * The documents are written into one process; another one, started on its folder, takes the people in, so that what
 * writing left behind is not counted. A collector gives memory back when it sees fit: the least that the kernel
 * calls resident in the last seconds counts, for every server alike.
 */
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as Y from 'yjs'
import { ColdReaders, type ColdReadersOptions } from './cold-readers.ts'
import type { Contestant } from './contestants.ts'
import { dispatch } from './dispatch.ts'
import { atRest, cpuMs, memoryBytes } from './process-facts.ts'
import { TEXT } from './script.ts'
import { pause } from './typing.ts'

export interface IdlePlan {
  readonly documents: number
  /** In each document, in lines of a hundred. */
  readonly characters: number
  readonly peopleEach: number
  /** How long a server may store what was written before it is stopped. */
  readonly storeMs: number
  /** How long all are there before memory is read, and for how long it is read then. */
  readonly settleMs: number
  readonly watchMs: number
}

export interface Idle {
  readonly connections: number
  /** Resident: the process just started, and with everybody there. */
  readonly emptyBytes: number
  readonly connectedBytes: number
  /** Server CPU to let one person in and to keep them for the settling and watching, in milliseconds. */
  readonly cpuMsEach: number
}

export interface IdleOptions {
  readonly contestant: Contestant
  readonly plan: IdlePlan
  readonly loses?: ColdReadersOptions['loses']
  readonly within?: ColdReadersOptions['within']
}

/** Documents that are written, or opened, at a time. */
const AT_ONCE = 20
/** y-protocols' clients say again that they are there when they have not for half of 30 s. */
const RENEW_MS = 15_000

export async function measureIdle(options: IdleOptions): Promise<Idle> {
  const { contestant, plan } = options
  assertEnoughFiles(plan.documents * plan.peopleEach)
  const data = await mkdtemp(join(tmpdir(), `weft-bench-idle-${contestant.name}-`))
  try {
    await writeDocuments(contestant, data, plan)
    return await holdPeople(data, options)
  } finally {
    await rm(data, { recursive: true, force: true })
  }
}

async function writeDocuments(contestant: Contestant, data: string, plan: IdlePlan): Promise<void> {
  const { openWire } = contestant
  const server = await contestant.start(data)
  try {
    await inTurn(plan.documents, (document) =>
      dispatch(openWire(server.url, nameOf(document)), [updateOf(document, plan.characters)]),
    )
    await atRest(server.pid, plan.storeMs)
    await server.stop()
  } finally {
    await server.kill()
  }
}

async function holdPeople(data: string, { contestant, plan, loses, within }: IdleOptions): Promise<Idle> {
  const { openWire } = contestant
  const { documents, characters, peopleEach } = plan
  const server = await contestant.start(data)
  const crowds: { readonly readers: ColdReaders; renewed: number; atMs: number }[] = []
  let renewing: NodeJS.Timeout | undefined
  try {
    await atRest(server.pid, 0)
    const cpuBefore = cpuMs(server.pid)
    const emptyBytes = memoryBytes(server.pid).now
    renewing = setInterval(() => {
      for (const crowd of crowds) {
        if (performance.now() - crowd.atMs < RENEW_MS) continue
        crowd.atMs = performance.now()
        sayHello(crowd.readers, ++crowd.renewed)
      }
    }, 500)
    await inTurn(documents, async (document) => {
      const readers = await ColdReaders.open({
        server: server.url,
        documentId: nameOf(document),
        openWire,
        people: peopleEach,
        text: textOf(document, characters),
        loses,
        within,
      })
      crowds.push({ readers, renewed: 0, atMs: performance.now() })
      sayHello(readers, 0)
    })
    await pause(plan.settleMs)
    const connectedBytes = await leastBytes(server.pid, plan.watchMs)
    const connections = documents * peopleEach
    const cpuMsEach = (cpuMs(server.pid) - cpuBefore) / connections
    // Whoever was shut out meanwhile was not held.
    for (const { readers } of crowds) readers.lacking()
    return { connections, emptyBytes, connectedBytes, cpuMsEach }
  } finally {
    clearInterval(renewing)
    for (const { readers } of crowds) readers.abandon()
    await server.kill()
  }
}

const nameOf = (document: number): string => `idle-${document}`

/** Another text for each document: one for the other would be noticed. */
function textOf(document: number, characters: number): string {
  const line = `Document ${document}: ${'all that is said here stands in it alone, '.repeat(3)}`.slice(0, 99)
  return `${line}\n`.repeat(characters / 100)
}

/** Typed in one go: as few structs as a document of this size can have, which favours who keeps structs. */
function updateOf(document: number, characters: number): Uint8Array {
  const doc = new Y.Doc()
  doc.clientID = 577_215_664 + document
  doc.getText(TEXT).insert(0, textOf(document, characters))
  const update = Y.encodeStateAsUpdate(doc)
  doc.destroy()
  return update
}

/** What stock editors set: who has the caret, and its colour. */
function sayHello(readers: ColdReaders, clock: number): void {
  readers.each((wire, person) =>
    wire.presence(
      3_141_592_653 + person,
      clock,
      JSON.stringify({ user: { name: `Person ${person}`, color: '#30bced', colorLight: '#30bced33' } }),
    ),
  )
}

async function leastBytes(pid: number, watchMs: number): Promise<number> {
  const startMs = performance.now()
  let least = memoryBytes(pid).now
  while (performance.now() - startMs < watchMs) {
    await pause(200)
    least = Math.min(least, memoryBytes(pid).now)
  }
  return least
}

/** Does `what` for each number below `count`, some at a time. */
async function inTurn(count: number, what: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  const hand = async () => {
    while (next < count) await what(next++)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, hand))
}

/** @throws when the shell allows a process fewer open files than there are sockets; Node uses what is allowed */
function assertEnoughFiles(sockets: number): void {
  const wanted = sockets + 200
  const allowed = Number(
    /^Max open files\s+\d+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1],
  )
  if (allowed < wanted)
    throw new Error(`${sockets} people need ${wanted} open files, and ${allowed} are allowed: see ulimit -Hn`)
}
