/** What a person does with keys in text, by chance: types, deletes, composes, takes back. */
import { compose, frame, isSelectedWhole, readSelection, textOf } from './gestures.ts'
import { allowed, clickCaret, type Hands, placeCaret, selectSome, typeFresh } from './hands.ts'
import { type Allowance, NOTHING } from './page-ledger.ts'

const CARET_KEYS = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'Home', 'End', 'Control+ArrowLeft']

export const TYPING_ACTIONS = {
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
} satisfies { [name: string]: (hands: Hands) => Promise<Allowance> }
