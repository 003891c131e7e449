/** Tables, their rows, columns and cells. */
import { $getSelection, $isRangeSelection, type LexicalNode, PASTE_TAG } from 'lexical'
import { $createBlockNode } from '../../src/blocks/block-node.ts'
import { $createCellNode, $createRowNode, $createTableNode } from '../../src/blocks/table-node.ts'
import { $createWeftTextNode } from '../../src/blocks/text-node.ts'
import { deleteTable, editTable, goToCell, insertTable, TABLE_EDITS } from '../../src/table-commands.ts'
import { $wordsAround, type Allowance, NOTHING, these } from './allowance.ts'
import { $inUpdate, type Context } from './context.ts'
import { $placeCaret } from './placing.ts'

/** More would leave each too few words. */
const MOST_TABLES = 3

export const TABLES = {
  table({ client, random }: Context): Allowance {
    client.edit(() => $placeCaret(random), true)
    if (client.countTables() < MOST_TABLES) insertTable(client.editor, random.whole(1, 3), random.whole(1, 3))
    return NOTHING
  },

  /** As from another page: a table with words, one of its rows too short. */
  pasteTable(context: Context): Allowance {
    const { client, random, take } = context
    if (client.countTables() >= MOST_TABLES) return NOTHING
    $inUpdate(context, () => $placeCaret(random))
    client.edit(
      () => {
        const selection = $getSelection()
        const cell = (): LexicalNode =>
          $createCellNode().append($createBlockNode().append($createWeftTextNode(take(random.whole(1, 2)))))
        const rows = [$createRowNode().append(cell(), cell()), $createRowNode().append(cell())]
        if ($isRangeSelection(selection)) selection.insertNodes([$createTableNode().append(...rows)])
      },
      context.discrete(),
      PASTE_TAG,
    )
    return NOTHING
  },

  /** Rows and columns: added, moved, deleted. */
  tableEdit({ client, random }: Context): Allowance {
    client.edit(() => $placeCaret(random, undefined, true), true)
    const { editor, binding } = client
    const edit = random.pick(TABLE_EDITS)
    const line = edit === 'delete-row' ? 'row' : edit === 'delete-column' ? 'column' : undefined
    const allowance = line === undefined ? NOTHING : these(client.peek(() => $wordsAround(line)))
    editTable({ editor, binding, newId: client.newId }, edit)
    return allowance
  },

  cell({ client, random }: Context): Allowance {
    const { editor, binding } = client
    goToCell({ editor, binding, newId: client.newId }, random.chance(0.7) ? 1 : -1)
    return NOTHING
  },

  deleteTable({ client, random }: Context): Allowance {
    client.edit(() => $placeCaret(random, undefined, true), true)
    const allowance = these(client.peek(() => $wordsAround('table')))
    deleteTable(client.editor)
    return allowance
  },
}
