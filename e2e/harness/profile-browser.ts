/**
 * A Chromium of its own process group on a profile folder: what it keeps outlives it, it can be killed like a process,
 * and its profile can be copied like a folder.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type BrowserContext, chromium } from 'playwright-core'
import { BROWSER_FLAGS, browserPath } from './person.ts'

export interface ProfileBrowser {
  /** The one of the profile. */
  readonly context: BrowserContext
  /** kill -9, all of its processes at once. */
  kill(): Promise<void>
  /** In order: what it has in memory is written. */
  close(): Promise<void>
}

export async function openProfile(folder: string): Promise<ProfileBrowser> {
  const flags = [...BROWSER_FLAGS, '--headless', '--no-first-run', '--remote-debugging-port=0']
  const child = spawn(browserPath(), [...flags, `--user-data-dir=${folder}`, 'about:blank'], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(child, 'exit')
  const kill = async (): Promise<void> => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL')
    } catch {
      // It has ended by itself.
    }
    await ended
  }
  try {
    const address = await new Promise<string>((resolve, reject) => {
      let said = ''
      child.stderr.on('data', (bytes: Buffer) => {
        said += bytes.toString()
        const found = /DevTools listening on (ws:\S+)/.exec(said)
        if (found?.[1] !== undefined) resolve(found[1])
      })
      child.once('error', reject)
      child.once('exit', (code) => reject(new Error(`the browser ended with ${code}: ${said}`)))
    })
    const browser = await chromium.connectOverCDP(address)
    const [context] = browser.contexts()
    if (context === undefined) throw new Error('the profile has no context')
    return {
      context,
      kill,
      close: async () => {
        const session = await browser.newBrowserCDPSession()
        await session.send('Browser.close').catch(() => undefined)
        await ended
      },
    }
  } catch (error) {
    await kill()
    throw error
  }
}
