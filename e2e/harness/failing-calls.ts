/** Makes system calls of a running process fail from now on, as a disk does that has gone bad (strace's injection). */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'

export interface FailingCall {
  readonly call: 'fsync' | 'pwrite64'
  readonly error: 'EIO' | 'ENOSPC'
  /** The how-manieth of a thread from now on, from 1; and every later one of it, too. */
  readonly nth: number
  readonly andLater: boolean
  /** Only calls on this file; on any when left out. */
  readonly file?: string
}

/** What stands in the way of failing calls here, in words; undefined when nothing does. */
export const noFailingCalls = obstacle()

function obstacle(): string | undefined {
  if (process.platform !== 'linux') return 'it takes Linux'
  try {
    // Tracing may be forbidden where strace is installed.
    execFileSync('strace', ['-o', '/dev/null', 'true'], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'strace is not installed, or may not trace'
  }
}

/**
 * Resolves when it holds for all threads of the process.
 * @returns takes it back; safe to call twice, and after the process has ended
 */
export async function failCalls(pid: number, failing: FailingCall): Promise<() => Promise<void>> {
  const { call, error, nth, andLater, file } = failing
  const only = file === undefined ? [] : ['-P', file]
  const inject = `inject=${call}:error=${error}:when=${nth}${andLater ? '+' : ''}`
  const args = ['-f', '-p', String(pid), '-o', '/dev/null', ...only, '-e', `trace=${call}`, '-e', inject]
  const tracer = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = once(tracer, 'exit')
  await new Promise<void>((resolve, reject) => {
    let said = ''
    tracer.stderr.on('data', (bytes: Buffer) => {
      said += bytes.toString()
      if (said.includes(' attached')) resolve()
    })
    tracer.once('error', reject)
    tracer.once('exit', () => reject(new Error(`strace did not attach to ${pid}: ${said}`)))
  })
  return async () => {
    tracer.kill('SIGTERM')
    await ended
  }
}
