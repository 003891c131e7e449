/**
 * What every file of browser tests stands on: one server and one browser, there before its first test and gone
 * after its last, however that ended. A test that failed while it had the server down leaves it to the next as it was.
 */
import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { openBrowser, type Person, person } from './person.ts'
import { type ServerProcess, type ServerProcessOptions, startServerProcess } from './server-process.ts'

export interface Stage {
  /** Not before the first test. */
  readonly server: ServerProcess
  /** @param context to open a second tab of the same person */
  person(name: string, context?: BrowserContext): Promise<Person>
}

/** Called once, outside of any test. */
export function openStage(options?: ServerProcessOptions): Stage {
  let server: ServerProcess | undefined
  let browser: Browser | undefined
  beforeAll(async () => {
    server = await startServerProcess(options)
    browser = await openBrowser()
  })
  beforeEach(async () => {
    if (server?.isRunning === false) await server.start()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.dispose()
  })
  return {
    get server() {
      return opened(server)
    },
    person: (name, context) => person(opened(browser), name, context),
  }
}

function opened<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('a stage is open only while tests run')
  return part
}
