/**
 * The memory of a fuzz run: every character anybody wrote is one of a kind, so where it ends up can be judged.
 *
 * Survival: a character that nobody deleted is there exactly once; one that was deleted and never brought back
 * is gone; what one person alone deleted and brought back is as that person last left it; what was brought back by
 * somebody who knew of every deletion is there. (Two people who undo the same deletion both bring it back, and two who
 * move the same block both write it; MODEL.md says so.) A deletion counts only where the action may delete that very
 * character. Between those there is filler that is everywhere: of it, the numbers must come out.
 * Order: what was written in one go stays in order, and only those who could see it wrote into it, unless a
 * format begins or ends there: then the boundary is a place of its own, where others may have written, too. So is
 * a place to which a table was moved or brought back, and, among edits that are one step, filler written over the same filler.
 */
import { type Allowance, charactersOf } from './allowance.ts'
import { IN_TABLE } from './client.ts'
import type { Random } from './random.ts'

/** Who did something when. */
export interface Moment {
  readonly by: number
  /** The person's update that says so, from 1. */
  readonly update: number
  /** How many updates of each other person had arrived. */
  readonly seen: readonly number[]
}

export interface Noted extends Moment {
  readonly action: string
  /** Of the characters that are new to the run. */
  readonly burst: number
  readonly before: string
  readonly after: string
  /** What was given to the person to write. */
  readonly taken: string
  /** Whether the document has it in one step with something else. */
  readonly isBatch: boolean
  readonly allowance: Allowance
}

interface Event extends Moment {
  readonly kind: 'deleted' | 'restored'
}

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
  readonly events: Event[]
}

/** How often a filler was written, and so on, by what its person saw. */
interface Filled {
  written: number
  deleted: number
  restored: number
  moved: number
}

/** What everybody writes all the time: which of them is which, only their neighbours tell. One is two units long. */
export const FILLERS = ['a', ' ', '🙂'] as const
const FILLER_SHARE = 0.2

/** From here on, one character each; none of them means anything to anybody. */
const FIRST_CHARACTER = 0x4e_00
const LAST_CHARACTER = 0xd7_ff

export class Ledger {
  readonly #written = new Map<string, Written>()
  readonly #apart = new Set<string>()
  readonly #filled = new Map<string, Filled>(
    FILLERS.map((filler) => [filler, { written: 0, deleted: 0, restored: 0, moved: 0 }]),
  )
  #next = FIRST_CHARACTER
  #bursts = 0

  get size(): number {
    return this.#written.size
  }

  newBurst(): number {
    this.#bursts += 1
    return this.#bursts
  }

  /** @returns characters, at least one of them never used before in this run; with `share` of filler among them. */
  take(count: number, random: Random, share = FILLER_SHARE): string {
    const unique = random.whole(0, count - 1)
    let text = ''
    for (let index = 0; index < count; index += 1)
      text += index !== unique && random.chance(share) ? random.pick(FILLERS) : this.takeOne()
    return text
  }

  takeOne(): string {
    this.#next += 1
    return String.fromCharCode(this.#next - 1)
  }

  /** What was written in this burst got its format before it was in the document. */
  noteFormatted(burst: number): void {
    for (const [character, written] of this.#written) if (written.burst === burst) this.#apart.add(character)
  }

  noteMove(by: number, text: string): void {
    for (const character of text) {
      const filled = this.#filled.get(character)
      if (filled !== undefined) filled.moved += 1
      const written = this.#written.get(character)
      if (written === undefined) continue
      written.moves += 1
      written.movers.add(by)
    }
  }

  /**
   * Compares what a person sees before and after doing something.
   *
   * @returns what is wrong at once; undefined when nothing is.
   */
  note(noted: Noted): string | undefined {
    const { by, burst, before, after, action, allowance } = noted
    const isTravel = allowance.kind === 'travel'
    const had = countOf(before)
    const has = countOf(after)
    const moment = { by, update: noted.update, seen: noted.seen }
    for (const [character, count] of had) {
      if ((has.get(character) ?? 0) >= count) continue
      const written = this.#written.get(character)
      if (written === undefined) return `unknown character ${character} was shown`
      const hadPart =
        written.author === by || written.movers.has(by) || written.events.some((event) => event.by === by)
      if (isTravel && !hadPart) return `${action} by ${by} took ${character}, which ${written.author} wrote`
      if (!isTravel && !charactersOf(allowance).includes(character))
        return `${action} by ${by} took ${character} of ${written.author}, and may take ${describe(allowance)}`
      written.events.push({ ...moment, kind: 'deleted' })
    }
    this.#noteKept(noted)
    const wrong = this.#noteFiller(noted)
    if (wrong !== undefined) return wrong
    let end = 0
    let cell = 0
    for (const character of after) {
      end += character.length
      // The cells of a pasted table have no order among them: rows and columns can be moved.
      if (action === 'pasteTable' && character === '\u2029') cell += 1e-3
      const grown = (has.get(character) ?? 0) - (had.get(character) ?? 0)
      if (grown <= 0 || !isCounted(character)) continue
      const written = this.#written.get(character)
      if (written === undefined)
        this.#written.set(character, {
          author: by,
          burst: burst + cell,
          before: after.slice(0, end - character.length),
          after: after.slice(end),
          isComposed: action === 'compose',
          moves: 0,
          movers: new Set(),
          events: [],
        })
      else if (isTravel) written.events.push({ ...moment, kind: 'restored' })
      else return `${action} by ${by} wrote ${character} a second time`
    }
    return undefined
  }

  /**
   * Filler that is written over the same filler stays what it was when more than that came in one step: nobody can say then
   * what was selected. What others have written before it is in the midst of what is new.
   */
  #noteKept({ taken, isBatch, allowance }: Noted): void {
    if (!isBatch) return
    const over = charactersOf(allowance)
    if (!FILLERS.some((filler) => taken.includes(filler) && over.includes(filler))) return
    for (const character of taken) if (isCounted(character)) this.#apart.add(character)
  }

  #noteFiller({ by, action, before, after, taken, allowance }: Noted): string | undefined {
    // Who had no caret wrote nothing of it.
    const hasArrived = Array.from(taken).some(
      (character) => isCounted(character) && after.includes(character),
    )
    for (const [filler, filled] of this.#filled) {
      const written = hasArrived ? timesIn(taken, filler) : 0
      const gone = timesIn(before, filler) + written - timesIn(after, filler)
      filled.written += written
      if (allowance.kind === 'travel') {
        filled.deleted += Math.max(gone, 0)
        filled.restored += Math.max(-gone, 0)
        continue
      }
      const most = timesIn(charactersOf(allowance), filler)
      if (gone > most) return `${action} by ${by} took "${filler}" ${gone} times, and may do so ${most} times`
      if (gone < 0) return `${action} by ${by} wrote "${filler}" ${-gone} times too often`
      filled.deleted += gone
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
    for (const [filler, { written, deleted, restored, moved }] of this.#filled) {
      const count = timesIn(text, filler)
      const [least, most] = [written - deleted, written + restored + moved]
      if (count < least || count > most) return `"${filler}" is there ${count} times, not ${least} to ${most}`
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
        if (this.#apart.has(next.character)) continue
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
  if (count === 0 && events.some((event, index) => isLastWord(event, events.slice(0, index), events)))
    return 'somebody who knew of every deletion brought it back'
  const restored = events.filter(({ kind }) => kind === 'restored').length
  return count <= restored + 1 ? undefined : 'nobody brought it back so often'
}

/** Whether something was brought back by somebody who knew of all that was ever deleted of it. */
function isLastWord({ kind, by, seen }: Event, before: readonly Event[], events: readonly Event[]): boolean {
  if (kind !== 'restored') return false
  return events
    .filter((event) => event.kind === 'deleted')
    .every((event) => (event.by === by ? before.includes(event) : (seen[event.by] ?? 0) >= event.update))
}

function describe(allowance: Allowance): string {
  return allowance.kind === 'these' ? `only "${allowance.characters}"` : allowance.kind
}

function isCounted(character: string): boolean {
  const code = character.charCodeAt(0)
  return code >= FIRST_CHARACTER && code <= LAST_CHARACTER
}

function timesIn(text: string, character: string): number {
  return text.split(character).length - 1
}

function countOf(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const character of text)
    if (isCounted(character)) counts.set(character, (counts.get(character) ?? 0) + 1)
  return counts
}
