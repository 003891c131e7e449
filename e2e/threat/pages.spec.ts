/**
 * Hostile content in real pages, by every way in: commands, paste and drop, other people's clients, titles, names and
 * colours, imported files. (Threat rows 11 to 13.)
 *
 * Two people see all of it: Alice in a browser that keeps the page's policy, where nothing may even be tried, and Bob in one
 * without it, where what is tried would succeed and set the canary `window.__x`.
 */
import { flowOf, insertText, printHtml, printMarkdown, splitBlock } from '@weft/document'
import { parseHtml } from '@weft/document/html'
import { parseMarkdown } from '@weft/document/markdown'
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { drop, exec, paste, textOf } from '../harness/gestures.ts'
import type { Person } from '../harness/person.ts'
import { openStage } from '../harness/stage.ts'
import { type StockClient, stockClient } from '../harness/stock-client.ts'
import { until } from '../harness/wait.ts'
import { BAD_ADDRESSES, BAD_HTML, findDanger, RUN } from './hostile-content.ts'

const stage = openStage()
let alice: Person
let bob: Person
let url: string
/** Addresses of windows that something opened. */
const windows: string[] = []
const clients: StockClient[] = []

beforeEach(async () => {
  alice = await stage.person('Alice')
  const lawless = await alice.context.browser()?.newContext({ bypassCSP: true })
  bob = await stage.person('Bob', lawless)
  for (const { page, context } of [alice, bob]) {
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', ({ blockedURI, violatedDirective }) =>
        console.error(`policy: ${violatedDirective} ${blockedURI}`),
      )
    })
    page.on('dialog', (dialog) => {
      windows.push(`dialog ${dialog.message()}`)
      void dialog.dismiss()
    })
    // Nothing here is about other sites, and none is asked: what opens one shows an error instead.
    context.on('page', (opened) => {
      if (!opened.url().startsWith('chrome-error:')) windows.push(opened.url())
    })
    await context.route(/^https?:\/\/(?!127\.0\.0\.1)/, (route) => route.abort())
  }
  url = await alice.begin(stage.server.url)
  await bob.open(url)
  windows.length = 0
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  await Promise.all([alice.context.close(), bob.context.close()])
})

/** A program of somebody else's that writes what it likes. */
async function intruder(): Promise<StockClient> {
  const client = stockClient(stage.server.url, new URL(url).pathname.slice(3))
  clients.push(client)
  await until('the intruder is in', () => client.provider.synced)
  return client
}

async function shows(text: string): Promise<void> {
  for (const { page } of [alice, bob])
    await until(
      `everybody sees ${JSON.stringify(text)}`,
      () => textOf(page).innerText(),
      (seen) => seen.includes(text),
    )
}

/** What a page holds or did that it must not. */
async function harmIn(page: Page): Promise<unknown[]> {
  const found: unknown[] = await page.evaluate(findDanger)
  const x = await page.evaluate(() => (window as unknown as { __x: unknown }).__x)
  return x === undefined ? found : [...found, { canary: x }]
}

/**
 * Chromium says so of handlers and styles in HTML that is read into a document which is never shown (`DOMParser`), as both
 * the editor and Lexical read what is pasted: nothing was tried. What came into the page itself `findDanger` finds, and on
 * Bob's, where no policy stands before it, it would have run.
 */
const isOfUnshown = (error: string): boolean =>
  /^policy: (script-src-attr|style-src-elem|style-src-attr) inline$|^(Executing inline event handler|Applying inline style) violates /.test(
    error,
  )

async function expectHarmless(what: string, isPasted = false): Promise<void> {
  const harm = [await harmIn(alice.page), await harmIn(bob.page)]
  const errors = [...alice.errors.filter((error) => !isPasted || !isOfUnshown(error)), ...bob.errors]
  expect({ what, harm, windows, errors }).toEqual({
    what,
    harm: [[], []],
    windows: [],
    errors: [],
  })
}

/**
 * Drops each piece on both pages, on a line of its own that holds nothing else: what is dropped into what came before it may
 * end in a table, in code or in the middle of a word. A drop that arrives nowhere shows nothing, so each must be seen to come.
 */
async function dropAll(pieces: readonly string[]): Promise<void> {
  const { doc } = await intruder()
  const flow = flowOf(doc)
  for (const [index, html] of pieces.entries()) {
    const line = `here ${index}`
    doc.transact(() => {
      splitBlock(flow, flow.length, { type: 'paragraph', indent: 0 }, `line-${index}`)
      insertText(flow, flow.length, line)
    })
    await shows(line)
    for (const { page, name } of [
      { ...bob, name: 'Bob' },
      { ...alice, name: 'Alice' },
    ]) {
      const place = textOf(page).getByText(line).last()
      await place.scrollIntoViewIfNeeded()
      const box = await place.boundingBox()
      if (box === null) throw new Error(`${JSON.stringify(line)} is nowhere on the page`)
      const word = `${name} dropped ${index};`
      await drop(page, { x: box.x + 2, y: box.y + box.height / 2 }, [
        { mimeType: 'text/html', data: `<b>${word}</b> ${html} <b>after</b>` },
      ])
      await shows(word)
    }
  }
}

/** Presses everything that could be pressed, with each button and with the keyboard. */
async function pressAll(page: Page): Promise<void> {
  const content = textOf(page)
  for (const link of await content.locator('a').all())
    for (const button of ['left', 'middle'] as const)
      for (const modifiers of [[], ['Control' as const]]) await link.click({ button, modifiers })
  await content.click()
  await page.keyboard.press('Control+Enter')
}

describe('an address that could run something', () => {
  it('is no link when a program writes it under one, pressed with either button or none', async () => {
    const { doc } = await intruder()
    const flow = flowOf(doc)
    doc.transact(() => {
      for (const address of BAD_ADDRESSES) flow.insert(flow.length, 'press me ', { link: address })
      // So that what is looked at is seen to be looked at.
      insertText(flow, flow.length, 'end', { link: 'https://example.org/' })
    })
    await shows('end')
    await expectHarmless('links of a program')
    for (const { page } of [alice, bob]) {
      expect(await textOf(page).locator('a').count()).toBe(1)
      for (const button of ['left', 'middle'] as const)
        await textOf(page)
          .getByText('press me')
          .first()
          .click({ button, modifiers: ['Control'] })
      await page.keyboard.press('Control+Enter')
    }
    await expectHarmless('links of a program, pressed')
  })

  it('is refused by the command, from the keyboard and over a selection', async () => {
    const { page } = alice
    await alice.type('see here')
    await page.keyboard.press('Control+Shift+ArrowLeft')
    for (const address of BAD_ADDRESSES) {
      await exec(page, 'link', address)
      await paste(page, 'text/plain', address)
      await page.keyboard.press('Control+z')
      await page.keyboard.press('Control+Shift+ArrowLeft')
    }
    await expectHarmless('links by command and paste')
    for (const { page: one } of [alice, bob]) expect(await textOf(one).locator('a').count()).toBe(0)
  })

  it('is left out of pasted and dropped HTML and typed Markdown', async () => {
    const pieces = BAD_ADDRESSES.map((address) => {
      const quoted = address.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
      return `<p>[<a href="${quoted}">a</a>] <img src="${quoted}" alt=""></p>`
    })
    for (const { page } of [bob, alice]) {
      await textOf(page).click()
      for (const html of pieces) await paste(page, 'text/html', html)
    }
    await dropAll(pieces)
    await alice.clickAfter('here 0')
    await alice.type(` [press](javascript:${RUN}) ![x](javascript:${RUN}) <javascript:${RUN}> end`)
    await shows('end')
    await pressAll(alice.page)
    await expectHarmless('pasted, dropped and typed links')
    for (const { page: one } of [alice, bob]) expect(await textOf(one).locator('a').count()).toBe(0)
  })

  it('is nothing in any block, object or mention that a program writes', async () => {
    const { doc } = await intruder()
    const flow = flowOf(doc)
    for (const address of BAD_ADDRESSES)
      doc.transact(() => {
        for (const type of ['image', 'file', 'embed', 'no-such-type', `<img src=x onerror=${RUN}>`]) {
          const values = { type, url: address, name: address, alt: address, id: address.slice(0, 64) }
          flow.insertEmbed(flow.length, new Y.Map(Object.entries(values)))
        }
        for (const type of ['mention', 'image', 'file', 'equation', 'no-such-type'])
          flow.insertEmbed(flow.length, {
            type,
            kind: 'document',
            ref: address,
            label: address,
            url: address,
            latex: address,
          })
      })
    flow.insert(flow.length, 'end')
    await shows('end')
    await expectHarmless('blocks of a program')
  })
})

describe('hostile HTML', () => {
  it(`does nothing when it is pasted, ${BAD_HTML.length} kinds of it, under the page's policy and without one`, async () => {
    for (const { page } of [bob, alice]) {
      await textOf(page).click()
      for (const html of BAD_HTML) await paste(page, 'text/html', `${html} <b>after</b>`)
    }
    await alice.type(' end')
    await shows('end')
    await expectHarmless('pasted HTML', true)
    await pressAll(bob.page)
    await expectHarmless('pasted HTML, pressed', true)
  })

  it('does nothing when it is dropped, each kind of it on either page', async () => {
    await dropAll(BAD_HTML)
    await alice.clickAfter('here 0')
    await alice.type(' end')
    await shows('end')
    await expectHarmless('dropped HTML', true)
    await pressAll(bob.page)
    await expectHarmless('dropped HTML, pressed', true)
  })

  it('does nothing after it was imported and exported, in a page of nobody’s', async () => {
    const context = bob.context
    const empty = await context.newPage()
    const imported = (html: string) => [
      parseHtml(html),
      parseMarkdown(html),
      parseMarkdown(`> - ${html}\n\n${html}`),
    ]
    for (const html of BAD_HTML)
      for (const document of imported(html))
        for (const exported of [printHtml(document), printHtml(parseMarkdown(printMarkdown(document)))]) {
          await empty.setContent(exported, { waitUntil: 'load' })
          expect({ html, harm: await harmIn(empty) }).toEqual({ html, harm: [] })
        }
    for (const address of BAD_ADDRESSES) {
      const given = [
        `<a href="${address.replaceAll('"', '&quot;')}">x</a><img src="${address.replaceAll('"', '&quot;')}">`,
        `[x](<${address.replaceAll(/[\n\r]/g, '')}>) ![x](<${address.replaceAll(/[\n\r]/g, '')}>) <${address}>\n\n[y]: ${address}\n\n[y]`,
      ]
      const exported = [printHtml(parseHtml(given[0] ?? '')), printHtml(parseMarkdown(given[1] ?? ''))].join(
        '',
      )
      await empty.setContent(exported)
      expect({ address, harm: await harmIn(empty) }).toEqual({ address, harm: [] })
    }
    windows.length = 0
  })
})

describe('names', () => {
  it('of documents are text, in the list and on the page', async () => {
    const id = new URL(url).pathname.slice(3)
    for (const title of [
      `<img src=x onerror=${RUN}>`,
      `javascript:${RUN}`,
      `"><script>${RUN}</script>`,
      '\u202Egpj.exe',
    ]) {
      const response = await fetch(`${stage.server.url}/api/v1/documents/${id}`, {
        method: 'PATCH',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ title }),
      })
      expect(response.status).toBe(200)
      const { title: kept } = (await response.json()) as { title: string }
      expect(kept).not.toContain('\u202E')
      await until(
        'the page has the title',
        () => alice.page.title(),
        (seen) => seen.includes(kept),
      )
      await bob.page.goto(stage.server.url)
      await until(
        'the list has the title',
        () => bob.page.getByText(kept).count(),
        (count) => count > 0,
      )
      await expectHarmless(title)
    }
  })

  it('and colours of people are a word and a colour of ours, whatever they say they are', async () => {
    const { provider } = await intruder()
    const { page } = alice
    provider.awareness.setLocalStateField('user', {
      name: `\u202E<img src=x onerror=${RUN}>\u0000\n`,
      color: 'red;background:url(//evil.example/x)',
      colorLight: 'url(//evil.example/y)',
      id: `"><script>${RUN}</script>`,
    })
    const caret = { type: null, tname: 'flow', item: null, assoc: 0 }
    provider.awareness.setLocalStateField('cursor', { anchor: caret, head: caret })
    const people = (): Promise<{ name: string; color: string }[]> =>
      page
        .locator('weft-editor')
        .evaluate((editor) =>
          (editor as unknown as { people: { name: string; color: string; self: boolean }[] }).people
            .filter(({ self }) => !self)
            .map(({ name, color }) => ({ name, color })),
        )
    const seen = await until('the intruder is seen', people, (all) =>
      all.some(({ name }) => name.includes('<img')),
    )
    const [named] = seen.filter(({ name }) => name.includes('<img'))
    expect(named?.name).toBe(`<img src=x onerror=${RUN}>`)
    expect(named?.color).toMatch(/^#[0-9a-f]{6}$/)
    await expectHarmless('a person')
    expect(await page.content()).not.toContain('evil.example')
  })
})
