/** Which command is carried out by whom: the seam's own, the binding's, or an update of the editor. */
import type { CommandName } from '../element/api.ts'
import { TABLE_EDITS, type TableEdit } from '../table-commands.ts'

/** Edits of rows, columns and the order of blocks: the binding makes them, outside of the editor's updates. */
export type StructureCommand = TableEdit | 'move-up' | 'move-down'

/** One update of the editor, and one step of undo. */
export type TextCommand = Exclude<CommandName, StructureCommand | 'undo' | 'redo'>

export function isStructural(command: CommandName): command is StructureCommand {
  return (
    command === 'move-up' ||
    command === 'move-down' ||
    TABLE_EDITS.some((edit: CommandName) => edit === command)
  )
}

/** Takes a colour's name. */
export function isColoring(command: CommandName): boolean {
  return command === 'color' || command === 'highlight'
}
