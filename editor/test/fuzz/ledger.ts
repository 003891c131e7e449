/**
 * The memory of a fuzz run: every character anybody wrote is one of a kind, so where it ends up can be judged.
 *
 * Survival: a character that nobody deleted is there exactly once; one that was deleted and never brought back
 * is gone; what one person alone deleted and brought back is as that person last left it. (Two people who
 * undo the same deletion both bring it back, and two who move the same block both write it; MODEL.md says so.)
 * Order: what was written in one go stays in order, and only those who could see it wrote into it, unless a
 * format begins or ends there: then the boundary is a place of its own, where others may have written, too. So is
 * a place to which a table was moved or brought back.
 */
import { IN_TABLE } from './client.ts'

interface Written {
  readonly author: number
  readonly burst: number
  /** What the author saw before and behind the place, when it was written. */
  readonly before: string
  readonly after: string
  /** What others do to the block of a composition waits: its author may see it twice, once as it was. */
  readonly isComposed: boolean
  /** How often somebody wrote it anew by moving its block, and who. */
  moves: number
  readonly movers: Set<number>
  /** Who deleted it or brought it back, in order. */
  readonly events: { readonly by: number; readonly kind: 'deleted' | 'restored' }[]
}

/** From here on, one character each; none of them means anything to anybody. */
const FIRST_CHARACTER = 0x4e_00

export class Ledger {
  readonly #written = new Map<string, Written>()
  readonly #formatted = new Set<string>()
  #next = FIRST_CHARACTER
  #bursts = 0

  get size(): number {
    return this.#written.size
  }

  newBurst(): number {
    this.#bursts += 1
    return this.#bursts
  }

  /** @returns characters never used before in this run. */
  take(count: number): string {
    let text = ''
    for (let index = 0; index < count; index += 1) {
      text += String.fromCharCode(this.#next)
      this.#next += 1
    }
    return text
  }

  /** What was written in this burst got its format before it was in the document. */
  noteFormatted(burst: number): void {
    for (const [character, written] of this.#written)
      if (written.burst === burst) this.#formatted.add(character)
  }

  noteMove(by: number, text: string): void {
    for (const character of text) {
      const written = this.#written.get(character)
      if (written === undefined) continue
      written.moves += 1
      written.movers.add(by)
    }
  }

  /**
   * Compares what a person sees before and after doing something.
   *
   * @param burst of the characters that are new to the run.
   * @returns what is wrong at once; undefined when nothing is.
   */
  note(by: number, burst: number, before: string, after: string, action: string): string | undefined {
    const isTravel = action === 'undo' || action === 'redo'
    const had = countOf(before)
    const has = countOf(after)
    for (const [character, count] of had) {
      if ((has.get(character) ?? 0) >= count) continue
      const written = this.#written.get(character)
      if (written === undefined) return `unknown character ${character} was shown`
      const hadPart =
        written.author === by || written.movers.has(by) || written.events.some((event) => event.by === by)
      if (isTravel && !hadPart) return `${action} by ${by} took ${character}, which ${written.author} wrote`
      written.events.push({ by, kind: 'deleted' })
    }
    let index = -1
    let cell = 0
    for (const character of after) {
      index += 1
      // The cells of a pasted table have no order among them: rows and columns can be moved.
      if (action === 'pasteTable' && character === '\u2029') cell += 1e-3
      const grown = (has.get(character) ?? 0) - (had.get(character) ?? 0)
      if (grown <= 0 || !isCounted(character)) continue
      const written = this.#written.get(character)
      if (written === undefined)
        this.#written.set(character, {
          author: by,
          burst: burst + cell,
          before: after.slice(0, index),
          after: after.slice(index + 1),
          isComposed: action === 'compose',
          moves: 0,
          movers: new Set(),
          events: [],
        })
      else if (isTravel) written.events.push({ by, kind: 'restored' })
      else return `${action} by ${by} wrote ${character} a second time`
    }
    return undefined
  }

  /**
   * @param text everything the document says in the end.
   * @param marks of each character.
   * @returns what is wrong with it.
   */
  judge(text: string, marks: ReadonlyMap<string, string>): string | undefined {
    const counts = countOf(text)
    for (const [character, written] of this.#written) {
      const wrong = judgeCount(counts.get(character) ?? 0, written)
      if (wrong !== undefined)
        return `${character} of ${written.author} is there ${counts.get(character) ?? 0} times: ${wrong}`
    }
    return this.#judgeOrder(text, marks)
  }

  #judgeOrder(text: string, marks: ReadonlyMap<string, string>): string | undefined {
    const isUntouched = (character: string): boolean => {
      const written = this.#written.get(character)
      return written !== undefined && written.events.length === 0 && written.moves === 0
    }
    const bursts = new Map<number, { character: string; at: number }[]>()
    const untouched = Array.from(text).filter(isUntouched)
    for (const [at, character] of untouched.entries()) {
      const burst = this.#written.get(character)?.burst ?? 0
      const list = bursts.get(burst)
      if (list === undefined) bursts.set(burst, [{ character, at }])
      else list.push({ character, at })
    }
    for (const list of bursts.values()) {
      for (const [index, { character, at }] of list.entries()) {
        const next = list[index + 1]
        if (next === undefined) continue
        if (next.character < character) return `${next.character} was written after ${character}`
        if (marks.get(character) !== marks.get(next.character)) continue
        if (this.#formatted.has(next.character)) continue
        if (text.slice(text.indexOf(character), text.indexOf(next.character)).includes(IN_TABLE)) continue
        for (const between of untouched.slice(at + 1, next.at)) {
          const written = this.#written.get(between)
          if (written === undefined || written.isComposed) continue
          const sawLeft = written.before.includes(character)
          const sawRightBefore = written.before.includes(next.character)
          // Whoever wrote the right one may have done so after seeing this one.
          const right = this.#written.get(next.character)
          const wasThere = right?.before.includes(between) === true || right?.after.includes(between) === true
          if (!wasThere && (!sawLeft || sawRightBefore))
            return `${between} of ${written.author} came between ${character} and ${next.character} in ${text}`
        }
      }
    }
    return undefined
  }
}

function judgeCount(count: number, { events, moves }: Written): string | undefined {
  const last = events.at(-1)
  // What several people moved at once is there several times (section 4 of MODEL.md), and never less than once.
  if (moves > 0) {
    const restored = events.filter(({ kind }) => kind === 'restored').length
    if (count > moves + restored) return 'nobody wrote it so often'
    return last === undefined && count === 0 ? 'nobody deleted it' : undefined
  }
  if (last === undefined) return count === 1 ? undefined : 'nobody deleted it'
  if (events.every(({ kind }) => kind === 'deleted'))
    return count === 0 ? undefined : 'it was deleted and never brought back'
  if (new Set(events.map(({ by }) => by)).size === 1) {
    const wanted = last.kind === 'restored' ? 1 : 0
    return count === wanted ? undefined : `one person alone left it ${wanted} times`
  }
  const restored = events.filter(({ kind }) => kind === 'restored').length
  return count <= restored + 1 ? undefined : 'nobody brought it back so often'
}

function isCounted(character: string): boolean {
  return character.charCodeAt(0) >= FIRST_CHARACTER
}

function countOf(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const character of text)
    if (isCounted(character)) counts.set(character, (counts.get(character) ?? 0) + 1)
  return counts
}
