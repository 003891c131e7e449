/**
 * Whether an update says something else than what is stored under clocks that are known.
 *
 * Clients innocently send again what is known, cut and joined differently, or deleted and collected meanwhile. But a
 * page that went back to an earlier state of itself, as a machine that is restored from an image does, writes anew
 * under clocks that it has used: what it then says would be taken for known, and be lost. Only what can tell the two
 * apart counts: text against text, unit by unit, and one kind of content against another.
 *
 * What is compared is what lies at hand, newest first and up to a bound, so that few bytes never cost much reading:
 * what waits for the store, and the tail of the log. A fold ends that. The rest of such a page it notices itself.
 */
import { readTextAt, type StructAt, structsOf } from './struct-at.ts'
import type { Section, UpdateLayout } from './update-layout.ts'

/** Structs of one client as they are stored, or on their way there. */
export interface StoredSection {
  readonly bytes: Uint8Array
  readonly section: Section
}

export interface Contradiction {
  readonly client: number
  readonly clock: number
}

/** Bytes that are read for one update at most, of it and of what is stored: what a page wrote in its last minutes. */
const MAX_READ_BYTES = 131_072

const DELETED = 1
const JSON_VALUES = 2
const TEXT = 4
const VALUES = 8
/** What Yjs puts in the place of both halves of a pair that it has cut. */
const REPLACEMENT = 0xfffd

/**
 * @param knownEnd the first clock of a client that is not known
 * @param stored newest first
 */
export function findContradiction(
  { bytes, sections }: Pick<UpdateLayout, 'bytes' | 'sections'>,
  knownEnd: (client: number) => number,
  stored: () => Iterable<StoredSection>,
): Contradiction | undefined {
  const told = sections.filter(({ client, clock }) => clock < knownEnd(client))
  if (told.length === 0) return undefined
  let left = MAX_READ_BYTES
  for (const known of stored()) {
    const { section } = known
    for (const again of told) {
      if (again.client !== section.client || again.clock >= section.end || again.end <= section.clock)
        continue
      left -= section.to - section.from + again.to - again.from
      if (left < 0) return undefined
      const clock = compare({ bytes, section: again }, known)
      if (clock !== undefined) return { client: again.client, clock }
    }
  }
  return undefined
}

/** @returns the first clock at which they contradict each other */
function compare(said: StoredSection, known: StoredSection): number | undefined {
  const others = piecesOf(known)
  let other = others.next()
  for (const piece of piecesOf(said)) {
    while (other.done !== true && other.value.end <= piece.clock) other = others.next()
    while (other.done !== true && other.value.clock < piece.end) {
      const clock = comparePieces(piece, other.value)
      if (clock !== undefined) return clock
      // What is left of it lies beside the next piece.
      if (other.value.end > piece.end) break
      other = others.next()
    }
    if (other.done === true) return undefined
  }
  return undefined
}

/** A struct, and what it holds. */
class Piece {
  readonly clock: number
  readonly end: number
  readonly kind: number
  readonly #stored: StoredSection
  readonly #at: StructAt
  #text: string | undefined

  constructor(stored: StoredSection, at: StructAt) {
    this.clock = at.clock
    this.end = at.end
    const kind = (stored.bytes[at.from] ?? 0) & 31
    if (kind === 0) this.kind = DELETED
    // The same values in an older and a newer notation.
    else this.kind = kind === JSON_VALUES ? VALUES : kind
    this.#stored = stored
    this.#at = at
  }

  get text(): string {
    this.#text ??= readTextAt(this.#stored, this.#stored.section, this.#at) ?? ''
    return this.#text
  }
}

function* piecesOf(stored: StoredSection): Generator<Piece, undefined> {
  for (const struct of structsOf(stored, stored.section)) yield new Piece(stored, struct)
}

function comparePieces(said: Piece, known: Piece): number | undefined {
  const from = Math.max(said.clock, known.clock)
  const end = Math.min(said.end, known.end)
  if (said.kind === DELETED || known.kind === DELETED) return undefined
  if (said.kind !== known.kind) return from
  if (said.kind !== TEXT) return undefined
  for (let clock = from; clock < end; clock++) {
    const unit = said.text.charCodeAt(clock - said.clock)
    const expected = known.text.charCodeAt(clock - known.clock)
    if (unit !== expected && unit !== REPLACEMENT && expected !== REPLACEMENT) return clock
  }
  return undefined
}
