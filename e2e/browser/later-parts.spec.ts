/** The editor's parts that come later: on another site with one tag, and without any network. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { WeftEditorApi } from '@weft/editor/element'
import type { Page } from 'playwright-core'
import { afterAll, describe, expect, it } from 'vitest'
import { openStage } from '../harness/stage.ts'
import { until } from '../harness/wait.ts'

/** Somebody else's site, with the tag of the README. */
const site = createServer((request, response) => {
  const asked = new URL(request.url ?? '/', 'http://x')
  const server = asked.searchParams.get('server') ?? ''
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(`<!doctype html>
    <html lang="en"><title>Elsewhere</title>
    <script type="module" src="${server}/embed.js?release=7"></script>
    <weft-editor src="${server}/d${asked.pathname}"></weft-editor></html>`)
}).listen(0, '127.0.0.1')
await once(site, 'listening')
const elsewhere = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
afterAll(() => void site.close())

const stage = openStage({ flags: ['--embed-origins', elsewhere] })

/** Opens every part as a person does, with the caret in an empty document. */
async function openEverything(page: Page): Promise<void> {
  const content = page.locator('weft-editor .content')
  await content.click()
  await page.keyboard.press('Control+End')
  await page.keyboard.type('one two')
  await content.getByText('one two').hover()
  await page.locator('weft-editor .block-handle.shown').waitFor()
  await page.locator('weft-toolbar .kind').click()
  await page.locator('weft-block-menu [data-command=heading-2]').click()
  await page.locator('weft-editor h2').waitFor()
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Control+k')
  await page.locator('weft-link-card input').fill('example.org')
  await page.keyboard.press('Enter')
  await page.locator('weft-editor a[href^="https://example.org"]').waitFor()
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await page.keyboard.type('$$')
  await page.locator('weft-object-card textarea').fill('x^2')
  await page.keyboard.press('Control+Enter')
  await page.locator('weft-editor [data-kind=equation]').waitFor()
}

/** The page never comes to fetch ahead. */
const NOTHING_AHEAD = 'globalThis.requestIdleCallback = () => 0'

describe('the parts of the editor that come later', () => {
  it('come from where the one tag points to, with a single copy of the core, and are kept by the browser', async () => {
    const ann = await stage.person('Ann')
    const scripts: string[] = []
    ann.page.on('request', (request) => {
      if (request.resourceType() === 'script') scripts.push(request.url())
    })
    const kept: (string | undefined)[] = []
    ann.page.on('response', (response) => {
      if (/\/assets\/embed\//.test(response.url())) kept.push(response.headers()['cache-control'])
    })
    await ann.page.goto(`${elsewhere}/notes?server=${encodeURIComponent(stage.server.url)}`)
    await ann.page.locator('weft-editor [contenteditable=true]').waitFor()
    await openEverything(ann.page)
    expect(scripts.every((url) => url.startsWith(stage.server.url))).toBe(true)
    expect(scripts.filter((url) => /\/core-/.test(url))).toHaveLength(1)
    expect(scripts.filter((url) => /\/(handles|block-menu|link-card|object-card)-/.test(url))).toHaveLength(4)
    expect(new Set(kept)).toEqual(new Set(['public, max-age=31536000, immutable']))
    expect(ann.errors).toEqual([])
    await ann.context.close()
  })

  it('are all there in a page that is opened again without a server', async () => {
    const ben = await stage.person('Ben')
    // What is there is what the service worker has fetched, not the page.
    await ben.context.addInitScript(NOTHING_AHEAD)
    const url = await ben.begin(stage.server.url)
    await ben.type('Before. ')
    await ben.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
    await ben.saved()
    await stage.server.kill()
    await ben.page.close()
    const again = await stage.person('Ben', ben.context)
    await again.open(url)
    await openEverything(again.page)
    expect(again.errors).toEqual([])
    await ben.context.close()
    await stage.server.start()
  })

  it('do not make an address that is none an error twice', async () => {
    const dan = await stage.person('Dan')
    await dan.page.goto(`${elsewhere}/none?server=${encodeURIComponent(stage.server.url)}`)
    const told = await dan.page.evaluate(async () => {
      const messages: string[] = []
      addEventListener('weft-error', (event) => {
        messages.push((event as CustomEvent<{ message: string }>).detail.message)
      })
      await customElements.whenDefined('weft-editor')
      const editor = document.createElement('weft-editor') as HTMLElement & {
        updateComplete: Promise<boolean>
        requestUpdate(): void
      }
      editor.setAttribute('src', 'no address at all')
      document.body.append(editor)
      for (let update = 0; update < 3; update++) {
        await editor.updateComplete
        editor.requestUpdate()
      }
      await editor.updateComplete
      return messages
    })
    expect(told).toHaveLength(1)
  })

  it('that cannot be fetched are named in words, lose nothing, and come when the network is back', async () => {
    const cho = await stage.person('Cho')
    await cho.context.addInitScript(NOTHING_AHEAD)
    await cho.context.addInitScript(() => {
      addEventListener('weft-error', (event) => {
        document.title = (event as CustomEvent<{ message: string }>).detail.message
      })
    })
    let isBroken = true
    await cho.page.route(/\/embed\/object-card-/, (route) => (isBroken ? route.abort() : route.continue()))
    await cho.page.goto(`${elsewhere}/unlucky?server=${encodeURIComponent(stage.server.url)}`)
    const content = cho.page.locator('weft-editor [contenteditable=true]')
    await content.waitFor()
    await content.click()
    await cho.page.keyboard.type('$$')
    await until(
      'it says so',
      () => cho.page.title(),
      (title) => /could not be fetched/.test(title),
    )
    await cho.page.keyboard.type('still here')
    await content.getByText('still here').waitFor()
    isBroken = false
    await cho.page.reload()
    await content.waitFor()
    await cho.page.locator('weft-editor [data-kind=equation]').dblclick()
    await cho.page.locator('weft-object-card textarea').waitFor()
    await cho.context.close()
  })

  it('show where others are once somebody else is here, and cost none of their words when they cannot', async () => {
    const [dee, eve, fay] = await Promise.all(['Dee', 'Eve', 'Fay'].map((name) => stage.person(name)))
    if (dee === undefined || eve === undefined || fay === undefined) throw new Error('nobody came')
    await dee.context.addInitScript(NOTHING_AHEAD)
    const asked: string[] = []
    let isBroken = true
    await dee.page.route(/\/embed\/carets-/, (route) => {
      asked.push(route.request().url())
      return isBroken ? route.abort() : route.continue()
    })
    const url = `${elsewhere}/company?server=${encodeURIComponent(stage.server.url)}`
    await dee.open(url)
    await dee.page.locator('weft-editor .content').click()
    await dee.type('alone ')
    expect(asked).toEqual([])

    await eve.open(url)
    await eve.clickAfter('alone')
    await eve.type('together ')
    await until('her words are here', dee.text, (text) => text.startsWith('alone together'))
    await until(
      'her caret is asked for',
      async () => asked.length,
      (times) => times > 0,
    )
    await dee.type('still ')
    isBroken = false
    // Whoever wants to go to her is taken there as soon as it has come.
    await eve.page.keyboard.press('Control+End')
    for (let line = 0; line < 40; line++) await eve.page.keyboard.press('Enter')
    await until(
      'her lines are here',
      () => dee.page.locator('weft-editor .content > *').count(),
      (count) => count > 40,
    )
    expect(
      await dee.page.locator('weft-editor').evaluate((element) => {
        const editor = element as unknown as WeftEditorApi
        const other = editor.people.find(({ self }) => !self)
        return other !== undefined && editor.goToPerson(other.clientId)
      }),
    ).toBe(true)
    await until('the page is scrolled to her', () => dee.page.evaluate(() => scrollY > 0))
    const carets = dee.page.locator('weft-editor .caret:not([hidden])')
    await until(
      'hers is shown, though nobody else comes',
      () => carets.allTextContents(),
      (names) => names.join() === 'Eve',
    )
    await fay.open(url)
    await fay.clickAfter('together')
    await until(
      'both are shown',
      () => carets.count(),
      (count) => count === 2,
    )
    expect([...(await carets.allTextContents())].sort()).toEqual(['Eve', 'Fay'])
    const style = await carets.first().evaluate((caret) => getComputedStyle(caret).position)
    expect(style).toBe('absolute')
    expect(dee.errors).toEqual([])
    await Promise.all([dee, eve, fay].map(({ context }) => context.close()))
  })
})
