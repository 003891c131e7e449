/** What the model has beyond plain writing, reached by mouse and keys, and seen on somebody else's page. */
import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { openStage } from '../harness/stage.ts'
import { together } from '../harness/together.ts'
import { until } from '../harness/wait.ts'

const stage = openStage()
let page: Page
let other: Page
together(stage, ['Ann', 'Ben'], (ann, ben) => {
  page = ann.page
  other = ben.page
})
beforeEach(() => page.locator('weft-editor .content').click())

const type = (text: string): Promise<void> => page.keyboard.type(text)
const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key)
}

/** The document as Markdown, without what tells a version. */
function markdown(of: Page): Promise<string> {
  return of
    .locator('weft-editor')
    .evaluate((element) => (element as unknown as { getMarkdown(): string }).getMarkdown().trim())
}

/** On the page of somebody else, who has it from the server. */
const othersRead = (wanted: string | RegExp): Promise<string> =>
  until(
    'the other page has it',
    () => markdown(other),
    (seen) => (typeof wanted === 'string' ? seen === wanted : wanted.test(seen)),
    8_000,
  )

const menu = (name: string) => page.locator(`weft-toolbar [data-name=${name}]`)

describe('colours', () => {
  it('are picked for a selection with the mouse, behind it with keys, and taken away again', async () => {
    await type('plain words')
    await press('Control+Shift+ArrowLeft')
    await menu('colors').click()
    await page.locator('weft-color-menu [data-command=color][data-name=red]').click()
    const red = (of: Page) => of.locator('weft-editor .content [data-color=red]')
    await until(
      'the other sees it',
      () => red(other).allInnerTexts(),
      (texts) => texts.join() === 'words',
    )
    // The selection is still there, and the keyboard in the text: from the bar by keys alone.
    await press('Shift+Tab')
    await menu('colors').focus()
    await press('Enter')
    await until('the menu has the keyboard', () => page.locator('weft-color-menu button:focus').count())
    await press('End', 'ArrowUp', 'ArrowRight', 'Enter')
    const lit = (of: Page) => of.locator('weft-editor .content [data-highlight=yellow]')
    await until(
      'the other sees it',
      () => lit(other).allInnerTexts(),
      (texts) => texts.join() === 'words',
    )
    await menu('colors').click()
    await page.locator('weft-color-menu [data-command=color][data-name=none]').click()
    await until(
      'it is gone on the other page',
      () => red(other).count(),
      (count) => count === 0,
    )
    expect(await lit(other).count()).toBe(1)
  })

  it('are of what is typed next at a caret, and Escape leaves the menu without a change', async () => {
    await type('plain ')
    await menu('colors').click()
    await page.locator('weft-color-menu [data-command=color][data-name=red]').click()
    await type('red')
    const red = (of: Page) => of.locator('weft-editor .content [data-color=red]')
    await until(
      'the other sees it',
      () => red(other).allInnerTexts(),
      (texts) => texts.join() === 'red',
    )
    await menu('colors').click()
    await until('the menu has the keyboard', () => page.locator('weft-color-menu button:focus').count())
    await press('ArrowRight', 'Escape')
    await until('the button has it again', () =>
      page.locator('weft-toolbar [data-name=colors]:focus').count(),
    )
    await press('Escape')
    await menu('colors').click()
    await page.locator('weft-color-menu [data-command=color][data-name=none]').click()
    await type(' again')
    await until(
      'the other reads all',
      () => other.locator('weft-editor .content').innerText(),
      (text) => text.trim() === 'plain red again',
    )
    expect(await red(other).allInnerTexts()).toEqual(['red'])
  })
})

describe('a code block', () => {
  it('has the language that is typed behind its fence, ended by a space or by Enter', async () => {
    await type('```js ')
    await type('let a')
    await othersRead('```js\nlet a\n```')
    await press('Control+a', 'Backspace', 'Backspace')
    await type('```rust')
    await press('Enter')
    await type('fn main')
    await othersRead('```rust\nfn main\n```')
  })

  it('names its language, which is found by typing and picked with keys or the mouse', async () => {
    await type('```')
    await press('Enter')
    await type('x = 1')
    const opener = page.locator('weft-editor .block-opener')
    await until(
      'it is named',
      () => opener.innerText(),
      (text) => text.trim() === 'Plain text',
    )
    await opener.click()
    const field = page.locator('weft-language-menu input')
    await until('the field has the keyboard', () => page.locator('weft-language-menu input:focus').count())
    await field.pressSequentially('py')
    const active = () => page.locator('weft-language-menu [role=option][aria-selected=true]')
    await until(
      'the best is on top',
      () => active().innerText(),
      (text) => text.trim() === 'Python',
    )
    expect(await field.getAttribute('aria-activedescendant')).toBe(await active().getAttribute('id'))
    await press('Enter')
    await othersRead('```python\nx = 1\n```')
    // The caret is where it was.
    await type('2')
    await othersRead('```python\nx = 12\n```')
    await press('Alt+F10')
    await until('the field has the keyboard', () => page.locator('weft-language-menu input:focus').count())
    await type('zig')
    await page.locator('weft-language-menu [data-language=zig]').click()
    await othersRead('```zig\nx = 12\n```')
    await press('Alt+F10')
    await until('the field has the keyboard', () => page.locator('weft-language-menu input:focus').count())
    await press('Escape')
    await type('3')
    await othersRead('```zig\nx = 123\n```')
  })
})

describe('a callout', () => {
  it('is of another kind, or has another sign, by a press on its sign', async () => {
    await type('!!! Mind')
    const callout = (of: Page) => of.locator('weft-editor [data-kind=callout]')
    await callout(page).hover()
    const opener = page.locator('weft-editor .block-opener')
    await opener.click()
    await page.locator('weft-callout-menu [data-kind=warning]').click()
    await until(
      'the other sees it',
      () => callout(other).getAttribute('data-callout'),
      (it) => it === 'warning',
    )
    await press('Alt+F10')
    await until('the menu has the keyboard', () => page.locator('weft-callout-menu button:focus').count())
    await press('ArrowDown', 'ArrowDown', 'ArrowRight', 'Enter')
    await until(
      'the other sees the sign',
      () => callout(other).getAttribute('data-emoji'),
      (it) => it === '💡',
    )
    await type(' the gap')
    await until(
      'the words are there',
      () => callout(other).innerText(),
      (text) => text === 'Mind the gap',
    )
    await opener.click()
    await page.locator('weft-callout-menu [data-sign=""]').click()
    await until(
      'it is its own again',
      () => callout(other).getAttribute('data-emoji'),
      (it) => it === null,
    )
    expect(await callout(other).getAttribute('data-callout')).toBe('warning')
  })
})

describe('what is put into the text', () => {
  const insert = async (command: string): Promise<void> => {
    await menu('insert').click()
    await page.locator(`weft-block-menu[inserts] [data-command=${command}]`).click()
  }

  it('a formula, a day and a name, by the menu, asked for by the card', async () => {
    await type('See ')
    await insert('inline-equation')
    const card = page.locator('weft-object-card')
    await card.locator('textarea').fill('a^2')
    await press('Control+Enter')
    await other.locator('weft-editor [data-object=equation] math msup').waitFor()
    await type(' by ')
    await insert('mention')
    await card.locator('input').fill('Grace')
    await press('Enter')
    await until(
      'the other reads the name',
      () => other.locator('weft-editor [data-object=mention]').allInnerTexts(),
      (texts) => texts.join() === '@Grace',
    )
    await type(' on ')
    await insert('date')
    await page.locator('weft-editor [data-object=date]').dblclick()
    await card.locator('input[type=date]').fill('2031-02-03')
    await press('Enter')
    await other.locator('weft-editor time[datetime="2031-02-03"]').waitFor()
    await type('.')
    const line = other.locator('weft-editor .content > p')
    await until(
      'all in their order',
      () => line.innerText(),
      (text) => /^See .* by @Grace on .*2031\.?$/s.test(text),
    )
  })

  it('is not there when nothing is said of it', async () => {
    await type('a')
    await insert('mention')
    await page.locator('weft-object-card input:focus').waitFor()
    await press('Escape')
    await type('b')
    await othersRead('ab')
  })
})

describe('numbered items', () => {
  const numbers = (of: Page): Promise<string> =>
    of
      .locator('weft-editor [data-kind=numbered]')
      .evaluateAll((items) => items.map((item) => item.getAttribute('data-number')).join())
  const count = (wanted: string): Promise<string> =>
    until(
      'they count',
      () => numbers(other),
      (seen) => seen === wanted,
      8_000,
    )

  it('start again, at any number, and count on, by the menu of blocks', async () => {
    await type('1. one')
    await press('Enter')
    await type('two')
    await press('Enter')
    await type('three')
    await count('1,2,3')
    const pick = async (command: string): Promise<void> => {
      await menu('kind').click()
      await page.locator(`weft-block-menu [data-command=${command}]`).click()
    }
    await press('ArrowUp')
    await pick('restart-numbers')
    await count('1,1,2')
    await pick('start-numbers')
    await page.locator('weft-object-card input').fill('7')
    await press('Enter')
    await count('1,7,8')
    await pick('start-numbers')
    await page.locator('weft-object-card input').fill('none')
    await press('Enter')
    await page.locator('weft-object-card [role=alert]').waitFor()
    await press('Escape')
    await pick('continue-numbers')
    await count('1,2,3')
    await menu('kind').click()
    const onwards = page.locator('weft-block-menu [data-command=continue-numbers]')
    await until('there is nothing to count on from', () => onwards.isDisabled())
  })
})

describe('a slash', () => {
  const list = () => page.locator('weft-editor .slash-menu')
  const options = () => list().locator('[role=option]').allInnerTexts()
  const named = (wanted: RegExp): Promise<string[]> =>
    until('the list', options, (names) => wanted.test(names.map((name) => name.trim()).join()))

  it('lists what can be inserted, is filtered by typing, and leaves nothing of itself behind', async () => {
    await type('/')
    await named(/^Text\b.*Mention$/s)
    const content = page.locator('weft-editor .content')
    const active = async (): Promise<string | undefined> => {
      const id = await content.getAttribute('aria-activedescendant')
      return id === null ? undefined : (await list().locator(`#${id}`).innerText()).split('\n')[0]?.trim()
    }
    await press('ArrowDown', 'ArrowDown', 'ArrowUp')
    await until('the arrows lead through it', active, (name) => name === 'Heading 1')
    await type('hea')
    await named(/^Heading 1.*Heading 4/s)
    await press('ArrowDown', 'Enter')
    await type('Tides')
    await othersRead('## Tides')
    await press('Enter')
    await type('and /todo')
    await named(/^Check list/)
    await list().locator('[role=option]').first().click()
    await othersRead(/^## Tides\n\n- \[ \] and\S*$/)
    // What was chosen and what was typed for it are one step.
    await press('Control+z')
    await othersRead('## Tides\n\nand /todo')
    await press('Control+Shift+z')
    await othersRead(/^## Tides\n\n- \[ \] and\S*$/)
    await type('ropes')
    await othersRead('## Tides\n\n- [ ] and ropes')
    expect(await list().count()).toBe(0)
    expect(await content.getAttribute('aria-activedescendant')).toBeNull()
  })

  it('goes away with Escape, with a caret elsewhere and where nothing is meant, and stays a character', async () => {
    await type('/ta')
    await named(/^Table/)
    await press('Escape')
    await until(
      'it is closed',
      () => list().count(),
      (count) => count === 0,
    )
    await press('Enter')
    await type('and/or 1/2 ')
    expect(await list().count()).toBe(0)
    await type('/tabx')
    await until(
      'nothing is like it',
      () => list().isVisible(),
      (it) => !it,
    )
    await press('Backspace')
    await named(/^Table/)
    await press('ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft')
    await until(
      'it is closed',
      () => list().count(),
      (count) => count === 0,
    )
    await othersRead(/^\/ta\s+and\/or 1\/2 \/tab$/)
  })

  it('asks for what needs an answer', async () => {
    await type('by /men')
    await named(/^Mention/)
    await press('Enter')
    await page.locator('weft-object-card input').fill('Ada')
    await press('Enter')
    await until(
      'the other reads the name',
      () => other.locator('weft-editor .content').innerText(),
      (text) => text.trim() === 'by @Ada',
    )
  })
})
