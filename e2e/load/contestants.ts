/** The three servers: how each is started on a folder, and how it is spoken to. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hocuspocusWire, type OpenWire, weftWire, yWebsocketWire } from './wire.ts'

export type ContestantName = 'weft' | 'hocuspocus' | 'y-websocket'

export interface Contestant {
  readonly name: ContestantName
  readonly title: string
  readonly version: string
  readonly openWire: OpenWire
  /** @param data an existing folder; starting again on it brings the documents back */
  start(data: string): Promise<RunningServer>
}

export interface RunningServer {
  readonly url: string
  readonly pid: number
  /** kill -9, and waits until the process is gone; safe to call twice. */
  kill(): Promise<void>
  /** SIGTERM, so that a profile is written; kills what has not ended after 10 s. */
  stop(): Promise<void>
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const weftBuilt = [here('../../sync-server/dist/cli.js')]
const weftSources = ['--conditions=weft:source', here('../../sync-server/src/cli.ts')]

/** The version of an installed package that does not export its `package.json`. */
export function versionOf(packageName: string, entry = packageName): string {
  let folder = dirname(createRequire(import.meta.url).resolve(entry))
  while (folder !== dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (existsSync(manifest)) {
      const { name, version } = JSON.parse(readFileSync(manifest, 'utf8')) as {
        name?: string
        version?: string
      }
      if (name === packageName && version !== undefined) return version
    }
    folder = dirname(folder)
  }
  throw new Error(`${packageName} is not installed`)
}

export interface LaunchOptions {
  /** A folder for CPU profiles of every thread, written when a server is stopped. */
  readonly profiles?: string
  /** Weft as it is being written, not as it was last built. */
  readonly weftFromSource?: boolean
}

export function contestants(options: LaunchOptions = {}): readonly Contestant[] {
  const { profiles, weftFromSource = false } = options
  const nodeFlags = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`]
  const weft = weftFromSource ? weftSources : weftBuilt
  return [
    {
      name: 'weft',
      title: 'Weft',
      version: versionOf('@weft/sync-server', here('../../sync-server/package.json')),
      openWire: weftWire,
      start: (data) =>
        launch([...nodeFlags, ...weft, 'serve', '--rate-limit', 'off', '--port', '0', '--data', data]),
    },
    {
      name: 'hocuspocus',
      title: 'Hocuspocus',
      version: versionOf('@hocuspocus/server'),
      openWire: hocuspocusWire,
      start: (data) => launch([...nodeFlags, here('peers/hocuspocus.ts'), data]),
    },
    {
      name: 'y-websocket',
      title: '@y/websocket-server',
      version: versionOf('@y/websocket-server', '@y/websocket-server/utils'),
      openWire: yWebsocketWire,
      start: (data) => launch([...nodeFlags, here('peers/y-websocket.ts'), data]),
    },
  ]
}

async function launch(args: readonly string[]): Promise<RunningServer> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = once(child, 'exit')
  const url = await firstUrl(child, args)
  return {
    url,
    pid: child.pid ?? 0,
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
    stop: async () => {
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await exited
      clearTimeout(late)
    },
  }
}

/** Afterwards its outputs are read on and thrown away, except for complaints, which are shown. */
function firstUrl(child: ChildProcess, args: readonly string[]): Promise<string> {
  let said = ''
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (bytes: Buffer) => {
      said = (said + bytes.toString()).slice(-4_000)
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0]
      if (url !== undefined) resolve(url)
    })
    child.stderr?.on('data', (bytes: Buffer) => process.stderr.write(bytes))
    child.once('error', reject)
    child.once('exit', (code) =>
      reject(new Error(`${args.join(' ')} ended with ${code} before it listened:\n${said}`)),
    )
  })
}
