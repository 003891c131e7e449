/**
 * The memory of a run: every character anybody wrote is one of a kind, so where it ends up can be judged.
 *
 * Survival: what nobody deleted is there exactly once; what was deleted and never brought back is gone. Section 4 of
 * `MODEL.md` allows more copies only of what several people moved, or brought back, without knowing of each other.
 * Order: what was written in one go stays in order and nothing comes between that was not written there.
 */

interface Written {
  readonly author: number
  readonly insertion: number
  /** The character it was written behind; '' at the start of a block. */
  readonly behind: string
  readonly movers: Set<number>
  moves: number
  /** Whether somebody undid or redid something when it had been moved: the move may be what was undone. */
  isTravelled: boolean
  readonly events: { readonly by: number; readonly kind: 'deleted' | 'restored' }[]
}

/** From here on, one character each; none of them means anything to anybody. */
const FIRST_CHARACTER = 0x4e_00

export class Ledger {
  readonly #written = new Map<string, Written>()
  #next = FIRST_CHARACTER
  #insertions = 0

  get size(): number {
    return this.#written.size
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
   * @returns what is wrong at once; undefined when nothing is.
   */
  note(by: number, before: string, after: string, action: string): string | undefined {
    if (before === after) return undefined
    const isTravel = action === 'undo' || action === 'redo'
    const had = countOf(before)
    const has = countOf(after)
    for (const character of isTravel ? had.keys() : []) {
      const moved = this.#written.get(character)
      if (moved !== undefined && moved.moves > 0) moved.isTravelled = true
    }
    for (const [character, count] of had) {
      if ((has.get(character) ?? 0) >= count) continue
      const written = this.#written.get(character)
      if (written === undefined) return `unknown character ${character} was shown`
      const isOwn =
        written.author === by || written.movers.has(by) || written.events.some((event) => event.by === by)
      if (isTravel && !isOwn) return `${action} by ${by} took ${character}, which ${written.author} wrote`
      if (!isTravel && !DELETING.has(action)) return `${action} by ${by} took ${character}`
      written.events.push({ by, kind: 'deleted' })
    }
    this.#insertions += 1
    let behind = ''
    for (const character of after) {
      if (isCounted(character)) {
        const grown = (has.get(character) ?? 0) - (had.get(character) ?? 0)
        const written = this.#written.get(character)
        if (grown > 0 && written === undefined)
          this.#written.set(character, {
            author: by,
            insertion: this.#insertions,
            behind,
            movers: new Set(),
            moves: 0,
            isTravelled: false,
            events: [],
          })
        else if (grown > 0 && isTravel) written?.events.push({ by, kind: 'restored' })
        else if (grown > 0) return `${action} by ${by} wrote ${character} a second time`
      }
      behind = isCounted(character) ? character : ''
    }
    return undefined
  }

  /**
   * @returns who wrote it; undefined for what nobody knows, and for what was moved when somebody undid or redid: Yjs puts
   * the signatures of a move that is redone somewhat off.
   */
  writerOf(character: string): number | undefined {
    const written = this.#written.get(character)
    return written?.isTravelled === true ? undefined : written?.author
  }

  /** Whether all of it was moved by somebody. */
  isMoved(text: string): boolean {
    return Array.from(text).every((character) => (this.#written.get(character)?.moves ?? 0) > 0)
  }

  /** @param text everything the document says in the end. @returns what is wrong with it. */
  judge(text: string): string | undefined {
    const counts = countOf(text)
    for (const [character, written] of this.#written) {
      const count = counts.get(character) ?? 0
      const wrong = judgeCount(count, written)
      if (wrong !== undefined) return `${character} of ${written.author} is there ${count} times: ${wrong}`
    }
    return this.#judgeOrder(text)
  }

  #judgeOrder(text: string): string | undefined {
    const isUntouched = (character: string): boolean => {
      const written = this.#written.get(character)
      return written !== undefined && written.events.length === 0 && written.moves === 0
    }
    const last = new Map<number, { character: string; at: number }>()
    for (let at = 0; at < text.length; at += 1) {
      const character = text.charAt(at)
      const insertion = this.#written.get(character)?.insertion
      if (insertion === undefined || !isUntouched(character)) continue
      const before = last.get(insertion)
      last.set(insertion, { character, at })
      if (before === undefined) continue
      if (before.character > character) return `${before.character} came before ${character}`
      const between = text.slice(before.at + 1, at)
      // Who split the block there, or wrote something that is no character, wrote at a place of its own.
      if (Array.from(between).some((other) => !isUntouched(other))) continue
      for (const other of between) {
        const behind = this.#written.get(other)?.behind ?? ''
        if (isUntouched(behind) && behind !== before.character && !between.includes(behind))
          return `${other}, written behind ${behind}, came between ${before.character} and ${character}`
      }
    }
    return undefined
  }
}

const DELETING: ReadonlySet<string> = new Set(['delete', 'join', 'retype', 'deleteBlocks', 'deleteLine'])

function judgeCount(count: number, { events, moves }: Written): string | undefined {
  const restored = events.filter(({ kind }) => kind === 'restored').length
  if (count > Math.max(moves, 1) + restored) return 'nobody wrote it so often'
  const last = events.at(-1)
  if (last === undefined) return count >= 1 ? undefined : 'nobody deleted it'
  if (moves > 0) return undefined
  if (restored === 0) return count === 0 ? undefined : 'it was deleted and never brought back'
  if (new Set(events.map(({ by }) => by)).size > 1) return undefined
  const wanted = last.kind === 'restored' ? 1 : 0
  return count === wanted ? undefined : `one person alone left it ${wanted} times`
}

function isCounted(character: string): boolean {
  return character.charCodeAt(0) >= FIRST_CHARACTER && character.charCodeAt(0) < 0xd8_00
}

function countOf(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const character of text)
    if (isCounted(character)) counts.set(character, (counts.get(character) ?? 0) + 1)
  return counts
}
