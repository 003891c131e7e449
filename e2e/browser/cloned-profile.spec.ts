/**
 * One browser profile, copied with what it keeps of a document, and opened twice: both write on without a server, and
 * no word of either is lost or there twice.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Person, personIn } from '../harness/person.ts'
import { openProfile, type ProfileBrowser } from '../harness/profile-browser.ts'
import { type ServerProcess, startServerProcess } from '../harness/server-process.ts'
import { until } from '../harness/wait.ts'

let server: ServerProcess
let folder: string
const browsers: ProfileBrowser[] = []
beforeAll(async () => {
  server = await startServerProcess()
  folder = await mkdtemp(join(tmpdir(), 'weft-clone-'))
})
afterAll(async () => {
  for (const browser of browsers) await browser.kill()
  await server?.dispose()
  await rm(folder, { recursive: true, force: true })
})

async function openPage(profile: string): Promise<Person> {
  const browser = await openProfile(join(folder, profile))
  browsers.push(browser)
  return personIn(browser.context)
}

async function typeAlone(one: Person, text: string): Promise<void> {
  await one.page.locator('weft-editor [contenteditable="true"]').click()
  await one.page.keyboard.press('Control+End')
  await one.type(text)
  // Each key is an edit.
  await until(
    'all of it is kept on the device',
    one.pill,
    (pill) => pill === `On this device, ${text.length} edits waiting`,
  )
}

it('a copied profile that is opened beside the first one writes under another client id: both texts are there, each once', async () => {
  const first = await openPage('one')
  const url = await first.begin(server.url)
  await first.type('Together. ')
  await first.saved()
  await server.kill()
  // Waits in both copies, and is offered by both.
  await typeAlone(first, 'Waiting. ')
  await browsers.at(-1)?.close()
  await cp(join(folder, 'one'), join(folder, 'two'), {
    recursive: true,
    filter: (path) => !/Singleton/.test(path),
  })
  await server.start()

  const people = [await openPage('one'), await openPage('two')]
  for (const one of people) {
    await one.open(url)
    await until('what was kept is there', one.text, (text) => text === 'Together. Waiting. ')
    await one.saved()
  }
  await server.kill()
  const [ann, twin] = people as [Person, Person]
  await Promise.all([typeAlone(ann, 'From the one. '), typeAlone(twin, 'From the other. ')])
  await server.start()
  for (const one of people) await one.saved()
  const texts = ['From the one. From the other. ', 'From the other. From the one. '].map(
    (ending) => `Together. Waiting. ${ending}`,
  )
  const shown = await until(
    'both texts are on both pages',
    async () => [await ann.text(), await twin.text()],
    ([one, other]) => one === other && texts.includes(one ?? ''),
  )
  const late = await openPage('three')
  await late.open(url)
  await until('and on a new one', late.text, (text) => text === shown[0])
  for (const one of [...people, late]) expect(one.errors).toEqual([])
})
