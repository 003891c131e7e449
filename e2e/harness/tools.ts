/**
 * What faults are made with, and what is missing where they cannot be made.
 *
 * A test that needs one is skipped with a printed reason where there is none; where tests count (`faultsRequired`) it
 * is not skipped, so it fails, and so does `fault/tools.test.ts`: nobody can take the skipped for passed.
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

/**
 * Whether tests count here: `WEFT_FAULTS_REQUIRED=1`, which `.ci/run` sets, or a `CI` that says anything but no. The first
 * has the last word, so that a pipeline of somebody's own, where faults cannot be made, may say 0.
 */
export function faultsRequired(env: NodeJS.ProcessEnv = process.env): boolean {
  const said = [env['WEFT_FAULTS_REQUIRED'], env['CI']].find((value) => value !== undefined && value !== '')
  return said !== undefined && !['0', 'false', 'no'].includes(said.toLowerCase())
}

/** For `it.skipIf`: true, having said why, when such a fault cannot be made here and need not be. */
export function cannotMake(fault: Fault): boolean {
  const why = obstacles[fault]
  if (why === undefined || faultsRequired()) return false
  console.info(`skipped, what needs ${fault} is not shown: ${why}`)
  return true
}
