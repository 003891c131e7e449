/** What is left of a trial that failed, shown with a fault that every trial finds. */
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { check } from './check.ts'
import { CHECKED_MUTANTS } from './mutants.ts'
import { killing, type Plan, planTrial, seedOfRun } from './plan.ts'

it('a trial that fails is made small, and leaves its plan, its history and its data folder', async () => {
  const planted = CHECKED_MUTANTS.find(({ name }) => name === 'append-twice')?.edits ?? []
  const seed = seedOfRun()
  const plan = planTrial('installed', killing({ kills: 2, edits: 400 }), seed)
  const said: string[] = []
  const { folder } = await check(plan, { planted, say: (line) => said.push(line), shrinkForMs: 20_000 })
  console.info(`SEED=${seed}\n${said.slice(-4).join('\n')}`)
  const read = async (name: string) => JSON.parse(await readFile(join(folder, name), 'utf8')) as Plan
  expect(await read('plan.json')).toEqual(plan)
  const { faults, edits } = await read('smallest-plan.json')
  expect(faults.length).toBeLessThan(plan.faults.length)
  expect(edits).toBeLessThanOrEqual(plan.edits)
  expect(await readFile(join(folder, 'history.jsonl'), 'utf8')).toContain('"sent"')
  expect(existsSync(join(folder, 'data', 'weft.db'))).toBe(true)
  expect(said.join('\n')).toContain(join(folder, 'smallest-plan.json'))
  await rm(folder, { recursive: true })
}, 300_000)
