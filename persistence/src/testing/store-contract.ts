/**
 * What every store must do, whatever is below it. A driver is one when it passes.
 *
 * What only a disk can show (survival, damage, a full disk) each driver tests for itself.
 */
import { afterEach, describe, expect, it } from 'vitest'
import type { StoreOptions } from '../open-store.ts'
import type { DocumentStore, NewUpdate, Sequence, StoredUpdate } from '../store.ts'
import { randomFrom, testSeed } from './random.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** @param open gives an empty store; the suite closes it. */
export function describeStoreContract(
  name: string,
  open: (options: StoreOptions) => Promise<DocumentStore>,
): void {
  describe(`${name} keeps the store's promises`, () => {
    const opened: DocumentStore[] = []
    let time = 1_000
    const openEmpty = async (): Promise<DocumentStore> => {
      const store = await open({ now: () => time++ })
      opened.push(store)
      return store
    }
    const openWith = async (...documentIds: readonly string[]): Promise<DocumentStore> => {
      const store = await openEmpty()
      for (const id of documentIds) await store.create({ id, kind: 'weft' })
      return store
    }

    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close()
    })

    describe('the log', () => {
      it('numbers updates from 1 without gaps and gives each back with author and time', async () => {
        const store = await openWith('a')
        expect(await store.append('a', [by('ann', 'one'), by('bob', 'two')])).toBe(2)
        expect(await store.append('a', [by('ann', 'three')])).toBe(3)
        const { snapshot, tail } = await store.load('a')
        expect(snapshot).toBeUndefined()
        expect(tail.map(({ seq, principal }) => [seq, principal])).toEqual([
          [1, 'ann'],
          [2, 'bob'],
          [3, 'ann'],
        ])
        expect(texts(tail)).toEqual(['one', 'two', 'three'])
        expect(tail[0]?.at).toBe(tail[1]?.at)
        expect(tail[2]?.at).toBe((await store.get('a'))?.updatedAt)
      })

      it('keeps the order of the calls, also when nobody waits between them', async () => {
        const store = await openWith('a', 'b')
        const calls = Array.from({ length: 300 }, (_, index) =>
          store.append(index % 3 === 0 ? 'b' : 'a', [by('ann', String(index))]),
        )
        const seqs = await Promise.all(calls)
        expect(seqs.filter((_, index) => index % 3 === 0)).toEqual(numbers(1, 100))
        expect(seqs.filter((_, index) => index % 3 !== 0)).toEqual(numbers(1, 200))
        const written = texts((await store.load('a')).tail).map(Number)
        expect(written).toEqual(written.toSorted((a, b) => a - b))
      })

      it('refuses a document that is not in the catalogue, and only that one', async () => {
        const store = await openWith('a')
        const results = await Promise.allSettled([
          store.append('a', [by('ann', 'one')]),
          store.append('missing', [by('ann', 'lost')]),
          store.append('a', [by('ann', 'two')]),
        ])
        expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
        await expect(store.append('missing', [by('ann', 'x')])).rejects.toMatchObject({ code: 'not-found' })
        await expect(store.load('missing')).rejects.toMatchObject({ code: 'not-found' })
        await expect(store.read('missing', 1)).rejects.toMatchObject({ code: 'not-found' })
        await expect(store.readHistory('missing', 1)).rejects.toMatchObject({ code: 'not-found' })
        expect(await store.get('missing')).toBeUndefined()
      })

      it('takes any bytes, from one to megabytes', async () => {
        const store = await openWith('a')
        const large = new Uint8Array(3_000_000).map((_, index) => index * 31)
        const odd = new Uint8Array([0])
        await store.append('a', [
          { bytes: large, principal: '' },
          { bytes: odd, principal: 'ünï\u0000' },
        ])
        const { tail } = await store.load('a')
        expect(Buffer.compare(tail[0]?.bytes ?? odd, large)).toBe(0)
        expect(tail[1]).toMatchObject({ bytes: odd, principal: 'ünï\u0000' })
      })

      it('has its own copy of the bytes once the append is done', async () => {
        const store = await openWith('a')
        const bytes = encoder.encode('mine')
        await store.append('a', [{ bytes, principal: 'ann' }])
        bytes.fill(0)
        expect(texts((await store.load('a')).tail)).toEqual(['mine'])
      })

      it('reads from any place on, as many as asked for', async () => {
        const store = await openWith('a')
        for (const seq of numbers(1, 5)) await store.append('a', [by('ann', `u${seq}`)])
        expect(texts(await store.read('a', 3))).toEqual(['u3', 'u4', 'u5'])
        expect(texts(await store.read('a', 2, 2))).toEqual(['u2', 'u3'])
        expect(await store.read('a', 6)).toEqual([])
      })

      it('treats an append of nothing as the mistake that it is', async () => {
        const store = await openWith('a')
        await expect(store.append('a', [])).rejects.toThrow(RangeError)
        await expect(store.append('a', [by('ann', '')])).rejects.toThrow(RangeError)
        await expect(store.append('a', [by('a'.repeat(129), 'x')])).rejects.toThrow(RangeError)
        expect(await store.append('a', [by('ann', 'x')])).toBe(1)
      })
    })

    describe('snapshots', () => {
      it('stand in place of the log through their sequence, with their summary', async () => {
        const store = await openWith('a')
        for (const seq of numbers(1, 4)) await store.append('a', [by('ann', `u${seq}`)])
        await store.putSnapshot('a', snapshot(3))
        const { snapshot: stored, tail } = await store.load('a')
        expect(stored).toEqual(snapshot(3))
        expect(texts(tail)).toEqual(['u4'])
        expect(await store.append('a', [by('ann', 'u5')])).toBe(5)
        expect((await store.get('a'))?.bytes).toBe(snapshot(3).bytes.length + 4)
      })

      it('are ignored unless newer than the stored one', async () => {
        const store = await openWith('a')
        for (const seq of numbers(1, 4)) await store.append('a', [by('ann', `u${seq}`)])
        await store.putSnapshot('a', snapshot(3))
        await store.putSnapshot('a', { ...snapshot(3), bytes: encoder.encode('other') })
        await store.putSnapshot('a', snapshot(2))
        expect((await store.load('a')).snapshot).toEqual(snapshot(3))
      })

      it('cannot contain what is not in the log', async () => {
        const store = await openWith('a')
        await store.append('a', [by('ann', 'one')])
        await expect(store.putSnapshot('a', snapshot(2))).rejects.toThrow(RangeError)
        await expect(store.putSnapshot('missing', snapshot(1))).rejects.toMatchObject({ code: 'not-found' })
        expect(texts((await store.load('a')).tail)).toEqual(['one'])
      })

      it('come to the newest one when several are put at once, with appends between', async () => {
        const store = await openWith('a')
        for (const seq of numbers(1, 20)) await store.append('a', [by('ann', `u${seq}`)])
        const puts = [5, 20, 10, 15].map((through) => store.putSnapshot('a', snapshot(through)))
        const appends = numbers(21, 40).map((seq) => store.append('a', [by('ann', `u${seq}`)]))
        await Promise.all([...puts, ...appends])
        const { snapshot: stored, tail } = await store.load('a')
        expect(stored).toEqual(snapshot(20))
        expect(texts(tail)).toEqual(numbers(21, 40).map((seq) => `u${seq}`))
        expect(texts(await wholeHistory(store, 'a'))).toEqual(numbers(1, 20).map((seq) => `u${seq}`))
      })
    })

    it('gives a state of one moment, also while the log is being folded', async () => {
      const store = await openWith('a')
      for (let round = 1; round <= 10; round += 1) {
        const last = await store.append('a', [by('ann', 'x'), by('ann', 'y')])
        const folding = store.putSnapshot('a', snapshot(last - 1))
        // A load throws when snapshot and tail do not join.
        const loads = await Promise.all(Array.from({ length: 20 }, () => store.load('a')))
        for (const { snapshot: stored, tail } of loads) {
          expect((stored?.through ?? 0) + tail.length).toBe(last)
        }
        await folding
      }
    })

    describe('history', () => {
      it('keeps every folded update with author and time, through any number of snapshots', async () => {
        const store = await openWith('a')
        const written: StoredUpdate[] = []
        for (const through of [1, 2, 40, 41]) {
          for (const seq of numbers(written.length + 1, through)) {
            await store.append('a', [by(`author ${seq % 3}`, `update ${seq}`)])
            written.push(...(await store.read('a', seq)))
          }
          await store.putSnapshot('a', snapshot(through))
        }
        expect(plain(await wholeHistory(store, 'a'))).toEqual(plain(written))
        expect((await store.readHistory('a', 30))[0]?.seq).toBe(30)
        expect(await store.readHistory('a', 42)).toEqual([])
      })

      it('folds a long log in one go', async () => {
        const store = await openWith('a')
        for (const part of numbers(0, 4)) {
          await store.append(
            'a',
            numbers(1, 500).map((index) => by('ann', `u${part * 500 + index}`)),
          )
        }
        await store.putSnapshot('a', snapshot(2_400))
        expect(texts(await wholeHistory(store, 'a'))).toEqual(numbers(1, 2_400).map((seq) => `u${seq}`))
        expect((await store.load('a')).tail.map((update) => update.seq)).toEqual(numbers(2_401, 2_500))
      })
    })

    it('always equals a simple model, whatever is done in whatever order', async () => {
      const seed = testSeed()
      const random = randomFrom(seed)
      const below = (bound: number): number => Math.floor(random() * bound)
      const ids = ['a', 'b', 'c']
      const store = await openWith(...ids)
      const model = new Map(ids.map((id) => [id, { texts: [] as string[], through: 0 }]))
      for (let step = 0; step < 150; step += 1) {
        const id = ids[below(ids.length)] ?? 'a'
        const document = model.get(id) ?? { texts: [], through: 0 }
        if (random() < 0.8 || document.texts.length === 0) {
          const added = numbers(1, 1 + below(5)).map((index) => `${step}.${index}`)
          document.texts.push(...added)
          await store.append(
            id,
            added.map((text) => by('ann', text)),
          )
        } else {
          const through = 1 + below(document.texts.length)
          document.through = Math.max(document.through, through)
          await store.putSnapshot(id, snapshot(through))
        }
        const { snapshot: stored, tail } = await store.load(id)
        expect((await store.get(id))?.lastSeq, `SEED=${seed}`).toBe(document.texts.length)
        expect(stored?.through ?? 0, `SEED=${seed}`).toBe(document.through)
        expect(texts(tail), `SEED=${seed}`).toEqual(document.texts.slice(document.through))
      }
      for (const [id, document] of model) {
        const history = texts(await wholeHistory(store, id))
        expect(history, `SEED=${seed}`).toEqual(document.texts.slice(0, document.through))
      }
    })

    describe('the catalogue', () => {
      it('creates a document once and gives back what is there', async () => {
        const store = await openEmpty()
        const first = await store.create({ id: 'a', kind: 'yjs', title: 'Plan' })
        expect(first.created).toBe(true)
        expect(first.document).toMatchObject({ id: 'a', kind: 'yjs', title: 'Plan', lastSeq: 0, bytes: 0 })
        expect(first.document.trashedAt).toBeUndefined()
        const again = await store.create({ id: 'a', kind: 'weft', title: 'Other' })
        expect(again).toEqual({ document: first.document, created: false })
        expect(await store.get('a')).toEqual(first.document)
      })

      it('lists the newest change first, in pages, and counts all', async () => {
        const store = await openWith('a', 'b', 'c')
        await store.append('b', [by('ann', 'x')])
        const { documents, total } = await store.list()
        expect(documents.map((document) => document.id)).toEqual(['b', 'c', 'a'])
        expect(total).toBe(3)
        const page = await store.list({ limit: 1, offset: 1 })
        expect(page.documents.map((document) => document.id)).toEqual(['c'])
        expect(page.total).toBe(3)
        expect(documents[0]).toEqual(await store.get('b'))
      })

      it.each([
        ['Straße', 'STRASSE'],
        ['ΟΔΟΣ', 'οδός'.normalize('NFD').replaceAll('\u0301', '')],
        ['İstanbul', 'istanbul'],
        ['Привет, мир', 'ПРИВЕТ'],
        ['ПЛАН', 'план'],
        ['会議の記録', '会議'],
        ['Café', 'CAFE\u0301'],
        ['50% of a_b', '50% OF A_B'],
      ])('finds %j by %j', async (title, search) => {
        const store = await openEmpty()
        await store.create({ id: 'a', kind: 'weft', title })
        await store.create({ id: 'b', kind: 'weft', title: 'Something else' })
        const { documents, total } = await store.list({ search })
        expect(documents.map((document) => document.id)).toEqual(['a'])
        expect(total).toBe(1)
      })

      it('takes wildcards of databases for the characters they are', async () => {
        const store = await openEmpty()
        await store.create({ id: 'a', kind: 'weft', title: 'aXb' })
        expect((await store.list({ search: 'a_b' })).total).toBe(0)
        expect((await store.list({ search: '%' })).total).toBe(0)
      })

      it('renames, and finds by the new title only', async () => {
        const store = await openEmpty()
        await store.create({ id: 'a', kind: 'weft', title: 'Old' })
        expect(await store.rename('a', 'Über uns')).toMatchObject({ title: 'Über uns' })
        expect((await store.list({ search: 'old' })).total).toBe(0)
        expect((await store.list({ search: 'ÜBER' })).total).toBe(1)
        await expect(store.rename('a', 'x'.repeat(201))).rejects.toThrow(RangeError)
        await expect(store.rename('missing', 'x')).rejects.toMatchObject({ code: 'not-found' })
      })

      it('raises the version of the schema, and never lowers it', async () => {
        const store = await openWith('a')
        expect((await store.get('a'))?.schema).toBe(0)
        expect(await store.raiseSchema('a', 3)).toMatchObject({ schema: 3 })
        expect(await store.raiseSchema('a', 2)).toMatchObject({ schema: 3 })
        expect((await store.list()).documents[0]?.schema).toBe(3)
        await expect(store.raiseSchema('a', -1)).rejects.toThrow(RangeError)
        await expect(store.raiseSchema('missing', 1)).rejects.toMatchObject({ code: 'not-found' })
      })

      it('moves to the trash and back without losing anything', async () => {
        const store = await openWith('a', 'b')
        await store.append('a', [by('ann', 'one')])
        const trashed = await store.trash('a')
        expect(trashed.trashedAt).toBeGreaterThan(0)
        expect(await store.trash('a')).toEqual(trashed)
        expect((await store.list()).documents.map((document) => document.id)).toEqual(['b'])
        expect((await store.list({ trashed: true })).documents).toEqual([trashed])
        expect(await store.append('a', [by('ann', 'two')])).toBe(2)
        expect((await store.untrash('a')).trashedAt).toBeUndefined()
        expect(texts((await store.load('a')).tail)).toEqual(['one', 'two'])
        await expect(store.trash('missing')).rejects.toMatchObject({ code: 'not-found' })
        await expect(store.untrash('missing')).rejects.toMatchObject({ code: 'not-found' })
      })

      it('removes for good: a document of the same id starts from nothing', async () => {
        const store = await openWith('a')
        for (const seq of numbers(1, 3)) await store.append('a', [by('ann', `u${seq}`)])
        await store.putSnapshot('a', snapshot(2))
        await store.remove('a')
        expect(await store.get('a')).toBeUndefined()
        await expect(store.remove('a')).rejects.toMatchObject({ code: 'not-found' })
        await store.create({ id: 'a', kind: 'weft' })
        expect(await store.load('a')).toEqual({ snapshot: undefined, tail: [] })
        expect(await store.readHistory('a', 1)).toEqual([])
        expect(await store.append('a', [by('ann', 'new')])).toBe(1)
      })
    })

    describe('its life', () => {
      it('has an epoch and says that it can be written', async () => {
        const store = await openEmpty()
        expect(store.epoch.length).toBeGreaterThanOrEqual(16)
        await store.checkWritable()
      })

      it('finishes what it accepted before it closes, and refuses everything after', async () => {
        const store = await openWith('a')
        const appends = numbers(1, 50).map((index) => store.append('a', [by('ann', String(index))]))
        const closing = store.close()
        expect(await Promise.all(appends)).toEqual(numbers(1, 50))
        await closing
        await store.close()
        await expect(store.append('a', [by('ann', 'x')])).rejects.toMatchObject({ code: 'closed' })
        await expect(store.load('a')).rejects.toMatchObject({ code: 'closed' })
        await expect(store.list()).rejects.toMatchObject({ code: 'closed' })
        await expect(store.checkWritable()).rejects.toMatchObject({ code: 'closed' })
      })
    })
  })
}

function by(principal: string, text: string): NewUpdate {
  return { principal, bytes: encoder.encode(text) }
}

function snapshot(through: Sequence): { through: Sequence; bytes: Uint8Array; summary: Uint8Array } {
  return { through, bytes: encoder.encode(`all through ${through}`), summary: encoder.encode(`s${through}`) }
}

function texts(updates: readonly StoredUpdate[]): string[] {
  return updates.map((update) => decoder.decode(update.bytes))
}

/** Without what tells a Buffer from a Uint8Array. */
function plain(updates: readonly StoredUpdate[]): unknown[] {
  return updates.map((update) => ({ ...update, bytes: decoder.decode(update.bytes) }))
}

function numbers(from: number, through: number): number[] {
  return Array.from({ length: Math.max(0, through - from + 1) }, (_, index) => from + index)
}

async function wholeHistory(store: DocumentStore, documentId: string): Promise<StoredUpdate[]> {
  const all: StoredUpdate[] = []
  for (;;) {
    const part = await store.readHistory(documentId, all.length + 1)
    if (part.length === 0) return all
    all.push(...part)
  }
}
