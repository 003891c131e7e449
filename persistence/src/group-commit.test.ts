import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GroupCommit, type Outcome } from './group-commit.ts'
import { testSeed } from './testing/random.ts'

interface Item {
  readonly key: string
  readonly number: number
}

interface Started {
  readonly items: readonly Item[]
  readonly finish: (outcomes: readonly Outcome<number>[]) => void
  readonly crash: (error: unknown) => void
}

const committed = (items: readonly Item[]): Outcome<number>[] =>
  items.map((item) => ({ kind: 'committed', result: item.number }))

/** A queue whose turns and commits the test ends. */
function queue(bounds: { maxItems?: number; maxBytes?: number } = {}) {
  const turns: (() => void)[] = []
  const commits: Started[] = []
  const group = new GroupCommit<Item, number>({
    commit: (items) =>
      new Promise((finish, crash) => {
        commits.push({ items, finish, crash })
      }),
    keyOf: (item) => item.key,
    bytesOf: (item) => item.number,
    schedule: (start) => void turns.push(start),
    maxItems: bounds.maxItems ?? 100,
    maxBytes: bounds.maxBytes ?? Number.MAX_SAFE_INTEGER,
  })
  return { group, commits, endTurn: () => turns.splice(0).forEach((start) => start()) }
}

/** Lets everything that needs no commit to end happen. */
async function settle(): Promise<void> {
  for (let round = 0; round < 10; round += 1) await Promise.resolve()
}

/** Whether a promise has an outcome yet. */
function watch(promise: Promise<unknown>): { settled: boolean } {
  const watched = { settled: false }
  const settled = (): void => {
    watched.settled = true
  }
  void promise.then(settled, settled)
  return watched
}

describe('GroupCommit', () => {
  it('commits what arrived in one turn together, and what arrives meanwhile with the next commit', async () => {
    const { group, commits, endTurn } = queue()
    const first = [group.submit({ key: 'a', number: 1 }), group.submit({ key: 'b', number: 2 })]
    endTurn()
    const second = [3, 4, 5].map((number) => group.submit({ key: 'a', number }))
    endTurn()
    expect(commits.map(({ items }) => items.length)).toEqual([2])
    commits[0]?.finish(committed(commits[0].items))
    expect(await Promise.all(first)).toEqual([1, 2])
    await settle()
    endTurn()
    expect(commits.map(({ items }) => items.map((item) => item.number))).toEqual([
      [1, 2],
      [3, 4, 5],
    ])
    commits[1]?.finish(committed(commits[1].items))
    expect(await Promise.all(second)).toEqual([3, 4, 5])
  })

  it('tells nobody before the commit has ended', async () => {
    const { group, commits, endTurn } = queue()
    const submitted = watch(group.submit({ key: 'a', number: 1 }))
    endTurn()
    await settle()
    expect(submitted.settled).toBe(false)
    commits[0]?.finish(committed(commits[0].items))
    await settle()
    expect(submitted.settled).toBe(true)
  })

  it('fails what waits behind a failed item of the same key, and nothing else', async () => {
    const { group, commits, endTurn } = queue()
    const results = [group.submit({ key: 'a', number: 1 }), group.submit({ key: 'b', number: 2 })]
    endTurn()
    results.push(group.submit({ key: 'a', number: 3 }), group.submit({ key: 'b', number: 4 }))
    const error = new Error('no space')
    commits[0]?.finish([
      { kind: 'failed', error },
      { kind: 'committed', result: 2 },
    ])
    const settled = Promise.allSettled(results)
    await settle()
    endTurn()
    expect(commits[1]?.items).toEqual([{ key: 'b', number: 4 }])
    commits[1]?.finish(committed(commits[1].items))
    expect((await settled).map((result) => result.status)).toEqual([
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
    // The way is free again for whoever has heard of the failure.
    const later = group.submit({ key: 'a', number: 5 })
    endTurn()
    commits[2]?.finish(committed(commits[2].items))
    expect(await later).toBe(5)
  })

  it('fails a whole batch whose commit throws, and goes on', async () => {
    const { group, commits, endTurn } = queue()
    const first = group.submit({ key: 'a', number: 1 })
    endTurn()
    commits[0]?.crash(new Error('gone'))
    await expect(first).rejects.toThrow('gone')
    const second = group.submit({ key: 'a', number: 2 })
    endTurn()
    commits[1]?.finish(committed(commits[1].items))
    expect(await second).toBe(2)
  })

  it('is idle once everything has an outcome, and not before', async () => {
    const { group, commits, endTurn } = queue({ maxItems: 1 })
    await group.whenIdle()
    const submitted = [1, 2].map((number) => group.submit({ key: 'a', number }))
    const idle = watch(group.whenIdle())
    for (const index of [0, 1]) {
      endTurn()
      await settle()
      expect(idle.settled).toBe(false)
      commits[index]?.finish(committed(commits[index].items))
      await settle()
    }
    expect(idle.settled).toBe(true)
    await Promise.all(submitted)
  })

  it('keeps order per key, bounds, one commit at a time and an outcome for each, whatever happens', async () => {
    const seed = testSeed()
    const step = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({ kind: fc.constant('submit'), key: fc.constantFrom('a', 'b', 'c') }),
      },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('turn') }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('finish'), fail: fc.nat(20) }) },
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 80 }),
        fc.integer({ min: 1, max: 6 }),
        async (steps, max) => {
          const { group, commits, endTurn } = queue({ maxItems: max, maxBytes: 300 })
          const outcomes: Promise<'committed' | 'failed'>[] = []
          const onDisk: Item[] = []
          const failedSince = new Map<string, number>()
          let finished = 0
          let number = 0

          const finishOne = async (fail: number): Promise<void> => {
            const commit = commits[finished]
            if (commit === undefined) return
            expect(commits.length - finished).toBe(1)
            expect(commit.items.length).toBeLessThanOrEqual(max)
            const before = commit.items.slice(0, -1).reduce((sum, item) => sum + item.number, 0)
            expect(before).toBeLessThan(300)
            finished += 1
            const failing = new Set<string>()
            const results = commit.items.map((item, index): Outcome<number> => {
              if (index === fail) failing.add(item.key)
              if (failing.has(item.key)) {
                failedSince.set(item.key, number)
                return { kind: 'failed', error: new Error('by seed') }
              }
              // Nothing that was submitted before the failure of its key became known may come after it.
              expect(item.number).toBeGreaterThan(failedSince.get(item.key) ?? 0)
              onDisk.push(item)
              return { kind: 'committed', result: item.number }
            })
            commit.finish(results)
            await settle()
          }

          for (const action of steps) {
            if ('key' in action) {
              number += 1
              const submitted = group.submit({ key: action.key, number })
              outcomes.push(
                submitted.then(
                  () => 'committed' as const,
                  () => 'failed' as const,
                ),
              )
            } else if ('fail' in action) await finishOne(action.fail)
            else endTurn()
          }
          const idle = watch(group.whenIdle())
          await settle()
          while (!idle.settled) {
            endTurn()
            await finishOne(Number.POSITIVE_INFINITY)
          }

          const told = await Promise.all(outcomes)
          expect(told.filter((outcome) => outcome === 'committed').length).toBe(onDisk.length)
          for (const key of ['a', 'b', 'c']) {
            const own = onDisk.filter((item) => item.key === key).map((item) => item.number)
            expect(own).toEqual(own.toSorted((a, b) => a - b))
          }
        },
      ),
      { seed, numRuns: 300 },
    )
  })
})
