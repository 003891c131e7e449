import { expect, it } from 'vitest'
import { killing, type Plan, planTrial } from './plan.ts'
import { shrink, smallerPlans } from './shrink.ts'

const large = planTrial('installed', killing({ kills: 20, edits: 10_000 }), 1)
const always = { tries: 1, mayGoOn: () => true }
const heldOffKills = ({ faults }: Plan) => faults.filter((fault) => fault.kind === 'kill' && fault.heldOff)

it('only what a failure takes is left of a plan', async () => {
  const fails = (plan: Plan) => Promise.resolve(heldOffKills(plan).length >= 2 && plan.edits >= 100)
  const { faults, edits, writers, documents } = await shrink(large, { ...always, fails })
  expect(faults).toHaveLength(2)
  expect(heldOffKills({ ...large, faults })).toHaveLength(2)
  expect(edits).toBeGreaterThanOrEqual(100)
  expect(edits).toBeLessThan(200)
  expect([writers, documents]).toEqual([1, 1])
})

it('a plan of which nothing can be left out stays as it is', async () => {
  expect(await shrink(large, { ...always, fails: () => Promise.resolve(false) })).toBe(large)
})

it('a failure that comes only every third time is followed all the same', async () => {
  let played = 0
  const fails = () => Promise.resolve(++played % 3 === 0)
  const { faults } = await shrink(large, { fails, tries: 3, mayGoOn: () => true })
  expect(faults).toEqual([])
})

it('what is smallest so far is kept when the time is up', async () => {
  let played = 0
  const fails = () => Promise.resolve(++played > 0)
  const { faults } = await shrink(large, { fails, tries: 1, mayGoOn: () => played < 2 })
  expect(faults.length).toBeLessThan(large.faults.length)
  expect(faults.length).toBeGreaterThan(0)
})

it('every smaller plan is smaller, and plays faults only on people whom it has', () => {
  const size = ({ faults, edits, writers, documents }: Plan) => faults.length + edits + writers + documents
  const plans = [...smallerPlans(large)]
  expect(plans.length).toBeGreaterThan(10)
  for (const plan of plans) {
    expect(size(plan)).toBeLessThan(size(large))
    const crashed = plan.faults.map((fault) => ('crashes' in fault ? (fault.crashes ?? 0) : 0))
    expect(Math.max(0, ...crashed)).toBeLessThan(plan.writers)
    expect(Math.max(0, ...plan.faults.map(({ afterSettled }) => afterSettled))).toBeLessThan(plan.edits)
  }
})
