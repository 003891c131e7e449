/**
 * The controls' seam (`surface.ts`) over a Lexical editor: what stands at the caret, and commands by name.
 *
 * `formats` is computed at most once a frame, and listeners hear of it only when something a control shows is different.
 */

import {
  CALLOUT_KINDS,
  type InlineObject,
  NO_MARKS,
  readBlockShape,
  readColor,
  readDate,
  safeLink,
} from '@weft/document'
import {
  $addUpdateTag,
  $getRoot,
  $getSelection,
  $isNodeSelection,
  $isRangeSelection,
  $setSelection,
  type LexicalEditor,
  type NodeKey,
  SKIP_DOM_SELECTION_TAG,
} from 'lexical'
import { $nextPlace, $selectedRun, type MoveBinding, moveSelectedBlocks } from '../block-moves.ts'
import { $createWeftTextNode, $isWeftTextNode, $setMarks } from '../blocks/text-node.ts'
import { isVoidShape } from '../blocks/void-node.ts'
import {
  $firstNumbered,
  $insertObject,
  $insertVoid,
  type FormatState,
  indent,
  insertDivider,
  outdent,
  readFormatState,
  setBlockKind,
  setColor,
  setHighlight,
  setLink,
  setNumber,
  toggleChecked,
  toggleMark,
  toggleOpen,
} from '../commands.ts'
import { COMMANDS, type CommandName } from '../element/api.ts'
import {
  deleteTable,
  editTable,
  insertTable,
  readTableState,
  TABLE_EDITS,
  type TableBinding,
  type TableEdit,
} from '../table-commands.ts'
import { restoreSelection } from './adopt-selection.ts'
import { type BlockCommand, type Formats, NO_FORMATS, type Surface, sameFormats } from './surface.ts'

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

/** Edits of rows, columns and the order of blocks: the binding makes them, outside of the editor's updates. */
type StructureCommand = TableEdit | 'move-up' | 'move-down'

type TextCommand = Exclude<CommandName, StructureCommand | 'undo' | 'redo'>

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
const NOT_IN_CODE: ReadonlySet<CommandName> = new Set([
  'bold',
  'italic',
  'underline',
  'strike',
  'code',
  'link',
  'color',
  'highlight',
  'clear-format',
] as const)

export class LexicalSurface implements Surface {
  readonly #editor: LexicalEditor
  readonly #history: History
  readonly #binding: MoveBinding & TableBinding
  readonly #onEdit: (key: NodeKey) => void
  readonly #listeners = new Set<() => void>()
  readonly #undo: (() => void)[]
  #formats: Formats = NO_FORMATS
  #frame: number | undefined

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
    const changed = () => this.#plan()
    this.#undo = [
      editor.registerUpdateListener(changed),
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

  exec(command: CommandName, argument?: string): boolean {
    if (!this.can(command)) return false
    if (command === 'link' && argument !== undefined && safeLink(argument) === undefined) return false
    if (isColoring(command) && argument !== undefined && readColor(argument) === undefined) return false
    if (command === 'undo') this.#history.undo()
    else if (command === 'redo') this.#history.redo()
    else if (isStructural(command)) this.#whenIdle(() => this.#restructure(command))
    else this.#step(command, argument)
    return true
  }

  close(): void {
    for (const undo of this.#undo) undo()
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    this.#listeners.clear()
  }

  /** In a key's listener the editor's update is still going on. */
  #whenIdle(step: () => void): void {
    if (this.#editor._updating) queueMicrotask(() => this.#whenIdle(step))
    else step()
  }

  #restructure(command: StructureCommand): void {
    const context = { editor: this.#editor, binding: this.#binding }
    if (command === 'move-up') moveSelectedBlocks(context, -1)
    else if (command === 'move-down') moveSelectedBlocks(context, 1)
    else editTable(context, command)
  }

  /** One undo step. Called from a key's listener, inside an update of the editor, it runs at the end of that one. */
  #step(command: TextCommand, argument: string | undefined): void {
    const stays = !this.#hasFocus()
    this.#history.separate()
    this.#editor.update(
      () => {
        // Somebody at the toolbar by keyboard stays there: placing the browser's caret would fetch the focus.
        if (stays) $addUpdateTag(SKIP_DOM_SELECTION_TAG)
        // A command before the first click goes to the end of the text.
        if ($getSelection() === null) $setSelection($getRoot().selectEnd())
        this.#run(command, argument)
      },
      { discrete: true, onUpdate: () => this.#history.separate() },
    )
  }

  #run(command: TextCommand, argument: string | undefined): void {
    const editor = this.#editor
    switch (command) {
      case 'paragraph':
      case 'quote':
      case 'toggle':
        setBlockKind(editor, command)
        return
      case 'callout':
        setBlockKind(editor, 'callout', { kind: CALLOUT_KINDS.find((kind) => kind === argument) ?? 'note' })
        return
      case 'callout-sign':
        setBlockKind(editor, 'callout', { emoji: argument ?? '' })
        return
      case 'restart-numbers':
        setNumber(editor, 1)
        return
      case 'continue-numbers':
        setNumber(editor, 0)
        return
      case 'start-numbers': {
        if (argument !== undefined) return setNumber(editor, Number(argument))
        const item = $firstNumbered()
        if (item !== undefined) this.#ask(item.getKey())
        return
      }
      case 'heading-1':
        setBlockKind(editor, 'heading', { level: 1 })
        return
      case 'heading-2':
        setBlockKind(editor, 'heading', { level: 2 })
        return
      case 'heading-3':
        setBlockKind(editor, 'heading', { level: 3 })
        return
      case 'heading-4':
        setBlockKind(editor, 'heading', { level: 4 })
        return
      case 'bullet-list':
        setBlockKind(editor, 'bullet')
        return
      case 'numbered-list':
        setBlockKind(editor, 'numbered', argument === undefined ? {} : { start: Number(argument) })
        return
      case 'check-list':
        setBlockKind(editor, 'check')
        return
      case 'code-block':
        setBlockKind(editor, 'code', argument === undefined ? {} : { language: argument })
        return
      case 'divider':
        insertDivider(editor)
        return
      case 'table': {
        const [rows, columns] = tableSize(argument)
        insertTable(editor, rows, columns)
        return
      }
      case 'delete-table':
        deleteTable(editor)
        return
      case 'image':
      case 'file':
      case 'embed':
        return this.#insertVoid(command, 'url', argument)
      case 'equation':
        return this.#insertVoid(command, 'latex', argument)
      case 'inline-equation':
        return this.#insertObject({ type: 'equation', latex: argument ?? '' }, argument)
      case 'date':
        return this.#insertObject({ type: 'date', date: readDate(argument ?? today()) }, argument ?? '')
      case 'mention':
        return this.#insertObject(
          { type: 'mention', kind: 'person', ref: '', label: argument ?? '' },
          argument,
        )
      case 'edit-object': {
        const { part } = readFormatState(editor)
        if (part !== null) this.#onEdit(part)
        return
      }
      case 'bold':
      case 'italic':
      case 'underline':
      case 'strike':
      case 'code':
        toggleMark(editor, command)
        return
      case 'link':
        return this.#link(argument)
      case 'color':
        setColor(editor, readColor(argument) ?? null)
        return
      case 'highlight':
        setHighlight(editor, readColor(argument) ?? null)
        return
      case 'clear-format':
        editor.update($clearFormat)
        return
      case 'indent':
        indent(editor)
        return
      case 'outdent':
        outdent(editor)
        return
      case 'toggle-check':
        toggleChecked(editor)
        return
      case 'toggle-open':
        toggleOpen(editor)
        return
    }
  }

  /** @param name of the part that the argument is; without one it is asked for. */
  #insertVoid(
    type: 'image' | 'file' | 'embed' | 'equation',
    name: string,
    argument: string | undefined,
  ): void {
    const given: Readonly<Record<string, unknown>> = { type, [name]: argument }
    const shape = readBlockShape((part) => given[part])
    const key = isVoidShape(shape) ? $insertVoid(shape) : undefined
    if (key !== undefined && argument === undefined) this.#ask(key)
  }

  #insertObject(object: InlineObject, argument: string | undefined): void {
    const key = $insertObject(object)
    if (key !== undefined && argument === undefined) this.#ask(key)
  }

  /** Once it is on the screen. */
  #ask(key: NodeKey): void {
    this.#editor.update(() => {}, { onUpdate: () => this.#onEdit(key) })
  }

  #link(address: string | undefined): void {
    const { selecting, link } = this.now()
    if (address === undefined || selecting || link !== undefined) {
      setLink(this.#editor, address ?? null)
      // Who has linked words goes on behind them: over a selection the next key would delete them.
      if (address !== undefined) this.#editor.update($collapseToEnd)
      return
    }
    // Nothing to link: the address is the text.
    this.#editor.update(() => {
      const selection = $getSelection()
      if ($isRangeSelection(selection))
        selection.insertNodes([
          $createWeftTextNode(address.replace(/^(mailto:|tel:)/, ''), { link: address }),
        ])
    })
  }

  #moves(): CommandName[] {
    return this.#editor.getEditorState().read(() => {
      const run = $selectedRun()
      if (run === undefined) return []
      const names: CommandName[] = []
      if ($nextPlace(run, -1) !== undefined) names.push('move-up')
      if ($nextPlace(run, 1) !== undefined) names.push('move-down')
      return names
    })
  }

  #hasFocus(): boolean {
    const root = this.#editor.getRootElement()
    const scope = root?.getRootNode()
    return (scope instanceof ShadowRoot || scope instanceof Document) && scope.activeElement === root
  }

  #plan(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined
      this.#refresh()
    })
  }

  #refresh(): void {
    const formats = this.now()
    if (sameFormats(formats, this.#formats)) return
    this.#formats = formats
    for (const listener of this.#listeners) listener()
  }

  /** What `formats` will be once the frame that is going on ends. */
  now(): Formats {
    const state = readFormatState(this.#editor, this.#history)
    const table = readTableState({ editor: this.#editor, binding: this.#binding })
    const enabled = enabledBy(state, table !== undefined)
    for (const edit of table?.edits ?? []) enabled.add(edit)
    for (const move of this.#moves()) enabled.add(move)
    return {
      block: blockCommand(state),
      marks: state.marks,
      link: state.link ?? undefined,
      color: state.color ?? undefined,
      highlight: state.highlight ?? undefined,
      table,
      enabled: this.#editor.isEditable() ? enabled : new Set(),
      selecting: state.hasRange,
    }
  }
}

function isStructural(command: CommandName): command is StructureCommand {
  return (
    command === 'move-up' ||
    command === 'move-down' ||
    TABLE_EDITS.some((edit: CommandName) => edit === command)
  )
}

/** @returns rows and columns; three of each unless it says otherwise, and never more than can be looked over. */
function tableSize(argument: string | undefined): [number, number] {
  const [, rows = '3', columns = '3'] = /^(\d{1,2})x(\d{1,2})$/.exec(argument ?? '') ?? []
  const bounded = (count: string): number => Math.min(Math.max(Number(count), 1), MOST_NEW_LINES)
  return [bounded(rows), bounded(columns)]
}

const MOST_NEW_LINES = 20

/** Where this person is. */
function today(): string {
  const now = new Date()
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}

function isColoring(command: CommandName): boolean {
  return command === 'color' || command === 'highlight'
}

function $collapseToEnd(): void {
  const selection = $getSelection()
  if (!$isRangeSelection(selection)) return
  const { key, offset, type } = selection.isBackward() ? selection.anchor : selection.focus
  selection.anchor.set(key, offset, type)
  selection.focus.set(key, offset, type)
}

function $clearFormat(): void {
  const selection = $getSelection()
  if (!$isRangeSelection(selection)) return
  if (!selection.isCollapsed())
    for (const node of selection.extract()) if ($isWeftTextNode(node)) $setMarks(node, NO_MARKS)
  selection.setFormat(0)
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
    if (!isColoring(name) || state.hasRange)
      if (state.block?.type !== 'code' || !NOT_IN_CODE.has(name)) enabled.add(name)
  // Tables do not nest.
  if (isInTable) enabled.delete('table')
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
