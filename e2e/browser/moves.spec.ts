/** Blocks that change places, by a mouse that drags them and by keys, while somebody else writes in them. */
import { describe, expect, it } from 'vitest'
import { exec } from '../harness/gestures.ts'
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

async function write({ page }: Person, ...lines: string[]): Promise<void> {
  for (const [index, line] of lines.entries()) {
    if (index > 0) await page.keyboard.press('Enter')
    await page.keyboard.type(line)
  }
}

async function bothShow(...lines: string[]): Promise<void> {
  for (const one of [ann, ben]) await until('the lines', one.text, (text) => text === lines.join('\n'), 8_000)
}

async function boxOf(
  { page }: Person,
  text: string,
): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await page.locator('weft-editor .content').getByText(text).first().boundingBox()
  if (box === null) throw new Error(`"${text}" is not on the screen`)
  return box
}

/** Takes hold of the handle beside the block with `text`; the button is down then. */
async function grab(person: Person, text: string): Promise<void> {
  const { page } = person
  const box = await boxOf(person, text)
  await page.mouse.move(box.x + 4, box.y + box.height / 2)
  const handle = await until('the handle is beside it', async () => {
    const place = await page.locator('.block-handle.shown').boundingBox()
    return place !== null && Math.abs(place.y + place.height / 2 - box.y - box.height / 2) < 20
      ? place
      : undefined
  })
  if (handle === undefined) throw new Error('there is no handle')
  await page.mouse.move(handle.x + handle.width / 2, handle.y + handle.height / 2)
  await page.mouse.down()
}

/** To just above, or below, the block with `text`. */
async function dragTo(person: Person, text: string, side: 'above' | 'below'): Promise<void> {
  const box = await boxOf(person, text)
  const y = side === 'above' ? box.y + 2 : box.y + box.height - 2
  await person.page.mouse.move(box.x - 20, y, { steps: 6 })
}

const line = ({ page }: Person) => page.locator('.drop-line:not([hidden])')

describe('a block', () => {
  it('is dragged while somebody types in it, and no word is lost', async () => {
    await write(ann, 'first', 'second', 'third')
    await bothShow('first', 'second', 'third')
    await ben.clickAfter('third')
    const typing = ben.type(' which Ben goes on writing in while it moves', 15)
    await grab(ann, 'third')
    await dragTo(ann, 'first', 'above')
    await until('the line is drawn', () => line(ann).count())
    await ann.page.mouse.up()
    await typing
    const text = await until(
      'all is there',
      ann.text,
      (seen) => seen.replaceAll('\n', '').length === 'firstsecondthird'.length + 44,
    )
    await until('Ben sees the same', ben.text, (seen) => seen === text)
    // What Ann had seen moved; what she had not may have stayed where the block was, in its order.
    const [moved = '', first, stayed = ''] = text.split('\n')
    expect(first).toBe('first')
    expect(`${moved}${stayed.slice('second'.length)}`).toBe(
      'third which Ben goes on writing in while it moves',
    )
    // Undo moves it back; what Ben wrote in it meanwhile stays, wherever it was written.
    await ann.page.keyboard.press('Control+z')
    const back = await until('the block is back', ann.text, (seen) => /\nthird[^\n]*$/.test(seen))
    await until('Ben sees it, too', ben.text, (seen) => seen === back)
    const letters = (words: string): string => words.replaceAll('\n', '').split('').sort().join('')
    expect(letters(back)).toBe(letters(text))
  })

  it('stays where it is when it is dropped in place or let go by Escape', async () => {
    await write(ann, 'first', 'second', 'third')
    await ann.saved()
    await grab(ann, 'second')
    await dragTo(ann, 'third', 'below')
    await until('the line is drawn', () => line(ann).count())
    await ann.page.keyboard.press('Escape')
    expect(await line(ann).count()).toBe(0)
    await ann.page.mouse.up()
    await grab(ann, 'second')
    await dragTo(ann, 'third', 'below')
    await dragTo(ann, 'first', 'below')
    await until(
      'there is nothing to show',
      () => line(ann).count(),
      (count) => count === 0,
    )
    await ann.page.mouse.up()
    await bothShow('first', 'second', 'third')
    // One undo takes back what was written last: no move is between.
    await ann.page.keyboard.press('Control+z')
    await until('the last word is taken back', ann.text, (text) =>
      /^first\nsecond(\n(?!third$).*)?$/.test(text),
    )
  })

  it('moves by keys with its caret, and back by undo', async () => {
    await write(ann, 'first', 'second', 'third')
    await ann.page.keyboard.press('Alt+Shift+ArrowUp')
    await bothShow('first', 'third', 'second')
    await ann.type('!')
    await bothShow('first', 'third!', 'second')
    await ann.page.keyboard.press('Control+z')
    await ann.page.keyboard.press('Control+z')
    await bothShow('first', 'second', 'third')
    await ann.type('?')
    await bothShow('first', 'second', 'third?')
  })

  it('is reached without a mouse: Tab goes to the handle, the arrows move the block', async () => {
    await write(ann, 'first', 'second')
    await ann.page.keyboard.press('Tab')
    await until('the handle has the focus', () => ann.page.locator('.block-handle:focus').count())
    await ann.page.keyboard.press('ArrowUp')
    await bothShow('second', 'first')
    await ann.page.keyboard.press('Escape')
    await ann.type('!')
    await bothShow('second!', 'first')
  })
})

describe('in a cell', () => {
  it('blocks are dragged among themselves, and the table past a paragraph', async () => {
    await write(ann, 'before')
    await exec(ann.page, 'table', '1x2')
    await write(ann, 'one', 'two')
    // At the very start of a line the click is the line's, and a press on the handle replaces nothing.
    const start = await boxOf(ann, 'one')
    await ann.page.mouse.click(start.x, start.y + start.height / 2)
    await ann.type('1 ')
    await grab(ann, 'two')
    await ann.page.mouse.up()
    // A press opens the menu of the block; the caret is in it.
    await until('the menu has the keyboard', () => ann.page.locator('weft-block-menu[moves] :focus').count())
    await ann.page.keyboard.press('Escape')
    await ann.type('2 ')
    await until(
      'both lines',
      () => ann.page.locator('weft-editor th').first().innerText(),
      (text) => /1 one\s+2 two/.test(text),
    )
    await grab(ann, 'two')
    await dragTo(ann, 'one', 'above')
    await ann.page.mouse.up()
    const cell = ({ page }: Person) => page.locator('weft-editor th').first()
    for (const one of [ann, ben])
      await until(
        'the cell',
        () => cell(one).innerText(),
        (text) => text.trim().replaceAll(/\s+/g, ' ') === '2 two 1 one',
      )
    const table = await ann.page.locator('.content > [data-kind=table]').boundingBox()
    if (table === null) throw new Error('there is no table')
    await ann.page.mouse.move(table.x - 10, table.y + 20)
    // Not the one that was beside the cell's block.
    const handle = await until(
      'the handle is beside the table',
      () => ann.page.locator('.block-handle.shown').boundingBox(),
      (box) => box !== null && box.x + box.width <= table.x,
    )
    await ann.page.mouse.move((handle?.x ?? 0) + 8, (handle?.y ?? 0) + 8)
    await ann.page.mouse.down()
    await dragTo(ann, 'before', 'above')
    await ann.page.mouse.up()
    await until('the table comes first', () =>
      ben.page.locator('.content > :first-child[data-kind=table]').count(),
    )
    expect(await cell(ben).innerText()).toContain('two')
  })
})
