/** `weft` run from source in a process of its own, with what it says and how it ends. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url))

export interface WeftProcess {
  readonly child: ChildProcess
  /** Once it listens. @throws with what it said when it ended instead */
  readonly listening: Promise<{ url: string; port: number }>
  readonly ended: Promise<{ code: number | null; signal: string | null; stdout: string; stderr: string }>
}

export function runWeft(words: readonly string[], env: Record<string, string> = {}): WeftProcess {
  const child = spawn(process.execPath, ['--conditions=weft:source', cli, ...words], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { stdout: '', stderr: '' }
  const ended = new Promise<Awaited<WeftProcess['ended']>>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal, ...said })),
  )
  const listening = new Promise<{ url: string; port: number }>((resolve, reject) => {
    child.stdout.on('data', (bytes: Buffer) => {
      said.stdout += bytes.toString()
      const found = /address\s+(http:\S+:(\d+))\n/.exec(said.stdout)
      if (found?.[1] !== undefined) resolve({ url: found[1], port: Number(found[2]) })
    })
    child.stderr.on('data', (bytes: Buffer) => (said.stderr += bytes.toString()))
    void ended.then((end) => reject(new Error(`ended before it listened: ${JSON.stringify(end)}`)))
  })
  // Whoever only waits for the end does not look here.
  listening.catch(() => {})
  return { child, listening, ended }
}

/** A folder of its own that goes with `remove`. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'weft-server-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
