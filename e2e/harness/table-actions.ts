/** What a person does in tables, by chance. */
import type { CommandName } from '@weft/editor/element'
import { MOST_TABLES } from './block-actions.ts'
import { countTables, exec, isInText, textOfTable } from './gestures.ts'
import { type Hands, placeCaret, placeCaretIn, typeFresh } from './hands.ts'
import { type Allowance, NOTHING } from './page-ledger.ts'

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

export const TABLE_ACTIONS = {
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
} satisfies { [name: string]: (hands: Hands) => Promise<Allowance> }
