/** Which files a running process opens, as the kernel sees it. Linux, with `strace`, as root or the process's owner. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from './wait.ts'

export interface OpenedFiles {
  /** @returns every path that any of its threads has tried to open since, found or not */
  stop(): Promise<readonly string[]>
}

/** Resolves when every thread of the process is watched. */
export async function watchOpens(pid: number): Promise<OpenedFiles> {
  const folder = mkdtempSync(join(tmpdir(), 'weft-opens-'))
  const path = join(folder, 'trace')
  const strace = spawn('strace', [
    '-f',
    '-qq',
    '-e',
    'trace=open,openat,openat2,creat',
    '-o',
    path,
    '-p',
    String(pid),
  ])
  const failed = once(strace, 'error').then(([error]) => {
    throw error
  })
  let ended = false
  strace.once('exit', () => {
    ended = true
  })
  const isWatched = (): boolean => {
    if (ended) throw new Error(`strace did not watch ${pid}`)
    return /^TracerPid:\s*[1-9]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  }
  await Promise.race([failed, until('the process is watched', isWatched)])
  return {
    async stop() {
      const gone = once(strace, 'exit')
      strace.kill('SIGINT')
      await gone
      const trace = readFileSync(path, 'utf8')
      rmSync(folder, { recursive: true })
      return [...trace.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, name = '']) => name)
    },
  }
}
