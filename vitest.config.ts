import { defineConfig } from 'vitest/config'
import { plantedFault } from './e2e/mutation/planted-fault.ts'

const execArgv = ['--conditions=weft:source', '--disable-warning=ExperimentalWarning']
const resolve = { conditions: ['weft:source', 'module', 'node', 'import', 'default'] }
const ssr = { resolve: { conditions: ['weft:source', 'module', 'node', 'import', 'default'] } }

export default defineConfig({
  test: {
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
          // The deadline of a test that hangs, not a measure: a property test takes seconds on a busy machine.
          testTimeout: 30_000,
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
          testTimeout: 120_000,
          hookTimeout: 60_000,
          // Real servers and real browsers on a small machine: one file at a time keeps waits honest.
          fileParallelism: false,
          execArgv,
        },
      },
    ],
  },
})
