/**
 * The list that "/" opens at the caret: every kind of block and all that can be put into the text, filtered by what is
 * typed on.
 *
 * Rule: the keyboard and the caret stay in the text, the list only follows what stands behind the "/". What is chosen takes
 * those characters with it; Escape leaves them. The list is in the shadow root of the text, because nothing else can be its
 * active descendant.
 */
import {
  COMMAND_PRIORITY_CRITICAL,
  INSERT_PARAGRAPH_COMMAND,
  KEY_DOWN_COMMAND,
  type LexicalEditor,
} from 'lexical'
import { html, render } from 'lit'
import type { CommandName } from '../element/api.ts'
import { adoptStyle } from './adopt-style.ts'
import { BLOCK_MENU } from './block-entries.ts'
import { type AnyEntry, INSERT_MENU } from './insert-entries.ts'
import { isMac, keysOf } from './keys.ts'
import { listen } from './listen.ts'
import { menuIcon } from './menu-icons.ts'
import { ENGLISH_OTHER_NAMES } from './other-names.ts'
import { openBeside } from './popover.ts'
import { boxOf, selectedRange } from './selected-range.ts'
import { $removeBefore, readCaret } from './shortcuts.ts'
import { findEntries, slashQuery } from './slash-query.ts'
import { slashStyle } from './slash-style.ts'
import type { Strings } from './strings.ts'
import type { Surface } from './surface.ts'

export interface SlashMenuOptions {
  readonly editor: LexicalEditor
  readonly surface: Surface
  readonly content: HTMLElement
  readonly root: ShadowRoot
  readonly strings: Strings
}

const LIST_ID = 'slash-list'

export class SlashMenu {
  readonly #options: SlashMenuOptions
  readonly #list = document.createElement('div')
  readonly #undo: (() => void)[]
  #query = ''
  #entries: readonly AnyEntry[] = []
  #at = 0
  #left: number | undefined

  /** Opens it for the "/" before the caret; closes by itself. */
  constructor(options: SlashMenuOptions) {
    this.#options = options
    const { editor, content, root, strings } = options
    const list = this.#list
    list.id = LIST_ID
    list.className = 'slash-menu'
    list.popover = 'manual'
    list.setAttribute('role', 'listbox')
    list.setAttribute('aria-label', strings.insert)
    adoptStyle(root, slashStyle)
    root.querySelector('.frame')?.append(list)
    this.#undo = [
      editor.registerUpdateListener(() => this.#follow()),
      editor.registerCommand(KEY_DOWN_COMMAND, (event) => this.#key(event), COMMAND_PRIORITY_CRITICAL),
      // A screen's keyboard has no key for it.
      editor.registerCommand(INSERT_PARAGRAPH_COMMAND, () => this.#choose(), COMMAND_PRIORITY_CRITICAL),
      listen(content, 'blur', () => this.close()),
      // A press never takes the selection out of the text.
      listen(list, 'mousedown', (event) => event.preventDefault()),
    ]
    this.#follow()
  }

  close(): void {
    const { content } = this.#options
    for (const undo of this.#undo.splice(0)) undo()
    this.#list.remove()
    for (const name of ['aria-controls', 'aria-activedescendant', 'aria-autocomplete'])
      content.removeAttribute(name)
  }

  #follow(): void {
    const { editor, strings, surface } = this.#options
    const caret = editor.getEditorState().read(readCaret)
    const query = caret === undefined || caret.literal ? undefined : slashQuery(caret.before)
    if (query === undefined || !editor.isEditable()) return this.close()
    const isOther = query !== this.#query
    this.#query = query
    const { enabled } = surface.now()
    const possible = [...BLOCK_MENU, ...INSERT_MENU].filter(({ command }) => enabled.has(command))
    this.#entries = findEntries(query, possible, strings, ENGLISH_OTHER_NAMES)
    if (isOther) this.#at = 0
    this.#draw()
  }

  #draw(): void {
    const { content, strings, root } = this.#options
    const list = this.#list
    const mac = isMac(navigator.platform)
    render(
      this.#entries.map(
        ({ command, icon: sign }, index) => html`<div
          role="option"
          id="slash-${index}"
          data-command=${command}
          aria-selected=${index === this.#at}
          @click=${() => this.#choose(index)}
          @pointermove=${() => this.#go(index)}
        >
          ${menuIcon(sign)}<span>${strings.commands[command]}</span>
          <kbd aria-hidden="true">${keysOf(command, mac) ?? ''}</kbd>
        </div>`,
      ),
      list,
    )
    const range = selectedRange(root)
    if (this.#entries.length === 0 || range === undefined) {
      // Perhaps a letter too many: the list is back when it is taken away.
      if (list.matches(':popover-open')) list.hidePopover()
      content.removeAttribute('aria-activedescendant')
      return
    }
    const { top, bottom, left } = boxOf(range)
    // It stays where it was opened while the caret goes on.
    this.#left ??= left
    openBeside(list, { top, bottom, left: this.#left, right: this.#left })
    content.setAttribute('aria-controls', LIST_ID)
    content.setAttribute('aria-autocomplete', 'list')
    content.setAttribute('aria-activedescendant', `slash-${this.#at}`)
    list.children[this.#at]?.scrollIntoView({ block: 'nearest' })
  }

  #go(index: number): void {
    if (index === this.#at) return
    this.#at = index
    this.#draw()
  }

  #key(event: KeyboardEvent): boolean {
    if (event.isComposing) return false
    const count = this.#entries.length
    if (event.key === 'Escape') this.close()
    else if (count === 0) return false
    else if (event.key === 'ArrowDown') this.#go((this.#at + 1) % count)
    else if (event.key === 'ArrowUp') this.#go((this.#at - 1 + count) % count)
    else if (event.key === 'Enter' || event.key === 'Tab') this.#choose()
    else return false
    event.preventDefault()
    return true
  }

  /** @returns false when there is nothing to choose. */
  #choose(index = this.#at): boolean {
    const command = this.#entries[index]?.command
    if (command === undefined) return false
    const length = this.#query.length + 1
    this.close()
    // In a key's listener the editor's update is still going on.
    queueMicrotask(() => this.#run(command, length))
    return true
  }

  #run(command: CommandName, length: number): void {
    const { surface } = this.#options
    surface.exec(command, undefined, () => $removeBefore(length))
    surface.focus()
  }
}
