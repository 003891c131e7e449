/** Which kinds a block can have and what can be put behind it, in the order that menus show them in. */
import type { CommandName } from '../element/api.ts'
import type { IconName } from './icons.ts'
import type { BlockCommand, InsertCommand } from './surface.ts'

/** They say with which number an item goes on. */
type NumberCommand = Extract<CommandName, 'restart-numbers' | 'continue-numbers' | 'start-numbers'>

export interface MenuEntry {
  readonly command: BlockCommand | InsertCommand | NumberCommand
  readonly icon: IconName
  /** A line above it: another sort of thing begins. */
  readonly apart?: true
}

export const BLOCK_MENU: readonly MenuEntry[] = [
  { command: 'paragraph', icon: 'text' },
  { command: 'heading-1', icon: 'heading-1' },
  { command: 'heading-2', icon: 'heading-2' },
  { command: 'heading-3', icon: 'heading-3' },
  { command: 'heading-4', icon: 'heading-4' },
  { command: 'bullet-list', icon: 'bullet-list', apart: true },
  { command: 'numbered-list', icon: 'numbered-list' },
  { command: 'check-list', icon: 'check-list' },
  { command: 'quote', icon: 'quote', apart: true },
  { command: 'callout', icon: 'callout' },
  { command: 'toggle', icon: 'toggle' },
  { command: 'code-block', icon: 'code-block' },
]

/** Behind `BLOCK_MENU` where the caret is in a numbered item. */
export const NUMBER_MENU: readonly MenuEntry[] = [
  { command: 'restart-numbers', icon: 'restart', apart: true },
  { command: 'continue-numbers', icon: 'arrow-down' },
  { command: 'start-numbers', icon: 'pencil' },
]

/** They put something behind the block, or where the caret is, instead of changing its kind. */
export const INSERT_MENU: readonly MenuEntry[] = [
  { command: 'table', icon: 'table' },
  { command: 'image', icon: 'image' },
  { command: 'file', icon: 'file' },
  { command: 'embed', icon: 'embed' },
  { command: 'equation', icon: 'equation' },
  { command: 'divider', icon: 'divider' },
  { command: 'inline-equation', icon: 'inline-equation', apart: true },
  { command: 'date', icon: 'date' },
  { command: 'mention', icon: 'mention' },
]
