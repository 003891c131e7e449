/**
 * Real pages on one server, and people who do to them whatever people do, by seed.
 *
 *   WEFT_SEEDS=200 WEFT_STEPS=80 vitest run --project e2e e2e/browser/random-pages.spec.ts
 *   WEFT_SEED=17 WEFT_SEEDS=1 vitest run --project e2e e2e/browser/random-pages.spec.ts
 *
 * A seed decides what each person does and where; how it crosses on the wire is up to the machine.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { flowOf, parseJson, readDocument } from '@weft/document'
import { describe, expect, it } from 'vitest'
import { lexicalText } from '../harness/lexical-text.ts'
import { PageRun } from '../harness/page-run.ts'
import { printed, shown } from '../harness/screen.ts'
import { runCli } from '../harness/server-process.ts'
import { openStage } from '../harness/stage.ts'
import { stockClient } from '../harness/stock-client.ts'
import { until } from '../harness/wait.ts'

const first = Number(process.env['WEFT_SEED'] ?? 1)
const seeds = Array.from({ length: Number(process.env['WEFT_SEEDS'] ?? 20) }, (_, index) => first + index)
const steps = Number(process.env['WEFT_STEPS'] ?? 40)

const stage = openStage()
const runs = new Map<boolean, PageRun>()
/** What every document said in the end, by its address. */
const ends = new Map<string, string>()

/**
 * Every fifth seed has the boxes of a long document, that the browser lays out only near the screen, around every two
 * blocks: whatever is done is then done across their edges.
 */
async function runOf(seed: number): Promise<PageRun> {
  const isStretched = seed % 5 === 0
  let run = runs.get(isStretched)
  if (run === undefined) {
    const stretch = (): void => {
      globalThis.weftStretches = { fewestBlocks: 1, size: 2 }
    }
    run = await PageRun.open(stage, steps, isStretched ? stretch : undefined)
    runs.set(isStretched, run)
  }
  return run
}

function idOf(address: string): string {
  return new URL(address).pathname.split('/').at(-1) ?? ''
}

/** As any Yjs client reads it from the server. */
async function onServer(address: string): Promise<string> {
  const client = stockClient(stage.server.url, idOf(address))
  try {
    const flow = flowOf(client.doc)
    await until('the server has answered', () => client.provider.synced)
    return printed(readDocument(flow))
  } finally {
    client.close()
  }
}

describe('pages on which people do what they like', () => {
  it.for(seeds)(
    'seed %i: end equal, with every character nobody deleted there once',
    async (seed, { onTestFailed }) => {
      const run = await runOf(seed)
      const { play, log } = run.prepare(seed)
      onTestFailed(() => console.error(`WEFT_SEED=${seed}\n${log.join('\n')}`))
      const { address, people } = await play()

      // Saved is said of what is on the disk: at once, anybody reads it from there.
      const content = await onServer(address)
      for (const { page } of people) {
        expect(await shown(page)).toBe(content)
        const { kept, read } = await lexicalText(page)
        expect(kept).toBe(read)
      }
      expect(await run.reading(address)).toBe(content)
      expect(run.judge(content)).toBeUndefined()
      expect(run.errors()).toEqual([])
      ends.set(address, content)
    },
  )

  it('which called everything Saved: a server killed and started again has it all', async () => {
    await stage.server.kill()
    await stage.server.start()
    for (const [address, content] of ends) expect(await onServer(address)).toBe(content)
  })

  it('and the server’s own command line says the same of each', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'weft-exported-'))
    try {
      const { ended } = runCli(['export', folder, '--format', 'json', '--data', stage.server.data])
      expect(await ended).toMatchObject({ code: 0, stderr: '' })
      for (const [address, content] of ends) {
        const file = await readFile(join(folder, `${idOf(address)}.json`), 'utf8')
        expect(printed(parseJson(file))).toBe(content)
      }
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
