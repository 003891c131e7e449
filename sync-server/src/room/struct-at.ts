/**
 * Single structs of an update whose layout is known: a layout says where sections lie, and these say what is in one.
 *
 * Nothing is kept of what they pass on their way, because somebody may have sent millions.
 */
import { StructWalk } from './struct-walk.ts'
import type { Section, UpdateLayout } from './update-layout.ts'

/** Where a struct lies, in clocks and in bytes. */
export interface StructAt {
  readonly clock: number
  readonly end: number
  readonly from: number
  readonly to: number
}

/**
 * The struct of a section that holds `clock`, which lies in it, and how many stand before it. It makes nothing of the
 * others: somebody may have sent millions.
 */
export function structAt(
  layout: UpdateLayout,
  section: Section,
  clock: number,
): StructAt & { index: number } {
  const walk = new StructWalk(layout.bytes)
  walk.reader.at = section.from
  let begun = section.clock
  for (let index = 0; ; index++) {
    const from = walk.reader.at
    const end = begun + walk.struct(section.client, begun, walk.reader.byte())
    if (end > clock) return { index, clock: begun, end, from, to: walk.reader.at }
    begun = end
    walk.references.length = 0
    walk.dead.length = 0
  }
}

/** All structs of a section, in order. */
export function* structsOf(
  layout: Pick<UpdateLayout, 'bytes'>,
  { client, clock, structs, from }: Section,
): Generator<StructAt, undefined> {
  const walk = new StructWalk(layout.bytes)
  walk.reader.at = from
  let begun = clock
  for (let index = 0; index < structs; index++) {
    const at = walk.reader.at
    const end = begun + walk.struct(client, begun, walk.reader.byte())
    yield { clock: begun, end, from: at, to: walk.reader.at }
    begun = end
    walk.references.length = 0
    walk.dead.length = 0
  }
}

/** The text of the struct at `from` when its content is text. */
export function readTextAt(
  layout: Pick<UpdateLayout, 'bytes'>,
  section: Section,
  struct: StructAt,
): string | undefined {
  const info = layout.bytes[struct.from] ?? 0
  if ((info & 31) !== 4) return undefined
  const walk = new StructWalk(layout.bytes)
  walk.reader.at = struct.from + 1
  walk.leansOn(section.client, struct.clock, info)
  return walk.reader.varString()
}
