import { expect, it } from 'vitest'
import { openStage } from '../harness/stage.ts'
import { until } from '../harness/wait.ts'

const stage = openStage()

it('brings back the edits of a tab that was closed while the server was away, and then sends them', async () => {
  const alice = await stage.person('Alice')
  const url = await alice.begin(stage.server.url)
  await alice.type('Typed while connected.')
  await alice.saved()
  // The page itself must be openable without a server, too.
  await alice.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))

  await stage.server.kill()
  await alice.type(' Typed alone.')
  await until('the page says where the words are', alice.pill, (pill) =>
    /^On this device, \d+ edits? waiting$/.test(pill),
  )
  await alice.page.close()

  const again = await stage.person('Alice', alice.context)
  await again.open(url)
  await until(
    'the reopened tab has them, without a server',
    again.text,
    (text) => text === 'Typed while connected. Typed alone.',
  )
  await until('and says so', again.pill, (pill) => /^On this device, \d+ edits? waiting$/.test(pill))

  await stage.server.start()
  await again.saved()
  const bob = await stage.person('Bob')
  await bob.open(url)
  await until(
    'they have reached the server',
    bob.text,
    (text) => text === 'Typed while connected. Typed alone.',
  )
  expect(again.errors).toEqual([])
})
