import { expect, it } from 'vitest'
import { allObstacles } from '../harness/tools.ts'

it('where tests count, every kind of fault can be made, so that no test of one was skipped', () => {
  for (const obstacle of allObstacles()) console.info(`faults that are not tested here: ${obstacle}`)
  expect(process.env['CI'] === undefined ? [] : allObstacles()).toEqual([])
})
