/**
 * The controls' seam (`surface.ts`) over a Lexical editor: what stands at the caret (`formats.ts`), and commands by name
 * (`text-command.ts`), each one step of undo.
 *
 * `formats` is computed once for all that changes in a frame, and listeners hear of it only when something a control shows is different.
 */
import { readColor, safeLink } from '@weft/document'
import {
  $addUpdateTag,
  $getRoot,
  $getSelection,
  $isNodeSelection,
  $setSelection,
  COLLABORATION_TAG,
  HISTORIC_TAG,
  type LexicalEditor,
  type NodeKey,
  SKIP_DOM_SELECTION_TAG,
} from 'lexical'
import { $selectedRun, $stepOf, BLOCK_STEPS, type MoveBinding, moveSelectedBlocks } from '../block-moves.ts'
import type { CommandName } from '../element/api.ts'
import { readFormatState } from '../format-state.ts'
import { editTable, readTableState, type TableBinding } from '../table-commands.ts'
import { restoreSelection } from './adopt-selection.ts'
import {
  isBlockStep,
  isColoring,
  isStructural,
  type StructureCommand,
  type TextCommand,
} from './command-kinds.ts'
import { formatsOf } from './formats.ts'
import { type Moment, Planned } from './planned.ts'
import { type Formats, NO_FORMATS, type Surface, sameFormats } from './surface.ts'
import { runTextCommand } from './text-command.ts'

/** Undo, redo and where one step of them ends: the binding's business. */
export interface History {
  readonly canUndo: boolean
  readonly canRedo: boolean
  undo(): void
  redo(): void
  /** What comes next is a step of its own. */
  separate(): void
  /** @returns its undo. */
  onChange(listener: () => void): () => void
}

/** When what shows nothing looks at an update: what others did, as opposed to what this person does or undoes, may draw nothing. */
export function momentOf(tags: ReadonlySet<string>): Moment {
  return tags.has(COLLABORATION_TAG) && !tags.has(HISTORIC_TAG) ? 'soon' : 'after-frame'
}

export class LexicalSurface implements Surface {
  readonly #editor: LexicalEditor
  readonly #history: History
  readonly #binding: MoveBinding & TableBinding
  readonly #onEdit: (key: NodeKey) => void
  readonly #listeners = new Set<() => void>()
  readonly #undo: (() => void)[]
  #formats: Formats = NO_FORMATS
  readonly #planned = new Planned(() => this.#refresh())

  /** @param onEdit called when what stands under the key is to be asked for. */
  constructor(
    editor: LexicalEditor,
    history: History,
    binding: MoveBinding & TableBinding,
    onEdit: (key: NodeKey) => void,
  ) {
    this.#onEdit = onEdit
    this.#editor = editor
    this.#history = history
    this.#binding = binding
    const changed = () => this.#planned.plan('after-frame')
    this.#undo = [
      editor.registerUpdateListener(({ tags }) => this.#planned.plan(momentOf(tags))),
      editor.registerEditableListener(changed),
      history.onChange(changed),
    ]
    this.#refresh()
  }

  get formats(): Formats {
    return this.#formats
  }

  onFormats(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  can(command: CommandName): boolean {
    return this.now().enabled.has(command)
  }

  focus(): void {
    // Not the element's own `focus()`: the browser would put its caret at the start, over the selection kept here.
    restoreSelection(this.#editor)
    this.#editor.focus()
    // Lexical fetches the focus only for a caret.
    if ($isNodeSelection(this.#editor.getEditorState()._selection))
      this.#editor.getRootElement()?.focus({ preventScroll: true })
  }

  exec(command: CommandName, argument?: string, $before?: () => void): boolean {
    if (!this.can(command)) return false
    if (command === 'link' && argument !== undefined && safeLink(argument) === undefined) return false
    if (isColoring(command) && argument !== undefined && readColor(argument) === undefined) return false
    if (command === 'undo') this.#history.undo()
    else if (command === 'redo') this.#history.redo()
    else if (isStructural(command)) this.#whenIdle(() => this.#restructure(command))
    else this.#step(command, argument, $before)
    return true
  }

  close(): void {
    for (const undo of this.#undo) undo()
    this.#planned.cancel()
    this.#listeners.clear()
  }

  /** In a key's listener the editor's update is still going on. */
  #whenIdle(step: () => void): void {
    if (this.#editor._updating) queueMicrotask(() => this.#whenIdle(step))
    else step()
  }

  #restructure(command: StructureCommand): void {
    const context = { editor: this.#editor, binding: this.#binding }
    if (isBlockStep(command)) moveSelectedBlocks(context, command)
    else editTable(context, command)
  }

  /** One undo step. Called from a key's listener, inside an update of the editor, it runs at the end of that one. */
  #step(command: TextCommand, argument: string | undefined, $before: (() => void) | undefined): void {
    const stays = !this.#hasFocus()
    let asked: NodeKey | undefined
    this.#history.separate()
    this.#editor.update(
      () => {
        // Somebody at the toolbar by keyboard stays there: placing the browser's caret would fetch the focus.
        if (stays) $addUpdateTag(SKIP_DOM_SELECTION_TAG)
        // A command before the first click goes to the end of the text.
        if ($getSelection() === null) $setSelection($getRoot().selectEnd())
        $before?.()
        asked = runTextCommand(this.#editor, command, argument)
      },
      {
        discrete: true,
        onUpdate: () => {
          this.#history.separate()
          if (asked !== undefined) this.#onEdit(asked)
        },
      },
    )
  }

  #moves(): CommandName[] {
    return this.#editor.getEditorState().read(() => {
      const run = $selectedRun()
      return run === undefined ? [] : BLOCK_STEPS.filter((step) => $stepOf(step, run) !== undefined)
    })
  }

  #hasFocus(): boolean {
    const root = this.#editor.getRootElement()
    const scope = root?.getRootNode()
    return (scope instanceof ShadowRoot || scope instanceof Document) && scope.activeElement === root
  }

  #refresh(): void {
    const formats = this.now()
    if (sameFormats(formats, this.#formats)) return
    this.#formats = formats
    for (const listener of this.#listeners) listener()
  }

  now(): Formats {
    const editor = this.#editor
    return formatsOf(
      readFormatState(editor, this.#history),
      readTableState({ editor, binding: this.#binding }),
      this.#moves(),
      editor.isEditable(),
    )
  }
}
