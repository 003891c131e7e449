/** The checks that look at the source without running it; each names what it guards. */
import { checkDocs } from './check-docs.mjs'
import { packages, tool } from './workspace.mjs'

/** Plain `tsc` once a package: they have different libraries (with and without the DOM). */
async function types() {
  for (const folder of packages) {
    const code = await tool('tsc', ['-p', folder])
    if (code !== 0) return code
  }
  return 0
}

export const checks = [
  { name: 'format and import order', run: () => tool('biome', ['check', '.'], { quiet: true }) },
  { name: 'lint with types', run: () => tool('oxlint', ['--deny-warnings'], { quiet: true }) },
  { name: 'types', run: types },
  { name: 'dead code and unlisted dependencies', run: () => tool('knip', [], { quiet: true }) },
  { name: 'documents name only what exists', run: async () => (checkDocs() ? 0 : 1) },
]

/** @returns how many passed and failed, and the names of those; prints a line each. */
export async function runChecks() {
  let passed = 0
  let failed = 0
  const failures = []
  for (const check of checks) {
    const started = Date.now()
    const ok = (await check.run()) === 0
    console.log(`${ok ? '✓' : '✗'} ${check.name} (${Date.now() - started} ms)`)
    if (ok) passed++
    else {
      failed++
      failures.push(check.name)
    }
  }
  return { passed, failed, failures }
}
