/** What a person can do to a document, by way of the editor's own commands and selection; and how often it is done. */
import { BLUR_COMMAND } from 'lexical'
import { $isTableNode } from '../../src/blocks/table-node.ts'
import { $wordsIn, type Allowance, NOTHING, TRAVEL } from './allowance.ts'
import type { Context } from './context.ts'
import { FORMATTING } from './formatting.ts'
import { OBJECTS } from './objects.ts'
import { $holders } from './placing.ts'
import type { Random } from './random.ts'
import { TABLES } from './tables.ts'
import { WRITING } from './writing.ts'

const STEPS = {
  move({ client, random, noteMove }: Context): Allowance {
    client.commit()
    const blocks = client.editor.read(() => {
      const holder = random.pick($holders())
      return holder.getChildren().map((node) => ({
        key: node.getKey(),
        // The words of a table stay where they are, in its cells.
        text: $isTableNode(node) ? '' : $wordsIn(node),
      }))
    })
    const from = random.whole(0, blocks.length - 1)
    const to = Math.min(blocks.length - 1, from + random.whole(0, 1))
    const [first, last] = [blocks[from], blocks[to]]
    const before = blocks[random.whole(0, blocks.length)]?.key ?? null
    if (first === undefined || last === undefined) return NOTHING
    // Text that stands behind a block without text and has no marker of its own goes with it.
    const tail = blocks[to + 1]
    const idOf = (key: string): string | undefined => client.binding.blockId(key)
    const end = tail !== undefined && idOf(tail.key) === idOf(last.key) ? to + 2 : to + 1
    if (client.binding.moveBlocks(first.key, last.key, before))
      noteMove(
        blocks
          .slice(from, end)
          .map(({ text }) => text)
          .join(''),
      )
    return NOTHING
  },

  blur(context: Context): Allowance {
    context.client.editor.dispatchCommand(BLUR_COMMAND, {} as FocusEvent)
    return NOTHING
  },

  undo(context: Context): Allowance {
    context.client.binding.undo()
    return TRAVEL
  },

  redo(context: Context): Allowance {
    context.client.binding.redo()
    return TRAVEL
  },
}

export const ACTIONS = { ...WRITING, ...FORMATTING, ...OBJECTS, ...TABLES, ...STEPS }

export type ActionName = keyof typeof ACTIONS

/** How often each is done, relative to the others. */
const WEIGHTS: { readonly [name in ActionName]: number } = {
  type: 30,
  continue: 22,
  backspace: 7,
  deleteForward: 3,
  deleteRange: 6,
  enter: 10,
  join: 6,
  kind: 8,
  indent: 3,
  mark: 8,
  link: 3,
  color: 3,
  check: 2,
  open: 1,
  column: 2,
  paste: 3,
  retype: 1,
  clear: 0.5,
  divider: 2,
  void: 2,
  object: 4,
  edit: 3,
  lineBreak: 3,
  tab: 1,
  compose: 3,
  blur: 2,
  table: 3,
  pasteTable: 1,
  tableEdit: 8,
  cell: 2,
  deleteTable: 0.7,
  move: 6,
  undo: 8,
  redo: 4,
}

/** What an editor of schema 1 has no command for. */
const NEWER: ReadonlySet<ActionName> = new Set([
  'color',
  'open',
  'column',
  'table',
  'pasteTable',
  'tableEdit',
  'cell',
  'deleteTable',
  'object',
  'void',
])

/** @param isOlder of an editor of schema 1. */
export function pickAction(random: Random, isOlder = false): ActionName {
  const names = (Object.keys(WEIGHTS) as ActionName[]).filter((name) => !isOlder || !NEWER.has(name))
  let left = random.next() * names.reduce((sum, name) => sum + WEIGHTS[name], 0)
  for (const name of names) {
    left -= WEIGHTS[name]
    if (left <= 0) return name
  }
  return 'type'
}
