/**
 * Pages that write under one client id, as a page does that went back to an earlier state of itself: a machine that was
 * restored from its image with the page open. Each notices, and goes on under another id; no word is lost or there twice.
 *
 * Two pages are given the same id when they make their document; everything else is as it always is.
 */
import type { WeftEditorApi } from '@weft/editor/element'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBrowser, type Person, person } from '../harness/person.ts'
import { type ServerProcess, startServerProcess } from '../harness/server-process.ts'
import { until } from '../harness/wait.ts'

const CLIENT = 424_242

let server: ServerProcess
let browser: Browser

beforeAll(async () => {
  server = await startServerProcess()
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await server?.dispose()
})

/** Somebody whose page writes under `CLIENT`, until it takes another id. */
async function twin(name: string): Promise<Person> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  await context.addInitScript((id) => {
    const original = crypto.getRandomValues.bind(crypto)
    crypto.getRandomValues = (array) => {
      original(array)
      // What Yjs draws its client ids with.
      if (array instanceof Uint32Array && array.length === 1 && !('goesOn' in window)) array[0] = id
      return array
    }
  }, CLIENT)
  await context.addInitScript(
    (guest) => localStorage.setItem('weft.guest', guest),
    JSON.stringify({ id: name, name }),
  )
  return person(browser, name, context)
}

/** Under which its page writes. */
async function idOf({ page }: Person): Promise<number | undefined> {
  return page
    .locator('weft-editor')
    .evaluate((editor) => (editor as unknown as WeftEditorApi).people.find(({ self }) => self)?.clientId)
}

interface Scene {
  readonly url: string
  readonly twins: readonly [Person, Person]
}

/** Two of one id in a document that says `Together. `. */
async function begin(): Promise<Scene> {
  const first = await person(browser, 'Olga')
  const url = await first.begin(server.url)
  await first.type('Together. ')
  await first.saved()
  await first.context.close()
  const twins = [await twin('Ann'), await twin('Ben')] as const
  for (const one of twins) {
    await one.open(url)
    await until('what is there is shown', one.text, (text) => text === 'Together. ')
    expect(await idOf(one)).toBe(CLIENT)
    // Whatever it draws from now on is its own.
    await one.page.evaluate(() => Object.assign(window, { goesOn: true }))
    await one.page.locator('weft-editor [contenteditable="true"]').click()
    await one.page.keyboard.press('Control+End')
  }
  return { url, twins }
}

/** On both pages and a cold one, each once, in any order. @returns the text */
async function allThere({ url, twins: [ann, ben] }: Scene, words: readonly string[]): Promise<string> {
  for (const one of [ann, ben]) await one.saved()
  const isWhole = (text: string): boolean =>
    text.length === 'Together. '.length + words.join('').length && words.every((word) => text.includes(word))
  const shown = await until(
    'both texts are on both pages',
    async () => ({ one: await ann.text(), other: await ben.text() }),
    ({ one, other }) => one === other && isWhole(one),
  )
  const text = shown.one
  const late = await person(browser, 'Late')
  await late.open(url)
  await until('and on a cold one', late.text, (seen) => seen === text)
  for (const one of [ann, ben, late]) expect(one.errors).toEqual([])
  await late.context.close()
  return text
}

it.each([
  ['as much as', 'From the one. ', 'From another.'.padEnd(13, '.') + ' '],
  ['less than', 'One. ', 'The other one wrote a good deal more while nobody was there to say so. '],
])(
  'two that write under one id without a server, one %s the other, keep both texts',
  async (_how, one, other) => {
    const scene = await begin()
    const [ann, ben] = scene.twins
    await server.kill()
    for (const [who, words] of [
      [ann, one],
      [ben, other],
    ] as const) {
      await who.type(words)
      await until('it is kept', who.pill, (pill) => pill === `On this device, ${words.length} edits waiting`)
    }
    await server.start()
    await allThere(scene, [one, other])
    // The one that came first, and it alone, still has it.
    expect((await Promise.all(scene.twins.map(idOf))).filter((id) => id === CLIENT)).toHaveLength(1)
    // Whoever began again goes on where they were, without a click.
    await ann.type('And on. ')
    await ann.saved()
    await ben.type('So does he. ')
    const text = await allThere(scene, [`${one}And on. `, `${other}So does he. `])
    // As a page that is loaded anew: nothing of how it was has been kept.
    for (const who of scene.twins) {
      await who.page.reload()
      await until('a reload shows the same', who.text, (seen) => seen === text)
    }
    for (const who of scene.twins) await who.context.close()
  },
)

it('two that write under one id at the same time keep both texts', async () => {
  const scene = await begin()
  const [ann, ben] = scene.twins
  await Promise.all([
    ann.page.keyboard.insertText('From the one. '),
    ben.page.keyboard.insertText('From the other. '),
  ])
  await allThere(scene, ['From the one. ', 'From the other. '])
  for (const who of scene.twins) await who.context.close()
})
