/** Where a block can go, listed at its handle: the way for those who drag nothing. */
import type { CommandName } from '../element/api.ts'
import type { BlockMenu } from './block-menu.ts'
import { PARTS } from './parts.ts'
import { openBeside } from './popover.ts'
import type { Strings } from './strings.ts'
import type { Surface } from './surface.ts'

export interface HandleMenuOptions {
  readonly surface: Surface
  readonly root: ShadowRoot
  readonly strings: Strings
  /** The menu could not be fetched. */
  readonly onMissing: () => void
}

export class HandleMenu {
  readonly #options: HandleMenuOptions
  readonly #button: HTMLElement
  #menu: BlockMenu | undefined
  #undo: (() => void) | undefined

  constructor(options: HandleMenuOptions, button: HTMLElement) {
    this.#options = options
    this.#button = button
    button.setAttribute('aria-haspopup', 'menu')
    button.setAttribute('aria-expanded', 'false')
  }

  get isOpen(): boolean {
    return this.#menu?.matches(':popover-open') === true
  }

  /** For what is selected by now. */
  async open(): Promise<void> {
    if ((await PARTS.blockMenu.get()) === undefined) return this.#options.onMissing()
    this.close()
    const menu = document.createElement('weft-block-menu')
    const { surface, strings, root } = this.#options
    const follow = (): void => {
      menu.enabled = surface.now().enabled
    }
    menu.strings = strings
    menu.popover = 'auto'
    menu.toggleAttribute('moves', true)
    menu.addEventListener('pick', (event) => this.#pick((event as CustomEvent<CommandName | null>).detail))
    menu.addEventListener('toggle', (event) => {
      this.#button.setAttribute('aria-expanded', String(event.newState === 'open'))
      if (event.newState === 'closed' && this.#menu === menu) this.close()
    })
    this.#menu = menu
    this.#undo = surface.onFormats(follow)
    root.querySelector('.frame')?.append(menu)
    // What can be done with a selection just made is known a frame later.
    await new Promise(requestAnimationFrame)
    follow()
    await menu.updateComplete
    if (this.#menu !== menu) return
    openBeside(menu, this.#button.getBoundingClientRect())
    menu.focusCurrent()
  }

  close(): void {
    this.#undo?.()
    this.#undo = undefined
    const menu = this.#menu
    this.#menu = undefined
    menu?.remove()
    this.#button.setAttribute('aria-expanded', 'false')
  }

  #pick(command: CommandName | null): void {
    const { surface } = this.#options
    this.close()
    if (command !== null) surface.exec(command)
    surface.focus()
  }
}
