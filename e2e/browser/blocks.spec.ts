/** Blocks and objects beyond lines of text, with real keys, a mouse and a clipboard, between two people. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { frame, paste } from '../harness/gestures.ts'
import { openStage } from '../harness/stage.ts'
import { together } from '../harness/together.ts'
import { until } from '../harness/wait.ts'

const stage = openStage()
let page: Page
together(stage, ['Ann'], (first) => {
  page = first.page
})

/** Each block as `kind+indent:words`, an object as its type in brackets, as the document has it. */
function document(): Promise<string> {
  return page.locator('weft-editor').evaluate((element) => {
    const json = (element as unknown as { getJSON(): unknown }).getJSON() as {
      blocks: {
        shape: { type: string; indent: number }
        runs: { text: string; object?: { type: string } }[]
      }[]
    }
    const block = ({ shape, runs }: (typeof json.blocks)[number]): string => {
      const words = runs.map(({ text, object }) => (object === undefined ? text : `[${object.type}]`))
      return `${shape.type}${shape.indent === 0 ? '' : `+${shape.indent}`}:${words.join('')}`
    }
    return json.blocks.map(block).join(' | ')
  })
}

const says = (wanted: string): Promise<string> =>
  until('the document', document, (seen) => seen === wanted, 5_000)
const type = (text: string): Promise<void> => page.keyboard.type(text)
const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key)
}
const run = (command: string, argument?: string): Promise<unknown> =>
  page
    .locator('weft-editor')
    .evaluate(
      (element, [name, value]) =>
        (element as unknown as { exec(name: string, value?: string): boolean }).exec(name ?? '', value),
      [command, argument] as const,
    )

/** Ctrl+C and Ctrl+V without the system's clipboard. @param formats those that arrive. */
const copyAndPaste = (formats: readonly string[]): Promise<void> =>
  page.locator('weft-editor .content').evaluate(async (root, kept) => {
    const settle = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    await settle()
    const copied = new DataTransfer()
    root.dispatchEvent(new ClipboardEvent('copy', { clipboardData: copied, bubbles: true, cancelable: true }))
    const pasted = new DataTransfer()
    for (const format of kept) pasted.setData(format, copied.getData(format))
    getSelection()?.collapseToEnd()
    await settle()
    root.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: pasted, bubbles: true, cancelable: true }),
    )
  }, formats)

/** Nothing that is not there is taken for hidden. */
async function isFolded(of: Page): Promise<void> {
  const inside = of.locator('weft-editor [data-folded]')
  await inside.waitFor({ state: 'attached' })
  await inside.waitFor({ state: 'hidden' })
}

describe('a toggle', () => {
  it('is typed, holds what is typed behind it, hides it at a press, and Enter goes on behind it', async () => {
    await type('>> More')
    await press('Enter')
    await type('inside')
    await says('toggle:More | paragraph+1:inside')
    const triangle = page.locator('weft-editor [data-kind=toggle]')
    await triangle.click({ position: { x: 10, y: 15 } })
    await isFolded(page)
    // The caret was in what is hidden now: it has come out.
    await type('!')
    await says('toggle:More! | paragraph+1:inside')
    await press('Enter')
    await type('next')
    await says('toggle:More! | paragraph+1:inside | toggle:next')
  })

  it('that somebody else closes stays open where my caret is', async () => {
    await type('>> More')
    await press('Enter')
    await type('inside')
    const ben = await stage.person('Ben')
    await ben.page.goto(page.url())
    const triangle = ben.page.locator('weft-editor [data-kind=toggle]')
    await triangle.waitFor()
    await triangle.click({ position: { x: 10, y: 15 } })
    await isFolded(ben.page)
    await page.locator('weft-editor [data-collapsed=true]').waitFor()
    await type(' still')
    await says('toggle:More | paragraph+1:inside still')
    expect(await page.locator('weft-editor [data-folded]').count()).toBe(0)
    await press('ArrowUp', 'Home')
    await isFolded(page)
    await ben.context.close()
  })
})

describe('numbered items', () => {
  it('count by depth, start again, and are counted anew on every screen when one comes or goes', async () => {
    const ben = await stage.person('Ben')
    await ben.page.goto(page.url())
    const numbers = (of: Page) => () =>
      of
        .locator('weft-editor [data-kind=numbered]')
        .evaluateAll((items) =>
          items.map((item) => `${item.getAttribute('data-number')} ${item.textContent}`).join(' | '),
        )
    const bothCount = async (wanted: string): Promise<void> => {
      for (const of of [page, ben.page]) await until('the numbers', numbers(of), (seen) => seen === wanted)
    }
    await type('1. one')
    await press('Enter')
    await type('two')
    await press('Enter', 'Tab')
    await type('inner')
    await press('Enter', 'Tab')
    await type('inmost')
    await press('Enter', 'Shift+Tab', 'Shift+Tab')
    await type('three')
    await bothCount('1 one | 2 two | a inner | i inmost | 3 three')
    await press('Control+Home', 'Enter', 'ArrowUp')
    await type('zero')
    await bothCount('1 zero | 2 one | 3 two | a inner | i inmost | 4 three')
    await press('ArrowDown', 'Home', 'Shift+End', 'Backspace')
    await run('paragraph')
    await bothCount('1 zero | 1 two | a inner | i inmost | 2 three')
    await run('numbered-list')
    await type('again')
    await press('Control+End')
    await run('numbered-list', '7')
    await bothCount('1 zero | 2 again | 3 two | a inner | i inmost | 7 three')
    await press('Control+Home', 'Alt+Shift+ArrowDown')
    await bothCount('1 again | 2 zero | 3 two | a inner | i inmost | 7 three')
    await ben.context.close()
  })
})

describe('a callout', () => {
  it('is typed as on GitHub and left by Enter in an empty last line', async () => {
    await type('> [!WARNING] Mind the gap')
    await press('Enter')
    await type('really')
    await press('Enter', 'Enter')
    await type('out')
    await says('callout:Mind the gap | paragraph+1:really | paragraph:out')
    await until(
      'both lines are in its box',
      () => page.locator('weft-editor [data-box=warning]').count(),
      (count) => count === 2,
    )
  })
})

describe('a formula', () => {
  it('is asked for, typeset as MathML without a script of others, and undone in one step', async () => {
    await type('$$')
    const field = page.locator('weft-editor weft-object-card textarea')
    await field.waitFor()
    await field.fill('\\frac{a}{b} \\href{javascript:alert(1)}{x}')
    await press('Control+Enter')
    await page.locator('weft-editor [data-kind=equation] math mfrac').waitFor()
    expect(await page.locator('weft-editor [data-kind=equation] [href]').count()).toBe(0)
    await says('equation: | paragraph:')
    await run('undo')
    await page.locator('weft-editor [data-kind=equation] math').waitFor({ state: 'detached' })
  })
})

describe('a block without text', () => {
  it('is selected by a press, passed by arrows, goes by Backspace, and Enter makes a place behind it', async () => {
    await type('before')
    await run('embed', 'https://www.youtube.com/watch?v=dQw4w9WgXcQ')
    await says('paragraph:before | embed: | paragraph:')
    const embed = page.locator('weft-editor [data-kind=embed]')
    expect(await page.locator('weft-editor iframe').count()).toBe(0)
    await embed.click({ position: { x: 300, y: 20 } })
    await page.locator('weft-editor [data-kind=embed].selected').waitFor()
    await press('Enter')
    await type('between')
    await says('paragraph:before | embed: | paragraph:between | paragraph:')
    await press('Home', 'ArrowUp', 'ArrowUp')
    await type('x')
    await until(
      'the caret above',
      document,
      (seen) => seen.startsWith('paragraph:') && seen.includes('x'),
      5_000,
    )
    await embed.click({ position: { x: 300, y: 20 } })
    await page.locator('weft-editor [data-kind=embed].selected').waitFor()
    await press('Backspace')
    await until('it to go', document, (seen) => !seen.includes('embed'), 5_000)
  })

  it('plays only after a press, from the listed site, in a frame without more rights', async () => {
    await run('embed', 'https://youtu.be/dQw4w9WgXcQ')
    await page.route('https://www.youtube-nocookie.com/**', (route) => route.fulfill({ body: 'a film' }))
    await page.locator('weft-editor [data-action=play]').click()
    const frame = page.locator('weft-editor iframe')
    await frame.waitFor()
    expect(await frame.getAttribute('src')).toMatch(/^https:\/\/www\.youtube-nocookie\.com\/embed\//)
    expect((await frame.getAttribute('sandbox'))?.split(' ').sort()).toEqual([
      'allow-presentation',
      'allow-same-origin',
      'allow-scripts',
    ])
  })
})

describe('copied and pasted', () => {
  const CONTENT = 'callout:a[equation]b | equation: | heading:deep'
  it.each([
    ['as our own', ['application/x-lexical-editor', 'text/html', 'text/plain']],
    ['as HTML', ['text/html', 'text/plain']],
  ])('%s, every block and object is there', async (_, formats) => {
    await type('!!! a')
    await run('inline-equation', 'x^2')
    await type('b')
    await run('equation', 'y')
    await type('#### deep')
    await says(CONTENT)
    await press('Control+a')
    await copyAndPaste(formats)
    await until('all of it twice', document, (seen) => seen.split('equation:').length === 3, 5_000)
    expect(await document()).toContain('callout:a[equation]b | equation: | heading:deep')
    expect((await document()).split('[equation]')).toHaveLength(3)
  })

  it('from elsewhere, words keep their spaces beside pictures', async () => {
    // Only then has the editor heard of the press that put the caret there.
    await frame(page)
    await frame(page)
    const picture = '<img src="https://example.org/p.png">'
    await paste(page, 'text/html', `<p>see ${picture} in <b>this ${picture}</b> place, ${picture}.</p>`)
    await says('paragraph:see [image] in this [image] place, [image].')
  })
})
