/** What others write closes nobody's menu and moves nobody's view. */
import { describe, expect, it } from 'vitest'
import { exec, frame, paste } from '../harness/gestures.ts'
import type { Person } from '../harness/person.ts'
import { openStage } from '../harness/stage.ts'
import { together } from '../harness/together.ts'
import { until } from '../harness/wait.ts'

const stage = openStage()
let ann: Person
let ben: Person
together(stage, ['Ann', 'Ben'], (first, second) => {
  ann = first
  ben = second
})

/** What Ben types has come to Ann's screen, and a frame has passed in which she could have lost something. */
async function benWrites(text: string): Promise<void> {
  await ben.type(text)
  await until(`${text} has come`, ann.text, (seen) => seen.includes(text.trim()))
  await frame(ann.page)
  await frame(ann.page)
}

describe('while somebody else types', () => {
  it('the menu of blocks stays open and does what it says to the block it was opened for', async () => {
    await ann.type('first\nsecond')
    await until('Ben has both', ben.text, (text) => text === 'first\nsecond')
    await ben.clickAfter('first')
    await ann.page.locator('weft-toolbar .kind').click()
    const menu = ann.page.locator('weft-block-menu[data-menu=kind]')
    const isOpen = (): Promise<boolean> => menu.evaluate((each) => each.matches(':popover-open'))
    await until('the menu has the focus', () => menu.locator('button:focus').count())
    for (const word of [' one', ' two', ' three']) {
      await benWrites(word)
      expect(await isOpen()).toBe(true)
      expect(await menu.locator('button:focus').count()).toBe(1)
    }
    await ben.page.keyboard.press('Enter')
    await benWrites('between')
    expect(await isOpen()).toBe(true)
    await menu.locator('[data-command=heading-2]').click()
    await until('her block is a heading', ben.blocks, (blocks) => blocks.at(-1)?.tag.toLowerCase() === 'h2')
    expect((await ben.blocks()).map(({ text }) => text)).toEqual(['first one two three', 'between', 'second'])
  })

  it('the menu of a table stays open, also when they type in that table', async () => {
    await ann.type('above\n')
    await exec(ann.page, 'table', '2x2')
    await ann.type('cell')
    await until('Ben has the table', ben.text, (text) => text.includes('cell'))
    await ann.page.getByRole('button', { name: 'Rows and columns' }).click()
    const menu = ann.page.locator('weft-table-menu')
    const isOpen = (): Promise<boolean> => menu.evaluate((each) => each.matches(':popover-open'))
    await until('the menu is open', isOpen)
    await ben.clickAfter('above')
    await benWrites(' it')
    expect(await isOpen()).toBe(true)
    await ben.page.locator('weft-editor tr').nth(1).locator('td, th').nth(1).click()
    for (const word of ['alpha', ' beta']) {
      await benWrites(word)
      expect(await isOpen()).toBe(true)
    }
    await ann.page.getByRole('menuitem', { name: 'Insert row below', exact: true }).click()
    await until(
      'there is another row',
      () => ben.page.locator('weft-editor tr').count(),
      (rows) => rows === 3,
    )
  })

  it('just above or below what is seen, nothing of it moves', async () => {
    const lines = Array.from({ length: 80 }, (_, index) => `line ${index}`)
    await paste(ann.page, 'text/plain', lines.join('\n'))
    await until('Ben has them', ben.text, (text) => text.endsWith('line 79'))
    await ann.page.locator('weft-editor .content').getByText('line 30', { exact: true }).click()
    await ann.page.evaluate(() =>
      scrollTo(0, Math.round((document.documentElement.scrollHeight - innerHeight) / 2)),
    )
    await frame(ann.page)
    await frame(ann.page)
    /** Where each line is that is seen as a whole. */
    const seen = (): Promise<{ text: string; top: number }[]> =>
      ann.page.locator('weft-editor .content').evaluate((content) => {
        const bar = content.getRootNode() instanceof ShadowRoot ? 120 : 0
        return [...content.querySelectorAll<HTMLElement>('p')]
          .map((line) => ({ text: line.innerText.trim(), box: line.getBoundingClientRect() }))
          .filter(({ box }) => box.top > bar && box.bottom < innerHeight)
          .map(({ text, box }) => ({ text, top: box.top }))
      })
    const before = await seen()
    /** A browser scrolls by whole pixels, and a line is not as high as some of them. */
    const expectSame = (now: typeof before): void => {
      const moved = before.filter(({ text, top }) => {
        const line = now.find((each) => each.text === text)
        return line === undefined || Math.abs(line.top - top) > 1
      })
      expect(moved).toEqual([])
    }
    const [first, last] = [before[0], before.at(-1)]
    if (first === undefined || last === undefined) throw new Error('nothing is seen')
    const number = (line: { text: string }): number => Number(line.text.replace('line ', ''))
    for (const line of [number(first) - 12, number(last) + 3]) {
      await ben.clickAfter(`line ${line}`)
      for (const word of [' with more words', ' and more']) {
        await benWrites(word)
        expectSame(await seen())
      }
      await ben.page.keyboard.press('Enter')
      await benWrites(`new behind ${line}`)
      expectSame(await seen())
    }
  })
})
