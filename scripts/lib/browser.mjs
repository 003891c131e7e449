/** Brings a Chromium for the browser tests where the system can; says what to do where it cannot. */
import { existsSync } from 'node:fs'
import { findBrowser } from '../../e2e/harness/find-browser.mjs'
import { fail, run } from './workspace.mjs'

export async function installBrowser() {
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Installing Chromium from Debian for the browser tests (once).')
    const env = { DEBIAN_FRONTEND: 'noninteractive' }
    const updated = await run('apt-get', ['update'], { env, quiet: true })
    if (updated === 0)
      await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { env, quiet: true })
  }
  const found = findBrowser()
  if (found !== undefined) return found
  return fail(
    [
      'The browser tests need Chrome or Chromium and none was found. Any one of these will do:',
      '  npx playwright install chromium',
      '  apt-get install chromium        (Debian, as root)',
      '  WEFT_TEST_BROWSER=/path/to/chrome npm test',
      '0 passed, 1 failed',
    ].join('\n'),
  )
}
