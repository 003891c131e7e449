/** What a person makes of text that is there, by chance: kinds of blocks, marks, links. */
import type { CommandName } from '@weft/editor/element'
import { exec } from './gestures.ts'
import { type Hands, placeCaret, selectSome, typeFresh } from './hands.ts'
import { type Allowance, NOTHING } from './page-ledger.ts'

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
const MARKS = ['Control+b', 'Control+i', 'Control+u', 'Control+e', 'Control+Shift+x']

export const FORMAT_ACTIONS = {
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
    // Whether it can be done now or not, as in code, where there are no marks; others' edits may change that just then.
    await page.locator(`weft-toolbar [data-command=${command}]`).first().click({ force: true })
    return NOTHING
  },

  async link(hands: Hands): Promise<Allowance> {
    await selectSome(hands)
    const address = hands.random.pick(['https://example.org/a', 'https://example.org/b'])
    await exec(hands.person.page, 'link', address)
    return NOTHING
  },
} satisfies { [name: string]: (hands: Hands) => Promise<Allowance> }
