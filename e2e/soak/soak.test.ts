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
  expect(result.kills?.kills).toBeGreaterThanOrEqual(5)
  expect(result.kills?.acknowledged).toBeGreaterThan(100)
}, 1_200_000)

it('a listener that is never removed is found', async () => {
  const planted = [
    {
      file: 'sync-server/src/socket/session.ts',
      find: '    this.#reading = new Reading(socket)\n',
      put: "    this.#reading = new Reading(socket)\n    process.on('warning', () => void this.id)\n",
    },
  ]
  const { wrong } = await runSoak({ minutes: 0.5, cycleMs: 2_000, seed, planted, withoutKills: true })
  expect(wrong).toContainEqual(expect.stringMatching(/listeners became/))
}, 300_000)
