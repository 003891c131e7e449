/**
 * The words of one run, and what has become of them: the one oracle for every contestant.
 *
 * Rule: every character is one of a kind in its run. A word has to be there, each character exactly once, unless
 * somebody who had it on their own screen selected it and deleted it, or it left its own author's screen when that
 * author pressed undo. Nothing else excuses a loss: no merge, no repair, no undo of somebody else.
 */

type Fate = 'unwritten' | 'due' | 'deleted' | 'either'

interface Character {
  readonly word: number
  readonly author: number
  /** `either`: deleted, and brought back by the undo of whoever had deleted it. */
  fate: Fate
  readonly deletedBy: Set<number>
}

export interface Verdict {
  /** Words that had to be there. */
  readonly due: number
  /** Of those, words of which a character is missing. */
  readonly lost: number
  /** Words of which a character is there more than once. */
  readonly doubled: number
  /** Words of which a deleted character is there. */
  readonly returned: number
}

/** From here on, characters that mean nothing to any editor. */
const FIRST_CHARACTER = 0x4e_00
const WORD_LENGTH = 3

/** The author of what was there before anybody came. */
export const NOBODY = -1

export class Words {
  readonly #characters = new Map<string, Character>()
  #words = 0

  /** @returns a word that nobody has written yet. */
  take(author: number): string {
    let word = ''
    for (let index = 0; index < WORD_LENGTH; index += 1) {
      const character = String.fromCharCode(FIRST_CHARACTER + this.#characters.size)
      this.#characters.set(character, { word: this.#words, author, fate: 'unwritten', deletedBy: new Set() })
      word += character
    }
    this.#words += 1
    return word
  }

  /** Somebody is about to type it, or has given it: from now on it has to be there. */
  noteWritten(word: string): void {
    for (const character of word) {
      const known = this.#characters.get(character)
      if (known !== undefined) known.fate = 'due'
    }
  }

  /** @param text that `by` had on their own screen, selected and deleted. */
  noteDeleted(by: number, text: string): void {
    for (const character of text) {
      const known = this.#characters.get(character)
      if (known === undefined) continue
      known.fate = 'deleted'
      known.deletedBy.add(by)
    }
  }

  /** @param before the whole text on the screen of `by`, who then pressed undo and saw `after`. */
  noteUndo(by: number, before: string, after: string): void {
    for (const [character, known] of this.#characters) {
      const had = before.includes(character)
      const has = after.includes(character)
      if (had && !has && known.author === by) this.noteDeleted(by, character)
      if (!had && has && known.deletedBy.has(by)) known.fate = known.deletedBy.size === 1 ? 'due' : 'either'
    }
  }

  /** @param text all that a newcomer is shown in the end. */
  judge(text: string): Verdict {
    const counts = new Map<string, number>()
    for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
    const due = new Set<number>()
    const lost = new Set<number>()
    const doubled = new Set<number>()
    const returned = new Set<number>()
    for (const [character, { word, fate }] of this.#characters) {
      const count = counts.get(character) ?? 0
      if (fate === 'due') due.add(word)
      if (fate === 'due' && count === 0) lost.add(word)
      if (count > 1) doubled.add(word)
      if (fate === 'deleted' && count > 0) returned.add(word)
    }
    return { due: due.size, lost: lost.size, doubled: doubled.size, returned: returned.size }
  }
}
