import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { openStore } from './open-store.ts'
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
