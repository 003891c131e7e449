import { MESSAGE } from '@weft/protocol'
import { expect, it } from 'vitest'
import { compose } from '../harness/gestures.ts'
import type { Person } from '../harness/person.ts'
import { openStage } from '../harness/stage.ts'
import { isNone, until } from '../harness/wait.ts'

const stage = openStage()

it('keeps every word that two people type at once, and shows both the same, with carets and names', async () => {
  const alice = await stage.person('Alice')
  const bob = await stage.person('Bob')

  await bob.open(await alice.begin(stage.server.url))

  await alice.type('The loom stands in the middle of the room.')
  await until(
    'Bob reads the paragraph',
    bob.text,
    (text) => text === 'The loom stands in the middle of the room.',
  )

  // Into the same paragraph at the same time, one at its end and one in the middle of it.
  await bob.clickAfter('The loom')
  await bob.page.keyboard.press('Home')
  for (let step = 0; step < 8; step++) await bob.page.keyboard.press('ArrowRight')
  await alice.page.keyboard.press('End')
  await Promise.all([
    alice.type(' Threads cross over and under, and the cloth grows.', 20),
    bob.type(', built of oak by hand in winter,', 25),
  ])
  const paragraph =
    'The loom, built of oak by hand in winter, stands in the middle of the room. Threads cross over and under, and the cloth grows.'
  await until('Alice sees both sentences', alice.text, (text) => text === paragraph)
  await until('Bob sees both sentences', bob.text, (text) => text === paragraph)

  // One makes a heading while the other writes a list below.
  await alice.page.keyboard.press('Enter')
  await Promise.all([
    (async () => {
      await bob.page.keyboard.press('Home')
      await bob.type('# ')
    })(),
    (async () => {
      await alice.type('- warp')
      await alice.page.keyboard.press('Enter')
      await alice.type('weft')
    })(),
  ])
  const texts = [paragraph, 'warp', 'weft']
  for (const one of [alice, bob]) {
    await until('the heading and the list are there', one.blocks, (blocks) => {
      return (
        JSON.stringify(blocks.map((block) => block.text)) === JSON.stringify(texts) && blocks[0]?.tag === 'h1'
      )
    })
  }
  expect(await bob.blocks()).toEqual(await alice.blocks())
  expect(await alice.page.locator('weft-editor [role="listitem"], weft-editor li').count()).toBe(2)

  // Each sees the other's name.
  await bob.type('Hello ')
  await until('Alice sees whose caret moves', () =>
    alice.page.getByText('Bob', { exact: true }).first().isVisible(),
  )
  await alice.type(' and cloth')
  await until('Bob sees whose caret moves', () =>
    bob.page.getByText('Alice', { exact: true }).first().isVisible(),
  )

  await alice.saved()
  await bob.saved()
  const before = await until(
    'both screens are equal',
    async () => [await alice.blocks(), await bob.blocks()],
    ([a, b]) => {
      return JSON.stringify(a) === JSON.stringify(b)
    },
  )
  await alice.page.reload()
  await until(
    'a reload shows the same',
    alice.blocks,
    (blocks) => JSON.stringify(blocks) === JSON.stringify(before[0]),
  )
  expect(
    await bob.page
      .locator('weft-editor')
      .evaluate((element) => (element as HTMLElement & { getMarkdown(): string }).getMarkdown()),
  ).toMatch(/^# Hello The loom, .*\n\n- warp\n- weft and cloth\n?$/)
  expect(alice.errors).toEqual([])
  expect(bob.errors).toEqual([])
})

it('lets one make a word bold and plain again while the other types', async () => {
  const [alice, bob] = await Promise.all([stage.person('Alice'), stage.person('Bob')])
  const { page } = alice
  const address = await alice.begin(stage.server.url)
  await alice.type('before word after\nsecond')
  await bob.open(address)
  await bob.clickAfter('second')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Home')
  for (let step = 0; step < 'before '.length; step += 1) await page.keyboard.press('ArrowRight')
  for (let step = 0; step < 'word'.length; step += 1) await page.keyboard.press('Shift+ArrowRight')
  const bold = (): Promise<string> =>
    page
      .locator('weft-editor .content .bold')
      .allTextContents()
      .then((texts) => texts.join())
  for (const wanted of ['word', '', 'word', '', 'word', '']) {
    await page.keyboard.press('Control+b')
    await until(`"${wanted}" is bold`, bold, (seen) => seen === wanted)
    await bob.type('x')
    // Bob's letter is on Alice's page before she goes on.
    const letters = (await bob.text()).replaceAll(/[^x]/g, '').length
    await until('his letter is there', alice.text, (text) => text.replaceAll(/[^x]/g, '').length === letters)
  }
  expect([...alice.errors, ...bob.errors]).toEqual([])
})

it('shows a caret behind every letter that its owner types, told of it once and not at every letter', async () => {
  const [alice, bob] = await Promise.all([stage.person('Alice'), stage.person('Bob')])
  let told = 0
  alice.page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      if (typeof payload !== 'string' && payload[0] === MESSAGE.awareness) told++
    }),
  )
  await bob.open(await alice.begin(stage.server.url))
  await alice.type('so')
  /** Of her caret on his page, from what stands before it. */
  const isBehind = (words: string): Promise<boolean> =>
    bob.page.locator('weft-editor').evaluate((element, words) => {
      const root = element.shadowRoot
      const block = root?.querySelector('.content > p')
      const caret = root?.querySelector('.caret:not([hidden])')?.getBoundingClientRect()
      if (block === null || block === undefined || caret === undefined) return false
      const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT)
      let left = words.length
      let node = walker.nextNode()
      for (; node !== null && left > (node.textContent?.length ?? 0); node = walker.nextNode())
        left -= node.textContent?.length ?? 0
      if (node === null || !(block.textContent ?? '').startsWith(words)) return false
      const range = document.createRange()
      range.setStart(node, left)
      const place = range.getBoundingClientRect()
      return Math.abs(place.x - caret.x) < 3 && Math.abs(place.y - caret.y) < 8
    }, words)
  await until('Bob sees her caret', () => isBehind('so'))
  const before = told
  const beganMs = performance.now()
  let words = 'so'
  for (const letter of ' it is told by words') {
    await alice.page.keyboard.press(letter === ' ' ? 'Space' : letter)
    words += letter
    await until(`her caret is behind "${words}"`, () => isBehind(words))
  }
  // What everybody says of themselves every 15 s, changed or not, is no letter's doing.
  const renewals = Math.floor((performance.now() - beganMs) / 15_000)
  expect(told - before - renewals).toBeLessThanOrEqual(2)
  // What she does with her caret otherwise is told at once.
  for (let step = 0; step < 5; step++) await alice.page.keyboard.press('ArrowLeft')
  await until('her caret has gone back', () => isBehind(words.slice(0, -5)))
  await alice.type('s')
  await until('and on', () => isBehind(`${words.slice(0, -5)}s`))
  await alice.page.keyboard.press('Backspace')
  await until('and back again', () => isBehind(words.slice(0, -5)))
  // Where a caret stands comes on another way than what is stored first, and may be there before it.
  await until('the letter is gone', bob.text, (text) => text === words)
  expect([...alice.errors, ...bob.errors]).toEqual([])
})

it('washes what another has selected in their colour, and restyles no other block for it', async () => {
  const [alice, bob] = await Promise.all([stage.person('Alice'), stage.person('Bob')])
  await bob.open(await alice.begin(stage.server.url))
  await alice.type('first\nsecond\nthird')
  await until('Bob reads them', bob.text, (text) => text === 'first\nsecond\nthird')
  /** The washes on Bob's screen: their words, and which blocks know of their colour. */
  const washes = () =>
    bob.page.locator('weft-editor .content').evaluate((content) =>
      [...CSS.highlights].flatMap(([name, highlight]) => {
        const words = [...highlight].map(
          ({ startContainer, startOffset, endContainer, endOffset }) =>
            `${startContainer.textContent?.slice(startOffset)}…${endContainer.textContent?.slice(0, endOffset)}`,
        )
        const color = (block: Element) => getComputedStyle(block, `::highlight(${name})`).backgroundColor
        const own = [...content.children].map((block) => color(block.firstElementChild ?? block))
        return [{ words, colored: own.map((value) => value !== 'rgba(0, 0, 0, 0)') }]
      }),
    )
  await alice.page.keyboard.press('Home')
  for (let step = 0; step < 'rd'.length; step += 1) await alice.page.keyboard.press('ArrowRight')
  await alice.page.keyboard.press('Shift+ArrowUp')
  await until('Bob sees two blocks washed', washes, (seen) => {
    return JSON.stringify(seen) === JSON.stringify([{ words: ['cond…th'], colored: [false, true, true] }])
  })
  await alice.page.keyboard.press('Shift+Home')
  await until('the wash grows with it', washes, (seen) => {
    return JSON.stringify(seen) === JSON.stringify([{ words: ['second…th'], colored: [false, true, true] }])
  })
  await alice.page.keyboard.press('ArrowRight')
  await until('and goes with it', washes, (seen) => seen.length === 0)
  await until(
    'no block is marked any more',
    () => bob.page.locator('weft-editor [data-washed]').count(),
    isNone,
  )
  expect([...alice.errors, ...bob.errors]).toEqual([])
})

it('keeps what one types or composes over words that the other deletes meanwhile, letter by letter', async () => {
  const [alice, bob] = await Promise.all([stage.person('Alice'), stage.person('Bob')])
  await bob.open(await alice.begin(stage.server.url))
  await alice.type('say hello\nsay howdy')
  await until('Bob reads both', bob.text, (text) => text.endsWith('howdy'))
  await alice.saved()
  await stage.server.kill()
  const selectWord = async (one: Person): Promise<void> => {
    for (let step = 0; step < 'hello'.length; step += 1) await one.page.keyboard.press('Shift+ArrowLeft')
  }
  for (const text of ['hello', 'howdy']) {
    await bob.clickAfter(text)
    await selectWord(bob)
    await bob.page.keyboard.press('Delete')
  }
  await alice.clickAfter('hello')
  await selectWord(alice)
  await alice.type('hi')
  await alice.clickAfter('howdy')
  await selectWord(alice)
  const cdp = await alice.context.newCDPSession(alice.page)
  for (const candidate of ['h', 'ho', 'hola']) await compose(cdp, candidate)
  await cdp.send('Input.insertText', { text: 'hola' })
  await until('Alice reads what she wrote', alice.text, (text) => text === 'say hi\nsay hola')
  await stage.server.start()
  for (const one of [alice, bob])
    await until('every letter is there', one.text, (text) => text === 'say hi\nsay hola')
  expect([...alice.errors, ...bob.errors]).toEqual([])
})
