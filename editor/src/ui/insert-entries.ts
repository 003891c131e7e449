/** What menus offer beside kinds: numbers of a list, and what can be put behind a block or where the caret is. */
import type { CommandName } from '../element/api.ts'
import type { MenuEntry } from './block-entries.ts'
import type { IconName } from './icons.ts'
import type { MenuIconName } from './menu-icons.ts'

export type AnyEntry = MenuEntry<CommandName, IconName | MenuIconName>

/** Behind `BLOCK_MENU` where the caret is in a numbered item. */
export const NUMBER_MENU: readonly AnyEntry[] = [
  { command: 'restart-numbers', icon: 'restart', apart: true },
  { command: 'continue-numbers', icon: 'arrow-down' },
  { command: 'start-numbers', icon: 'pencil' },
]

/** They put something behind the block, or where the caret is, instead of changing its kind. */
export const INSERT_MENU: readonly AnyEntry[] = [
  { command: 'table', icon: 'table' },
  { command: 'image', icon: 'image' },
  { command: 'file', icon: 'file' },
  { command: 'embed', icon: 'embed' },
  { command: 'equation', icon: 'equation' },
  { command: 'divider', icon: 'divider' },
  { command: 'columns-2', icon: 'columns-2', apart: true },
  { command: 'columns-3', icon: 'columns-3' },
  { command: 'inline-equation', icon: 'inline-equation', apart: true },
  { command: 'date', icon: 'date' },
  { command: 'mention', icon: 'mention' },
]

/** For the block as a whole, or all that are selected. */
export const MOVE_MENU: readonly AnyEntry[] = [
  { command: 'move-up', icon: 'arrow-up' },
  { command: 'move-down', icon: 'arrow-down' },
  { command: 'beside-above', icon: 'columns-2', apart: true },
  { command: 'out-of-columns', icon: 'out-of-columns' },
]
