/**
 * The controls' seam (`surface.ts`) over a Lexical editor: what stands at the caret, and commands by name.
 *
 * `formats` is computed at most once a frame, and listeners hear of it only when something a control shows is different.
 */
import { $getRoot, $getSelection, $isRangeSelection, $setSelection, type LexicalEditor } from 'lexical'
import { $createWeftTextNode } from '../blocks/text-node.ts'
import {
  type FormatState,
  indent,
  insertDivider,
  outdent,
  readFormatState,
  setBlockKind,
  setLink,
  toggleChecked,
  toggleMark,
} from '../commands.ts'
import { COMMANDS, type CommandName } from '../element/api.ts'
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

const TEXT_COMMANDS: readonly CommandName[] = COMMANDS.filter(
  (name) => !['indent', 'outdent', 'toggle-check', 'undo', 'redo'].includes(name),
)

/** In a code block every character is code already, and nothing else. */
const NOT_IN_CODE: ReadonlySet<CommandName> = new Set([
  'bold',
  'italic',
  'underline',
  'strike',
  'code',
  'link',
  'clear-format',
] as const)

export class LexicalSurface implements Surface {
  readonly #editor: LexicalEditor
  readonly #history: History
  readonly #listeners = new Set<() => void>()
  readonly #undo: (() => void)[]
  #formats: Formats = NO_FORMATS
  #frame: number | undefined

  constructor(editor: LexicalEditor, history: History) {
    this.#editor = editor
    this.#history = history
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
    return this.#read().enabled.has(command)
  }

  focus(): void {
    this.#editor.getRootElement()?.focus({ preventScroll: true })
    // Lexical puts its own selection back, or the caret at the end when there has been none.
    this.#editor.focus()
  }

  exec(command: CommandName, argument?: string): boolean {
    if (!this.can(command)) return false
    if (command === 'undo') this.#history.undo()
    else if (command === 'redo') this.#history.redo()
    else {
      this.#history.separate()
      this.#selectSomething()
      const done = this.#run(command, argument)
      this.#history.separate()
      return done
    }
    return true
  }

  close(): void {
    for (const undo of this.#undo) undo()
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    this.#listeners.clear()
  }

  #run(command: Exclude<CommandName, 'undo' | 'redo'>, argument: string | undefined): boolean {
    const editor = this.#editor
    switch (command) {
      case 'paragraph':
      case 'quote':
        setBlockKind(editor, command)
        return true
      case 'heading-1':
        setBlockKind(editor, 'heading', { level: 1 })
        return true
      case 'heading-2':
        setBlockKind(editor, 'heading', { level: 2 })
        return true
      case 'heading-3':
        setBlockKind(editor, 'heading', { level: 3 })
        return true
      case 'bullet-list':
        setBlockKind(editor, 'bullet')
        return true
      case 'numbered-list':
        setBlockKind(editor, 'numbered')
        return true
      case 'check-list':
        setBlockKind(editor, 'check')
        return true
      case 'code-block':
        setBlockKind(editor, 'code', argument === undefined ? {} : { language: argument })
        return true
      case 'divider':
        insertDivider(editor)
        return true
      case 'bold':
      case 'italic':
      case 'underline':
      case 'strike':
      case 'code':
        toggleMark(editor, command)
        return true
      case 'link':
        return this.#link(argument)
      case 'clear-format':
        for (const mark of this.#read().marks) toggleMark(editor, mark)
        setLink(editor, null)
        return true
      case 'indent':
        indent(editor)
        return true
      case 'outdent':
        outdent(editor)
        return true
      case 'toggle-check':
        toggleChecked(editor)
        return true
    }
  }

  #link(address: string | undefined): boolean {
    const { selecting, link } = this.#read()
    if (address === undefined || selecting || link !== undefined)
      return setLink(this.#editor, address ?? null)
    // Nothing to link: the address is the text.
    this.#editor.update(() => {
      const selection = $getSelection()
      if ($isRangeSelection(selection))
        selection.insertNodes([
          $createWeftTextNode(address.replace(/^(mailto:|tel:)/, ''), { link: address }),
        ])
    })
    return true
  }

  /** A command before the first click goes to the end of the text. */
  #selectSomething(): void {
    this.#editor.update(
      () => {
        if ($getSelection() === null) $setSelection($getRoot().selectEnd())
      },
      { discrete: true },
    )
  }

  #plan(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined
      this.#refresh()
    })
  }

  #refresh(): void {
    const formats = this.#read()
    if (sameFormats(formats, this.#formats)) return
    this.#formats = formats
    for (const listener of this.#listeners) listener()
  }

  #read(): Formats {
    const state = readFormatState(this.#editor, this.#history)
    return {
      block: blockCommand(state),
      marks: state.marks,
      link: state.link ?? undefined,
      enabled: this.#editor.isEditable() ? enabledBy(state) : new Set(),
      selecting: state.hasRange,
    }
  }
}

function enabledBy(state: FormatState): ReadonlySet<CommandName> {
  const enabled = new Set<CommandName>()
  if (state.canUndo) enabled.add('undo')
  if (state.canRedo) enabled.add('redo')
  if (state.block?.type === 'divider') return enabled
  for (const name of TEXT_COMMANDS)
    if (state.block?.type !== 'code' || !NOT_IN_CODE.has(name)) enabled.add(name)
  if (state.canIndent) enabled.add('indent')
  if (state.canOutdent) enabled.add('outdent')
  if (state.block?.type === 'check') enabled.add('toggle-check')
  return enabled
}

function blockCommand({ block }: FormatState): BlockCommand | undefined {
  switch (block?.type) {
    case undefined:
    case 'paragraph':
      return 'paragraph'
    case 'quote':
      return 'quote'
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
    case 'divider':
    case 'unknown':
      return undefined
  }
}
