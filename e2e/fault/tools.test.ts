import { expect, it } from 'vitest'
import { allObstacles, faultsRequired } from '../harness/tools.ts'

it('where tests count, every kind of fault can be made, so that no test of one was skipped', () => {
  for (const obstacle of allObstacles()) console.info(`faults that are not tested here: ${obstacle}`)
  expect(faultsRequired() ? allObstacles() : []).toEqual([])
})

it.for([
  [{ WEFT_FAULTS_REQUIRED: '1' }, true],
  [{ CI: 'true' }, true],
  [{ CI: '1' }, true],
  [{ CI: 'woodpecker', WEFT_FAULTS_REQUIRED: '' }, true],
  [{ CI: 'true', WEFT_FAULTS_REQUIRED: '0' }, false],
  [{ CI: 'false' }, false],
  [{ CI: '' }, false],
  [{}, false],
] as const)('tests count or not by what the environment says: %o is %s', ([env, counts]) => {
  expect(faultsRequired(env)).toBe(counts)
})
