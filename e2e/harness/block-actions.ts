/**
 * What a person does by chance to blocks as wholes, and to what is no text: colours, objects, boxes, handles, tables
 * from elsewhere.
 *
 * Rule: as in `actions.ts`, which has the others: each says what it may delete.
 */
import type { CommandName } from '@weft/editor/element'
import type { Page } from 'playwright-core'
import {
  boxToPress,
  countTables,
  draggedText,
  exec,
  frame,
  isInText,
  paste,
  placeOfBlock,
  readSelection,
  textOf,
  textOfBlock,
  textOfTable,
} from './gestures.ts'
import { type Hands, placeCaret, placeCaretIn, selectSome, typeFresh } from './hands.ts'
import { type Allowance, NOTHING } from './page-ledger.ts'

/** More would leave each too few words. */
export const MOST_TABLES = 2

/** '' takes it away. */
const COLORS = ['red', 'green', 'blue', '']
const OBJECTS: readonly (readonly [CommandName, string])[] = [
  ['inline-equation', 'a^2'],
  ['inline-equation', String.raw`\frac{1}{2}`],
  ['date', '2026-11-22'],
  ['mention', 'Zoe'],
]
const KINDS: readonly (readonly [CommandName, string])[] = [
  ['callout', 'tip'],
  ['callout', 'warning'],
  ['code-block', 'javascript'],
  ['code-block', 'python'],
]
const STARTS = ['2', '5', '9']

/** Without a text of their own; the picture is one that the server has, so that no other site is asked. */
function voids(page: Page): readonly (readonly [CommandName, string?])[] {
  return [
    ['divider'],
    ['image', new URL('/favicon.svg', page.url()).href],
    ['file', 'https://example.org/report.pdf'],
    ['embed', 'https://example.org/'],
    ['equation', 'x^2 + y^2'],
  ]
}

export const BLOCK_ACTIONS = {
  async color(hands: Hands): Promise<Allowance> {
    await selectSome(hands)
    const command = hands.random.pick(['color', 'highlight'] as const)
    await exec(hands.person.page, command, hands.random.pick(COLORS))
    return NOTHING
  },

  /** Among the words, one unit long. */
  object(hands: Hands): Promise<Allowance> {
    return insert(hands, hands.random.pick(OBJECTS))
  },

  insert(hands: Hands): Promise<Allowance> {
    return insert(hands, hands.random.pick(voids(hands.person.page)))
  },

  /** With what it says beside its kind: which callout, which language. */
  kindWith(hands: Hands): Promise<Allowance> {
    return insert(hands, hands.random.pick(KINDS))
  },

  /** Side by side with others: in a new row, beside what is above, out of it again. */
  async columns(hands: Hands): Promise<Allowance> {
    const { page } = hands.person
    const { seen } = await placeCaret(hands)
    const selected = await textOfBlock(page)
    const command = hands.random.pick(['columns-2', 'columns-3', 'beside-above', 'out-of-columns'] as const)
    await exec(page, command)
    if (command === 'out-of-columns') return { kind: 'move', selected, seen }
    if (hands.random.chance(0.5)) await typeFresh(hands)
    return NOTHING
  },

  /** An item of a list begins it anew, from another number. */
  async restart(hands: Hands): Promise<Allowance> {
    await placeCaretIn(hands, 'items')
    await exec(hands.person.page, 'numbered-list', hands.random.pick(STARTS))
    return NOTHING
  },

  /** The box of a check item, the triangle of a toggle; with none there is one to begin with. */
  async press(hands: Hands): Promise<Allowance> {
    const { page } = hands.person
    const place = await boxToPress(page, hands.random.next())
    if (place === undefined) {
      await placeCaret(hands)
      await exec(page, hands.random.pick(['toggle', 'check-list'] as const))
    } else await page.mouse.click(place.x, place.y)
    return NOTHING
  },

  /** Of a list, or of what a toggle or callout holds. */
  async indentByTab(hands: Hands): Promise<Allowance> {
    const { page } = hands.person
    const { seen } = await placeCaretIn(hands, 'items')
    await page.keyboard.press(hands.random.chance(0.7) ? 'Tab' : 'Shift+Tab')
    // Where there is no list it leaves the text, or goes to another cell, where what stands there is selected.
    const { isCaret } = await readSelection(page)
    if (await isInText(page)) await typeFresh(hands)
    return isCaret ? NOTHING : { kind: 'selection', selected: seen, seen }
  },

  /** A block is taken by its handle and let go over another one. */
  async handle(hands: Hands): Promise<Allowance> {
    const { person, random } = hands
    const { page } = person
    await placeCaret(hands)
    const over = await placeOfBlock(page)
    if (over === undefined) return NOTHING
    await page.mouse.move(over.x, over.y)
    await frame(page)
    // A bar may lie over the block; and what others write may take the block away, and its handle with it: asked once.
    const handle = await page
      .locator('.block-handle.shown')
      .evaluateAll(([one]): DOMRect | undefined => one?.getBoundingClientRect().toJSON())
    const target = await textOf(page).boundingBox()
    if (handle === undefined || target === null) return NOTHING
    const x = handle.x + handle.width / 2
    await page.mouse.move(x, handle.y + handle.height / 2)
    await page.mouse.down()
    const to = Math.max(target.y, 60) + random.next() * Math.min(target.height, 640)
    await page.mouse.move(x, (over.y + to) / 2, { steps: 2 })
    // Beside the text, or over it, where columns are.
    await page.mouse.move(random.chance(0.5) ? x : target.x + random.next() * target.width, to)
    await frame(page)
    // What it took is what it showed as taken, whatever others have put under the pointer meanwhile.
    const { selected, seen } = await draggedText(page)
    await page.mouse.up()
    return { kind: 'move', selected, seen }
  },

  /** From another program: in a table into its cells, anywhere else as a table of its own. */
  async pasteTable(hands: Hands): Promise<Allowance> {
    const { person, random } = hands
    const { page } = person
    const isFull = (await countTables(page)) >= MOST_TABLES
    const { seen } = await (isFull || random.chance(0.3) ? placeCaretIn(hands, 'cells') : placeCaret(hands))
    const selected = await textOfTable(page)
    const cell = (tag: string): string => `<${tag}>${hands.take(random.whole(1, 2))}</${tag}>`
    const row = (tag: string): string => `<tr>${cell(tag)}${cell(tag)}</tr>`
    await paste(page, 'text/html', `<table>${row(random.pick(['th', 'td']))}${row('td')}</table>`)
    return { kind: 'cells', selected, seen }
  },
} satisfies { [name: string]: (hands: Hands) => Promise<Allowance> }

async function insert(
  hands: Hands,
  [command, argument]: readonly [CommandName, string?],
): Promise<Allowance> {
  await placeCaret(hands)
  await exec(hands.person.page, command, argument)
  if (hands.random.chance(0.5)) await typeFresh(hands)
  return NOTHING
}
