/**
 * How fast appends become durable on this machine: `node --conditions=weft:source persistence/bench/append.ts [folder]`.
 *
 * Each writer waits for its append before it makes the next one, as a person's room does. Beside the store stands the
 * bare disk: the same bytes written and synced one after another, which is the bound for a single writer.
 */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { type DocumentStore, openStore } from '../src/index.ts'

const SECONDS = 3
const UPDATE_BYTES = 40

const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'weft-bench-'))
const update = { bytes: new Uint8Array(UPDATE_BYTES).fill(7), principal: 'bench' }

function percentile(sorted: readonly number[], share: number): string {
  return (sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN).toFixed(2)
}

function report(name: string, waits: number[], seconds: number): void {
  const sorted = waits.sort((a, b) => a - b)
  const rate = Math.round(sorted.length / seconds)
  const [p50, p99, max] = [0.5, 0.99, 1].map((share) => percentile(sorted, share))
  console.log(
    `${name.padEnd(34)} ${String(rate).padStart(7)} appends/s   p50 ${p50}  p99 ${p99}  max ${max} ms`,
  )
}

function measureDisk(): void {
  const file = openSync(join(folder, 'bare'), 'w')
  const page = new Uint8Array(4096 * 3)
  const waits: number[] = []
  const start = performance.now()
  while (performance.now() - start < SECONDS * 1000) {
    const before = performance.now()
    writeSync(file, page, 0, page.length, (waits.length % 300) * page.length)
    fdatasyncSync(file)
    waits.push(performance.now() - before)
  }
  closeSync(file)
  report('bare write + fdatasync, 12 KiB', waits, SECONDS)
}

async function measureStore(
  store: DocumentStore,
  name: string,
  documentIds: readonly string[],
): Promise<void> {
  for (const id of new Set(documentIds)) await store.create({ id, kind: 'weft' })
  const waits: number[] = []
  const loop = monitorEventLoopDelay({ resolution: 1 })
  loop.enable()
  const cpu = process.cpuUsage()
  const start = performance.now()
  await Promise.all(
    documentIds.map(async (id) => {
      while (performance.now() - start < SECONDS * 1000) {
        const before = performance.now()
        await store.append(id, [update])
        waits.push(performance.now() - before)
      }
    }),
  )
  const seconds = (performance.now() - start) / 1000
  loop.disable()
  const { user, system } = process.cpuUsage(cpu)
  report(name, waits, seconds)
  const perAppend = ((user + system) / waits.length).toFixed(0)
  console.log(
    `${''.padEnd(34)} ${perAppend} µs CPU each, event loop p99 ${(loop.percentile(99) / 1e6).toFixed(2)} ms`,
  )
}

measureDisk()
const store = await openStore({ kind: 'sqlite', folder })
await measureStore(store, '1 writer', ['one'])
await measureStore(
  store,
  '50 writers, one document',
  Array.from({ length: 50 }, () => 'crowd'),
)
await measureStore(
  store,
  '50 writers, a document each',
  Array.from({ length: 50 }, (_, index) => `own-${index}`),
)
const before = performance.now()
const { tail } = await store.load('crowd')
console.log(`load of ${tail.length} records: ${(performance.now() - before).toFixed(0)} ms`)
await store.close()
rmSync(folder, { recursive: true })
