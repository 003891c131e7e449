/** Stops a process where it stands. */
import { readdirSync, readFileSync } from 'node:fs'
import { until } from './wait.ts'

/**
 * Resolves once no thread of it runs: stopped, or inside the kernel, out of which it will not come before SIGCONT.
 * Linux alone.
 */
export async function holdStill(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  await until(
    `no thread of ${pid} runs`,
    () => statesOf(pid),
    (states) => /^[TtDZ]*$/.test(states),
  )
}

/** A letter for each thread. */
function statesOf(pid: number): string {
  const tasks = `/proc/${pid}/task`
  return readdirSync(tasks)
    .map((task) => stateIn(`${tasks}/${task}/stat`))
    .join('')
}

function stateIn(file: string): string {
  try {
    return /\) (\w) /.exec(readFileSync(file, 'latin1'))?.[1] ?? ''
  } catch {
    return '' // It has ended meanwhile.
  }
}
