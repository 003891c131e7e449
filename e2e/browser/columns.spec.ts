/** Columns side by side: made by a slash, a menu and a mouse, written in by two people, left again without a word lost. */
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Person } from '../harness/person.ts'
import { openStage } from '../harness/stage.ts'
import { until } from '../harness/wait.ts'

const stage = openStage()
let ann: Person
let ben: Person
let page: Page
let address: string
beforeEach(async () => {
  ann = await stage.person('Ann')
  ben = await stage.person('Ben')
  page = ann.page
  address = await ann.begin(stage.server.url)
  await ben.open(address)
})
afterEach(async () => {
  const errors = [...ann.errors, ...ben.errors]
  await ann.context.close()
  await ben.context.close()
  if (errors.length > 0) throw new Error(`a page had errors: ${errors.join('\n')}`)
})

const type = (text: string): Promise<void> => page.keyboard.type(text)
const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key)
}
const content = (of: Page) => of.locator('weft-editor .content')

/** Lines of equal top and left are blocks of one place: `a|b` beside each other, `a/b` below each other, each block at most once. */
function shown(of: Page): Promise<string> {
  return content(of).evaluate((root) => {
    const boxes = [...root.children].map((block) => {
      const { left, right, top, bottom } = block.getBoundingClientRect()
      return { text: block.textContent ?? '', left, right, top, bottom }
    })
    let said = ''
    for (const [index, box] of boxes.entries()) {
      const before = boxes[index - 1]
      if (before !== undefined)
        said += box.left >= before.right ? '|' : box.top >= before.bottom - 1 ? '/' : '?'
      said += box.text
    }
    return said
  })
}

const show = (of: Page, wanted: string): Promise<string> =>
  until(
    `the page shows ${wanted}`,
    () => shown(of),
    (seen) => seen === wanted,
    8_000,
  )

async function bothShow(wanted: string): Promise<void> {
  for (const of of [page, ben.page]) await show(of, wanted)
}

/** Once it is what Enter chooses: the list is there before it is filtered by all that was typed. */
async function bySlash(columns: 2 | 3): Promise<void> {
  await type(`/${columns} col`)
  const option = `[data-command=columns-${columns}][aria-selected=true]`
  await page.locator(`weft-editor .slash-menu ${option}`).waitFor()
  await press('Enter')
}

/** Three lines, of which the first two stand beside each other: `one|two/three`. */
async function row(): Promise<void> {
  await bySlash(2)
  await type('one')
  await press('ArrowDown')
  await type('two')
  await press('Enter', 'Enter')
  await type('three')
  await bothShow('one|two/three')
}

const middle = async (text: string): Promise<{ x: number; y: number; left: number; bottom: number }> => {
  const box = await content(page).getByText(text, { exact: true }).boundingBox()
  if (box === null) throw new Error(`"${text}" is not on the screen`)
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, left: box.x, bottom: box.y + box.height }
}

/** The pointer is on the handle of the block with `text`. */
async function handle(text: string): Promise<void> {
  const at = await middle(text)
  await page.mouse.move(at.left + 4, at.y)
  const place = await until('the handle is beside it', async () => {
    const box = await page.locator('.block-handle.shown').boundingBox()
    const isBeside =
      box !== null && Math.abs(box.y + box.height / 2 - at.y) < 20 && box.x + box.width <= at.left
    return isBeside && box.x > at.left - 48 ? box : undefined
  })
  if (place === undefined) throw new Error('there is no handle')
  await page.mouse.move(place.x + place.width / 2, place.y + place.height / 2, { steps: 3 })
}

async function tabToHandle(): Promise<void> {
  await press('Tab')
  await until('the handle has the focus', () => page.locator('.block-handle:focus').count())
}

const entry = (command: string) => page.locator(`weft-block-menu[moves] [data-command=${command}]`)

describe('a row of columns', () => {
  it('is made by a slash, written in, left by Enter, and stands below each other on a narrow page', async () => {
    await row()
    await ben.clickAfter('one')
    await ben.page.keyboard.press('Enter')
    await ben.page.keyboard.type('more')
    await bothShow('one/more|two/three')
    // A press in the room below the shorter one is a press in it.
    const { x } = await middle('two')
    const { y } = await middle('more')
    await page.mouse.click(x + 40, y)
    await type('?')
    await bothShow('one/more|two?/three')
    await press('Backspace')
    await ben.page.setViewportSize({ width: 600, height: 800 })
    await show(ben.page, 'one/more/two/three')
    expect(await ben.text()).toBe('one\nmore\ntwo\nthree')
    await ben.page.setViewportSize({ width: 900, height: 800 })
    await show(ben.page, 'one/more|two/three')
    // Somebody who opens it later sees the same.
    await ann.saved()
    await page.reload()
    await show(page, 'one/more|two/three')
  })

  it('that ends the document is left by a press below it', async () => {
    await bySlash(2)
    await type('one')
    const { bottom } = await middle('one')
    await page.mouse.click(640, bottom + 160)
    await type('below')
    await bothShow('one|/below')
  })

  it('that ends the document is left by an arrow down on its last line, and by no other', async () => {
    await bySlash(2)
    await type('one')
    await press('ArrowDown')
    await type('two')
    await press('Shift+Enter')
    await type('lines')
    await bothShow('one|twolines')
    await press('ArrowUp', 'ArrowDown', 'ArrowDown')
    await type('below')
    await bothShow('one|twolines/below')
    // Code has no other way out by arrows, either.
    await press('Enter')
    await type('``` ')
    await type('a')
    await press('Enter')
    await type('b')
    await press('ArrowUp', 'ArrowDown', 'ArrowDown')
    await type('end')
    await bothShow('one|twolines/below/ab/end')
  })

  it('gives its blocks back by Backspace at the start of a column', async () => {
    await row()
    await ann.clickAfter('two')
    await press('Home', 'Backspace')
    await bothShow('one/two/three')
    await press('Backspace')
    await bothShow('onetwo/three')
  })
})

/** Of the callout's box where it holds a row: what is painted there, and how far it reaches. */
function boxes(of: Page) {
  return content(of).evaluate((root) => {
    const callout = root.querySelector('[data-kind=callout]')
    if (callout === null) throw new Error('there is no callout')
    const first = callout.getBoundingClientRect()
    const slots = [...(root.shadowRoot?.querySelectorAll('slot') ?? [])].filter((slot) =>
      slot.hasAttribute('part'),
    )
    const rects = slots.map((slot) => slot.getBoundingClientRect())
    const last = rects.at(-1)
    const isEqual = (a: number | undefined, b: number | undefined): boolean =>
      Math.abs((a ?? Number.NaN) - (b ?? Number.NaN)) < 1
    return {
      slots: slots.length,
      colours: new Set([callout, ...slots].map((element) => getComputedStyle(element).backgroundColor)).size,
      sameHeight: rects.every(
        ({ top, bottom }) => isEqual(top, rects[0]?.top) && isEqual(bottom, last?.bottom),
      ),
      withoutGaps: rects.every(({ left }, at) => isEqual(left, at === 0 ? first.left : rects[at - 1]?.right)),
      asWide: isEqual(last?.right, first.right),
      below: isEqual(rects[0]?.top, first.bottom),
      round: slots.map((slot) => getComputedStyle(slot).borderRadius),
    }
  })
}

/** What stands where is known before it is painted. */
async function boxesAre(of: Page, wanted: Partial<Awaited<ReturnType<typeof boxes>>>): Promise<void> {
  await until(
    `the boxes are ${JSON.stringify(wanted)}`,
    () => boxes(of),
    (seen) => JSON.stringify({ ...seen, ...wanted }) === JSON.stringify(seen),
  )
}

describe('a row in a callout', () => {
  it('stands in one box with what is above it, however long its columns are, and at whatever width', async () => {
    await type('!!! box')
    await press('Enter')
    await bySlash(3)
    await type('one')
    await press('Enter')
    await type('more')
    await press('ArrowDown')
    await type('two')
    await press('ArrowDown')
    await type('three')
    await bothShow('box/one/more|two|three')
    const whole = {
      slots: 3,
      colours: 1,
      sameHeight: true,
      withoutGaps: true,
      asWide: true,
      below: true,
      round: ['0px 0px 0px 8px', '0px', '0px 0px 8px'],
    }
    for (const of of [page, ben.page]) await boxesAre(of, whole)
    await ben.page.setViewportSize({ width: 600, height: 800 })
    await show(ben.page, 'box/one/more/two/three')
    await boxesAre(ben.page, {
      colours: 1,
      below: true,
      asWide: true,
      round: ['0px', '0px', '0px 0px 8px 8px'],
    })
    // What the box goes on with is in it, too, and the row is no longer its end.
    await press('Enter', 'Enter')
    await type('after')
    await show(page, 'box/one/more|two|three/after')
    await boxesAre(page, { ...whole, round: ['0px', '0px', '0px'] })
    // A column that is taken out of it stands beside its end.
    await ann.clickAfter('three')
    await press('Shift+Tab')
    await boxesAre(page, {
      ...whole,
      slots: 2,
      asWide: false,
      round: ['0px 0px 0px 8px', '0px 0px 8px'],
    })
  })
})

describe('the menu at the handle', () => {
  it('puts a block beside the one above and takes it out, by mouse and by keys, each one step of undo', async () => {
    await type('one')
    await press('Enter')
    await type('two')
    await press('Enter')
    await type('three')
    await ann.saved()
    await handle('two')
    await page.mouse.down()
    await page.mouse.up()
    await entry('beside-above').click()
    await bothShow('one|two/three')
    // By keys: the handle stands at the caret.
    await ann.clickAfter('three')
    await tabToHandle()
    await press('Enter')
    await until('the menu has the keyboard', () =>
      page.locator('weft-block-menu[moves] button:focus').count(),
    )
    await press('p', 'Enter')
    await bothShow('one|two|three')
    await press('Control+z')
    await bothShow('one|two/three')
    await ann.clickAfter('one')
    await tabToHandle()
    await press('Enter')
    await until('the menu has the keyboard', () =>
      page.locator('weft-block-menu[moves] button:focus').count(),
    )
    await press('t', 'Enter')
    await bothShow('one/two/three')
    await type('!')
    await bothShow('one!/two/three')
    await press('Control+z', 'Control+z')
    await bothShow('one|two/three')
  })

  it('is reached by Tab right after the caret was moved, and stands where it was moved to', async () => {
    await type('one')
    await press('Enter')
    await type('two')
    await handle('two')
    await ann.saved()
    // A busy browser tells of the caret's new place when it has handled the keys.
    const told = await page.evaluateHandle(() => {
      const told = { held: 0, times: 0 }
      const late = (event: Event): void => {
        if (!event.isTrusted) return
        event.stopImmediatePropagation()
        told.held++
        setTimeout(() => {
          document.dispatchEvent(new Event('selectionchange'))
          told.held--
          told.times++
        }, 100)
      }
      addEventListener('selectionchange', late, true)
      return told
    })
    for (const text of ['one', 'two', 'one']) {
      const before = await told.evaluate(({ times }) => times)
      await ann.clickAfter(text)
      await tabToHandle()
      await until('the editor was told', () =>
        told.evaluate(({ held, times }, before) => held === 0 && times > before, before),
      )
      expect(await page.locator('.block-handle:focus').count()).toBe(1)
      const at = await middle(text)
      const place = await page.locator('.block-handle').boundingBox()
      expect(Math.abs((place?.y ?? 0) + (place?.height ?? 0) / 2 - at.y)).toBeLessThan(20)
    }
  })

  it('is left by Escape without a change, with the caret in the text', async () => {
    await type('one')
    await handle('one')
    await page.mouse.down()
    await page.mouse.up()
    await until('the menu has the keyboard', () => page.locator('weft-block-menu[moves] :focus').count())
    expect(await entry('beside-above').isDisabled()).toBe(true)
    await press('Escape')
    await type('!')
    await until('it is written', ann.text, (text) => text.length === 4)
  })
})

describe('a drag', () => {
  const dragTo = async (x: number, y: number): Promise<void> => {
    await page.mouse.down()
    await page.mouse.move(x, y, { steps: 6 })
    await until('the line is drawn', () => page.locator('.drop-line:not([hidden])').count())
  }

  it('puts a block into a column, from there into the other, and out of both, while somebody types in it', async () => {
    await row()
    await handle('three')
    const one = await middle('one')
    await dragTo(one.left + 60, one.bottom - 2)
    // It is drawn in the frame behind the pointer, and was as wide as the page on the way.
    await until(
      'the line is as wide as the column',
      () => page.locator('.drop-line').boundingBox(),
      (line) => line !== null && line.width < 360,
    )
    await page.mouse.up()
    await bothShow('one/three|two')
    await handle('three')
    const two = await middle('two')
    await dragTo(two.left + 60, two.bottom - 2)
    await page.mouse.up()
    await bothShow('one|two/three')
    expect(await content(page).locator('[data-column="2"]').allInnerTexts()).toEqual(['two', 'three'])
    await ben.clickAfter('two')
    const typing = ben.type(' goes on being written', 15)
    await handle('one')
    const box = await content(page).boundingBox()
    await dragTo((box?.x ?? 0) + 60, (box?.y ?? 0) + (box?.height ?? 0) + 40)
    await page.mouse.up()
    await typing
    await bothShow('two goes on being written/three/one')
  })
})

describe('boxes of a long document', () => {
  it('part no row, wherever they end', async () => {
    const cleo = await stage.person('Cleo')
    await cleo.page.addInitScript(() => {
      globalThis.weftStretches = { fewestBlocks: 1, size: 2 }
    })
    await type('a')
    await press('Enter')
    await type('b')
    await press('Enter')
    await row2()
    await cleo.open(address)
    const wanted = 'a/b/one/1/2/3/4|two/three'
    await show(page, wanted)
    await show(cleo.page, wanted)
    // In and out by keys, with others' boxes.
    await cleo.clickAfter('b')
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'End'])
      await cleo.page.keyboard.press(key)
    await cleo.page.keyboard.type('!')
    await show(page, 'a/b/one/1/2/3/4|two!/three')
    for (const key of ['ArrowDown', 'End', 'Backspace', 'ArrowUp', 'ArrowUp', 'End', 'Backspace'])
      await cleo.page.keyboard.press(key)
    await show(page, 'a/b/one/1/2/3/|two!/thre')
    expect(cleo.errors).toEqual([])
    await cleo.context.close()
  })

  async function row2(): Promise<void> {
    await bySlash(2)
    await type('one')
    for (const line of ['1', '2', '3', '4']) {
      await press('Enter')
      await type(line)
    }
    await press('ArrowDown')
    await type('two')
    await press('Enter', 'Enter')
    await type('three')
  }
})
