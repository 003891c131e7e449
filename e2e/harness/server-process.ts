/**
 * A real server in a process of its own, started as production starts it, that a test may kill and start again
 * on the same folder and port.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Edit, PLANTED } from '../mutation/plant.ts'
import type { SelfReport } from './self-report.ts'

const reporter = new URL('self-report.ts', import.meta.url).href
const planter = new URL('plant-faults.ts', import.meta.url).href
const cli = fileURLToPath(new URL('../../sync-server/dist/cli.js', import.meta.url))
const source = fileURLToPath(new URL('../../sync-server/src/cli.ts', import.meta.url))

export interface ServerProcess {
  /** `http://127.0.0.1:port`; the same after every restart. */
  readonly url: string
  readonly port: number
  readonly data: string
  readonly pid: number
  /** What it wrote to its two outputs since it was last started. */
  output(): string
  /** kill -9, and waits until the process is gone. */
  kill(): Promise<void>
  /** Whether there is a process. */
  readonly isRunning: boolean
  /** SIGTERM. @returns the exit code */
  stop(): Promise<number | null>
  /** Waits until it has ended by itself. @returns the exit code, or the signal that ended it */
  end(): Promise<number | NodeJS.Signals | null>
  /** Sends a signal and waits for nothing. */
  signal(signal: NodeJS.Signals): void
  /** Of a server started with `selfReport`, after its garbage was collected. */
  selfReport(): Promise<SelfReport>
  /** On the same folder and port; resolves when it listens. */
  start(): Promise<void>
  /** Kills it when it runs and removes its folder. */
  dispose(): Promise<void>
}

/** Runs the command line; for tests of how it fails. */
export function runCli(
  args: readonly string[],
  env: Record<string, string> = {},
): { child: ChildProcess; ended: Promise<{ code: number | null; stdout: string; stderr: string }> } {
  const child = spawn(process.execPath, [cli, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (bytes: Buffer) => (said.stdout += bytes.toString()))
  child.stderr.on('data', (bytes: Buffer) => (said.stderr += bytes.toString()))
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...said }))
  return { child, ended }
}

export interface ServerProcessOptions {
  readonly data?: string
  readonly flags?: readonly string[]
  readonly env?: Record<string, string>
  /** Loads `self-report.ts` into the process beside the server; otherwise it runs as it is installed. */
  readonly selfReport?: boolean
  /** Runs from source with these faults planted in it. */
  readonly planted?: readonly Edit[]
  /** It is not started yet: `start` does, and until it listens the process may be held and killed. */
  readonly startsLater?: boolean
  /** Files and sockets that the system lets the process have open. */
  readonly openFiles?: number
  /** Asked at every start: a command to run it under, such as `strace`. It must become the server, or exec it. */
  readonly under?: (data: string) => readonly string[]
}

/** Starts a server on a folder of its own (or `data`) and a free port. */
export async function startServerProcess(options: ServerProcessOptions = {}): Promise<ServerProcess> {
  const data = options.data ?? (await mkdtemp(join(tmpdir(), 'weft-e2e-')))
  let port = 0
  let child: ChildProcess | undefined
  let said = ''

  async function start(): Promise<void> {
    said = ''
    const { planted } = options
    const program = planted === undefined ? [cli] : ['--conditions=weft:source', '--import', planter, source]
    const args = [...program, 'serve', '--port', String(port), '--data', data, ...(options.flags ?? [])]
    if (options.selfReport === true) args.unshift('--expose-gc', '--import', reporter)
    const under = options.under?.(data) ?? []
    const limit = ['bash', '-c', `ulimit -n ${options.openFiles}; exec "$0" "$@"`]
    const words = [...under, ...(options.openFiles === undefined ? [] : limit), process.execPath, ...args]
    const started = spawn(words[0] ?? '', words.slice(1), {
      env: {
        ...process.env,
        ...options.env,
        ...(planted === undefined ? {} : { [PLANTED]: JSON.stringify(planted) }),
      },
      stdio: ['ignore', 'pipe', 'pipe', options.selfReport === true ? 'ipc' : 'ignore'],
    })
    child = started
    await new Promise<void>((resolve, reject) => {
      const hear = (bytes: Buffer) => {
        said += bytes.toString()
        const url = /http:\/\/(?:127\.0\.0\.1|localhost):(\d+)/.exec(said)
        if (url?.[1] === undefined) return
        port = Number(url[1])
        resolve()
      }
      started.stdout?.on('data', hear)
      started.stderr?.on('data', hear)
      // Not at its exit: what it said last, and what a tracer writes of it, may come after that.
      started.once('close', (code) =>
        reject(new Error(`the server ended with ${code} before it listened:\n${said}`)),
      )
    })
  }

  const isRunning = (one: ChildProcess | undefined): one is ChildProcess =>
    one !== undefined && one.exitCode === null && one.signalCode === null

  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const running = child
    if (!isRunning(running)) return null
    const gone = once(running, 'exit')
    running.kill(signal)
    const [code] = await gone
    return code as number | null
  }

  if (options.startsLater !== true) await start()
  return {
    get url() {
      return `http://127.0.0.1:${port}`
    },
    get port() {
      return port
    },
    data,
    get pid() {
      return child?.pid ?? 0
    },
    get isRunning() {
      return isRunning(child)
    },
    output: () => said,
    signal: (signal) => void child?.kill(signal),
    selfReport: async () => {
      if (child?.send === undefined) throw new Error('the server was started without selfReport')
      const answer = once(child, 'message')
      child.send('report')
      return ((await answer) as [SelfReport])[0]
    },
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
    end: async () => {
      const running = child
      if (running === undefined) return null
      if (isRunning(running)) await once(running, 'close')
      return running.exitCode ?? running.signalCode
    },
    start,
    dispose: async () => {
      await end('SIGKILL')
      if (options.data === undefined) await rm(data, { recursive: true, force: true })
    },
  }
}
