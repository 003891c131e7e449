/** Which kinds a block can have, in the order that menus show them in. What else there is in them: `insert-entries.ts`. */
import type { CommandName } from '../element/api.ts'
import type { IconName } from './icons.ts'
import type { BlockCommand } from './surface.ts'

export interface MenuEntry<Command = CommandName, Icon = IconName> {
  readonly command: Command
  readonly icon: Icon
  /** A line above it: another sort of thing begins. */
  readonly apart?: true
}

export const BLOCK_MENU: readonly MenuEntry<BlockCommand>[] = [
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
