/**
 * Which Chrome or Chromium the tests drive. Plain JavaScript, because `npm test` asks before anything is built.
 */
import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** Playwright keeps its browsers in one folder a version, outside any project. */
function* fromPlaywright() {
  const folder =
    process.env.PLAYWRIGHT_BROWSERS_PATH ??
    (process.platform === 'darwin'
      ? join(homedir(), 'Library/Caches/ms-playwright')
      : join(homedir(), '.cache/ms-playwright'))
  if (!existsSync(folder)) return
  const versions = readdirSync(folder)
    .filter((name) => name.startsWith('chromium-'))
    .sort()
    .reverse()
  for (const version of versions) {
    for (const path of [
      'chrome-linux64/chrome',
      'chrome-linux/chrome',
      'chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
      'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
    ])
      yield join(folder, version, path)
  }
}

/** The one named by WEFT_TEST_BROWSER first; undefined when there is none. */
export function findBrowser() {
  const named = process.env.WEFT_TEST_BROWSER
  if (named !== undefined && named !== '') return existsSync(named) ? named : undefined
  return [...installed, ...fromPlaywright()].find((path) => existsSync(path))
}
