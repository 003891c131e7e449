/**
 * Compares what a document holds with what happened (pure): a word acknowledged or seen is there exactly once, any
 * other word that was typed at most once, and nothing is there that nobody typed.
 */
import type { Fate } from './history.ts'
import { countWords, isWord } from './words.ts'

export interface Verdict {
  /** Acknowledged or seen by somebody, and not there. */
  readonly lost: ReadonlySet<string>
  /** There more than once. */
  readonly doubled: ReadonlySet<string>
  /** Any other thing that must not be, in words. */
  readonly wrong: readonly string[]
}

/** @param pieces what is there, cut into words, each as often as it is there */
export function judge(fates: readonly Fate[], pieces: readonly string[]): Verdict {
  const typed = new Set(fates.map(({ word }) => word))
  const counts = countWords(pieces)
  const lost = fates.filter(
    ({ word, ackedAtMs, seen }) => (ackedAtMs !== undefined || seen) && !counts.has(word),
  )
  const doubled = [...counts].filter(([word, count]) => count > 1 && typed.has(word))
  const strangers = [...counts.keys()].filter((piece) => !typed.has(piece))
  return {
    lost: new Set(lost.map(({ word }) => word)),
    doubled: new Set(doubled.map(([word]) => word)),
    wrong: strangers.map((piece) =>
      isWord(piece) ? `${piece} was never typed` : `a word was torn: ${JSON.stringify(piece)}`,
    ),
  }
}

/** The faults of many comparisons, each word counted once however often it was missed. */
export class Findings {
  readonly lost = new Set<string>()
  readonly doubled = new Set<string>()
  /** The first of each kind of place, in words. */
  readonly wrong: string[] = []

  /** @param where such as "on writer 3's screen" */
  add(where: string, verdict: Verdict): void {
    for (const word of verdict.lost) this.#once(this.lost, word, `${word} is lost ${where}`)
    for (const word of verdict.doubled) this.#once(this.doubled, word, `${word} is there twice ${where}`)
    for (const words of verdict.wrong) this.say(`${words} ${where}`)
  }

  say(words: string): void {
    if (this.wrong.length < 50) this.wrong.push(words)
  }

  get isClean(): boolean {
    return this.wrong.length === 0 && this.lost.size === 0 && this.doubled.size === 0
  }

  #once(words: Set<string>, word: string, said: string): void {
    if (!words.has(word)) this.say(said)
    words.add(word)
  }
}
