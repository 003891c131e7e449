/**
 * What a person does to a page by chance, and how often each: keys, mouse, clipboard, input method, network, reload.
 *
 * Rule: each action says what it may delete, and asks the ledger for every character it writes.
 */
import type { Random } from '../../editor/test/fuzz/random.ts'
import { BLOCK_ACTIONS } from './block-actions.ts'
import { FORMAT_ACTIONS } from './format-actions.ts'
import { MOVING_ACTIONS } from './moving-actions.ts'
import { PAGE_ACTIONS } from './page-actions.ts'
import { TABLE_ACTIONS } from './table-actions.ts'
import { TYPING_ACTIONS } from './typing-actions.ts'

export type Action = keyof typeof ACTIONS

/** How often each is done, relative to the others. */
const WEIGHTS: { readonly [name in Action]: number } = {
  type: 24,
  goOn: 20,
  backspace: 6,
  deleteWord: 2,
  deleteSelection: 5,
  retype: 3,
  retypeAll: 0.5,
  enter: 10,
  lineBreak: 2,
  join: 6,
  shortcutKind: 5,
  chosenKind: 4,
  markdown: 4,
  depth: 3,
  mark: 6,
  toolbar: 2,
  link: 2,
  pasteText: 3,
  pasteHtml: 3,
  cut: 2,
  inputMethod: 7,
  undo: 7,
  redo: 4,
  drag: 2,
  table: 8,
  inTable: 12,
  tableEdit: 7,
  tab: 3,
  move: 5,
  color: 5,
  object: 4,
  insert: 3,
  kindWith: 3,
  columns: 5,
  restart: 3,
  press: 4,
  indentByTab: 4,
  handle: 4,
  pasteTable: 2,
  network: 4,
  reload: 2,
}

export const ACTIONS = {
  ...TYPING_ACTIONS,
  ...FORMAT_ACTIONS,
  ...MOVING_ACTIONS,
  ...TABLE_ACTIONS,
  ...BLOCK_ACTIONS,
  ...PAGE_ACTIONS,
}

export function pickAction(random: Random): Action {
  const names = Object.keys(WEIGHTS) as Action[]
  let left = random.next() * names.reduce((sum, name) => sum + WEIGHTS[name], 0)
  for (const name of names) {
    left -= WEIGHTS[name]
    if (left <= 0) return name
  }
  return 'type'
}
