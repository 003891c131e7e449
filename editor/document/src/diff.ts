/**
 * What has changed between two states of a flow, and who did it.
 *
 * Rule: characters are followed by their ids, not by what they say, so a word typed anew is new. Everything that stands
 * in either state is in the result once, in the order of the later one; what is gone stands behind what it stood behind.
 * Who wrote something is known of every character; who deleted or formatted it is not in a Yjs state: that is for whoever
 * has the log of updates. A moved block counts as deleted and inserted, by its author.
 */
import type * as Y from 'yjs'
import { type Unit, unitsOf } from './authorship.ts'
import { type Marks, sameMarks } from './marks.ts'
import { type BlockShape, sameShape } from './schema.ts'

export type ChangeKind = 'same' | 'inserted' | 'deleted' | 'formatted'

export interface DiffRun {
  readonly kind: ChangeKind
  readonly text: string
  /** As they are; of what is gone, as they were. */
  readonly marks: Marks
  /** Who wrote it. */
  readonly client: number
}

export interface DiffBlock {
  /**
   * Of the block itself: `formatted` when it has become something else, `deleted` when its start is gone; what is left of its
   * text then stands in the block before.
   */
  readonly kind: ChangeKind
  readonly id: string
  readonly shape: BlockShape
  /** What it was, when it has become something else. */
  readonly before?: BlockShape
  /** Who inserted it; undefined for the leading one. */
  readonly client: number | undefined
  readonly runs: readonly DiffRun[]
}

/** @param before an earlier state of `after`, in a document of its own. Cells of tables are flows: compare each. */
export function diffFlows(before: Y.Text, after: Y.Text): DiffBlock[] {
  const [was, is] = [unitsOf(before), unitsOf(after)]
  const old = new Map(was.map((unit) => [unit.key, unit]))
  const kept = new Set(is.map(({ key }) => key))
  const gone = goneBehind(was, kept)
  const blocks: { block: Omit<DiffBlock, 'runs'>; runs: DiffRun[] }[] = []
  const add = (unit: Unit, kind: ChangeKind): void => {
    if (unit.text !== '') return pushRun(blocks.at(-1)?.runs, unit, kind)
    const { id, shape } = unit.segment
    const earlier = old.get(unit.key)?.segment.shape
    const isOther = kind === 'same' && earlier !== undefined && !sameShape(earlier, shape)
    const block = { kind: isOther ? ('formatted' as const) : kind, id, shape, client: unit.client }
    blocks.push({ block: isOther ? { ...block, before: earlier } : block, runs: [] })
  }
  for (const unit of is) {
    const earlier = old.get(unit.key)
    if (earlier === undefined) add(unit, 'inserted')
    else add(unit, sameMarks(earlier.marks, unit.marks) ? 'same' : 'formatted')
    for (const lost of gone.get(unit.key) ?? []) add(lost, 'deleted')
  }
  return blocks.map(({ block, runs }) => ({ ...block, runs }))
}

/** The leading block's start is in every state, so whatever is gone stood behind something that is not. */
function goneBehind(was: readonly Unit[], kept: ReadonlySet<string>): Map<string, Unit[]> {
  const gone = new Map<string, Unit[]>()
  let last = 'lead'
  for (const unit of was) {
    if (kept.has(unit.key)) last = unit.key
    else {
      const behind = gone.get(last) ?? []
      behind.push(unit)
      gone.set(last, behind)
    }
  }
  return gone
}

function pushRun(runs: DiffRun[] | undefined, { text, marks, client }: Unit, kind: ChangeKind): void {
  const last = runs?.at(-1)
  if (runs === undefined || client === undefined) return
  if (last === undefined || last.kind !== kind || last.client !== client || !sameMarks(last.marks, marks))
    runs.push({ kind, text, marks, client })
  else runs[runs.length - 1] = { ...last, text: last.text + text }
}
