/** Keeps the floating toolbar above the selection, and out of the way when nothing is selected. */
import { css } from 'lit'
import { adoptStyle } from './adopt-style.ts'
import { placeBeside } from './popover.ts'
import { boxOf, selectedRange } from './selected-range.ts'
import type { Surface } from './surface.ts'

const floatingStyle = css`
  .bar.floating {
    z-index: 4;
    border: 1px solid var(--w-line);
    border-radius: var(--w-radius-menu);
    background: var(--w-surface);
    box-shadow: var(--w-shadow);
    max-width: calc(100vw - 16px);
  }
  .bar.floating.shown {
    visibility: visible;
  }
  .bar.floating weft-toolbar {
    --weft-bar-padding: 4px;
  }
`

export interface FloatingOptions {
  readonly bar: HTMLElement
  readonly content: HTMLElement
  readonly root: ShadowRoot
  readonly surface: Surface
}

export class Floating {
  readonly #options: FloatingOptions
  readonly #undo: () => void
  #pressed = false
  #frame: number | undefined

  constructor(options: FloatingOptions) {
    this.#options = options
    const { content, surface, root } = options
    adoptStyle(root, floatingStyle)
    const place = () => this.#plan()
    const down = () => {
      this.#pressed = true
      this.#plan()
    }
    const up = () => {
      this.#pressed = false
      this.#plan()
    }
    const stop = surface.onFormats(place)
    document.addEventListener('selectionchange', place)
    addEventListener('scroll', place, { passive: true, capture: true })
    content.addEventListener('pointerdown', down)
    addEventListener('pointerup', up)
    this.#undo = () => {
      stop()
      document.removeEventListener('selectionchange', place)
      removeEventListener('scroll', place, { capture: true })
      content.removeEventListener('pointerdown', down)
      removeEventListener('pointerup', up)
    }
  }

  close(): void {
    this.#undo()
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
  }

  #plan(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined
      this.#place()
    })
  }

  #place(): void {
    const { bar, content, root, surface } = this.#options
    const range = selectedRange(root)
    const inText = range !== undefined && content.contains(range.commonAncestorContainer)
    // While the mouse still drags, the bar would cover what it drags over.
    const shown = inText && !range.collapsed && surface.formats.selecting && !this.#pressed
    bar.classList.toggle('shown', shown)
    if (!shown) return
    const box = boxOf(range)
    const { width, height } = bar.getBoundingClientRect()
    // Above is the usual side: below are the words that are read next.
    const above = {
      left: box.left,
      right: box.right,
      top: box.top - height - 8,
      bottom: box.top - height - 8,
    }
    const anchor = above.top >= 8 ? { ...above, bottom: above.top } : box
    const place = placeBeside(
      anchor,
      { width, height },
      { width: innerWidth, height: innerHeight },
      8,
      above.top >= 8 ? 0 : 8,
    )
    bar.style.left = `${place.left}px`
    bar.style.top = `${place.top}px`
  }
}
