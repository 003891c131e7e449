/** The name of a control, beside it, while it is pointed at or has the keyboard. Decoration: the control names itself. */
import { css } from 'lit'
import { openBeside } from './popover.ts'

/** Expects `<div class="tip" popover="manual"></div>` in `root`, and nothing else writing into it. */
export class Tooltip {
  readonly #root: () => ParentNode
  #timer: ReturnType<typeof setTimeout> | undefined

  /** @param root asked anew each time: an element draws itself after it is made. */
  constructor(root: () => ParentNode) {
    this.#root = root
  }

  /** @param delayMs so long that nothing flashes while the mouse crosses a row; 0 for the keyboard. */
  show(control: HTMLElement, text: string, delayMs = 0): void {
    clearTimeout(this.#timer)
    if (delayMs > 0) this.#timer = setTimeout(() => this.#open(control, text), delayMs)
    else this.#open(control, text)
  }

  hide(): void {
    clearTimeout(this.#timer)
    const tip = this.#element()
    if (tip?.matches(':popover-open') === true) tip.hidePopover()
  }

  #open(control: HTMLElement, text: string): void {
    const tip = this.#element()
    if (tip === null || !tip.isConnected || !control.isConnected) return
    tip.textContent = text
    const { left, right, top, bottom } = control.getBoundingClientRect()
    openBeside(tip, { left, right, top, bottom })
    const centred = (left + right - tip.offsetWidth) / 2
    tip.style.left = `${Math.max(8, Math.min(centred, innerWidth - tip.offsetWidth - 8))}px`
  }

  #element(): HTMLElement | null {
    return this.#root().querySelector<HTMLElement>('.tip')
  }
}

export const tooltipStyle = css`
  .tip {
    position: fixed;
    inset: auto;
    margin: 0;
    border: 0;
    padding: 5px 9px;
    max-width: 240px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    border-radius: var(--w-radius);
    background: light-dark(#24292f, #e6e8eb);
    color: light-dark(#ffffff, #16181d);
    font-size: 12.5px;
    line-height: 18px;
    pointer-events: none;
  }
  @media (forced-colors: active) {
    .tip {
      border: 1px solid CanvasText;
    }
  }
`
