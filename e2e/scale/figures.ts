/** Figures as these tests read and print them: one line each, with units. */
import { figure } from '../harness/figure.ts'
import type { ServerProcess } from '../harness/server-process.ts'
import type { Histogram } from '../load/histogram.ts'

export function mebibytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`
}

export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`
}

export function percentiles(histogram: Histogram): string {
  const at = (share: number) => `${histogram.quantile(share).toFixed(1)} ms`
  return `p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, most ${at(1)} (${histogram.count})`
}

export function print(what: string, measured: string): void {
  figure(`scale: ${what}: ${measured}`)
}

/** A number from the server's own metrics. @param name with its labels, as it is printed there */
export async function metric(server: ServerProcess, name: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text()
  const line = text.split('\n').find((one) => one.startsWith(`${name} `))
  return Number(line?.slice(name.length + 1) ?? 0)
}
