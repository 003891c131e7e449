import type { WeftEditorApi } from '@weft/editor/element'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { openStage } from '../harness/stage.ts'
import { until } from '../harness/wait.ts'

const stage = openStage()

/**
 * Keeps every write to the copies on this device waiting, as a busy disk does.
 *
 * @returns lets them go on
 */
async function holdCopies(page: Page): Promise<() => Promise<void>> {
  const held = await page.evaluateHandle(
    () =>
      new Promise<{ isReleased: boolean }>((resolve, reject) => {
        const hold = { isReleased: false }
        const opening = indexedDB.open('weft')
        opening.addEventListener('error', () =>
          reject(opening.error ?? new Error('the copies cannot be opened')),
        )
        opening.onsuccess = () => {
          // Others wait for a transaction as long as it has something to do.
          const store = opening.result.transaction('updates', 'readwrite').objectStore('updates')
          const goOn = (): void => {
            resolve(hold)
            if (hold.isReleased) opening.result.close()
            else store.count().onsuccess = goOn
          }
          store.count().onsuccess = goOn
        }
      }),
  )
  return () =>
    held.evaluate((hold) => {
      hold.isReleased = true
    })
}

/** From now on, what the pill says in each frame in which `word` stands in the text. */
async function watchPill(page: Page, word: string): Promise<() => Promise<readonly string[]>> {
  const status = await page.locator('weft-status').first().elementHandle()
  const seen = await page.locator('weft-editor .content').evaluateHandle(
    (content, { pill, wanted }) => {
      const labels: string[] = []
      const look = (): void => {
        const label = pill?.shadowRoot?.querySelector('.pill .label')?.textContent ?? 'no pill'
        if (content.textContent?.includes(wanted)) labels.push(label)
        requestAnimationFrame(look)
      }
      look()
      return labels
    },
    { pill: status, wanted: word },
  )
  return () => seen.jsonValue()
}

function leavingLoses(page: Page): Promise<{ said: boolean; isAsked: boolean }> {
  return page.locator('weft-editor').evaluate((element) => ({
    said: (element as unknown as WeftEditorApi).status.leavingLoses,
    isAsked: !dispatchEvent(new Event('beforeunload', { cancelable: true })),
  }))
}

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

it('says that edits are on this device only when the last one is, and asks before it would be lost', async () => {
  const alice = await stage.person('Alice')
  const url = await alice.begin(stage.server.url)
  await alice.type('Before.')
  await alice.saved()
  await alice.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))

  await stage.server.kill()
  await alice.type(' Kept')
  await until('five edits are kept', alice.pill, (pill) => pill === 'On this device, 5 edits waiting')
  expect(await leavingLoses(alice.page)).toEqual({ said: false, isAsked: false })

  const release = await holdCopies(alice.page)
  const said = await watchPill(alice.page, 'Kept!')
  await alice.page.keyboard.press('!')
  expect(await leavingLoses(alice.page)).toEqual({ said: true, isAsked: true })
  await until('the page says what it waits for', alice.pill, (pill) => pill === 'Keeping on this device…')
  expect(await leavingLoses(alice.page)).toEqual({ said: true, isAsked: true })
  // A page that was busy may have drawn none of the frames in which it was editing.
  const labels = await until('it is drawn', said, (seen) => seen.at(-1) === 'Keeping on this device…')
  expect(labels.filter((label) => !['Editing', 'Keeping on this device…'].includes(label))).toEqual([])

  await release()
  await until('the sixth is kept, too', alice.pill, (pill) => pill === 'On this device, 6 edits waiting')
  expect(await leavingLoses(alice.page)).toEqual({ said: false, isAsked: false })
  await alice.page.close()
  const again = await stage.person('Alice', alice.context)
  await again.open(url)
  await until('the reopened tab has all six', again.text, (text) => text === 'Before. Kept!')
  expect([...alice.errors, ...again.errors]).toEqual([])
  await stage.server.start()
  await again.saved()
})
