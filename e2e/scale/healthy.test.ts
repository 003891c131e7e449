/** What the healthy wait for must show a server that stands still, or no limit on it means anything. */
import { expect, it } from 'vitest'
import { LIMITS } from '../fuzz/limits.ts'
import { closeCodeAfter, rawFrame } from '../harness/raw-frames.ts'
import { startServerProcess } from '../harness/server-process.ts'
import { Healthy } from './healthy.ts'

const STILL_MS = 300
const HOSTILE = 10

it(`a server that stands still for ${STILL_MS} ms at each malformed message lets the healthy wait too long`, async () => {
  const server = await startServerProcess({
    planted: [
      {
        file: 'sync-server/src/socket/session.ts',
        find: 'this.#deps.counters.refusals.malformed++',
        put: `this.#deps.counters.refusals.malformed++
        const until = performance.now() + ${STILL_MS}
        while (performance.now() < until);`,
      },
    ],
  })
  const healthy = await Healthy.enter(server.url)
  try {
    const { p99Ms } = await healthy.measured(async () => {
      for (let count = 0; count < HOSTILE; count++)
        expect(await closeCodeAfter(server.port, '/sync/hostile', rawFrame(2))).toBe(4400)
    })
    expect(p99Ms).toBeGreaterThan(LIMITS.ackP99Ms)
  } finally {
    await healthy.close()
    await server.dispose()
  }
}, 60_000)
