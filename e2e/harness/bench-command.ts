/** What the commands of benchmarks do alike: flags or how they are used, how far it is, on what it runs, how it ends. */
import { execFileSync } from 'node:child_process'
import { cpus, loadavg, release, totalmem } from 'node:os'

/** @returns undefined, having said why, for flags that there are not */
export function flagsOrUsage<Flags>(read: () => Flags, usage: string): Flags | undefined {
  try {
    return read()
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    return undefined
  }
}

const startMs = performance.now()

export function progress(line: string): void {
  console.log(`${((performance.now() - startMs) / 1_000).toFixed(0).padStart(4)} s  ${line}`)
}

export interface Machine {
  readonly date: string
  readonly machine: string
  readonly revision: string
}

export function aboutMachine(): Machine {
  const processors = cpus()
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${processors.length} cores (${processors[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 1_073_741_824)} GiB, Linux ${release().split('-')[0] ?? ''}`,
    revision: execFileSync('git', ['describe', '--always'], { encoding: 'utf8' }).trim(),
  }
}

/** Of the last minute. */
export const loadNow = (): number => loadavg()[0] ?? 0

/** @param main resolves with the exit code */
export async function runBenchmark(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main()
  } catch (error) {
    console.error(error instanceof Error ? `\nThe benchmark failed: ${error.message}` : error)
    process.exitCode = 1
  }
}
