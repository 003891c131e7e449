import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { ManualClock } from './testing/manual-clock.ts'
import { WorkerCalls } from './worker-calls.ts'

it('answers a call that comes while the idle worker is being ended', async () => {
  const clock = new ManualClock()
  const calls = new WorkerCalls<unknown, unknown>(new URL('compactor-worker.ts', import.meta.url), clock)
  const request = { kind: 'compact', updates: [Y.encodeStateAsUpdate(new Y.Doc())] }
  await calls.call(request)
  // The worker begins to end here, and has not ended when the next call comes.
  clock.advance(2_001)
  await expect(calls.call(request)).resolves.toBeDefined()
  await calls.close()
}, 30_000)
