/** Brings a Chromium for the browser tests where the system can; says what to do where it cannot. */
import { findBrowser } from '../../e2e/harness/find-browser.mjs'
import { canInstall, installFromDebian } from './debian.mjs'
import { fail } from './workspace.mjs'

export async function installBrowser() {
  if (canInstall()) await installFromDebian(['chromium'], 'the browser tests')
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
