import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { Compacted, CompactorRequest } from './compactor-worker.ts'
import { ManualClock } from './testing/manual-clock.ts'
import { WorkerCalls } from './worker-calls.ts'

const url = new URL('compactor-worker.ts', import.meta.url)
const MEBIBYTE = 1_048_576
const answersWithinMs = 60_000

function compactionOf(doc: Y.Doc): CompactorRequest {
  return {
    kind: 'compact',
    updates: [Y.encodeStateAsUpdate(doc)],
    summary: new Uint8Array(0),
    principals: [],
  }
}

function openCompactor(maxHeapBytes: number) {
  const clock = new ManualClock()
  const calls = new WorkerCalls<CompactorRequest, Compacted>({ url, clock, maxHeapBytes, answersWithinMs })
  return { clock, calls }
}

describe('WorkerCalls', () => {
  it('answers a call that comes while the idle worker is being ended', async () => {
    const { clock, calls } = openCompactor(64 * MEBIBYTE)
    const request = compactionOf(new Y.Doc())
    await calls.call(request)
    // The worker begins to end here, and has not ended when the next call comes.
    clock.advance(30_001)
    await expect(calls.call(request)).resolves.toBeDefined()
    await calls.close()
  })

  it('hands the worker one call at a time, in their order, so that those who wait cost no copies', async () => {
    const { calls } = openCompactor(64 * MEBIBYTE)
    const update = Y.encodeStateAsUpdate(new Y.Doc())
    const events: string[] = []
    const answers = ['a', 'b', 'c'].map((name) => {
      const request: CompactorRequest = {
        kind: 'differ',
        // Read when it is copied for the worker.
        get update() {
          events.push(`${name} handed over`)
          return update
        },
        vector: Uint8Array.of(0),
      }
      return calls.call(request).then(() => events.push(`${name} answered`))
    })
    expect(events).toEqual(['a handed over'])
    await Promise.all(answers)
    for (const [earlier, later] of ['ab', 'bc'])
      expect(events.indexOf(`${later} handed over`)).toBeGreaterThan(events.indexOf(`${earlier} handed over`))
    expect(events.toSorted()).toEqual(
      ['a', 'b', 'c'].flatMap((name) => [`${name} answered`, `${name} handed over`]),
    )
    await calls.close()
  })

  it('fails the one call that cannot be copied, and answers for those behind it', async () => {
    const { calls } = openCompactor(64 * MEBIBYTE)
    const small = compactionOf(new Y.Doc())
    const update = new Uint8Array(8)
    structuredClone(update, { transfer: [update.buffer] })
    const gone: CompactorRequest = { kind: 'differ', update, vector: Uint8Array.of(0) }
    const settled = await Promise.allSettled(
      [small, gone, small, small].map((request) => calls.call(request)),
    )
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
    await calls.close()
  })

  it('fails the one call that never ends, once its time is over, and answers for those behind it', async () => {
    const clock = new ManualClock()
    const code = `
      const { parentPort } = require('node:worker_threads')
      parentPort.on('message', ({ id, request }) => {
        if (request === 'loop') for (;;);
        parentPort.postMessage({ id, result: { ok: true, value: request } })
      })`
    const endless = new URL(
      `data:text/javascript,import{createRequire}from'node:module';${encodeURIComponent(`const require = createRequire('/');${code}`)}`,
    )
    const calls = new WorkerCalls<string, string>({
      url: endless,
      clock,
      maxHeapBytes: 32 * MEBIBYTE,
      answersWithinMs,
    })
    expect(await calls.call('before')).toBe('before')
    const answers = ['loop', 'after'].map((request) => calls.call(request))
    clock.advance(answersWithinMs - 1)
    const settled = Promise.allSettled(answers)
    clock.advance(1)
    expect(await settled).toEqual([
      { status: 'rejected', reason: new Error(`the worker has not answered for ${answersWithinMs} ms`) },
      { status: 'fulfilled', value: 'after' },
    ])
    await calls.close()
  })

  it('fails the one document that takes more memory than there is, and answers for those behind it', async () => {
    const { calls } = openCompactor(32 * MEBIBYTE)
    const large = new Y.Doc()
    // Written backwards, so that every character is an object of its own.
    large.transact(() => {
      for (let count = 0; count < 200_000; count++) large.getText().insert(0, 'x')
    })
    const small = compactionOf(new Y.Doc())
    const answers = [small, compactionOf(large), small, small].map((request) => calls.call(request))
    const settled = await Promise.allSettled(answers)
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
    await calls.close()
  })
})
