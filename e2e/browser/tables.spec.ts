/** Tables by real keys and a real mouse, alone and with somebody else in them. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { exec, frame } from '../harness/gestures.ts'
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

/** Words of blocks; a table as `[a|b / c|d]`, `*` before a header cell, blocks of a cell joined by `¶`. */
function look({ page }: Person): Promise<string> {
  return page.locator('weft-editor .content').evaluate((root) => {
    const words = (element: Element): string =>
      element instanceof HTMLElement ? element.innerText.replace(/\n$/, '') : ''
    const cell = (element: Element): string =>
      `${element.tagName === 'TH' ? '*' : ''}${[...element.children].map(words).join('¶')}`
    const row = (element: Element): string => [...element.children].map(cell).join('|')
    const block = (element: Element): string => {
      const table = element.querySelector('table')
      const role = (element as HTMLElement).dataset['role']
      if (table === null) return words(element)
      const name = role === 'grid' ? '' : `${role}:`
      return `${name}[${[...table.querySelectorAll('tr')].map(row).join(' / ')}]`
    }
    return [...root.children].map(block).join(' ~ ')
  })
}

const shows = (person: Person, wanted: string): Promise<string> =>
  until(
    'the text',
    () => look(person),
    (seen) => seen === wanted,
    8_000,
  )

async function bothShow(wanted: string): Promise<void> {
  await shows(ann, wanted)
  await shows(ben, wanted)
}

async function press({ page }: Person, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}

/** Fills the cells of the table the caret is in, from its cell on. */
async function fill({ page }: Person, ...texts: string[]): Promise<void> {
  for (const [index, text] of texts.entries()) {
    if (index > 0) await page.keyboard.press('Tab')
    await page.keyboard.type(text)
  }
}

const cellAt = ({ page }: Person, row: number, column: number) =>
  page.locator('weft-editor tr').nth(row).locator('td, th').nth(column)

async function clickCell(person: Person, row: number, column: number): Promise<void> {
  await cellAt(person, row, column).click()
  await person.page.keyboard.press('End')
  // Only then has the editor heard which selection that key made.
  await frame(person.page)
  await frame(person.page)
}

/** By the button beside the table, as people do it. */
async function choose({ page }: Person, entry: string): Promise<void> {
  await page.getByRole('button', { name: 'Rows and columns' }).click()
  await page.getByRole('menuitem', { name: entry, exact: true }).click()
}

const insert = (page: Page, size: string): Promise<void> => exec(page, 'table', size)

describe('a table', () => {
  it('comes from the menu of blocks, is filled by Tab, and is left by arrows at both ends', async () => {
    await ann.page.locator('weft-toolbar [data-name=insert]').click()
    await ann.page.locator('weft-block-menu [data-command=table]').click()
    await fill(ann, 'a', 'b', 'c', 'd')
    await bothShow('[*a|*b|*c / d|| / ||] ~ ')
    await press(ann, 'Shift+Tab', 'Shift+Tab')
    await ann.type('B')
    await press(ann, 'ArrowUp')
    await ann.type('first')
    await bothShow('first ~ [*a|*B|*c / d|| / ||] ~ ')
    // The line behind it goes before it, so that the table ends the document.
    await press(ann, 'Control+End', 'Alt+Shift+ArrowUp')
    await bothShow('first ~  ~ [*a|*B|*c / d|| / ||]')
    await clickCell(ann, 2, 1)
    await press(ann, 'ArrowDown')
    await ann.type('last')
    await bothShow('first ~  ~ [*a|*B|*c / d|| / ||] ~ last')
    await press(ann, 'Alt+Shift+ArrowUp')
    const table = await ann.page.locator('.content > [data-kind=table]').boundingBox()
    await ann.page.mouse.click((table?.x ?? 0) + 40, (table?.y ?? 0) + (table?.height ?? 0) + 60)
    await ann.type('below')
    await bothShow('first ~  ~ last ~ [*a|*B|*c / d|| / ||] ~ below')
  })

  it('grows and moves by its menu while somebody types in a cell, and every word stays where it belongs', async () => {
    await insert(ann.page, '2x2')
    await fill(ann, 'a', 'b', 'c', 'd')
    await bothShow('[*a|*b / c|d] ~ ')
    await clickCell(ben, 1, 1)
    const typing = ben.type(' and the words that Ben goes on typing', 12)
    await clickCell(ann, 0, 0)
    await choose(ann, 'Insert row below')
    await choose(ann, 'Move column to the right')
    await choose(ann, 'Insert column before')
    await typing
    await bothShow('[*b|*|*a / || / d and the words that Ben goes on typing||c] ~ ')
    // His caret is seen in the cell it is in, and is where he types.
    await until(
      'his caret is in his cell here',
      async () => ({
        caret: await ann.page.locator('.caret:not([hidden])').boundingBox(),
        cell: await cellAt(ann, 2, 0).boundingBox(),
      }),
      ({ caret, cell }) =>
        caret !== null &&
        cell !== null &&
        caret.x > cell.x &&
        caret.x < cell.x + cell.width &&
        caret.y > cell.y - 1 &&
        caret.y < cell.y + cell.height,
    )
    await ben.type('!')
    await press(ann, 'Control+z', 'Control+z', 'Control+z')
    await bothShow('[*a|*b / c|d and the words that Ben goes on typing!] ~ ')
  })

  it('has a menu for the keyboard, where headers are ticked and rows are deleted', async () => {
    await insert(ann.page, '2x2')
    await fill(ann, 'a', 'b', 'c', 'd')
    const openMenu = async (): Promise<void> => {
      await press(ann, 'Alt+F10')
      await until('the menu has the focus', () => ann.page.locator('weft-table-menu button:focus').count())
    }
    await openMenu()
    await press(ann, 'End', 'ArrowUp', 'ArrowUp', 'ArrowUp', 'Enter')
    await bothShow('[*a|*b / *c|d] ~ ')
    await openMenu()
    const ticked = ann.page.locator('weft-table-menu [aria-checked=true]')
    expect(await ticked.allInnerTexts()).toEqual(['Header row', 'Header column'])
    await press(ann, 'Escape')
    await ann.type('!')
    await choose(ann, 'Delete row')
    await bothShow('[*a|*b] ~ ')
  })

  it('is selected by Escape and by Backspace behind it, and only then deleted', async () => {
    await insert(ann.page, '1x2')
    await fill(ann, 'a', 'b')
    await press(ann, 'ArrowDown', 'Backspace')
    await until('it is selected', () => ann.page.locator('.content > .selected').count())
    await bothShow('[*a|*b] ~ ')
    await press(ann, 'Enter')
    await ann.type('A')
    await bothShow('[*Aa|*b] ~ ')
    await press(ann, 'Escape', 'Delete')
    await bothShow('')
    await press(ann, 'Control+z')
    await bothShow('[*Aa|*b] ~ ')
  })

  it('that is deleted while somebody writes in it is kept with those words, and says so', async () => {
    await insert(ann.page, '1x2')
    await fill(ann, 'a', 'b')
    await bothShow('[*a|*b] ~ ')
    await clickCell(ben, 0, 1)
    await ben.context.setOffline(true)
    await ben.type(' and more')
    await choose(ann, 'Delete table')
    await shows(ann, '')
    await ben.context.setOffline(false)
    const kept = ann.page.locator('.content > [data-role=orphan]')
    await until(
      'the words are there',
      () => kept.innerText(),
      (text) => text.includes(' and more'),
    )
    const said = await kept.evaluate((element) => getComputedStyle(element, '::before').content)
    expect(said).toMatch(/^"This table was deleted while somebody was writing in it/)
    await ben.type('!')
    await until(
      'Ben goes on writing in it',
      () => kept.innerText(),
      (text) => text.includes(' and more!'),
    )
  })

  it('has columns whose edge is dragged, written once, and not at all after Escape', async () => {
    await insert(ann.page, '2x2')
    await fill(ann, 'a', 'b', 'c', 'd')
    await bothShow('[*a|*b / c|d] ~ ')
    const widthOf = async (person: Person): Promise<number> =>
      Math.round((await cellAt(person, 0, 0).boundingBox())?.width ?? 0)
    const before = await widthOf(ann)
    const drag = async (by: number): Promise<void> => {
      const box = await cellAt(ann, 0, 0).boundingBox()
      const [x, y] = [(box?.x ?? 0) + (box?.width ?? 0), (box?.y ?? 0) + 8]
      await ann.page.mouse.move(x - 2, y)
      await until('the edge is there', () => ann.page.locator('.column-edge:not([hidden])').count())
      await ann.page.mouse.move(x, y)
      await ann.page.mouse.down()
      await ann.page.mouse.move(x + by, y, { steps: 5 })
    }
    await drag(-100)
    expect(await widthOf(ann)).toBeCloseTo(before - 100, -1)
    expect(await widthOf(ben)).toBe(before)
    await ann.page.keyboard.press('Escape')
    await ann.page.mouse.up()
    expect(await widthOf(ann)).toBe(before)
    await drag(-100)
    await ann.page.mouse.up()
    await until(
      'Ben sees the column narrow',
      () => widthOf(ben),
      (width) => Math.abs(width - before + 100) < 4,
    )
    expect(Math.abs((await widthOf(ann)) - (await widthOf(ben)))).toBeLessThan(2)
    await press(ann, 'Control+z')
    await until(
      'it is as wide as before',
      () => widthOf(ben),
      (width) => width === before,
    )
    await bothShow('[*a|*b / c|d] ~ ')
  })
})

/** What a copy, or a cut, would put on the clipboard. */
function taken({ page }: Person, type: 'copy' | 'cut'): Promise<Record<string, string>> {
  return page.locator('weft-editor .content').evaluate((root, kind) => {
    const clipboardData = new DataTransfer()
    root.dispatchEvent(new ClipboardEvent(kind, { clipboardData, bubbles: true, cancelable: true }))
    return Object.fromEntries(clipboardData.types.map((format) => [format, clipboardData.getData(format)]))
  }, type)
}

/** Two frames after the last key: only then has the editor heard which selection that key made. */
async function put({ page }: Person, formats: Record<string, string>): Promise<void> {
  await page.locator('weft-editor .content').evaluate(async (root, data) => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    const clipboardData = new DataTransfer()
    for (const [format, content] of Object.entries(data)) clipboardData.setData(format, content)
    root.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, formats)
}

const SHEETS =
  '<google-sheets-html-origin><table dir="ltr"><colgroup><col width="100"></colgroup><tbody>' +
  '<tr><td>Bed</td><td><b>Area</b></td></tr><tr><td>North</td><td>12</td></tr></tbody></table></google-sheets-html-origin>'

const WORD =
  '<html><body><!--StartFragment-->\r\n<table class=MsoTableGrid>\r\n <tr>\r\n  <td width=301>\r\n  <p class=MsoNormal>Bed' +
  '<o:p></o:p></p>\r\n  </td>\r\n  <td>\r\n  <p class=MsoNormal>Area</p>\r\n  </td>\r\n </tr>\r\n <tr>\r\n  <td colspan=2>\r\n' +
  '  <p class=MsoNormal>North</p>\r\n  <p class=MsoNormal>and South</p>\r\n  </td>\r\n </tr>\r\n</table>\r\n<!--EndFragment--></body></html>'

const EXCEL =
  '<html><body><table border=0>\r\n<!--StartFragment-->\r\n <col width=64 span=2>\r\n <tr height=20>\r\n  <td class=xl65>Bed</td>\r\n' +
  '  <td>Area</td>\r\n </tr>\r\n <tr height=20>\r\n  <td>North</td>\r\n  <td align=right>12</td>\r\n </tr>\r\n<!--EndFragment-->\r\n</table></body></html>'

describe('the clipboard', () => {
  it('brings tables of other programs, on the page as tables and in a cell as cells', async () => {
    await put(ann, { 'text/html': SHEETS })
    await bothShow('[Bed|Area / North|12]')
    await press(ann, 'Control+z')
    await put(ann, { 'text/html': WORD })
    await bothShow('[Bed|Area / North¶and South|]')
    await clickCell(ann, 1, 1)
    await put(ann, { 'text/html': EXCEL })
    await bothShow('[Bed|Area| / North¶and South|Bed|Area / |North|12]')
    await clickCell(ann, 2, 0)
    await put(ann, { 'text/html': '<p>Some <b>words</b></p>' })
    await bothShow('[Bed|Area| / North¶and South|Bed|Area / Some words|North|12]')
  })

  it('fills cells from text with tabs, adds what is missing, and takes any other text as text', async () => {
    await insert(ann.page, '2x2')
    await fill(ann, 'a', 'b', 'c', 'd')
    await put(ann, { 'text/plain': '1\t2\r\n\t"3\n4"\r\n' })
    await bothShow('[*a|*b|* / c|1|2 / ||3¶4] ~ ')
    await press(ann, 'Control+z', 'Control+z')
    await bothShow('[*a|*b / c|d] ~ ')
    await clickCell(ann, 0, 0)
    await put(ann, { 'text/plain': ' and\tnothing' })
    await bothShow('[* and|*nothing / c|d] ~ ')
  })

  it('copies several cells as a table, cuts their words alone, and a selected table whole', async () => {
    await insert(ann.page, '2x2')
    await fill(ann, 'abc', 'b', 'c', 'def')
    await clickCell(ann, 0, 0)
    await press(ann, 'Home', 'ArrowRight')
    await cellAt(ann, 1, 0).click({ modifiers: ['Shift'] })
    await press(ann, 'Shift+End')
    await until(
      'two rows are selected',
      async () => (await taken(ann, 'copy'))['text/plain'],
      (text) => text === 'bc\tb\nc\t',
    )
    const cut = await taken(ann, 'cut')
    await bothShow('[*a|* / |def] ~ ')
    expect(cut['text/html']).toContain('<th>')
    await press(ann, 'Control+End')
    await put(ann, cut)
    await bothShow('[*a|* / |def] ~ [*bc|*b / c|]')
    await clickCell(ann, 0, 0)
    await press(ann, 'Escape')
    await until('it is selected', () => ann.page.locator('.content > .selected').count())
    const whole = await taken(ann, 'cut')
    await bothShow(' ~ [*bc|*b / c|]')
    await clickCell(ann, 1, 1)
    await put(ann, whole)
    await bothShow(' ~ [*bc|*b|* / c|a| / ||def]')
  })
})
