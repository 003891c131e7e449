/** What the menus have in common: their look, and how the keyboard goes through them. */
import { css } from 'lit'

export const menuStyle = css`
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
