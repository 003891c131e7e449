/** What the menus have in common: their look, how the keyboard goes through them and leaves, and how they tell what is chosen. */
import {
  type CSSResultGroup,
  css,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type TemplateResult,
} from 'lit'
import { menuIcon } from './menu-icons.ts'
import { ENGLISH, type Strings } from './strings.ts'
import { controls, tokens } from './theme.ts'

const menuStyle = css`
  :host {
    position: fixed;
    inset: auto;
    margin: 0;
    border: 1px solid var(--w-line);
    padding: 6px;
    min-width: 272px;
    max-height: calc(100dvh - 16px);
    overflow-y: auto;
    border-radius: var(--w-radius-menu);
    background: var(--w-surface);
    color: var(--w-text);
    box-shadow: var(--w-shadow);
    font-family: var(--w-font);
  }
  button {
    display: flex;
    align-items: center;
    gap: 10px;
    width: 100%;
    height: var(--w-control);
    padding: 0 8px;
    text-align: start;
  }
  button .icon {
    color: var(--w-muted);
  }
  button:hover:enabled,
  button:focus-visible {
    background: var(--w-hover);
    outline: none;
  }
  .name {
    flex: 1;
  }
  .keys {
    color: var(--w-muted);
    font-size: 12px;
  }
  .tick {
    width: 16px;
  }
  .tick .icon {
    width: 16px;
    height: 16px;
    color: var(--w-accent);
  }
  .rule {
    height: 1px;
    margin: 6px 8px;
    background: var(--w-line);
  }
  @media (pointer: coarse) {
    .keys {
      display: none;
    }
  }
  @media (forced-colors: active) {
    button:focus-visible {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
`

/** Fires `pick` with what is chosen, or with null when it was left by Escape or Tab. */
export class Menu extends LitElement {
  static override properties: PropertyDeclarations = { strings: { attribute: false } }

  declare strings: Strings

  constructor() {
    super()
    this.strings = ENGLISH
  }

  static override styles: CSSResultGroup = [tokens, controls, menuStyle]
}

/** Small choices in rows, each row under its name. A menu says how many stand in one with `--columns`. */
export const gridStyle = css`
  :host {
    min-width: 0;
  }
  p {
    margin: 4px 0;
    color: var(--w-muted);
    font-size: 13px;
    line-height: 20px;
  }
  .grid {
    display: grid;
    grid-template-columns: repeat(var(--columns), var(--w-control));
    gap: 4px;
  }
  .grid button {
    justify-content: center;
    width: var(--w-control);
    padding: 0;
  }
  .grid button:focus-visible {
    outline: 2px solid var(--w-accent);
    outline-offset: 0;
  }
`

/** Behind the name of what is chosen now, and as much room behind the others. */
export function tick(isCurrent: boolean): TemplateResult {
  return html`<span class="tick">${isCurrent ? menuIcon('check') : nothing}</span>`
}

/** The entries that can be chosen, in their order. */
export function entriesOf({ renderRoot }: LitElement): HTMLButtonElement[] {
  return [...renderRoot.querySelectorAll<HTMLButtonElement>('button:enabled')]
}

/** @param choice null when the menu is left without one. */
export function tellPick(menu: HTMLElement, choice: unknown): void {
  menu.dispatchEvent(new CustomEvent('pick', { detail: choice }))
}

/** Escape and Tab leave the menu, any other key goes to the entry that it leads to. Keys in a menu are not for the text. */
export function goByKey(
  menu: HTMLElement,
  event: KeyboardEvent,
  leadsTo: (key: string, from: HTMLElement) => HTMLElement | undefined,
): void {
  const { key } = event
  const isLeft = key === 'Escape' || key === 'Tab'
  const to = isLeft ? undefined : leadsTo(key, event.target as HTMLElement)
  if (isLeft) tellPick(menu, null)
  else if (to === undefined) return
  event.preventDefault()
  event.stopPropagation()
  to?.focus()
}

/** As `goByKey`, in a menu whose entries stand below each other. */
export function goInList(menu: LitElement, event: KeyboardEvent): void {
  const entries = entriesOf(menu)
  goByKey(menu, event, (key, from) =>
    menuTarget(
      key,
      entries.findIndex((entry) => entry === from),
      entries,
    ),
  )
}

/** A press in a menu leaves the selection in the text. */
export function holdSelection(event: Event): void {
  event.preventDefault()
}

/** @returns the entry that a key goes to from the one at `at`; undefined for a key that means something else. */
export function menuTarget(
  key: string,
  at: number,
  entries: readonly HTMLElement[],
): HTMLElement | undefined {
  switch (key) {
    case 'ArrowDown':
      return entries[(at + 1) % entries.length]
    case 'ArrowUp':
      return entries[(at - 1 + entries.length) % entries.length]
    case 'Home':
      return entries[0]
    case 'End':
      return entries.at(-1)
    default:
      return startingWith(key, at, entries)
  }
}

/** The next entry whose name starts with the letter typed. */
function startingWith(key: string, at: number, entries: readonly HTMLElement[]): HTMLElement | undefined {
  if (key.length !== 1 || key === ' ') return undefined
  const after = [...entries.slice(at + 1), ...entries.slice(0, at + 1)]
  const letter = key.toLocaleLowerCase()
  return after.find((entry) =>
    entry.querySelector('.name')?.textContent?.trim().toLocaleLowerCase().startsWith(letter),
  )
}

export interface GridKey {
  readonly key: string
  /** Of the entry that has the keyboard. */
  readonly at: number
  readonly columns: number
  readonly isRtl: boolean
}

/** As `menuTarget`, where entries stand in rows. */
export function gridTarget(
  { key, at, columns, isRtl }: GridKey,
  entries: readonly HTMLElement[],
): HTMLElement | undefined {
  const count = entries.length
  const by = (step: number) => entries[(at + step + count) % count]
  switch (key) {
    case 'ArrowRight':
      return by(isRtl ? -1 : 1)
    case 'ArrowLeft':
      return by(isRtl ? 1 : -1)
    case 'ArrowDown':
      return by(columns)
    case 'ArrowUp':
      return by(-columns)
    case 'Home':
      return entries[0]
    case 'End':
      return entries.at(-1)
    default:
      return undefined
  }
}
