/**
 * What a person does to a page by chance: keys, mouse, clipboard, input method, network, reload.
 *
 * Rule: each action says what it may delete, and asks the ledger for every character it writes.
 */
import type { CommandName, WeftEditorApi } from '@weft/editor/element'
import type { Random } from '../../editor/test/fuzz/random.ts'
import { BLOCK_ACTIONS, MOST_TABLES } from './block-actions.ts'
import {
  compose,
  countTables,
  exec,
  frame,
  isInText,
  isKeptHere,
  isSelectedWhole,
  paste,
  placeOfSelection,
  readSelection,
  textOf,
  textOfBlock,
  textOfTable,
} from './gestures.ts'
import {
  allowed,
  clickCaret,
  type Hands,
  placeCaret,
  placeCaretIn,
  selectSome,
  setOffline,
  typeFresh,
} from './hands.ts'
import type { Allowance } from './page-ledger.ts'
import { until } from './wait.ts'

export type Action = keyof typeof ACTIONS

/** How often each is done, relative to the others. */
const WEIGHTS: { readonly [name in Action]: number } = {
  type: 24,
  goOn: 20,
  backspace: 6,
  deleteWord: 2,
  deleteSelection: 5,
  retype: 3,
  retypeAll: 0.5,
  enter: 10,
  lineBreak: 2,
  join: 6,
  shortcutKind: 5,
  chosenKind: 4,
  markdown: 4,
  depth: 3,
  mark: 6,
  toolbar: 2,
  link: 2,
  pasteText: 3,
  pasteHtml: 3,
  cut: 2,
  inputMethod: 7,
  undo: 7,
  redo: 4,
  drag: 2,
  table: 8,
  inTable: 12,
  tableEdit: 7,
  tab: 3,
  move: 5,
  color: 5,
  object: 4,
  insert: 3,
  kindWith: 3,
  columns: 5,
  restart: 3,
  press: 4,
  indentByTab: 4,
  handle: 4,
  pasteTable: 2,
  network: 4,
  reload: 2,
}

const NOTHING: Allowance = { kind: 'nothing' }
const KINDS = ['Control+Alt+1', 'Control+Alt+2', 'Control+Alt+3', 'Control+Alt+0']
const LISTS = ['Control+Shift+8', 'Control+Shift+7', 'Control+Shift+9']
const CHOSEN: readonly CommandName[] = [
  'quote',
  'code-block',
  'paragraph',
  'check-list',
  'heading-4',
  'callout',
  'toggle',
]
const LINES: readonly CommandName[] = [
  'row-above',
  'row-below',
  'move-row-up',
  'move-row-down',
  'column-before',
  'column-after',
  'move-column-left',
  'move-column-right',
  'header-row',
  'header-column',
]
const GONE: readonly CommandName[] = [
  'delete-row',
  'delete-column',
  'delete-row',
  'delete-column',
  'delete-table',
]
const CARET_KEYS = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'Home', 'End', 'Control+ArrowLeft']
const MARKS = ['Control+b', 'Control+i', 'Control+u', 'Control+e', 'Control+Shift+x']

export function pickAction(random: Random): Action {
  const names = Object.keys(WEIGHTS) as Action[]
  let left = random.next() * names.reduce((sum, name) => sum + WEIGHTS[name], 0)
  for (const name of names) {
    left -= WEIGHTS[name]
    if (left <= 0) return name
  }
  return 'type'
}

export const ACTIONS = {
  ...BLOCK_ACTIONS,

  async type(hands: Hands): Promise<Allowance> {
    await (hands.random.chance(0.2) ? clickCaret(hands) : placeCaret(hands))
    await typeFresh(hands)
    return NOTHING
  },

  /** Where the caret is, whatever others have done around it. */
  async goOn(hands: Hands): Promise<Allowance> {
    const { person, random } = hands
    const { isCaret } = await readSelection(person.page)
    if (!isCaret) await placeCaret(hands)
    // At once: a colleague's change may come before the editor has heard where the key has put the caret.
    for (let times = random.chance(0.4) ? random.whole(1, 3) : 0; times > 0; times -= 1)
      await person.page.keyboard.press(random.pick(CARET_KEYS))
    await typeFresh(hands)
    if (random.chance(0.3)) await person.page.keyboard.press('Space')
    return NOTHING
  },

  async backspace(hands: Hands): Promise<Allowance> {
    await placeCaret(hands)
    const most = hands.random.whole(1, 3)
    const key = hands.random.chance(0.7) ? 'Backspace' : 'Delete'
    for (let count = 0; count < most; count += 1) {
      await hands.person.page.keyboard.press(key)
      // Beside a table the first one selects it, and nobody goes on without seeing that.
      if (await isSelectedWhole(hands.person.page)) break
    }
    return { kind: 'few', most }
  },

  async deleteWord(hands: Hands): Promise<Allowance> {
    await placeCaret(hands)
    const { seen } = await readSelection(hands.person.page)
    await hands.person.page.keyboard.press(hands.random.chance(0.7) ? 'Control+Backspace' : 'Control+Delete')
    return { kind: 'selection', selected: seen, seen }
  },

  async deleteSelection(hands: Hands): Promise<Allowance> {
    const selection = await selectSome(hands)
    await hands.person.page.keyboard.press(hands.random.chance(0.7) ? 'Backspace' : 'Delete')
    return allowed(selection)
  },

  async retype(hands: Hands): Promise<Allowance> {
    const selection = await selectSome(hands)
    await typeFresh(hands)
    return allowed(selection)
  },

  async retypeAll(hands: Hands): Promise<Allowance> {
    const { page } = hands.person
    await placeCaret(hands)
    await page.keyboard.press('Control+a')
    const { seen } = await readSelection(page)
    await typeFresh(hands)
    return { kind: 'selection', selected: seen, seen }
  },

  async enter(hands: Hands): Promise<Allowance> {
    await placeCaret(hands)
    await hands.person.page.keyboard.press('Enter')
    if (hands.random.chance(0.5)) await typeFresh(hands)
    return NOTHING
  },

  async lineBreak(hands: Hands): Promise<Allowance> {
    await placeCaret(hands)
    await hands.person.page.keyboard.press('Shift+Enter')
    await typeFresh(hands)
    return NOTHING
  },

  async join(hands: Hands): Promise<Allowance> {
    const isBackward = hands.random.chance(0.7)
    await placeCaret(hands, isBackward ? 0 : 1)
    await hands.person.page.keyboard.press(isBackward ? 'Backspace' : 'Delete')
    // Somebody may have written beside the caret meanwhile.
    return { kind: 'few', most: 1 }
  },

  async shortcutKind(hands: Hands): Promise<Allowance> {
    await selectSome(hands)
    await hands.person.page.keyboard.press(hands.random.pick([...KINDS, ...LISTS]))
    return NOTHING
  },

  async chosenKind(hands: Hands): Promise<Allowance> {
    await placeCaret(hands)
    await exec(hands.person.page, hands.random.pick(CHOSEN))
    return NOTHING
  },

  /** In front of a block with text; what means nothing there stays as characters. */
  async markdown(hands: Hands): Promise<Allowance> {
    await placeCaret(hands, 0)
    const pattern = hands.random.pick(['# ', '## ', '- ', '1. ', '> ', '[ ] ', '[x] '])
    await hands.person.page.keyboard.type(pattern)
    await typeFresh(hands)
    return NOTHING
  },

  async depth(hands: Hands): Promise<Allowance> {
    await placeCaret(hands)
    await exec(hands.person.page, hands.random.chance(0.6) ? 'indent' : 'outdent')
    return NOTHING
  },

  async mark(hands: Hands): Promise<Allowance> {
    await selectSome(hands)
    await hands.person.page.keyboard.press(hands.random.pick(MARKS))
    return NOTHING
  },

  async toolbar(hands: Hands): Promise<Allowance> {
    const { page } = hands.person
    await selectSome(hands)
    const command = hands.random.pick(['bold', 'italic', 'bullet-list'])
    const button = page.locator(`weft-toolbar [data-command=${command}]:not([aria-disabled=true])`)
    // In code there are no marks.
    if ((await button.count()) > 0) await button.first().click()
    return NOTHING
  },

  async link(hands: Hands): Promise<Allowance> {
    await selectSome(hands)
    const address = hands.random.pick(['https://example.org/a', 'https://example.org/b'])
    await exec(hands.person.page, 'link', address)
    return NOTHING
  },

  async pasteText(hands: Hands): Promise<Allowance> {
    const { random } = hands
    const selection = random.chance(0.3) ? await selectSome(hands) : undefined
    if (selection === undefined) await placeCaret(hands)
    const lines = Array.from({ length: random.whole(1, 4) }, () => hands.take(random.whole(1, 4)))
    await paste(hands.person.page, 'text/plain', lines.join('\n'))
    return selection === undefined ? NOTHING : allowed(selection)
  },

  async pasteHtml(hands: Hands): Promise<Allowance> {
    const { random } = hands
    const selection = random.chance(0.3) ? await selectSome(hands) : undefined
    if (selection === undefined) await placeCaret(hands)
    const text = (): string => hands.take(random.whole(1, 3))
    const html = random.pick([
      () => `<p>${text()}</p><p>${text()} <b>${text()}</b></p>`,
      () => `<ul><li>${text()}</li><li>${text()}<ul><li>${text()}</li></ul></li></ul>`,
      () => `<h2>${text()}</h2><blockquote>${text()}</blockquote>`,
      () => `<span>${text()}</span>`,
    ])()
    await paste(hands.person.page, 'text/html', html)
    return selection === undefined ? NOTHING : allowed(selection)
  },

  async cut(hands: Hands): Promise<Allowance> {
    const selection = await selectSome(hands)
    await hands.person.page.keyboard.press('Control+x')
    return allowed(selection)
  },

  /** As an input method does it: the candidate changes, then one is taken, or none. */
  async inputMethod(hands: Hands): Promise<Allowance> {
    const { cdp, random, person } = hands
    if (random.chance(0.6) || !(await readSelection(person.page)).isCaret) await placeCaret(hands)
    let candidate = ''
    for (let step = random.whole(1, 4); step > 0; step -= 1) {
      candidate += random.pick(['か', 'な', 'ほ', 'に'])
      await compose(cdp, candidate)
      await frame(person.page)
    }
    if (random.chance(0.15)) await compose(cdp, '')
    else await cdp.send('Input.insertText', { text: hands.take(random.whole(1, 3)) })
    return NOTHING
  },

  async undo({ person, random }: Hands): Promise<Allowance> {
    await textOf(person.page).focus()
    for (let times = random.whole(1, 2); times > 0; times -= 1) await person.page.keyboard.press('Control+z')
    return { kind: 'travel' }
  },

  async redo({ person, random }: Hands): Promise<Allowance> {
    await textOf(person.page).focus()
    for (let times = random.whole(1, 2); times > 0; times -= 1)
      await person.page.keyboard.press('Control+Shift+z')
    return { kind: 'travel' }
  },

  async drag(hands: Hands): Promise<Allowance> {
    const { page } = hands.person
    const { selected, seen } = await selectSome(hands)
    const from = await placeOfSelection(page)
    const to = await textOf(page).locator('> *').last().boundingBox()
    if (selected === '' || from === undefined || to === null) return NOTHING
    await page.mouse.move(from.x, from.y)
    await page.mouse.down()
    const [x, y] = [to.x + 80, to.y + Math.min(12, to.height / 2)]
    await page.mouse.move((from.x + x) / 2, (from.y + y) / 2)
    await page.mouse.move(x, y)
    await page.mouse.up()
    return { kind: 'move', selected, seen }
  },

  async table(hands: Hands): Promise<Allowance> {
    const { page } = hands.person
    if ((await countTables(page)) >= MOST_TABLES) return NOTHING
    await placeCaret(hands)
    await exec(page, 'table', hands.random.pick(['2x2', '1x3', '3x2']))
    await typeFresh(hands)
    return NOTHING
  },

  async inTable(hands: Hands): Promise<Allowance> {
    await placeCaretIn(hands, 'cells')
    if (hands.random.chance(0.2)) await hands.person.page.keyboard.press('Enter')
    await typeFresh(hands)
    return NOTHING
  },

  /** Rows and columns: added, moved, deleted. */
  async tableEdit(hands: Hands): Promise<Allowance> {
    const { page } = hands.person
    const { seen } = await placeCaretIn(hands, 'cells')
    const selected = await textOfTable(page)
    const isDeletion = hands.random.chance(0.2)
    await exec(page, hands.random.pick(isDeletion ? GONE : LINES))
    return isDeletion ? { kind: 'cells', selected, seen } : NOTHING
  },

  /** In a table, to another cell, where what stands there is selected; in a list, deeper. */
  async tab(hands: Hands): Promise<Allowance> {
    const { page } = hands.person
    const { seen } = await placeCaretIn(hands, 'cells')
    await page.keyboard.press(hands.random.chance(0.7) ? 'Tab' : 'Shift+Tab')
    // Outside of tables and lists the key leaves the text, as on every page.
    if (await isInText(page)) await typeFresh(hands)
    return { kind: 'selection', selected: seen, seen }
  },

  async move(hands: Hands): Promise<Allowance> {
    const { page } = hands.person
    const { seen } = await placeCaret(hands)
    const selected = await textOfBlock(page)
    await page.keyboard.press(hands.random.chance(0.5) ? 'Alt+Shift+ArrowUp' : 'Alt+Shift+ArrowDown')
    return { kind: 'move', selected, seen }
  },

  async network(hands: Hands): Promise<Allowance> {
    await setOffline(hands, !hands.isOffline)
    return NOTHING
  },

  /** Only when the page says that leaving loses nothing; without a network it comes from the page's own cache. */
  async reload({ person, isOffline }: Hands): Promise<Allowance> {
    const { page } = person
    // A document that nobody has written in yet is nowhere but on the server.
    if (isOffline && !(await isKeptHere(page))) return NOTHING
    const editor = page.locator('weft-editor')
    await until('the page can be opened without a network', () =>
      page.evaluate(async () => {
        const worker = await navigator.serviceWorker.getRegistration()
        return worker?.active?.state === 'activated'
      }),
    )
    await until('leaving loses nothing', () =>
      editor.evaluate((element) => !(element as unknown as WeftEditorApi).status.leavingLoses),
    )
    await page.reload()
    await page.locator('weft-editor [contenteditable="true"]').waitFor()
    return NOTHING
  },
} satisfies { [name: string]: (hands: Hands) => Promise<Allowance> }
