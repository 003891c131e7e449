/**
 * A person by chance at a page: who, with what luck, and the gestures that most actions begin with.
 *
 * What can be done with them is in `actions.ts`.
 */
import type { CDPSession } from 'playwright-core'
import type { Random } from '../../editor/test/fuzz/random.ts'
import { frame, placeOfSelection, pressCharacters, type Selected, select } from './gestures.ts'
import type { Allowance } from './page-ledger.ts'
import type { Person } from './person.ts'
import { cut } from './witness.ts'

export interface Hands {
  readonly person: Person
  readonly random: Random
  readonly cdp: CDPSession
  readonly take: (count: number) => string
  isOffline: boolean
}

export async function setOffline(hands: Hands, isOffline: boolean): Promise<void> {
  hands.isOffline = isOffline
  await hands.person.context.setOffline(isOffline)
  if (isOffline) await cut(hands.person.page)
}

export function placeCaret({ person, random }: Hands, offset = random.next()): Promise<Selected> {
  return select(person.page, { block: random.next(), offset })
}

/** Anywhere where there is none of them. */
export function placeCaretIn({ person, random }: Hands, among: 'cells' | 'items'): Promise<Selected> {
  return select(person.page, { block: random.next(), offset: random.next(), among })
}

/** With the mouse, where the caret would be. */
export async function clickCaret(hands: Hands): Promise<void> {
  await placeCaret(hands)
  const place = await placeOfSelection(hands.person.page)
  if (place === undefined) return
  await hands.person.page.mouse.click(place.x, place.y)
  await frame(hands.person.page)
  await frame(hands.person.page)
}

export async function selectSome({ person, random }: Hands): Promise<Selected> {
  const from = { block: random.next(), offset: random.next() }
  const blocks = random.chance(0.6) ? 0 : random.whole(1, 2)
  return select(person.page, from, { blocks, offset: random.next(), isBackward: random.chance(0.5) })
}

export function allowed({ selected, seen }: Selected): Allowance {
  // Without a selection the key deletes what stands beside the caret.
  return selected === '' ? { kind: 'few', most: 1 } : { kind: 'selection', selected, seen }
}

export async function typeFresh({ cdp, random, take }: Hands): Promise<void> {
  await pressCharacters(cdp, take(random.whole(1, 5)))
}
