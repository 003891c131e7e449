/** The contract, kept over drivers that fail, hang and tear: by whoever asks again, for as long as it takes. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import type { Driver } from '../driver.ts'
import { MemoryDriver } from '../drivers/memory.ts'
import { SqliteDriver } from '../drivers/sqlite/sqlite-driver.ts'
import { storeOn } from '../open-store.ts'
import { type FaultyDriver, faultyDriver } from './faulty-driver.ts'
import { patientStore } from './patient-store.ts'
import { testSeed } from './random.ts'
import { describeStoreContract } from './store-contract.ts'

const seed = testSeed()
const faults = { failRate: 0.15, tearRate: 0.9, hangRate: 0.2, maxHangTurns: 4 }
const folders: string[] = []
const drivers: FaultyDriver[] = []

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true })
})

async function sqlite(): Promise<Driver> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-faulty-'))
  folders.push(folder)
  return SqliteDriver.open({ folder })
}

for (const [name, open] of [
  ['memory', async () => new MemoryDriver()],
  ['SQLite', sqlite],
] as const) {
  describeStoreContract(
    `${name} that fails, hangs and tears (SEED=${seed}), asked again,`,
    async (options) => {
      const driver = faultyDriver(await open(), { seed: seed + drivers.length, ...faults })
      drivers.push(driver)
      return patientStore(storeOn(driver, options))
    },
  )
}

describe('the faulty driver', () => {
  it(`has failed, hung and torn in the runs above (SEED=${seed})`, () => {
    const total = (kind: 'failed' | 'hung' | 'torn'): number =>
      drivers.reduce((sum, driver) => sum + driver.faults[kind], 0)
    expect(drivers.length).toBeGreaterThan(50)
    expect(Math.min(total('failed'), total('hung'))).toBeGreaterThan(100)
    expect(total('torn')).toBeGreaterThan(0)
  })

  it('keeps of a torn commit what it acknowledged, in order, and nothing of what it refused', async () => {
    const inner = new MemoryDriver()
    const store = storeOn(
      faultyDriver(inner, { seed, failRate: 0, tearRate: 1, hangRate: 0, maxHangTurns: 0 }),
    )
    const ids = ['a', 'b', 'c']
    for (const id of ids) await store.create({ id, kind: 'weft' })
    const seen = { kept: 0, refused: 0 }
    for (let round = 0; round < 30; round += 1) {
      const calls = ids.flatMap((id) => [1, 2, 3].map((n) => ({ id, text: `${round}.${n}` })))
      const before = new Map(
        await Promise.all(ids.map(async (id) => [id, await textsIn(inner, id)] as const)),
      )
      const settled = await Promise.allSettled(
        calls.map(({ id, text }) =>
          store.append(id, [{ bytes: new TextEncoder().encode(text), principal: 'ann' }]),
        ),
      )
      for (const id of ids) {
        const kept = calls.filter((call, index) => call.id === id && settled[index]?.status === 'fulfilled')
        expect(await textsIn(inner, id), `SEED=${seed}`).toEqual([
          ...(before.get(id) ?? []),
          ...kept.map(({ text }) => text),
        ])
        // What is behind a refused one is refused too.
        expect(
          kept.map(({ text }) => text),
          `SEED=${seed}`,
        ).toEqual([1, 2, 3].slice(0, kept.length).map((n) => `${round}.${n}`))
        seen.kept += kept.length
        seen.refused += 3 - kept.length
      }
    }
    expect(Math.min(seen.kept, seen.refused)).toBeGreaterThan(10)
    await store.close()
  })
})

it(`keeps the order of appends that are offered while others are refused (SEED=${seed})`, async () => {
  for (let run = 0; run < 20; run += 1) {
    const options = { seed: seed + run, failRate: 0.3, tearRate: 0.5, hangRate: 0.5, maxHangTurns: 3 }
    const driver = faultyDriver(new MemoryDriver(), options)
    const store = patientStore(storeOn(driver))
    const ids = ['a', 'b']
    for (const id of ids) await store.create({ id, kind: 'weft' })
    const calls: Promise<number>[] = []
    for (let index = 0; index < 60; index += 1) {
      const bytes = new TextEncoder().encode(String(index))
      for (const id of ids) calls.push(store.append(id, [{ bytes, principal: 'ann' }]))
      // Some share a commit, some come while one is under way.
      if (index % 3 === 0) await nextTurn()
    }
    await Promise.all(calls)
    for (const id of ids) {
      const texts = (await store.load(id)).tail.map(({ bytes }) => new TextDecoder().decode(bytes))
      expect(texts, `run ${run}`).toEqual(texts.map((_, index) => String(index)))
      expect(texts.length).toBe(60)
    }
    await store.close()
  }
})

async function textsIn(driver: Driver, documentId: string): Promise<string[]> {
  return ((await driver.load(documentId))?.log ?? []).map(({ bytes }) => new TextDecoder().decode(bytes))
}
