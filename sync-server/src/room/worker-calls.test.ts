import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { Compacted, CompactorRequest } from './compactor-worker.ts'
import { ManualClock } from './testing/manual-clock.ts'
import { WorkerCalls } from './worker-calls.ts'

const url = new URL('compactor-worker.ts', import.meta.url)
const MEBIBYTE = 1_048_576

function compactionOf(doc: Y.Doc): CompactorRequest {
  return {
    kind: 'compact',
    updates: [Y.encodeStateAsUpdate(doc)],
    summary: new Uint8Array(0),
    principals: [],
  }
}

describe('WorkerCalls', () => {
  it('answers a call that comes while the idle worker is being ended', async () => {
    const clock = new ManualClock()
    const calls = new WorkerCalls<CompactorRequest, Compacted>({ url, clock, maxHeapBytes: 64 * MEBIBYTE })
    const request = compactionOf(new Y.Doc())
    await calls.call(request)
    // The worker begins to end here, and has not ended when the next call comes.
    clock.advance(30_001)
    await expect(calls.call(request)).resolves.toBeDefined()
    await calls.close()
  }, 30_000)

  it('fails the one document that takes more memory than there is, and answers for those behind it', async () => {
    const clock = new ManualClock()
    const calls = new WorkerCalls<CompactorRequest, Compacted>({ url, clock, maxHeapBytes: 32 * MEBIBYTE })
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
  }, 60_000)
})
