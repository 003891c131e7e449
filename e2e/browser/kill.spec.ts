import { expect, it } from 'vitest'
import type { Person } from '../harness/person.ts'
import { openStage } from '../harness/stage.ts'
import { until } from '../harness/wait.ts'

/** Both pages must be live again this soon after the server listens; CI machines get slack. */
const RECOVERY_MS = process.env['CI'] === undefined ? 5_000 : 15_000

const stage = openStage()

/** Words that can be counted: `a001 a002 …`. */
const words = (prefix: string, from: number, count: number): string =>
  Array.from({ length: count }, (_, index) => `${prefix}${String(from + index).padStart(3, '0')} `).join('')

async function twoAt(address: Promise<string>, alice: Person, bob: Person): Promise<string> {
  const url = await address
  await alice.type('alice')
  await alice.page.keyboard.press('Enter')
  await alice.type('bob')
  await bob.open(url)
  await bob.clickAfter('bob')
  await alice.page.keyboard.press('ArrowUp')
  await alice.page.keyboard.press('End')
  return url
}

it('loses no character when the server is killed while both type, and both pages come back by themselves', async () => {
  const alice = await stage.person('Alice')
  const bob = await stage.person('Bob')
  const url = await twoAt(alice.begin(stage.server.url), alice, bob)

  // Typed before, during and after, without a pause.
  const typing = Promise.all([alice.type(words('a', 0, 60), 12), bob.type(words('b', 0, 60), 12)])
  await until(
    'both are in the middle of it',
    alice.text,
    (text) => text.includes('a010') && text.includes('b010'),
  )
  await stage.server.kill()
  await until('Alice is told', alice.pill, (pill) => /^On this device, \d+ edits? waiting$/.test(pill))
  await until('Bob is told', bob.pill, (pill) => /^On this device, \d+ edits? waiting$/.test(pill))
  await typing
  await stage.server.start()
  const back = performance.now()
  await Promise.all([alice.saved(RECOVERY_MS), bob.saved(RECOVERY_MS)])
  const expected = `alice${words('a', 0, 60)}\nbob${words('b', 0, 60)}`
  for (const one of [alice, bob]) {
    await until('the page has every word of both', one.text, (text) => text === expected, RECOVERY_MS)
  }
  console.info(`both pages live again ${Math.round(performance.now() - back)} ms after the server listened`)

  const fresh = await stage.person('Carol')
  await fresh.open(url)
  await until('a fresh page has every word', fresh.text, (text) => text === expected)
  for (const one of [alice, bob, fresh]) expect(one.errors).toEqual([])
  for (const one of [alice, bob, fresh]) await one.context.close()
})

it('shows Saved only when a kill at that moment and a cold open show everything', async () => {
  const alice = await stage.person('Alice')
  const url = await alice.begin(stage.server.url)
  let typed = ''
  for (let round = 0; round < 5; round++) {
    const more = words(`r${round}`, 0, 6)
    await alice.type(more, 0)
    typed += more
    await alice.saved()
    await stage.server.kill()
    // Nobody who still holds the words is there when the server comes back.
    await alice.context.setOffline(true)
    await stage.server.start()
    const cold = await stage.person('Carol')
    await cold.open(url)
    await until(
      'the cold page shows everything that was called Saved',
      cold.text,
      (text) => text === typed,
      3_000,
    )
    await cold.context.close()
    await alice.context.setOffline(false)
    await alice.saved()
  }
  await alice.context.close()
})
