import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { plantedFault } from './e2e/mutation/planted-fault.ts'

const execArgv = ['--conditions=weft:source', '--disable-warning=ExperimentalWarning']
const resolve = { conditions: ['weft:source', 'module', 'node', 'import', 'default'] }
const ssr = { resolve: { conditions: ['weft:source', 'module', 'node', 'import', 'default'] } }

/** End-to-end files that wait more than they work run two at a time in `npm test`; see `scripts/test.mjs`. */
const isSideBySide = process.env['WEFT_SIDE_BY_SIDE'] !== undefined

/** The longest first, so that the other worker goes through all the rest meanwhile. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLong = ({ moduleId }: TestSpecification): boolean => moduleId.includes('/e2e/soak/')
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    // A module that was loaded with a planted fault must never be taken from a cache later.
    fsModuleCache: false,
    projects: [
      {
        resolve,
        ssr,
        plugins: [plantedFault(process.env['WEFT_MUTANT'])],
        test: {
          name: 'unit',
          fsModuleCache: false,
          include: ['{persistence,sync-server,editor}/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          // The deadline of a test that hangs, not a measure: one that takes a second where nothing else runs has taken thirty
          // beside others that compute, each with threads and processes of its own.
          testTimeout: 120_000,
          hookTimeout: 60_000,
          // Vitest's own is a second, and what is polled for is another thread's, process's or socket's to do.
          expect: { poll: { timeout: 60_000 } },
          execArgv,
        },
      },
      {
        resolve,
        ssr,
        plugins: [plantedFault(process.env['WEFT_MUTANT'])],
        test: {
          name: 'e2e',
          fsModuleCache: false,
          include: ['e2e/**/*.{test,spec}.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          testTimeout: 240_000,
          hookTimeout: 60_000,
          // Real servers and real browsers on a small machine: one file at a time keeps waits honest.
          fileParallelism: isSideBySide,
          maxWorkers: isSideBySide ? 2 : 1,
          execArgv,
        },
      },
    ],
  },
})
