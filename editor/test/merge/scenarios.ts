/**
 * What the two people do to each other: the cases of the report, each with its places chosen by chance.
 *
 * Rule: what a word's fate should be is never said here; `words.ts` knows it from what was selected and deleted.
 */
import type { Kind } from './contestant.ts'
import type { Action, Actor, Stage } from './stage.ts'

export interface Scenario {
  readonly name: string
  /** How many seeds, as a part of those asked for; big ones get fewer. */
  readonly share: number
  play(stage: Stage): void
}

/** The words of a block, in order. */
type Block = readonly string[]

export const scenarios: readonly Scenario[] = [
  scenario('heading against typing in it', (stage) => {
    const block = stage.random.pick(paragraphs(stage))
    return [[stage.setKind(stage.ann, ...ends(block), 'heading')], typing(stage, stage.ben, block)]
  }),
  scenario('Enter in a block against typing in its tail', (stage) => {
    const block = stage.random.pick(paragraphs(stage))
    const middle = character(stage, block)
    return [[stage.enter(stage.ann, middle)], stage.type(stage.ben, last(block), stage.random.whole(2, 4))]
  }),
  scenario('two blocks joined against typing at the seam', (stage) => {
    const blocks = paragraphs(stage)
    const index = stage.random.whole(1, blocks.length - 1)
    const [before, after] = [blocks[index - 1] ?? [], blocks[index] ?? []]
    const at = stage.random.chance(0.5) ? last(before) : first(after)
    return [[stage.join(stage.ann, first(after))], stage.type(stage.ben, at, stage.random.whole(2, 4))]
  }),
  scenario('both split and join the same blocks', (stage) => {
    const blocks = paragraphs(stage)
    const index = stage.random.whole(1, blocks.length - 1)
    const near = [blocks[index - 1] ?? [], blocks[index] ?? []]
    const line = (actor: Actor): Action[] =>
      Array.from({ length: stage.random.whole(1, 3) }, () =>
        stage.random.chance(0.4)
          ? stage.join(actor, first(near[1] ?? []))
          : stage.enter(actor, character(stage, stage.random.pick(near))),
      )
    return [line(stage.ann), line(stage.ben)]
  }),
  scenario('block deleted against typing in it', (stage) => {
    const block = stage.random.pick(paragraphs(stage))
    return [[stage.eraseBlock(stage.ann, first(block))], typing(stage, stage.ben, block)]
  }),
  scenario('bold against typing inside', (stage) => {
    const block = stage.random.pick(paragraphs(stage))
    return [[stage.bold(stage.ann, ...range(stage, block))], typing(stage, stage.ben, block)]
  }),
  scenario('link around words against typing inside', (stage) => {
    const block = stage.random.pick(paragraphs(stage))
    return [[stage.link(stage.ann, ...range(stage, block))], typing(stage, stage.ben, block)]
  }),
  scenario('ten paragraphs made a list against typing in one', (stage) => {
    const blocks = paragraphs(stage, 10)
    const all = [first(blocks[0] ?? []), last(blocks[9] ?? [])] as const
    return [[stage.setKind(stage.ann, ...all, 'bullet')], typing(stage, stage.ben, blocks[4] ?? [])]
  }),
  scenario('code block against paragraph, and typing in it', (stage) => {
    const blocks = paragraphs(stage, 4, 'heading')
    const block = stage.random.pick(blocks)
    const back = stage.setKind(stage.ben, ...ends(block), 'paragraph')
    return [[stage.setKind(stage.ann, ...ends(block), 'code')], [back, ...typing(stage, stage.ben, block)]]
  }),
  scenario('indent against outdent, and typing in the item', (stage) => {
    const blocks = stage.random.pick([4, 5, 6])
    const items = list(stage, blocks)
    const index = stage.random.whole(1, items.length - 1)
    const item = items[index] ?? []
    const other = stage.random.chance(0.5) ? item : (items[index - 1] ?? [])
    return [
      [stage.onBlock(stage.ann, first(other), 'indent')],
      [stage.onBlock(stage.ben, first(item), 'outdent'), ...typing(stage, stage.ben, item)],
    ]
  }),
  scenario('block moved against typing in it', (stage) => {
    const blocks = paragraphs(stage)
    const from = stage.random.whole(0, blocks.length - 1)
    const to = (from + stage.random.whole(1, blocks.length - 1)) % blocks.length
    const block = blocks[from] ?? []
    return [
      [stage.moveBefore(stage.ann, first(block), first(blocks[to] ?? []))],
      typing(stage, stage.ben, block),
    ]
  }),
  scenario('select all and retype against typing', (stage) => {
    const block = stage.random.pick(paragraphs(stage))
    return [stage.retype(stage.ann, stage.random.whole(2, 4)), typing(stage, stage.ben, block)]
  }),
  scenario(
    '200 blocks pasted into a block that is typed in',
    (stage) => {
      const block = stage.random.pick(paragraphs(stage))
      const paste = stage.paste(stage.ann, character(stage, block), 200)
      return [[paste], typing(stage, stage.ben, block)]
    },
    { share: 0.2 },
  ),
  scenario('both undo after interleaved typing', (stage) => {
    const block = stage.random.pick(paragraphs(stage))
    const at = character(stage, block)
    const typed = stage.random.whole(2, 4)
    const before = [stage.type(stage.ann, at, typed), stage.type(stage.ben, at, typed)] as const
    const isShared = stage.random.chance(0.7)
    return [
      [...before[0], ...(isShared ? [meeting(stage)] : []), stage.undo(stage.ann)],
      [...before[1], stage.undo(stage.ben)],
    ]
  }),
  scenario('undo of a deletion against typing around it', (stage) => {
    const block = stage.random.pick(paragraphs(stage))
    const [from, to] = range(stage, block)
    return [
      [stage.erase(stage.ann, from, to), meeting(stage), stage.pause(stage.ann), stage.undo(stage.ann)],
      typing(stage, stage.ben, block),
    ]
  }),
  scenario('undo of a new block that another types in', (stage) => {
    const block = stage.random.pick(paragraphs(stage))
    const middle = character(stage, block.slice(0, -1))
    const own = stage.type(stage.ann, last(block), stage.random.whole(1, 2))
    // Ben goes on behind what Ann has typed in her new block; she then undoes all she did.
    const others = stage.type(stage.ben, () => stage.ann.last ?? last(block), stage.random.whole(2, 4))
    stage.inTurn([stage.enter(stage.ann, middle), ...own, meeting(stage), ...others, meeting(stage)])
    return [Array.from({ length: 4 }, () => stage.undo(stage.ann)), typing(stage, stage.ben, block)]
  }),
  scenario('table row against table column against typing in a cell', (stage) => {
    const rows = table(stage)
    const cell = (): Block => stage.random.pick(stage.random.pick(rows))
    return [
      [stage.onBlock(stage.ann, first(cell()), 'addRow')],
      [stage.onBlock(stage.ben, first(cell()), 'addColumn'), ...typing(stage, stage.ben, cell())],
    ]
  }),
  scenario('table row deleted against typing in its cells', (stage) => {
    const cells = stage.random.pick(table(stage))
    return [[stage.deleteLine(stage.ann, 'deleteRow', cells.map(first))], typingInSome(stage, cells)]
  }),
  scenario('table column deleted against typing in its cells', (stage) => {
    const rows = table(stage)
    const column = stage.random.whole(0, 2)
    const cells = rows.map((row) => row[column] ?? [])
    return [[stage.deleteLine(stage.ann, 'deleteColumn', cells.map(first))], typingInSome(stage, cells)]
  }),
]

function scenario(name: string, cast: (stage: Stage) => [Action[], Action[]], { share = 1 } = {}): Scenario {
  return { name, share, play: (stage) => stage.play(cast(stage)) }
}

/** A document of paragraphs, or of another kind, of three to six words each. */
function paragraphs(stage: Stage, count = 4, kind: Kind = 'paragraph'): Block[] {
  const blocks = Array.from({ length: count }, () => stage.givenWords(stage.random.whole(3, 6)))
  stage.open((author) => author.write(blocks.map((words) => ({ kind, indent: 0, text: words.join(' ') }))))
  return blocks
}

/** A list with items of depth 0 and 1, the first at 0 and none deeper than the one before it allows. */
function list(stage: Stage, count: number): Block[] {
  const items = Array.from({ length: count }, (_, index) => ({
    words: stage.givenWords(stage.random.whole(2, 4)),
    indent: index > 0 && stage.random.chance(0.5) ? 1 : 0,
  }))
  stage.open((author) =>
    author.write(items.map(({ words, indent }) => ({ kind: 'bullet', indent, text: words.join(' ') }))),
  )
  return items.map(({ words }) => words)
}

/** A document of one table, three rows of three cells of two words each. */
function table(stage: Stage): Block[][] {
  const rows = Array.from({ length: 3 }, () => Array.from({ length: 3 }, () => stage.givenWords(2)))
  stage.open((author) => author.writeTable(rows.map((row) => row.map((words) => words.join(' ')))))
  return rows
}

/** Ben types in one or two of these cells. */
function typingInSome(stage: Stage, cells: readonly Block[]): Action[] {
  const count = stage.random.whole(1, 2)
  return Array.from({ length: count }, () => typing(stage, stage.ben, stage.random.pick(cells))).flat()
}

function typing(stage: Stage, actor: Actor, block: Block): Action[] {
  return stage.type(actor, character(stage, block), stage.random.whole(2, 4))
}

function meeting(stage: Stage): Action {
  return () => stage.meet()
}

/** Any character of a block, so that places inside words are hit as well. */
function character(stage: Stage, block: Block): string {
  return stage.random.pick(Array.from(block.join('')))
}

/** The first and the last character of a few words of a block. */
function range(stage: Stage, block: Block): [string, string] {
  const from = stage.random.whole(0, block.length - 1)
  const to = stage.random.whole(from, block.length - 1)
  return [first([block[from] ?? '']), last([block[to] ?? ''])]
}

function ends(block: Block): [string, string] {
  return [first(block), last(block)]
}

function first(block: Block): string {
  return block[0]?.at(0) ?? ''
}

function last(block: Block): string {
  return block.at(-1)?.at(-1) ?? ''
}
