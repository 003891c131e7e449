/**
 * What faults are made with, and what is missing where they cannot be made.
 *
 * A test that needs one is skipped with a printed reason where there is none; `fault/tools.test.ts` fails where tests
 * count, so that nobody takes the skipped for passed.
 */
import { existsSync, readdirSync } from 'node:fs'
import { noFailingCalls } from './failing-calls.ts'
import { noPowerCuts } from './power-disk.ts'
import { canMount } from './small-disk.ts'

/** libfaketime, to be loaded before all other libraries; undefined where it is not. */
export const fakeClock = (existsSync('/usr/lib') ? readdirSync('/usr/lib') : [])
  .map((folder) => `/usr/lib/${folder}/faketime/libfaketime.so.1`)
  .find((path) => existsSync(path))

/** In words; undefined where nothing stands in the way. */
const obstacles = {
  'failing calls': noFailingCalls,
  'power cuts': noPowerCuts,
  'clock steps': fakeClock === undefined ? 'libfaketime is not installed' : undefined,
  'small disks': canMount ? undefined : 'it takes root on Linux',
} as const

export type Fault = keyof typeof obstacles

/** A line for each fault that cannot be made here. */
export function allObstacles(): string[] {
  return Object.entries(obstacles).flatMap(([fault, why]) => (why === undefined ? [] : [`${fault}: ${why}`]))
}

/** For `it.skipIf`: true, having said why, when such a fault cannot be made here. */
export function cannotMake(fault: Fault): boolean {
  const why = obstacles[fault]
  if (why !== undefined) console.info(`skipped, what needs ${fault} is not shown: ${why}`)
  return why !== undefined
}
