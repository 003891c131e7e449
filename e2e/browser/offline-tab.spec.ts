import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBrowser, person } from '../harness/person.ts'
import { type ServerProcess, startServerProcess } from '../harness/server-process.ts'
import { until } from '../harness/wait.ts'

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

it('brings back the edits of a tab that was closed while the server was away, and then sends them', async () => {
  const alice = await person(browser, 'Alice')
  const url = await alice.begin(server.url)
  await alice.type('Typed while connected.')
  await alice.saved()
  // The page itself must be openable without a server, too.
  await alice.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))

  await server.kill()
  await alice.type(' Typed alone.')
  await until('the page says where the words are', alice.pill, (pill) =>
    /^On this device, \d+ edits? waiting$/.test(pill),
  )
  await alice.page.close()

  const again = await person(browser, 'Alice', alice.context)
  await again.open(url)
  await until(
    'the reopened tab has them, without a server',
    again.text,
    (text) => text === 'Typed while connected. Typed alone.',
  )
  await until('and says so', again.pill, (pill) => /^On this device, \d+ edits? waiting$/.test(pill))

  await server.start()
  await again.saved()
  const bob = await person(browser, 'Bob')
  await bob.open(url)
  await until(
    'they have reached the server',
    bob.text,
    (text) => text === 'Typed while connected. Typed alone.',
  )
  expect(again.errors).toEqual([])
})
