/** One editor for one round: a new document, a new window, opened, typed into alone and among others, and checked. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, CDPSession, Page } from 'playwright-core'
import * as Y from 'yjs'
import { stockClient } from '../harness/stock-client.ts'
import { until } from '../harness/wait.ts'
import { seededRandom } from '../load/plan.ts'
import type { EditorContestant } from './contestants.ts'
import { Hands, letters } from './hands.ts'
import { BOLD, ENTER } from './keyboard.ts'
import { FORMATTED, LAST, MINE, type TextBlock, textOf } from './manuscript.ts'
import { KEYS_PER_SECOND, type SpeedPlan } from './plan.ts'
import { installProbe } from './probe.ts'
import type { Site } from './site.ts'
import { THEIR_LETTER, type TypistsAreTold, type TypistsSay } from './typists.ts'

export interface Gestures {
  readonly type: readonly number[]
  readonly enter: readonly number[]
  readonly format: readonly number[]
  /** CPU time of the page's main thread a letter; among others theirs is in it. */
  readonly cpuMsPerLetter: number
}

export interface Trial {
  readonly openMs: number
  readonly heapBytes: number
  readonly alone: Gestures
  readonly among: Gestures
  /** On the wire, while one person types alone. */
  readonly sentPerKey: number
  readonly receivedPerKey: number
  /** Of all that should have made the word bold, or plain again. */
  readonly formatsLost: number
}

export interface TrialOptions {
  readonly editor: EditorContestant
  readonly browser: Browser
  readonly site: Site
  /** `http://host:port` */
  readonly server: string
  readonly plan: SpeedPlan
  readonly round: number
  /** A folder for CPU profiles of the page, taken while others type. */
  readonly profiles?: string | undefined
}

/** What each editor's documents are made of: built once, because it is not what is measured. */
const states = new Map<string, { blocks: readonly TextBlock[]; update: Uint8Array }>()

function stateOf({ name, dialect }: EditorContestant, blocks: readonly TextBlock[]): Uint8Array {
  const key = `${name} ${blocks.length}`
  let known = states.get(key)
  if (known === undefined) {
    const doc = new Y.Doc()
    dialect.write(doc, blocks)
    known = { blocks, update: Y.encodeStateAsUpdate(doc) }
    states.set(key, known)
  }
  return known.update
}

/** Puts the document on the server; resolves when somebody else gets it whole. */
async function seed(options: TrialOptions, documentId: string, blocks: readonly TextBlock[]): Promise<void> {
  const update = stateOf(options.editor, blocks)
  const writer = stockClient(options.server, documentId)
  const reader = stockClient(options.server, documentId)
  await until('both are synced', () => writer.provider.synced && reader.provider.synced)
  Y.applyUpdate(writer.doc, update)
  await until(
    'the document is on the server',
    () => options.editor.dialect.read(reader.doc).length === blocks.length,
  )
  writer.close()
  reader.close()
}

interface Opened {
  readonly page: Page
  readonly session: CDPSession
  readonly openMs: number
  readonly wire: { sent: number; received: number }
  readonly errors: readonly string[]
  [Symbol.asyncDispose](): Promise<void>
}

async function open(options: TrialOptions, documentId: string): Promise<Opened> {
  const context = await options.browser.newContext({ viewport: { width: 1280, height: 800 } })
  await context.addInitScript(installProbe)
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message))
  const wire = { sent: 0, received: 0 }
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => (wire.sent += Buffer.byteLength(payload)))
    socket.on('framereceived', ({ payload }) => (wire.received += Buffer.byteLength(payload)))
  })
  await page.goto(options.site.address(options.editor.name, options.server, documentId))
  const openMs = await page.evaluate((last) => window.probe.opened(last), LAST)
  const session = await context.newCDPSession(page)
  return {
    page,
    session,
    openMs,
    wire,
    errors,
    [Symbol.asyncDispose]: () => context.close(),
  }
}

/** How long a document takes from the navigation to the frame that shows its last block. */
export async function measureOpen(options: TrialOptions, blocks: readonly TextBlock[]): Promise<number> {
  const documentId = `open-${options.editor.name}-${blocks.length}-${options.round}`
  await seed(options, documentId, blocks)
  await using opened = await open(options, documentId)
  assertShown(options.editor, await opened.page.evaluate(() => window.probe.read()), blocks.map(textOf))
  assertSilent(options.editor, opened)
  return opened.openMs
}

export async function measureTrial(options: TrialOptions, blocks: readonly TextBlock[]): Promise<Trial> {
  const { plan, editor } = options
  const documentId = `trial-${editor.name}-${options.round}`
  await seed(options, documentId, blocks)
  await using opened = await open(options, documentId)
  const { page, session, openMs, wire } = opened
  assertShown(editor, await page.evaluate(() => window.probe.read()), blocks.map(textOf))
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize: heapBytes } = await session.send('Runtime.getHeapUsage')
  const random = seededRandom(options.round)
  const hands = new Hands(page, session, editor.title, random)

  await hands.clickAfter(MINE)
  await hands.press('type', letters(plan.warmUpKeys))
  const before = { ...wire }
  const alone = await hands.type(plan)
  const [sentPerKey, receivedPerKey] = [wire.sent - before.sent, wire.received - before.received].map(
    (bytes) => bytes / plan.keys,
  )
  const aloneAll = { ...alone, ...(await others(hands, plan)) }

  await using typists = await startTypists(options, documentId)
  const seconds = (plan.keys + plan.enters + plan.formats) / KEYS_PER_SECOND
  const profiled = await profile(session, options)
  // Somewhat longer than this person types, so that nothing is measured after they have stopped.
  const theirs = typists.type({ lastingMs: 1_000 * (seconds * 1.1 + 3) })
  await hands.clickAfter(MINE)
  const among = { ...(await hands.type(plan)), ...(await others(hands, plan)) }
  const keys = await theirs
  await profiled()
  await assertEnd(options, documentId, page, { mine: plan.warmUpKeys + 2 * plan.keys, theirs: keys, blocks })
  assertSilent(editor, opened)
  return {
    openMs,
    heapBytes,
    alone: aloneAll,
    among,
    sentPerKey: sentPerKey ?? 0,
    receivedPerKey: receivedPerKey ?? 0,
    formatsLost: hands.lost,
  }
}

/** @returns what stops and writes it. */
async function profile(
  session: CDPSession,
  { profiles, editor, round }: TrialOptions,
): Promise<() => Promise<void>> {
  if (profiles === undefined) return async () => {}
  await session.send('Profiler.enable')
  await session.send('Profiler.start')
  return async () => {
    const { profile } = await session.send('Profiler.stop')
    await mkdir(profiles, { recursive: true })
    await writeFile(join(profiles, `${editor.name}-${round}.cpuprofile`), JSON.stringify(profile))
  }
}

async function others(hands: Hands, plan: SpeedPlan): Promise<Pick<Gestures, 'enter' | 'format'>> {
  const enter = await hands.press(
    'enter',
    Array.from({ length: plan.enters }, () => ENTER),
  )
  await hands.selectWordIn(FORMATTED)
  const format = await hands.press(
    'format',
    Array.from({ length: plan.formats }, () => BOLD),
  )
  return { enter, format }
}

async function startTypists(options: TrialOptions, documentId: string) {
  const { server, editor, plan, round } = options
  const words = [server, documentId, editor.name, String(plan.typists), String(round)]
  const child: ChildProcess = fork(fileURLToPath(new URL('typists.ts', import.meta.url)), words, {
    execArgv: ['--conditions=weft:source', '--disable-warning=ExperimentalWarning'],
  })
  const exited = once(child, 'exit')
  const says = async (): Promise<TypistsSay> => {
    const said = once(child, 'message').then(([message]) => message as TypistsSay)
    const gone = exited.then(([code]) => {
      throw new Error(`the typists ended with ${code}`)
    })
    return Promise.race([said, gone])
  }
  await says()
  return {
    type: async (told: TypistsAreTold): Promise<number> => {
      child.send(told)
      const said = await says()
      return said.kind === 'typed' ? said.keys : 0
    },
    [Symbol.asyncDispose]: async () => {
      child.kill()
      await exited
    },
  }
}

interface End {
  readonly mine: number
  readonly theirs: number
  readonly blocks: readonly TextBlock[]
}

/** Every key of everybody is on the page and in the document that a newcomer gets, and nothing else has changed. */
async function assertEnd(options: TrialOptions, documentId: string, page: Page, end: End): Promise<void> {
  const newcomer = stockClient(options.server, documentId)
  await until('the newcomer is synced', () => newcomer.provider.synced)
  const { dialect, title } = options.editor
  const wanted: Counted = { mine: end.mine, theirs: end.theirs, rest: end.blocks.map(textOf) }
  const where = { title, wanted }
  await until(
    `${title}: the server has every key`,
    () => told(count(dialect.read(newcomer.doc)), where),
    (said) => said === '',
  )
  newcomer.close()
  const said = told(count(await page.evaluate(() => window.probe.read())), where)
  if (said !== '') throw new Error(`on the page of ${said}`)
}

interface Counted {
  readonly mine: number
  readonly theirs: number
  /** Without anybody's keys, and without the empty blocks that Enter has made. */
  readonly rest: readonly string[]
}

function count(blocks: readonly string[]): Counted {
  const own = (block: string): boolean => block.startsWith(MINE)
  return {
    mine: (blocks.find(own)?.length ?? 0) - MINE.length,
    theirs: blocks.join('').split(THEIR_LETTER).length - 1,
    rest: blocks.map((block) => (own(block) ? MINE : block.replaceAll(THEIR_LETTER, ''))).filter(Boolean),
  }
}

/** @returns what is wrong, '' when nothing is. */
function told(seen: Counted, { title, wanted }: { title: string; wanted: Counted }): string {
  const at = wanted.rest.findIndex((text, index) => text !== seen.rest[index])
  const isRight = seen.mine === wanted.mine && seen.theirs === wanted.theirs && at < 0
  if (isRight && seen.rest.length === wanted.rest.length) return ''
  const numbers = ({ mine, theirs, rest }: Counted): string =>
    `${mine} own keys, ${theirs} of others, ${rest.length} blocks`
  return `${title}: ${numbers(seen)}, not ${numbers(wanted)}; first other block: ${at}`
}

function assertSilent({ title }: EditorContestant, { errors }: Opened): void {
  if (errors.length > 0) throw new Error(`${title} failed on its page:\n${errors.join('\n')}`)
}

function assertShown({ title }: EditorContestant, shown: readonly string[], wanted: readonly string[]): void {
  const at = wanted.findIndex((text, index) => text !== shown[index])
  if (at >= 0 || shown.length !== wanted.length)
    throw new Error(
      `${title} shows ${shown.length} of ${wanted.length} blocks; block ${at} is "${shown[at]}", not "${wanted[at]}"`,
    )
}
