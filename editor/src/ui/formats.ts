/**
 * What the controls show of the place where the caret is, and which commands would do something there (pure).
 *
 * Rule: a command is enabled only where it changes something.
 */

import { MARK_NAMES } from '@weft/document'
import { COMMANDS, type CommandName } from '../element/api.ts'
import type { FormatState } from '../format-state.ts'
import type { TableState } from '../table-commands.ts'
import { isStructural } from './command-kinds.ts'
import type { BlockCommand, Formats } from './surface.ts'

const SOMETIMES: ReadonlySet<string> = new Set([
  'indent',
  'outdent',
  'toggle-check',
  'toggle-open',
  'callout-sign',
  'restart-numbers',
  'continue-numbers',
  'start-numbers',
  'delete-table',
  'edit-object',
  'undo',
  'redo',
])

const TEXT_COMMANDS: readonly CommandName[] = COMMANDS.filter(
  (name) => !SOMETIMES.has(name) && !isStructural(name),
)

/** In a code block every character is code already, and nothing else. */
const NOT_IN_CODE: ReadonlySet<CommandName> = new Set([...MARK_NAMES, 'clear-format'] as const)

/**
 * @param table the table the caret is in, or that is selected.
 * @param moves which ways the selected blocks can go.
 */
export function formatsOf(
  state: FormatState,
  table: TableState | undefined,
  moves: readonly CommandName[],
  isEditable: boolean,
): Formats {
  const enabled = enabledBy(state, table !== undefined)
  for (const command of [...(table?.edits ?? []), ...moves]) enabled.add(command)
  return {
    block: blockCommand(state),
    marks: state.marks,
    link: state.link ?? undefined,
    color: state.color ?? undefined,
    highlight: state.highlight ?? undefined,
    table,
    enabled: isEditable ? enabled : new Set(),
    selecting: state.hasRange,
  }
}

function enabledBy(state: FormatState, isInTable: boolean): Set<CommandName> {
  const enabled = new Set<CommandName>()
  if (state.canUndo) enabled.add('undo')
  if (state.canRedo) enabled.add('redo')
  if (state.part !== null) enabled.add('edit-object')
  if (isInTable) enabled.add('delete-table')
  // What is selected as a whole has no text to do anything with.
  if (state.part !== null || state.block?.type === 'divider' || (isInTable && state.block === null))
    return enabled
  for (const name of TEXT_COMMANDS)
    if (state.block?.type !== 'code' || !NOT_IN_CODE.has(name)) enabled.add(name)
  // Tables do not nest.
  if (isInTable) enabled.delete('table')
  if (isInTable || state.columns > 1) enabled.delete('columns-2')
  if (isInTable || state.columns > 2) enabled.delete('columns-3')
  if (state.canIndent) enabled.add('indent')
  if (state.canOutdent) enabled.add('outdent')
  if (state.block?.type === 'check') enabled.add('toggle-check')
  if (state.block?.type === 'toggle') enabled.add('toggle-open')
  if (state.block?.type === 'callout') enabled.add('callout-sign')
  if (state.block?.type === 'numbered') {
    enabled.add('start-numbers')
    if (state.block.start !== 1) enabled.add('restart-numbers')
    if (state.block.start !== undefined) enabled.add('continue-numbers')
  }
  return enabled
}

function blockCommand({ block }: FormatState): BlockCommand | undefined {
  switch (block?.type) {
    case undefined:
    case 'paragraph':
      return 'paragraph'
    case 'quote':
    case 'callout':
    case 'toggle':
      return block.type
    case 'heading':
      return `heading-${block.level}`
    case 'bullet':
      return 'bullet-list'
    case 'numbered':
      return 'numbered-list'
    case 'check':
      return 'check-list'
    case 'code':
      return 'code-block'
    case 'image':
    case 'file':
    case 'divider':
    case 'equation':
    case 'embed':
    case 'unknown':
      return undefined
  }
}
