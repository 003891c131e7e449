import { describe, expect, it } from 'vitest'
import { freshPath } from '../../../test/folders.ts'
import { StoreError } from '../../error.ts'
import { storeOn } from '../../open-store.ts'
import { SqliteDriver } from './sqlite-driver.ts'

const update = (bytes: number): { bytes: Uint8Array; principal: string } => ({
  bytes: new Uint8Array(bytes).fill(1),
  principal: 'ann',
})

describe('a full disk', () => {
  it('refuses with `full`, writes nothing of what it refused, still reads, and goes on once there is space', async () => {
    const driver = await SqliteDriver.open({ folder: freshPath() })
    const store = storeOn(driver)
    const ends: StoreError[] = []
    store.onFatal((error) => ends.push(error))
    await store.create({ id: 'a', kind: 'weft' })
    await store.append('a', [update(10)])
    await driver.limitPages(40)

    let written = 1
    let refusal: unknown
    while (refusal === undefined) {
      try {
        written = await store.append('a', [update(5_000), update(5_000)])
      } catch (error) {
        refusal = error
      }
    }
    expect(refusal).toBeInstanceOf(StoreError)
    expect(refusal).toMatchObject({ code: 'full', message: expect.stringContaining('no space left') })
    expect((await store.load('a')).tail.length).toBe(written)

    await driver.limitPages(1_000)
    expect(await store.append('a', [update(5_000), update(5_000)])).toBe(written + 2)
    await store.checkWritable()
    expect((await store.load('a')).tail.length).toBe(written + 2)
    expect(ends).toEqual([])
    await store.close()
  })

  it('that one large paste does not fit on takes the keystrokes of others', async () => {
    const driver = await SqliteDriver.open({ folder: freshPath() })
    const store = storeOn(driver)
    for (const id of ['paste', 'typing']) await store.create({ id, kind: 'weft' })
    await driver.limitPages(20)
    const results = await Promise.allSettled([
      store.append('typing', [update(10)]),
      store.append('paste', [update(500_000)]),
      store.append('paste', [update(10)]),
      store.append('typing', [update(10)]),
    ])
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
    expect((await store.load('paste')).tail).toEqual([])
    expect(await store.append('paste', [update(10)])).toBe(1)
    await store.close()
  })
})
