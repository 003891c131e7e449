/** Which command is carried out by whom: the seam's own, the binding's, or an update of the editor. */
import { BLOCK_STEPS, type BlockStep } from '../block-moves.ts'
import type { CommandName } from '../element/api.ts'
import { TABLE_EDITS, type TableEdit } from '../table-commands.ts'

/** Edits of rows, columns and the order of blocks: the binding makes them, outside of the editor's updates. */
export type StructureCommand = TableEdit | BlockStep

/** One update of the editor, and one step of undo. */
export type TextCommand = Exclude<CommandName, StructureCommand | 'undo' | 'redo'>

export function isStructural(command: CommandName): command is StructureCommand {
  return isBlockStep(command) || TABLE_EDITS.some((edit: CommandName) => edit === command)
}

export function isBlockStep(command: CommandName): command is BlockStep {
  return BLOCK_STEPS.some((step: CommandName) => step === command)
}

/** Takes a colour's name. */
export function isColoring(command: CommandName): boolean {
  return command === 'color' || command === 'highlight'
}
