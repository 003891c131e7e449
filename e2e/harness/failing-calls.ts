/** Makes system calls of a running process fail from now on, as a disk does that has gone bad, or stops it at one (strace's injection). */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { until } from './wait.ts'

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
  const inject = `inject=${call}:error=${error}:when=${nth}${andLater ? '+' : ''}`
  const { detach } = await trace(pid, { call, inject, file })
  return detach
}

/** Resolves once the whole process stands still (SIGSTOP) at such a call. */
export async function stopAtCall(
  pid: number,
  { call, nth, file }: Pick<FailingCall, 'call' | 'nth' | 'file'>,
): Promise<void> {
  const tracer = await trace(pid, { call, inject: `inject=${call}:signal=SIGSTOP:when=${nth}`, file })
  await until(`${pid} stops at ${call}`, tracer.said, (said) => said.includes('stopped by SIGSTOP'), 60_000)
  // It stays stopped.
  await tracer.detach()
}

interface Injection {
  readonly call: string
  readonly inject: string
  readonly file: string | undefined
}

interface Tracer {
  /** What became of the process, and every call that is traced. */
  readonly said: () => string
  /** Safe to call twice. */
  readonly detach: () => Promise<void>
}

async function trace(pid: number, { call, inject, file }: Injection): Promise<Tracer> {
  const only = file === undefined ? [] : ['-P', file]
  const args = ['-f', '-p', String(pid), ...only, '-e', `trace=${call}`, '-e', inject]
  const tracer = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = once(tracer, 'exit')
  let said = ''
  tracer.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()))
  const early = ended.then(() => Promise.reject(new Error(`strace did not attach to ${pid}: ${said}`)))
  await Promise.race([until('strace attaches', () => said.includes(' attached')), early])
  return {
    said: () => said,
    detach: async () => {
      tracer.kill('SIGTERM')
      await ended
    },
  }
}
