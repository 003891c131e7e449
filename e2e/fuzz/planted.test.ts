/** The fuzz is worth what it finds: faults are planted in the server's process, and a small run must find each of them. */
import { expect, it } from 'vitest'
import type { Edit } from '../mutation/plant.ts'
import { runFuzz } from './fuzz.ts'

interface Planted {
  /** What would be wrong with the product. */
  readonly fault: string
  readonly edits: readonly Edit[]
  /** A word of what the fuzz must say, and how many cases it may take to find it. */
  readonly says: RegExp
  readonly cases: number
}

const PLANTED: readonly Planted[] = [
  {
    fault: 'the guard is skipped: whatever can be decoded is taken',
    edits: [
      {
        file: 'sync-server/src/room/guard.ts',
        find: 'const isNext = isNextKeystroke(came, known)',
        put: `if (came.bytes.length > 0) return { kind: 'new', update: came }
  const isNext = isNextKeystroke(came, known)`,
      },
    ],
    says: /something is pending in|differ/,
    cases: 1_000,
  },
  {
    fault: 'what belongs to a session is kept after it was closed',
    edits: [
      {
        file: 'sync-server/src/socket/session.ts',
        find: '  #ended(): void {\n    this.#leave()',
        put: `  #ended(): void {
    const facts = globalThis as unknown as { kept?: unknown[] }
    facts.kept ??= []
    facts.kept.push(this)
    this.#leave()`,
      },
    ],
    says: /heapBytes grew by/,
    cases: 6_000,
  },
  {
    fault: 'now and then others are sent what came before in place of what was stored',
    edits: [
      {
        file: 'sync-server/src/room/room.ts',
        find: 'for (const entry of entries) this.log.append(entry)',
        put: `const facts = globalThis as unknown as { count?: number; last?: LogEntry }
    for (const entry of entries) {
      facts.count = (facts.count ?? 0) + 1
      const { update } = facts.count % 10 === 0 && facts.last !== undefined ? facts.last : entry
      facts.last = entry
      this.log.append({ ...entry, update })
    }`,
      },
    ],
    says: /is on all screens|the screens of|after a restart/,
    cases: 1_500,
  },
]

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))

it.for(PLANTED)('the fuzz finds that $fault', { timeout: 240_000 }, async ({ edits, says, cases }) => {
  console.info(`fuzz: SEED=${seed}`)
  const trial = { planted: edits, warmUp: 500, within: { exactlyMs: 2_000 } }
  const { tally } = await runFuzz({ seed, sockets: cases, rooms: 0, trial })
  const said = tally.findings.map(({ what }) => what).join('\n')
  console.info(`fuzz: ${tally.findings.length} findings, such as ${said.slice(0, 200)}`)
  expect(said).toMatch(says)
})
