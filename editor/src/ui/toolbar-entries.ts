/** The buttons of the toolbar, in their order, and which of them stay pressed. */
import { TOGGLE_MARKS } from '@weft/document'
import type { CommandName } from '../element/api.ts'
import type { IconName } from './icons.ts'
import type { Formats } from './surface.ts'

export interface ButtonSpec {
  readonly command: CommandName
  readonly icon: IconName
}

export const GROUPS: readonly (readonly ButtonSpec[])[] = [
  [
    { command: 'bold', icon: 'bold' },
    { command: 'italic', icon: 'italic' },
    { command: 'underline', icon: 'underline' },
    { command: 'strike', icon: 'strike' },
    { command: 'code', icon: 'code' },
    { command: 'link', icon: 'link' },
  ],
  [
    { command: 'bullet-list', icon: 'bullet-list' },
    { command: 'numbered-list', icon: 'numbered-list' },
    { command: 'check-list', icon: 'check-list' },
  ],
  [
    { command: 'outdent', icon: 'outdent' },
    { command: 'indent', icon: 'indent' },
  ],
]

export const HISTORY: readonly ButtonSpec[] = [
  { command: 'undo', icon: 'undo' },
  { command: 'redo', icon: 'redo' },
]

const MARKS: ReadonlySet<CommandName> = new Set(TOGGLE_MARKS)
const LISTS: ReadonlySet<CommandName> = new Set(['bullet-list', 'numbered-list', 'check-list'] as const)

/** @returns undefined for a button that does something and is done. */
export function isPressed(command: CommandName, { block, marks, link }: Formats): boolean | undefined {
  if (command === 'link') return link !== undefined
  if (MARKS.has(command)) return (marks as ReadonlySet<CommandName>).has(command)
  return LISTS.has(command) ? block === command : undefined
}
