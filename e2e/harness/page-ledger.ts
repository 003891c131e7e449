/**
 * The memory of a random run in browsers: every counted character is written once, so where it ends up can be judged.
 *
 * Survival: what nobody deleted is there exactly once; what was deleted and never brought back is gone. A deletion
 * counts only when what the person did may delete it, so a page that takes a word nobody meant is found at once.
 * Order: what was written in one go, and never moved or deleted, stays in order.
 */
import type { CaretMove, LocalChange } from './witness.ts'

/** What the action that was going on may do to characters that are there. */
export type Allowance =
  | { readonly kind: 'nothing' }
  /** Keys that each delete at most one. */
  | { readonly kind: 'few'; readonly most: number }
  /** A selection is deleted: `selected` when `seen` was all there was, and what others put in between. */
  | { readonly kind: 'selection'; readonly selected: string; readonly seen: string }
  /** Rows, columns or a whole table: of `selected` whatever stands in the same of it, and what others put there. */
  | { readonly kind: 'cells'; readonly selected: string; readonly seen: string }
  /** Undo or redo: what the same person wrote, deleted or brought back. */
  | { readonly kind: 'travel' }
  /** `selected` is written anew elsewhere, as `seen` was all there was, and with it what others put in between. */
  | { readonly kind: 'move'; readonly selected: string; readonly seen: string }

export const NOTHING: Allowance = { kind: 'nothing' }

interface Written {
  readonly author: number
  readonly burst: number
  hasArrived: boolean
  /** How often it was written anew elsewhere, and who did it. */
  moves: number
  readonly movers: Set<number>
  /** Who deleted it or brought it back, in order. */
  readonly events: { readonly by: number; readonly kind: 'deleted' | 'restored' }[]
}

const FIRST_CHARACTER = 0x4e_00

export class PageLedger {
  readonly #written = new Map<string, Written>()
  #bursts = 0
  #hasMovedEmpty = false

  get size(): number {
    return this.#written.size
  }

  /** @returns characters never used before in this run; each must come to be in the document. */
  take(author: number, count: number): string {
    this.#bursts += 1
    let text = ''
    for (let index = 0; index < count; index += 1) {
      const character = String.fromCharCode(FIRST_CHARACTER + this.#written.size)
      this.#written.set(character, {
        author,
        burst: this.#bursts,
        hasArrived: false,
        moves: 0,
        movers: new Set(),
        events: [],
      })
      text += character
    }
    return text
  }

  /** @returns what is wrong with what a page wrote while `by` did something; undefined when nothing is. */
  note(by: number, allowed: Allowance, changes: readonly LocalChange[]): string | undefined {
    const moved = new Set(allowed.kind === 'move' ? allowed.selected : '')
    // Whoever had their caret in it goes along, past characters that stayed.
    if (allowed.kind === 'move' && allowed.selected === '') this.#hasMovedEmpty = true
    let deleted = 0
    for (const { before, after, removed, added } of changes) {
      deleted += removed.length
      const wrong = this.#mayDelete(by, allowed, removed, before, deleted)
      if (wrong !== undefined) return `${wrong} (${removed} of ${before})`
      for (const character of removed) this.#of(character).events.push({ by, kind: 'deleted' })
      // With what others have put in between the look and the key: what they write behind it then stays where it was.
      if (allowed.kind === 'move')
        for (const character of removed + carried(before, after, allowed.selected)) moved.add(character)
      for (const character of added) {
        const written = this.#of(character)
        if (written.hasArrived) {
          if (allowed.kind !== 'travel' && allowed.kind !== 'move') return `wrote ${character} a second time`
          written.events.push({ by, kind: 'restored' })
        } else if (written.author !== by) return `wrote ${character}, which is of ${written.author}`
        written.hasArrived = true
      }
    }
    for (const character of moved) {
      const written = this.#of(character)
      written.moves += 1
      written.movers.add(by)
    }
    return undefined
  }

  /** @returns the moves that no deletion, undo or drag explains. */
  unexplained(moves: readonly CaretMove[]): CaretMove[] {
    const isPlain = (character: string): boolean => {
      if (character === '') return true
      const { events, moves } = this.#of(character)
      return events.length === 0 && moves === 0
    }
    return moves.filter(
      ({ left, right, isAlone }) => isPlain(left) && isPlain(right) && !(isAlone && this.#hasMovedEmpty),
    )
  }

  /** @param text everything the document says in the end. @returns what is wrong with it. */
  judge(text: string): string | undefined {
    const counts = new Map<string, number>()
    for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
    for (const [character, written] of this.#written) {
      const count = counts.get(character) ?? 0
      const wrong = judgeCount(count, written)
      if (wrong !== undefined) return `${character} of ${written.author} is there ${count} times: ${wrong}`
    }
    const last = new Map<number, string>()
    for (const character of text) {
      const written = this.#written.get(character)
      if (written === undefined || written.events.length > 0 || written.moves > 0) continue
      const before = last.get(written.burst)
      if (before !== undefined && before > character)
        return `${character} was written before ${before} and stands behind it`
      last.set(written.burst, character)
    }
    return undefined
  }

  #mayDelete(
    by: number,
    allowed: Allowance,
    removed: string,
    before: string,
    deleted: number,
  ): string | undefined {
    if (removed === '') return undefined
    switch (allowed.kind) {
      case 'nothing':
        return 'deleted, and nothing may be'
      case 'few':
        return deleted <= allowed.most ? undefined : `deleted more than ${allowed.most}`
      case 'cells':
      case 'selection': {
        const { kind, selected, seen } = allowed
        const strange = Array.from(removed).find(
          (one) => seen.includes(one) && !selected.includes(one) && this.#of(one).moves === 0,
        )
        if (strange !== undefined) return `deleted ${strange}, which was not selected in ${selected}`
        return kind === 'cells' || before.includes(removed) ? undefined : 'deleted here and there'
      }
      case 'move': {
        const { selected, seen } = allowed
        const strange = Array.from(removed).find(
          (one) => seen.includes(one) && !selected.includes(one) && this.#of(one).moves === 0,
        )
        return strange === undefined ? undefined : `moved ${strange}, which was not selected`
      }
      case 'travel': {
        const foreign = Array.from(removed).find((one) => {
          const { author, events, movers } = this.#of(one)
          return author !== by && !movers.has(by) && !events.some((event) => event.by === by)
        })
        return foreign === undefined ? undefined : `undid ${foreign} of ${this.#of(foreign).author}`
      }
    }
  }

  #of(character: string): Written {
    const written = this.#written.get(character)
    if (written === undefined) throw new Error(`nobody wrote ${character}`)
    return written
  }
}

/** What changed places with what it was moved past, `selected` and more; '' when nothing did. */
function carried(before: string, after: string, selected: string): string {
  let start = 0
  while (start < before.length && before[start] === after[start]) start += 1
  let end = 0
  while (end < before.length - start && before.at(-1 - end) === after.at(-1 - end)) end += 1
  const from = before.slice(start, before.length - end)
  const to = after.slice(start, after.length - end)
  const at = from.indexOf(to.charAt(0))
  const [first, second] = [from.slice(0, at), from.slice(at)]
  if (at < 1 || second + first !== to) return ''
  const isSelected = (part: string): boolean => Array.from(selected).some((one) => part.includes(one))
  if (isSelected(first) === isSelected(second)) return from
  return isSelected(first) ? first : second
}

function judgeCount(count: number, { events, moves }: Written): string | undefined {
  const last = events.at(-1)
  const restored = events.filter(({ kind }) => kind === 'restored').length
  // What two people move at once, each without knowing of the other, is there twice: MODEL.md says so.
  const most = 1 + moves
  if (last === undefined) {
    if (count < 1) return 'nobody deleted it'
    return count <= most ? undefined : 'nobody wrote it so often'
  }
  if (restored === 0 && moves === 0) return count === 0 ? undefined : 'it was deleted and never brought back'
  if (new Set(events.map(({ by }) => by)).size === 1 && moves === 0) {
    const wanted = last.kind === 'restored' ? 1 : 0
    return count === wanted ? undefined : `one person alone left it ${wanted} times`
  }
  // Two people who undo the same deletion both bring it back: MODEL.md says so.
  return count <= restored + most ? undefined : 'nobody brought it back so often'
}
