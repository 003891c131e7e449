/** People in browsers: each in a context of their own, on the real application, watched for errors. */
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { findBrowser } from './find-browser.mjs'
import { until } from './wait.ts'

export const BROWSER_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export function browserPath(): string {
  const path = findBrowser()
  if (path === undefined) throw new Error('no Chrome or Chromium found; `npm test` says how to get one')
  return path
}

/** @param flags beyond the usual ones */
export async function openBrowser(flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: browserPath(), args: [...BROWSER_FLAGS, ...flags] })
}

/** A block as it stands on the screen: its element, the attributes that show, its words. */
export interface ScreenBlock {
  readonly tag: string
  readonly text: string
}

export interface Person {
  readonly context: BrowserContext
  readonly page: Page
  /** Errors the page printed or threw, other than failed requests while the server was away. */
  readonly errors: readonly string[]
  readonly open: (url: string) => Promise<void>
  /** Makes a new document from the list and puts the caret into it. @returns its address */
  readonly begin: (server: string) => Promise<string>
  /** Puts the caret at the end of the block that holds `text`. */
  readonly clickAfter: (text: string) => Promise<void>
  readonly type: (text: string, delayMs?: number) => Promise<void>
  readonly blocks: () => Promise<ScreenBlock[]>
  /** All words on the screen, blocks separated by newlines. */
  readonly text: () => Promise<string>
  readonly pill: () => Promise<string>
  readonly saved: (withinMs?: number) => Promise<void>
}

/** @param context to open a second tab of the same person */
export async function person(browser: Browser, name: string, context?: BrowserContext): Promise<Person> {
  const own = context ?? (await browser.newContext({ viewport: { width: 1280, height: 800 } }))
  if (context === undefined) {
    const guest = JSON.stringify({ id: `guest-${name.toLowerCase()}`, name })
    // Not in frames of other sites, which a document may have.
    await own.addInitScript((value) => {
      if (window.top === window) localStorage.setItem('weft.guest', value)
    }, guest)
  }
  return personIn(own)
}

/** Whoever it is that the context knows. */
export async function personIn(own: BrowserContext): Promise<Person> {
  // An editor that had to be set up anew from its document is a defect, although nobody would notice.
  await own.addInitScript(() => {
    addEventListener('weft-error', (event) => {
      const { code, message } = (event as CustomEvent<{ code: string; message: string }>).detail
      if (code === 'editor') console.error(`the editor failed: ${message}`)
    })
  })
  const page = await own.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message))
  page.on('console', (message) => {
    // A server that is down is what some of these tests are about.
    if (message.type() === 'error' && !/net::ERR_|WebSocket connection/.test(message.text()))
      errors.push(message.text())
  })
  const content = page.locator('weft-editor [contenteditable="true"]')

  async function blocks(): Promise<ScreenBlock[]> {
    return content.evaluate((root) =>
      [...root.children].map((child) => ({
        tag: child.tagName.toLowerCase(),
        text: (child as HTMLElement).innerText.replace(/\n$/, ''),
      })),
    )
  }

  const self: Person = {
    context: own,
    page,
    errors,
    open: async (url) => {
      await page.goto(url)
      await content.waitFor()
    },
    begin: async (server) => {
      await page.goto(server)
      await page
        .getByRole('button', { name: /start a document|new document/i })
        .first()
        .click()
      await page.waitForURL(/\/d\/[\w-]{22}$/)
      await content.waitFor()
      await content.click()
      return page.url()
    },
    clickAfter: async (text) => {
      await content.getByText(text).first().click()
      await page.keyboard.press('End')
    },
    type: (text, delayMs = 15) => page.keyboard.type(text, { delay: delayMs }),
    blocks,
    text: async () => (await blocks()).map((block) => block.text).join('\n'),
    pill: async () => (await page.locator('weft-status .pill .label').first().textContent())?.trim() ?? '',
    saved: async (withinMs = 20_000) => {
      await until('the pill says Saved', self.pill, (seen) => /^Saved\b/.test(seen), withinMs)
    },
  }
  return self
}
