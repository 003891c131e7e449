/**
 * The row of controls above or below the text, or floating over a selection.
 *
 * One stop for the Tab key, arrows inside (the ARIA toolbar pattern). A press never takes the selection out of the text.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import type { CommandName } from '../element/api.ts'
import { BLOCK_MENU } from './block-entries.ts'
import type { ColorChoice } from './color-menu.ts'
import { defineElement } from './define.ts'
import { isRightToLeft } from './direction.ts'
import { icon } from './icons.ts'
import { ariaKeysOf, isMac, keysOf } from './keys.ts'
import { PARTS } from './parts.ts'
import { openBeside } from './popover.ts'
import { markScrollEnds } from './scroll-fade.ts'
import { ENGLISH, type Strings } from './strings.ts'
import { type Formats, NO_FORMATS, type Surface } from './surface.ts'
import { controls, tokens } from './theme.ts'
import { type ButtonSpec, GROUPS, HISTORY, isPressed } from './toolbar-entries.ts'
import { toolbarStyle } from './toolbar-style.ts'
import { Tooltip, tooltipStyle } from './tooltip.ts'

/** The menus of the bar, each behind a button of the same name. */
type MenuName = 'kind' | 'insert' | 'colors'

/** What they have in common. */
interface Menu extends LitElement {
  focusCurrent(): void
}

/** What is chosen in a menu; null when it was left without. */
type Picked = CommandName | ColorChoice | null

/** Long enough not to flash while the mouse crosses the bar. */
const TOOLTIP_DELAY_MS = 450

export class Toolbar extends LitElement {
  static override properties = {
    surface: { attribute: false },
    placement: {},
    strings: { attribute: false },
    formats: { state: true },
    active: { state: true },
  }

  declare surface: Surface | undefined
  /** `bottom` is a phone's: undo comes early, where no scrolling is needed to reach it. */
  declare placement: 'top' | 'bottom' | 'floating'
  declare strings: Strings
  /** Called for the link button and its key: the card belongs to the text, not to the bar. */
  declare onLink: (() => void) | undefined
  /** Called when a menu could not be fetched. */
  declare onMissing: (() => void) | undefined
  declare protected formats: Formats
  /** The one control the Tab key reaches. */
  declare protected active: string

  #stop: (() => void) | undefined
  readonly #tip = new Tooltip(() => this.renderRoot)
  readonly #mac = isMac(globalThis.navigator?.platform ?? '')

  constructor() {
    super()
    this.surface = undefined
    this.placement = 'top'
    this.strings = ENGLISH
    this.onLink = undefined
    this.onMissing = undefined
    this.formats = NO_FORMATS
    this.active = 'kind'
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#tip.hide()
    this.#stop?.()
    this.#stop = undefined
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#follow()
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('surface')) this.#follow()
  }

  protected override updated(): void {
    this.#fade()
  }

  #follow(): void {
    this.#stop?.()
    this.#stop = undefined
    const { surface } = this
    this.formats = surface?.formats ?? NO_FORMATS
    if (surface === undefined || !this.isConnected) return
    this.#stop = surface.onFormats(() => {
      this.formats = surface.formats
    })
  }

  protected override render(): TemplateResult {
    const { strings } = this
    return html`<div
        class="bar"
        role="toolbar"
        aria-label=${strings.toolbar}
        @keydown=${this.#move}
        @scroll=${this.#fade}
        @mousedown=${keepSelection}
        @pointerover=${this.#hover}
        @pointerleave=${this.#hideTip}
        @focusin=${this.#focused}
        @focusout=${this.#hideTip}
      >
        ${this.#kindButton()} ${this.#insertButton()} ${this.placement === 'bottom' ? this.#group(HISTORY) : nothing}
        ${GROUPS.map((group, at) => this.#group(group, at === 0 ? this.#colorButton() : nothing))}
        ${
          this.placement === 'top'
            ? html`<div class="group end" role="group">${HISTORY.map((spec) => this.#button(spec))}</div>`
            : nothing
        }
      </div>
      ${(['kind', 'insert'] as const).map(
        (name) => html`<weft-block-menu
          popover="auto"
          data-menu=${name}
          ?inserts=${name === 'insert'}
          .strings=${strings}
          .current=${this.formats.block}
          .enabled=${this.formats.enabled}
          @pick=${this.#picked}
          @toggle=${this.#menuToggled}
        ></weft-block-menu>`,
      )}
      <weft-color-menu
        popover="auto"
        data-menu="colors"
        .strings=${strings}
        .color=${this.formats.color}
        .highlight=${this.formats.highlight}
        @pick=${this.#picked}
        @toggle=${this.#menuToggled}
      ></weft-color-menu>
      <div class="tip" popover="manual" role="presentation"></div>`
  }

  #kindButton(): TemplateResult {
    const { block } = this.formats
    const spec = BLOCK_MENU.find((entry) => entry.command === block)
    const name = block === undefined ? this.strings.blockKind : this.strings.commands[block]
    return this.#menuButton(
      'kind',
      `${this.strings.blockKind}: ${name}`,
      html`${icon(spec?.icon ?? 'text')}<span class="kind-name">${name}</span>${icon('chevron-down')}`,
    )
  }

  #insertButton(): TemplateResult {
    return this.#menuButton('insert', this.strings.insert, icon('plus'))
  }

  /** Its bar has the colour of the text, and stands on what is behind the text. */
  #colorButton(): TemplateResult {
    const { color, highlight } = this.formats
    const sign = html`<span class="color" data-color=${color ?? nothing} data-highlight=${highlight ?? nothing}
      >${icon('color')}</span
    >`
    return this.#menuButton('colors', this.strings.colorMenu, sign)
  }

  #menuButton(name: MenuName, label: string, content: TemplateResult): TemplateResult {
    return html`<button
      class=${name === 'kind' ? 'kind' : 'tool'}
      data-name=${name}
      type="button"
      aria-haspopup="menu"
      aria-expanded="false"
      aria-label=${label}
      aria-disabled=${this.#canOpen(name) ? 'false' : 'true'}
      tabindex=${this.active === name ? 0 : -1}
      @click=${this.#openMenu}
    >
      ${content}
    </button>`
  }

  #canOpen(name: MenuName): boolean {
    const { enabled } = this.formats
    return enabled.has(name === 'colors' ? 'color' : 'paragraph')
  }

  #group(specs: readonly ButtonSpec[], more: TemplateResult | typeof nothing = nothing): TemplateResult {
    return html`<span class="rule" role="presentation"></span>
      <div class="group" role="group">${specs.map((spec) => this.#button(spec))}${more}</div>`
  }

  #button({ command, icon: sign }: ButtonSpec): TemplateResult {
    const { formats, strings } = this
    const pressed = isPressed(command, formats)
    return html`<button
      class="tool"
      type="button"
      data-name=${command}
      data-command=${command}
      aria-label=${strings.commands[command]}
      aria-pressed=${pressed === undefined ? nothing : pressed}
      aria-keyshortcuts=${ariaKeysOf(command, this.#mac) ?? nothing}
      aria-disabled=${formats.enabled.has(command) ? 'false' : 'true'}
      tabindex=${this.active === command ? 0 : -1}
      @click=${this.#run}
    >
      ${icon(sign)}
    </button>`
  }

  readonly #run = (event: Event): void => {
    const command = (event.currentTarget as HTMLElement).dataset['command'] as CommandName
    this.#hideTip()
    if (!this.formats.enabled.has(command)) return
    if (command === 'link') return this.onLink?.()
    // A list button pressed again takes the list away, as a pressed mark does.
    const again = this.formats.block === command
    this.surface?.exec(again ? 'paragraph' : command)
    // From the keyboard (a click without a pointer) focus stays on the bar, so several can be set in a row.
    if (!isFromKeyboard(event)) this.surface?.focus()
  }

  readonly #openMenu = (event: Event): void => {
    const button = event.currentTarget as HTMLElement
    const name = button.dataset['name'] as MenuName
    if (!this.#canOpen(name)) return
    this.#hideTip()
    const menu = this.renderRoot.querySelector<Menu>(`[data-menu=${name}]`)
    if (menu === null) return
    if (menu.matches(':popover-open')) return menu.hidePopover()
    // A touch must not take the focus out of the text: the screen's keyboard would fold away.
    void this.#show(button, menu, isFromKeyboard(event) || matchMedia('(pointer: fine)').matches)
  }

  async #show(button: HTMLElement, menu: Menu, takesFocus: boolean): Promise<void> {
    const part = button.dataset['name'] === 'colors' ? PARTS.colorMenu : PARTS.blockMenu
    if ((await part.get()) === undefined) return this.onMissing?.()
    await menu.updateComplete
    openBeside(menu, button.getBoundingClientRect())
    if (takesFocus) menu.focusCurrent()
  }

  readonly #menuToggled = (event: Event): void => {
    const open = (event as ToggleEvent).newState === 'open'
    this.#buttonOf(event)?.setAttribute('aria-expanded', String(open))
  }

  #buttonOf({ currentTarget }: Event): HTMLElement | null {
    const name = (currentTarget as HTMLElement).dataset['menu']
    return this.renderRoot.querySelector<HTMLElement>(`[data-name=${name}]`)
  }

  readonly #picked = (event: CustomEvent<Picked>): void => {
    const { detail, currentTarget } = event
    ;(currentTarget as HTMLElement).hidePopover()
    if (detail === null) {
      this.#buttonOf(event)?.focus()
      return
    }
    if (typeof detail === 'string') this.surface?.exec(detail)
    else this.surface?.exec(detail.command, detail.color)
    this.surface?.focus()
  }

  readonly #move = (event: KeyboardEvent): void => {
    const buttons = [...this.renderRoot.querySelectorAll<HTMLElement>('.bar button')]
    const at = buttons.findIndex((button) => button === event.target)
    const next = nextIndex(event.key, at, buttons.length, isRightToLeft(this))
    if (next === undefined) {
      if (event.key === 'Escape') this.surface?.focus()
      return
    }
    event.preventDefault()
    const target = buttons[next]
    this.active = target?.dataset['name'] ?? this.active
    target?.focus()
    target?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }

  readonly #focused = (event: FocusEvent): void => {
    const button = event.target as HTMLElement
    this.active = button.dataset['name'] ?? this.active
    if (button.matches(':focus-visible')) this.#showTip(button, 0)
  }

  readonly #hover = (event: PointerEvent): void => {
    if (event.pointerType === 'touch') return
    const button = (event.target as Element).closest<HTMLElement>('button')
    this.#tip.hide()
    if (button !== null) this.#showTip(button, TOOLTIP_DELAY_MS)
  }

  #showTip(button: HTMLElement, delayMs: number): void {
    const command = button.dataset['command'] as CommandName | undefined
    const keys = command === undefined ? undefined : keysOf(command, this.#mac)
    const name = command === undefined ? this.#menuName(button) : this.strings.commands[command]
    this.#tip.show(button, keys === undefined ? name : `${name} · ${keys}`, delayMs)
  }

  #menuName(button: HTMLElement): string {
    const { blockKind, insert, colorMenu } = this.strings
    return { kind: blockKind, insert, colors: colorMenu }[button.dataset['name'] as MenuName]
  }

  readonly #hideTip = (): void => this.#tip.hide()

  /** Marks the ends where more can be scrolled to, for the fade. */
  readonly #fade = (): void => {
    const bar = this.renderRoot.querySelector<HTMLElement>('.bar')
    if (bar !== null) markScrollEnds(bar)
  }

  static override styles = [tokens, controls, tooltipStyle, toolbarStyle]
}

function keepSelection(event: Event): void {
  event.preventDefault()
}

/** A click made by Enter or Space has no pointer behind it. */
function isFromKeyboard(event: Event): boolean {
  return event instanceof MouseEvent && event.detail === 0
}

function nextIndex(key: string, at: number, count: number, rightToLeft: boolean): number | undefined {
  const forward = rightToLeft ? 'ArrowLeft' : 'ArrowRight'
  const backward = rightToLeft ? 'ArrowRight' : 'ArrowLeft'
  switch (key) {
    case forward:
      return (at + 1) % count
    case backward:
      return (at - 1 + count) % count
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return undefined
  }
}

defineElement('weft-toolbar', Toolbar)

declare global {
  interface HTMLElementTagNameMap {
    'weft-toolbar': Toolbar
  }
}
