/** What a person brings from elsewhere or puts elsewhere, by chance: clipboard, mouse, the keys that move a block. */
import { paste, placeOfSelection, textOf, textOfBlock } from './gestures.ts'
import { allowed, type Hands, placeCaret, selectSome } from './hands.ts'
import { type Allowance, NOTHING } from './page-ledger.ts'

export const MOVING_ACTIONS = {
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

  async move(hands: Hands): Promise<Allowance> {
    const { page } = hands.person
    const { seen } = await placeCaret(hands)
    const selected = await textOfBlock(page)
    await page.keyboard.press(hands.random.chance(0.5) ? 'Alt+Shift+ArrowUp' : 'Alt+Shift+ArrowDown')
    return { kind: 'move', selected, seen }
  },
} satisfies { [name: string]: (hands: Hands) => Promise<Allowance> }
