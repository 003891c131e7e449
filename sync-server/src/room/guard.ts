/**
 * May this update enter, and as which bytes? A pure function of the update and of what is known.
 *
 * - Known content is dropped: clients send again what they are not sure of, and every replica that sees
 *   concurrent formatting emits the same clean-up deletes. Other content under known clocks is refused
 *   (`contradiction.ts`).
 * - What leans on something unknown is a gap, not an attack: another tab's edit may be on its way. Nothing that
 *   would wait is ever stored, so no replica of the log has pending structs.
 * - What no replica could decode, or what no replica writes, throws.
 *
 * Who may write is not asked here.
 */
import { ProtocolError } from '@weft/protocol'
import { dropBefore, take, withDeletes } from './compose.ts'
import { findContradiction, type StoredSection } from './contradiction.ts'
import { findApplicable, type Missing } from './dependencies.ts'
import { type Knowledge, newDeletes } from './knowledge.ts'
import { readTextAt, type StructAt } from './struct-at.ts'
import {
  MAX_DEAD_CLOCKS,
  readLayout,
  readOwnLayout,
  type Section,
  type UpdateLayout,
} from './update-layout.ts'

export type Verdict =
  /** Nothing new in it, and nothing missing. */
  | { readonly kind: 'known' }
  /** Everything new in it, canonical, ready to be stored. */
  | { readonly kind: 'new'; readonly update: UpdateLayout }
  /** An update with new content of a client that belongs to somebody else. */
  | { readonly kind: 'foreign'; readonly client: number }
  /** It says something else than what is stored under these clocks. */
  | { readonly kind: 'contradiction'; readonly client: number; readonly clock: number }
  /** Something is missing. `update` is what can be stored all the same; only a step 2 has one. */
  | { readonly kind: 'gap'; readonly missing: Missing; readonly update: UpdateLayout | undefined }

/**
 * @param bytes those of the verdict's update are a view on them, or a copy.
 * @param whole an update enters whole or not at all; of a step 2 the applicable part does.
 * @param isForeign which clients belong to somebody other than who sends this; undefined when none do. New content of
 *   one is refused in an update, which says what its sender has just written. In a step 2 it counts as missing: a copy
 *   holds what others wrote too, and they bring it themselves.
 * @param stored what is known, newest first, as far as it can be compared with; nothing is when it is left out.
 * @throws {ProtocolError} for malformed bytes.
 */
export function judge(
  bytes: Uint8Array,
  known: Knowledge,
  whole: boolean,
  isForeign?: (client: number) => boolean,
  stored?: () => Iterable<StoredSection>,
): Verdict {
  const came = readLayout(bytes)
  const isNext = isNextKeystroke(came, known)
  if (isNext && isForeign === undefined) return { kind: 'new', update: came }
  const tellsAgain = hasKnownStructs(came, known)
  const contradiction =
    tellsAgain && stored !== undefined
      ? findContradiction(came, (client) => known.clock(client), stored)
      : undefined
  if (contradiction !== undefined) return { kind: 'contradiction', ...contradiction }
  const layout = tellsAgain ? withoutKnown(came, known) : came
  const foreign = isForeign && layout.sections.find(({ client }) => isForeign(client))
  if (foreign !== undefined && whole) return { kind: 'foreign', client: foreign.client }
  if (isNext && foreign === undefined) return { kind: 'new', update: came }
  const withheld = foreign === undefined ? undefined : isForeign
  const { taken, missing: missingStruct } = applicable(layout, known, withheld)
  const ends = endsOf(layout, taken)
  const { deletes, missing: missingDelete } = knownDeletes(layout, known, ends)
  const missing = missingStruct ?? missingDelete
  if (missing !== undefined && whole) return { kind: 'gap', missing, update: undefined }

  const fresh = newDeletes(known.deleted, deletes)
  const update = store(layout, taken, fresh, missingStruct !== undefined)
  if (missing !== undefined) return { kind: 'gap', missing, update }
  return update === undefined ? { kind: 'known' } : { kind: 'new', update }
}

/** The case of almost every keystroke, apart because it is: one client goes on where it was, and deletes nothing. */
function isNextKeystroke(layout: UpdateLayout, known: Knowledge): boolean {
  const { sections, references, deletes, skips, tidy } = layout
  const [section] = sections
  if (section === undefined || sections.length > 1 || deletes.length > 0 || skips || !tidy) return false
  if (section.clock !== known.clock(section.client)) return false
  for (let at = 0; at < references.length; at += 3)
    if ((references[at + 2] ?? 0) >= known.clock(references[at + 1] ?? 0)) return false
  return true
}

function hasKnownStructs(layout: UpdateLayout, known: Knowledge): boolean {
  for (const section of layout.sections) if (section.clock < known.clock(section.client)) return true
  return false
}

/** The update without the structs that are known, cut at the known clocks. */
function withoutKnown(layout: UpdateLayout, known: Knowledge): UpdateLayout {
  const from = layout.sections.map(({ client }) => known.clock(client))
  return readOwnLayout(
    dropBefore(layout, from, (section, struct, clock) => refuseCutPair(layout, section, struct, clock)),
  )
}

/** Yjs would put U+FFFD in place of both halves, but only in the replicas that cut. */
function refuseCutPair(layout: UpdateLayout, section: Section, struct: StructAt, clock: number): void {
  const unit = readTextAt(layout, section, struct)?.charCodeAt(clock - struct.clock) ?? 0
  if (unit >= 0xdc00 && unit <= 0xdfff)
    throw new ProtocolError(
      'invalid',
      `clock ${clock} of client ${section.client} lies inside a surrogate pair`,
    )
}

function applicable(
  layout: UpdateLayout,
  known: Knowledge,
  withheld: ((client: number) => boolean) | undefined,
): ReturnType<typeof findApplicable> {
  const { sections, references } = layout
  let leans = layout.skips || withheld !== undefined
  for (const section of sections) if (section.clock !== known.clock(section.client)) leans = true
  for (let at = 0; at < references.length && !leans; at += 3)
    if ((references[at + 2] ?? 0) >= known.clock(references[at + 1] ?? 0)) leans = true
  if (leans) return findApplicable(layout, known, withheld)
  return { taken: sections.map(({ end }) => end), missing: undefined }
}

/** How far each client will be known once the taken part is in. */
function endsOf({ sections }: UpdateLayout, taken: readonly number[]): Map<number, number> {
  const ends = new Map<number, number>()
  for (const [index, { client, clock }] of sections.entries()) {
    const end = taken[index] ?? clock
    // A section of which nothing is taken makes nothing before it known either.
    if (end > clock) ends.set(client, Math.max(ends.get(client) ?? 0, end))
  }
  return ends
}

/** The part of the delete set that names what is or will be known. */
function knownDeletes(
  layout: UpdateLayout,
  known: Knowledge,
  ends: ReadonlyMap<number, number>,
): { deletes: readonly number[]; missing: Missing | undefined } {
  const { deletes } = layout
  let unknown = 0
  let missing: Missing | undefined
  const inside: number[] = []
  for (let at = 0; at < deletes.length; at += 3) {
    const client = deletes[at] ?? 0
    const start = deletes[at + 1] ?? 0
    const end = deletes[at + 2] ?? 0
    const limit = Math.max(known.clock(client), ends.get(client) ?? 0)
    if (start < limit) inside.push(client, start, Math.min(end, limit))
    if (end > limit) {
      missing ??= { client, clock: end - 1 }
      unknown += end - Math.max(start, limit)
    }
  }
  // No longer a gap but nonsense.
  if (unknown > MAX_DEAD_CLOCKS)
    throw new ProtocolError('invalid', `deletes of ${unknown} unknown clocks in ${layout.bytes.length} bytes`)
  return { deletes: missing === undefined ? deletes : inside, missing }
}

/** The bytes to store, or undefined when there are none. */
function store(
  layout: UpdateLayout,
  taken: readonly number[],
  deletes: readonly number[],
  partial: boolean,
): UpdateLayout | undefined {
  if (partial || layout.skips) {
    const some = layout.sections.some(({ clock }, index) => (taken[index] ?? clock) > clock)
    return some || deletes.length > 0 ? readOwnLayout(take(layout, taken, deletes)) : undefined
  }
  if (layout.sections.length === 0 && deletes.length === 0) return undefined
  // As they came: the case of almost every keystroke.
  return deletes === layout.deletes && layout.tidy ? layout : readOwnLayout(withDeletes(layout, deletes))
}
