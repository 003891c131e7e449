/** `npm run soak` in the size of every change; see `soak.ts`. */
import { expect, it } from 'vitest'
import { DEFAULT_MINUTES } from './plan.ts'
import { figures } from './report.ts'
import { runSoak } from './soak.ts'

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))

it('a server that people live with keeps its memory, handles, timers and listeners, and one that is killed loses nothing', async () => {
  console.info(`soak: SEED=${seed}`)
  const result = await runSoak({ minutes: DEFAULT_MINUTES, seed })
  for (const [what, figure] of figures(result)) console.info(`soak: ${what}: ${figure}`)
  expect(result.wrong).toEqual([])
  expect(result.life.visits).toBeGreaterThan(100)
  expect(result.compactions).toBeGreaterThan(0)
  expect(Math.min(result.life.freezes, result.life.cuts)).toBeGreaterThanOrEqual(5)
  expect(result.kills?.kills).toBeGreaterThanOrEqual(5)
  expect(result.kills?.acknowledged).toBeGreaterThan(100)
}, 1_200_000)

/** Of each session, for good: a listener, a timer that keeps no event loop alive, and some objects. */
const KEPT = `    const facts = globalThis as unknown as { kept?: unknown[] }
    facts.kept ??= []
    facts.kept.push(Array.from({ length: 1_000 }, (_, at) => ({ at })))
    process.on('warning', () => void this.id)
    setInterval(() => void this.id, 3_600_000).unref()
`

it('a listener that is never removed, a timer that is never cleared and objects that are never let go are found', async () => {
  const find = "    socket.on('pong', () => this.#liveness.heard())\n"
  const planted = [{ file: 'sync-server/src/socket/session.ts', find, put: `${find}${KEPT}` }]
  const { wrong } = await runSoak({ minutes: 0.5, cycleMs: 2_000, seed, planted, isCalm: true })
  for (const what of ['listeners became', 'timers became', 'heapBytes grew by'])
    expect(wrong).toContainEqual(expect.stringContaining(what))
}, 300_000)
