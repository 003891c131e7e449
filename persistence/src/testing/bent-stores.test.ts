import { describe, expect, it } from 'vitest'
import { StoreError } from '../error.ts'
import { openStore } from '../open-store.ts'
import type { DocumentStore, NewUpdate } from '../store.ts'
import { faultyStore, heldStore } from './index.ts'
import { testSeed } from './random.ts'

const by = (text: string): NewUpdate => ({ bytes: new TextEncoder().encode(text), principal: 'ann' })

async function storeWith(...documentIds: readonly string[]): Promise<DocumentStore> {
  const store = await openStore({ kind: 'memory' })
  for (const id of documentIds) await store.create({ id, kind: 'weft' })
  return store
}

const written = async (store: DocumentStore, documentId: string): Promise<string[]> =>
  (await store.load(documentId)).tail.map((update) => new TextDecoder().decode(update.bytes))

describe('heldStore', () => {
  it('commits nothing until the test lets it, then in order', async () => {
    const store = heldStore(await storeWith('a'))
    let done = 0
    const appends = ['one', 'two'].map(async (text) => {
      await store.append('a', [by(text)])
      done += 1
    })
    await store.whenHeld(2)
    expect([store.held, done, await written(store, 'a')]).toEqual([2, 0, []])
    await store.release()
    expect([store.held, done, await written(store, 'a')]).toEqual([0, 2, ['one', 'two']])
    await Promise.all(appends)
    await store.close()
  })

  it('refuses what it holds, having written nothing', async () => {
    const store = heldStore(await storeWith('a'))
    const error = new StoreError('full', 'no space left')
    const settled = Promise.allSettled([store.append('a', [by('lost')])])
    await store.refuse(error)
    expect(await settled).toEqual([{ status: 'rejected', reason: error }])
    expect(await written(store, 'a')).toEqual([])
    await store.close()
  })
})

describe('faultyStore', () => {
  it('fails by seed, the same way each time, and never has what it refused', async () => {
    const seed = testSeed()
    const run = async (): Promise<string[]> => {
      const inner = await storeWith('a')
      const store = faultyStore(inner, { seed, failRate: 0.4, maxDelayTurns: 2 })
      const accepted: string[] = []
      const log: string[] = []
      for (let index = 0; index < 60; index += 1) {
        try {
          await store.append('a', [by(`u${index}`)])
          accepted.push(`u${index}`)
          log.push('ok')
        } catch (error) {
          log.push((error as StoreError).code)
        }
      }
      expect(await written(inner, 'a'), `SEED=${seed}`).toEqual(accepted)
      await store.close()
      return log
    }
    const first = await run()
    expect(await run(), `SEED=${seed}`).toEqual(first)
    expect(new Set(first), `SEED=${seed}`).toEqual(new Set(['ok', 'full', 'unavailable']))
  })

  it('fails those behind a failed append of the same document', async () => {
    const inner = await storeWith('a')
    const store = faultyStore(inner, { seed: 3, failRate: 1 })
    const behind = [1, 2, 3].map((index) => store.append('a', [by(`u${index}`)]))
    const settled = Promise.allSettled(behind)
    expect((await settled).map((result) => result.status)).toEqual(['rejected', 'rejected', 'rejected'])
    store.heal()
    expect(await store.append('a', [by('after')])).toBe(1)
    await store.close()
  })

  it('hangs until it is healed, then goes on', async () => {
    const inner = await storeWith('a')
    const store = faultyStore(inner, { seed: 1, failRate: 0 })
    store.hang()
    const append = store.append('a', [by('late')])
    expect(await written(inner, 'a')).toEqual([])
    store.heal()
    expect(await append).toBe(1)
    await store.close()
  })
})
