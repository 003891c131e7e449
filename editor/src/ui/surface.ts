/**
 * What the controls around the text may know and do: the seam between them and the editor itself.
 *
 * Rule: controls hold no state of the document; they draw `formats` and call `exec`.
 */
import type { Color } from '@weft/document'
import type { CommandName } from '../element/api.ts'
import type { TableState } from '../table-commands.ts'

export type BlockCommand = Extract<
  CommandName,
  | 'paragraph'
  | 'heading-1'
  | 'heading-2'
  | 'heading-3'
  | 'heading-4'
  | 'bullet-list'
  | 'numbered-list'
  | 'check-list'
  | 'quote'
  | 'callout'
  | 'toggle'
  | 'code-block'
>

export type MarkCommand = Extract<CommandName, 'bold' | 'italic' | 'underline' | 'strike' | 'code'>

/** At the caret, or over the whole selection. */
export interface Formats {
  /** Undefined when blocks of several kinds are selected, or one the toolbar does not make. */
  readonly block: BlockCommand | undefined
  readonly marks: ReadonlySet<MarkCommand>
  /** The address of the link the caret stands in. */
  readonly link: string | undefined
  readonly color: Color | undefined
  readonly highlight: Color | undefined
  /** The table the caret is in, or that is selected. */
  readonly table: Pick<TableState, 'headerRow' | 'headerColumn'> | undefined
  /** What would do something now. */
  readonly enabled: ReadonlySet<CommandName>
  /** Something is selected, more than a caret. */
  readonly selecting: boolean
}

export const NO_FORMATS: Formats = {
  block: undefined,
  marks: new Set(),
  link: undefined,
  color: undefined,
  highlight: undefined,
  table: undefined,
  enabled: new Set(),
  selecting: false,
}

export interface Surface {
  /** As controls draw them: those of the last frame. */
  readonly formats: Formats
  /** What `formats` will be once the frame that is going on is drawn: for what is opened, or done, at once. */
  now(): Formats
  /** @returns its undo. Called after `formats` has changed. */
  onFormats(listener: () => void): () => void
  /** @param $before done in the same step of undo, where the command changes the text. */
  exec(command: CommandName, argument?: string, $before?: () => void): boolean
  focus(): void
}

export function sameFormats(a: Formats, b: Formats): boolean {
  return (
    a.block === b.block &&
    a.link === b.link &&
    a.color === b.color &&
    a.highlight === b.highlight &&
    a.table?.headerRow === b.table?.headerRow &&
    a.table?.headerColumn === b.table?.headerColumn &&
    a.selecting === b.selecting &&
    sameSet(a.marks, b.marks) &&
    sameSet(a.enabled, b.enabled)
  )
}

function sameSet(a: ReadonlySet<unknown>, b: ReadonlySet<unknown>): boolean {
  return a.size === b.size && [...a].every((item) => b.has(item))
}
