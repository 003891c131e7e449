import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { MemoryDriver } from './drivers/memory.ts'
import { openStore, storeOn } from './open-store.ts'
import { faultyStore, heldStore } from './testing/index.ts'
import { describeStoreContract } from './testing/store-contract.ts'

const folders: string[] = []

async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-store-'))
  folders.push(folder)
  return folder
}

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true })
})

describeStoreContract('the memory driver', (options) => openStore({ kind: 'memory' }, options))

describeStoreContract('the SQLite driver', async (options) =>
  openStore({ kind: 'sqlite', folder: await freshFolder() }, options),
)

describeStoreContract('a store that is slow by seed', async (options) =>
  faultyStore(await openStore({ kind: 'memory' }, options), { seed: 1, failRate: 0, maxDelayTurns: 3 }),
)

it('a store whose storage never answers gives up closing, and says so', async () => {
  class HungDriver extends MemoryDriver {
    override append(): Promise<never> {
      return new Promise(() => undefined)
    }
  }
  const store = storeOn(new HungDriver(), { closeWithinMs: 20 })
  await store.create({ id: 'a', kind: 'weft' })
  void store.append('a', [{ bytes: new Uint8Array([1]), principal: 'ann' }])
  const refusal = {
    code: 'unavailable',
    message: 'the storage has not answered for 20 ms; what was acknowledged is on disk',
  }
  await expect(store.close()).rejects.toMatchObject(refusal)
  await expect(store.close()).rejects.toMatchObject(refusal)
})

describeStoreContract('a held store whose appends are let go at once', async (options) => {
  const store = heldStore(await openStore({ kind: 'memory' }, options))
  const append = store.append.bind(store)
  store.append = (documentId, updates) => {
    const result = append(documentId, updates)
    queueMicrotask(() => void store.release())
    return result
  }
  return store
})
