/**
 * A document of many blocks, of which the browser lays out only what is near the screen: keys, other people and the
 * order of the blocks must not know of it.
 */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { frame } from '../harness/gestures.ts'
import { lexicalText } from '../harness/lexical-text.ts'
import type { Person } from '../harness/person.ts'
import { openStage } from '../harness/stage.ts'
import { stockClient } from '../harness/stock-client.ts'
import { until } from '../harness/wait.ts'
import { weft } from '../speed/dialects.ts'
import { FORMATTED, LAST, MINE, manuscript, textOf } from '../speed/manuscript.ts'

const stage = openStage()
const BLOCKS = 500

/** A document that is there before those who are watched open it. @returns its address */
async function written(): Promise<string> {
  const author = await stage.person('Author')
  const address = await author.begin(stage.server.url)
  await author.context.close()
  const id = new URL(address).pathname.split('/').at(-1) ?? ''
  const writer = stockClient(stage.server.url, id)
  const reader = stockClient(stage.server.url, id)
  try {
    await until('both are synced', () => writer.provider.synced && reader.provider.synced)
    weft.write(writer.doc, manuscript(BLOCKS))
    await until('the document is on the server', () => weft.read(reader.doc).length === BLOCKS)
  } finally {
    writer.close()
    reader.close()
  }
  return address
}

const content = (page: Page) => page.locator('weft-editor .content')

const words = ({ page }: Person): Promise<string[]> =>
  content(page).evaluate((root) => [...root.children].map((block) => block.textContent ?? ''))

/** A document of their own, as it was written. */
async function openTogether(...people: readonly Person[]): Promise<void> {
  const address = await written()
  for (const person of people) {
    await person.open(address)
    await until(
      'the last block is there',
      () => words(person),
      (seen) => seen.at(-1) === LAST,
    )
  }
}

/** How many blocks are laid out. */
const laidOut = ({ page }: Person): Promise<number> =>
  content(page).evaluate(
    (root) =>
      [...root.children].filter((block) => block.checkVisibility({ contentVisibilityAuto: true })).length,
  )

/** Where the browser's selection is: block and offset of both its ends. */
const selection = ({ page }: Person): Promise<string> =>
  content(page).evaluate(async (root) => {
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame)
    const scope = root.getRootNode() as ShadowRoot
    const [range] = getSelection()?.getComposedRanges?.({ shadowRoots: [scope] }) ?? []
    const at = (node: Node | undefined): number =>
      [...root.children].findIndex((block) => block.contains(node ?? null))
    return `${at(range?.startContainer)}:${range?.startOffset} ${at(range?.endContainer)}:${range?.endOffset}`
  })

/** Scrolls to the end of the document, until nobody lays out anything more. */
const lookAway = ({ page }: Person): Promise<void> =>
  content(page).evaluate(async (root) => {
    const frame = () => new Promise(requestAnimationFrame)
    for (let top = -1, still = 0; still < 3; await frame()) {
      root.lastElementChild?.scrollIntoView({ block: 'end', behavior: 'instant' })
      still = scrollY === top ? still + 1 : 0
      top = scrollY
    }
  })

/** Every block is in one box, and what people see is in the order of the document. */
const assertOrder = async ({ page }: Person): Promise<void> => {
  const wrong = await content(page).evaluate((root) => {
    const slots = [...(root.shadowRoot?.querySelectorAll('slot') ?? [])]
    const shown = slots.flatMap((slot) => slot.assignedNodes())
    const largest = Math.max(...slots.map((slot) => slot.assignedNodes().length))
    const isSame =
      shown.length === root.childNodes.length && shown.every((node, at) => node === root.childNodes[at])
    return isSame && (slots.length > 2 || shown.length < 200) && largest <= 100
      ? ''
      : `${slots.length} boxes, largest ${largest}`
  })
  expect(wrong).toBe('')
}

/** Lexical keeps the text of the document as it is, though only what has changed is read again. */
const assertText = async ({ page }: Person): Promise<void> => {
  const { kept, read } = await lexicalText(page)
  expect(kept).toBe(read)
}

const KEYS =
  `Control+End x Control+Home y ArrowDown*70 Shift+ArrowDown*3 ArrowRight PageDown*6 PageUp*2 Shift+Control+End
  ArrowLeft Control+a ArrowRight Enter z Backspace*3 Shift+Control+Home ArrowLeft Delete Shift+Control+End Backspace Control+z
  Control+End Alt+Shift+ArrowUp*3 Control+Home Control+y Control+Home Shift+ArrowDown*70 ArrowRight Shift+Control+End ArrowRight
  ArrowUp*3 Shift+Control+End ArrowDown Control+a Shift+ArrowLeft ArrowRight Shift+ArrowUp*70 ArrowLeft Shift+PageDown*3 ArrowRight
  Shift+PageUp*5 ArrowLeft Control+Home n Enter Control+End o Control+Home Alt+Shift+ArrowDown Control+End p Control+Home Delete
  Control+End q Enter Control+Home r`.split(/\s+/)

/** With the view at the other end of the document, where nothing around the caret is near the screen. */
const KEYS_FROM_AFAR =
  `Control+Home ${'away ArrowDown '.repeat(60)} ${'away PageDown '.repeat(8)} away Shift+PageDown ${'away PageUp '.repeat(6)} away Shift+PageUp
  ArrowLeft ${'away Shift+ArrowUp '.repeat(20)} ArrowLeft away x away Enter away Backspace`.split(/\s+/)

describe('a long document', () => {
  it('is laid out only near the screen, and keys go where they go in one that is laid out whole', async () => {
    const [near, whole] = [await stage.person('Near'), await stage.person('Whole')]
    await whole.page.addInitScript(() => {
      globalThis.weftStretches = { fewestBlocks: Number.MAX_SAFE_INTEGER, size: 50 }
    })
    const trails: string[][] = []
    for (const person of [near, whole]) {
      await openTogether(person)
      await person.clickAfter(MINE)
      const trail = [await selection(person)]
      for (const keys of [...KEYS, ...KEYS_FROM_AFAR]) {
        if (keys === 'away') {
          await lookAway(person)
          continue
        }
        const [key = '', times = '1'] = keys.split('*')
        for (let left = Number(times); left > 0; left--) await person.page.keyboard.press(key)
        trail.push(`${keys} ${await selection(person)}`)
        if (person === near) await assertOrder(person)
        await assertText(person)
      }
      trails.push(trail)
    }
    expect(trails[0]).toEqual(trails[1])
    expect(await words(near)).toEqual(await words(whole))
    expect(await laidOut(near)).toBeLessThan(BLOCKS * 0.7)
    expect(await laidOut(whole)).toBe((await words(whole)).length)
    expect((await lexicalText(near.page)).pieces).toBeGreaterThan(BLOCKS / 50)
    expect([...near.errors, ...whole.errors]).toEqual([])
  })

  it('shows what others write far away, moves nobody, and leads to them', async () => {
    const [ann, ben] = [await stage.person('Ann'), await stage.person('Ben')]
    await openTogether(ann, ben)
    await ann.clickAfter(MINE)
    const before = [await selection(ann), await ann.page.evaluate(() => scrollY)]
    await ben.page.locator('weft-editor').click()
    await ben.page.keyboard.press('Control+End')
    await ben.page.keyboard.press('Enter')
    await ben.type('Ben is here')
    await ben.page.keyboard.press('Control+Home')
    for (let block = 0; block < 120; block++) await ben.page.keyboard.press('Enter')
    await ben.page.keyboard.press('Control+End')
    const wanted = [
      ...Array.from({ length: 120 }, () => ''),
      ...manuscript(BLOCKS).map(textOf),
      'Ben is here',
    ]
    await until(
      'Ann has his words',
      () => words(ann),
      (seen) => JSON.stringify(seen) === JSON.stringify(wanted),
    )
    for (const person of [ann, ben]) {
      await assertOrder(person)
      await assertText(person)
    }
    // 120 blocks more before hers; on her screen nothing has moved.
    const [start = '', end = ''] = String(before[0]).split(' ')
    const later = (place: string): string => place.replace(/^\d+/, (block) => String(Number(block) + 120))
    expect(await selection(ann)).toBe(`${later(start)} ${later(end)}`)
    const top = () =>
      content(ann.page).evaluate(
        (root, start) =>
          [...root.children]
            .find((block) => (block.textContent ?? '').startsWith(start))
            ?.getBoundingClientRect().top ?? 0,
        FORMATTED,
      )
    expect(await top()).toBeGreaterThan(0)
    expect(await top()).toBeLessThan(800)
    await ann.type('!')
    expect((await words(ann))[BLOCKS / 2 + 120]).toBe(`${MINE}!`)

    await ann.page.locator('weft-presence').getByRole('button', { name: /Ben/ }).click()
    await until("Ben's caret is on her screen", () =>
      ann.page.locator('weft-editor .caret:not([hidden])').evaluateAll((carets) =>
        carets.some((caret) => {
          const { top, bottom } = caret.getBoundingClientRect()
          return top > 0 && bottom < innerHeight
        }),
      ),
    )
    expect([...ann.errors, ...ben.errors]).toEqual([])
  })

  it('knows what is near the screen also after a jump, and when all that was near is deleted', async () => {
    const ann = await stage.person('Ann')
    await openTogether(ann)
    const [first = { kind: 'paragraph', runs: [] }] = manuscript(BLOCKS)
    /** Boxes on the screen that are not known to be near it, and far ones that still are, of how many there are. */
    const unknown = (): Promise<[missed: number, kept: number, boxes: number]> =>
      content(ann.page).evaluate((root) => {
        const boxes = [...(root.shadowRoot?.querySelectorAll('.stretch') ?? [])]
        const isWithin = (box: Element, screens: number): boolean => {
          const { top, bottom } = box.getBoundingClientRect()
          return bottom > -screens * innerHeight && top < (1 + screens) * innerHeight
        }
        const near = (box: Element): boolean => box.classList.contains('near')
        return [
          boxes.filter((box) => isWithin(box, 0) && !near(box)).length,
          boxes.filter((box) => !isWithin(box, 1.5) && near(box)).length,
          boxes.length,
        ]
      })
    for (const part of [1, 0, 0.5, 0.9, 0.3, 0.31, 0.6, 0]) {
      await ann.page.evaluate(
        (part) => scrollTo({ top: part * document.documentElement.scrollHeight, behavior: 'instant' }),
        part,
      )
      await until(
        `what is near is known at ${part}`,
        unknown,
        ([missed, kept, boxes]) => missed === 0 && kept === 0 && boxes > 10,
      )
    }
    await ann.clickAfter(textOf(first))
    for (const key of ['PageDown', 'PageDown', 'PageDown', 'Shift+Control+End'])
      await ann.page.keyboard.press(key)
    await until('the end is near', unknown, ([missed, kept]) => missed === 0 && kept === 0)
    await ann.page.keyboard.press('Backspace')
    await until(
      'what is left is near',
      unknown,
      ([missed, kept, boxes]) => missed === 0 && kept === 0 && boxes > 0 && boxes < 8,
    )
    expect(ann.errors).toEqual([])
  })

  it('asks for no frame, and draws nothing, because of what others write far away', async () => {
    const [ann, ben] = [await stage.person('Ann'), await stage.person('Ben')]
    await openTogether(ann, ben)
    await ben.page.locator('weft-editor').click()
    await ben.page.keyboard.press('Control+End')
    await ben.type(' Ben')
    await ann.clickAfter(MINE)
    await ann.type('!')
    await until(
      'Ann has his first words',
      () => words(ann),
      (seen) => seen.at(-1) === `${LAST} Ben`,
    )
    await until('all that comes late is there', () =>
      ann.page.locator('weft-editor .caret[hidden]').evaluateAll((carets) => carets.length === 1),
    )
    await frame(ann.page)
    await content(ann.page).evaluate((text) => {
      const asked: string[] = []
      const drawn: string[] = []
      const { requestAnimationFrame: real } = globalThis
      globalThis.requestAnimationFrame = (run) => {
        asked.push(new Error('asked').stack ?? '')
        return real.call(globalThis, run)
      }
      // Text that is not laid out may change; what stands around it may not.
      new MutationObserver((records) => {
        for (const { target, attributeName } of records)
          if (!text.contains(target)) drawn.push(`${target.nodeName} ${attributeName}`)
      }).observe(text.getRootNode(), { subtree: true, childList: true, attributes: true })
      Object.assign(globalThis, { weftAsked: asked, weftDrawn: drawn })
    })
    for (const word of [' writes', ' where', ' nobody', ' looks']) {
      const last = (await words(ben)).at(-1)
      await ben.type(word)
      await until(
        'Ann has it',
        () => words(ann),
        (seen) => seen.at(-1) === `${last}${word}`,
      )
    }
    // Timers that were set before, and for less, have run before this one does, however busy the machine is.
    const seen = await ann.page.evaluate(async () => {
      await new Promise((resolve) => setTimeout(resolve, 100))
      return Object.entries(globalThis).filter(([name]) => /^weft(Asked|Drawn)$/.test(name))
    })
    expect(seen).toEqual([
      ['weftAsked', []],
      ['weftDrawn', []],
    ])
    expect([...ann.errors, ...ben.errors]).toEqual([])
  })
})
