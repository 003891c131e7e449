/**
 * Where others stand in the text: a bar with a name flag, and their selection as a wash of their colour.
 *
 * Rule: painted over the text, never part of it. Bars live in a layer beside the text and are placed by measuring;
 * selections are washes (`washes.ts`). Where people stand is asked anew whenever the text, its
 * layout or the people change, so nothing here has to follow an edit.
 */
import type { Person } from '../element/api.ts'
import { adoptStyle } from './adopt-style.ts'
import { caretStyle } from './caret-style.ts'
import { barsOf } from './keep-visible.ts'
import { type Moment, Planned } from './planned.ts'
import { setHidden } from './set-hidden.ts'
import { type Wash, Washes } from './washes.ts'

/** A name stays readable this long after its caret stopped moving. */
export const FLAG_MS = 2_500

const FLAG_HEIGHT = 22

/** What was far away has its layout, and its caret, within two or three. */
const ARRIVAL_FRAMES = 60

export interface Standing {
  readonly person: Person
  /** From anchor to head, in either order, as ranges of the page; undefined when they are nowhere in the text. */
  readonly selection: { readonly range: Range; readonly head: 'start' | 'end' } | undefined
}

export interface CaretOptions {
  /** Positioned, beside the text and as large: bars are placed in its coordinates. */
  readonly layer: HTMLElement
  readonly content: HTMLElement
  /** Takes the colours of selections. */
  readonly root: ShadowRoot
  /** Lays out a block that is about to be shown. */
  readonly reveal: (inside: Element) => void
  /** Asked once for all that changes in a frame. */
  readonly read: () => readonly Standing[]
}

interface Bar {
  readonly element: HTMLElement
  readonly flag: HTMLElement
  place: string
  look: string
  timer: ReturnType<typeof setTimeout> | undefined
}

export class Carets {
  readonly #options: CaretOptions
  readonly #bars = new Map<number, Bar>()
  readonly #washes: Washes
  readonly #resizes: ResizeObserver
  #others: readonly (readonly [name: string, wash: Wash])[] = []
  #held: Range | undefined
  readonly #planned = new Planned(() => this.#paint())

  constructor(options: CaretOptions) {
    this.#options = options
    adoptStyle(options.root, caretStyle)
    this.#washes = new Washes(options)
    this.#resizes = new ResizeObserver(() => this.refresh())
    this.#resizes.observe(options.content)
    // A wide table that is scrolled sideways takes the carets in it along.
    options.content.addEventListener('scroll', this.#scrolled, { capture: true, passive: true })
  }

  /**
   * Paints again in the next frame: people, text or layout have changed. Later while nobody else is seen: no key waits for carets
   * that are somewhere else.
   */
  refresh(unseen: Moment = 'soon'): void {
    this.#planned.plan(this.#isSeen() ? 'in-frame' : unseen)
  }

  /** @returns false when that person has no caret here. */
  goTo(clientId: number): boolean {
    if (this.#planned.isPlanned) this.#paint()
    const bar = this.#bars.get(clientId)
    if (bar === undefined) return false
    if (bar.element.hidden) return this.#goFar(clientId, bar)
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
    bar.element.scrollIntoView({ block: 'center', behavior: calm ? 'auto' : 'smooth' })
    this.#showFlag(bar)
    return true
  }

  /** To where nothing is laid out yet: first to the words, then, once they are drawn, to the bar. */
  #goFar(clientId: number, bar: Bar): boolean {
    const selection = this.#options.read().find(({ person }) => person.clientId === clientId)?.selection
    const node = selection?.head === 'start' ? selection.range.startContainer : selection?.range.endContainer
    const element = node instanceof Element ? node : node?.parentElement
    if (element?.checkVisibility() !== true) return false
    this.#options.reveal(element)
    element.scrollIntoView({ block: 'center' })
    this.#arrive(bar, ARRIVAL_FRAMES)
    return true
  }

  #arrive(bar: Bar, frames: number): void {
    if (!bar.element.hidden) {
      bar.element.scrollIntoView({ block: 'center' })
      this.#showFlag(bar)
    } else if (frames > 0) requestAnimationFrame(() => this.#arrive(bar, frames - 1))
  }

  /** Keeps my own selection visible while a card has the focus; undefined ends it. */
  hold(range: Range | undefined): void {
    this.#held = range
    this.#wash()
  }

  close(): void {
    this.#planned.cancel()
    this.#resizes.disconnect()
    this.#options.content.removeEventListener('scroll', this.#scrolled, { capture: true })
    for (const clientId of this.#bars.keys()) this.#drop(clientId)
    this.#washes.close()
  }

  #isSeen(): boolean {
    for (const { element } of this.#bars.values()) if (!element.hidden) return true
    // Of somebody who is far away, what they have selected may be here.
    return this.#held !== undefined || this.#others.length > 0
  }

  readonly #scrolled = (): void => this.refresh()

  #paint(): void {
    this.#planned.cancel()
    const standings = this.#options.read().filter(({ person }) => !person.self)
    const origin = this.#options.layer.getBoundingClientRect()
    // Measure everything first, then write: alternating would lay the page out once for each person.
    const places = standings.map((standing) => measure(standing, origin, this.#options.content))
    // Where a flag above the caret would be cut off: at the layer's top, or under the bar that sticks there.
    const bar = barsOf(this.#options.root).top?.getBoundingClientRect().bottom ?? 0
    const clear = Math.max(0, bar - origin.top)
    const present = new Set(standings.map(({ person }) => person.clientId))
    for (const clientId of this.#bars.keys()) if (!present.has(clientId)) this.#drop(clientId)
    standings.forEach((standing, at) => this.#draw(standing, places[at], clear))
    this.#others = standings.flatMap(({ person, selection }) =>
      selection === undefined || selection.range.collapsed
        ? []
        : [[String(person.clientId), { range: selection.range, color: washOf(person) }] as const],
    )
    this.#wash()
  }

  #wash(): void {
    const held = this.#held
    const own = held === undefined ? [] : [['held', { range: held, color: 'var(--w-selection)' }] as const]
    this.#washes.show(new Map([...own, ...this.#others]))
  }

  #draw({ person }: Standing, place: Place | undefined, clear: number): void {
    const bar = this.#bars.get(person.clientId) ?? this.#add(person.clientId)
    const { element, flag } = bar
    setHidden(element, place === undefined)
    if (place === undefined) return
    const isBelow = place.top < clear + FLAG_HEIGHT
    // Near the right edge the flag hangs to the left, so that it never widens the page.
    const isLeftward = place.left > place.width - 140
    const look = `${person.color} ${person.idle} ${isBelow} ${isLeftward}`
    if (look !== bar.look) {
      bar.look = look
      element.style.setProperty('--person', person.color)
      element.classList.toggle('idle', person.idle)
      element.classList.toggle('below', isBelow)
      element.classList.toggle('leftward', isLeftward)
    }
    if (flag.textContent !== person.name) flag.textContent = person.name
    const where = `${place.left} ${place.top} ${place.height}`
    if (where === bar.place) return
    const first = bar.place === ''
    bar.place = where
    element.style.transform = `translate(${place.left}px, ${place.top}px)`
    element.style.height = `${place.height}px`
    // Somebody who was here before me is not moving.
    if (!first || !person.idle) this.#showFlag(bar)
  }

  #showFlag(bar: Bar): void {
    bar.element.classList.add('named')
    clearTimeout(bar.timer)
    bar.timer = setTimeout(() => bar.element.classList.remove('named'), FLAG_MS)
  }

  #add(clientId: number): Bar {
    const element = document.createElement('div')
    element.className = 'caret'
    const flag = document.createElement('span')
    flag.className = 'flag'
    element.append(flag)
    this.#options.layer.append(element)
    const bar: Bar = { element, flag, place: '', look: '', timer: undefined }
    this.#bars.set(clientId, bar)
    return bar
  }

  #drop(clientId: number): void {
    const bar = this.#bars.get(clientId)
    if (bar === undefined) return
    clearTimeout(bar.timer)
    bar.element.remove()
    this.#bars.delete(clientId)
  }
}

function washOf({ color }: Person): string {
  return `color-mix(in srgb, ${color} 24%, transparent)`
}

interface Place {
  readonly left: number
  readonly top: number
  readonly height: number
  /** Of the layer. */
  readonly width: number
}

function measure({ selection }: Standing, origin: DOMRect, content: HTMLElement): Place | undefined {
  if (selection === undefined || !isDrawn(selection)) return undefined
  const box = caretBox(selection.range, selection.head, content)
  if (box === undefined || isScrolledAway(selection.range, box)) return undefined
  return {
    left: Math.round((box.left - origin.left) * 2) / 2 - 1,
    top: Math.round(box.top - origin.top),
    height: Math.round(box.height),
    width: origin.width,
  }
}

/** Far off the screen there is no layout (`stretches.ts`), and measuring there would make one. */
function isDrawn({ range, head }: NonNullable<Standing['selection']>): boolean {
  const node = head === 'start' ? range.startContainer : range.endContainer
  const element = node instanceof Element ? node : node.parentElement
  return element?.checkVisibility({ contentVisibilityAuto: true }) === true
}

/** In a table that is wider than the page. */
function isScrolledAway({ startContainer: node }: Range, { left }: DOMRect): boolean {
  const scroll = (node instanceof Element ? node : node.parentElement)?.closest('.scroll')
  if (scroll === null || scroll === undefined) return false
  const box = scroll.getBoundingClientRect()
  return left < box.left || left > box.right
}

/** The box of a caret at one end of `range`; an empty line has no text to measure, so its block is. */
function caretBox(range: Range, head: 'start' | 'end', content: HTMLElement): DOMRect | undefined {
  const caret = range.cloneRange()
  caret.collapse(head === 'start')
  const boxes = caret.getClientRects()
  // At a soft line break there are two: the end of one line and the start of the next, where typing goes.
  const box = boxes[boxes.length - 1]
  if (box !== undefined && box.height > 0) return box
  const { startContainer: node, startOffset } = caret
  const child = node.childNodes[startOffset] ?? node.childNodes[startOffset - 1]
  if (child instanceof HTMLBRElement) return lineOf(child, content)
  const element = node instanceof Element ? node : node.parentElement
  return element === null || element === content ? undefined : lineOf(element, content)
}

function lineOf(element: Element, content: HTMLElement): DOMRect | undefined {
  const box = element.getBoundingClientRect()
  if (element instanceof HTMLBRElement && box.height > 0) return new DOMRect(box.left, box.top, 0, box.height)
  const block = element instanceof HTMLBRElement ? element.parentElement : element
  if (block === null || block === content) return undefined
  const outer = block.getBoundingClientRect()
  const style = getComputedStyle(block)
  const line = Number.parseFloat(style.lineHeight) || outer.height
  const rightToLeft = style.direction === 'rtl'
  const left = rightToLeft
    ? outer.right - Number.parseFloat(style.paddingRight)
    : outer.left + Number.parseFloat(style.paddingLeft)
  return new DOMRect(left, outer.top + Number.parseFloat(style.paddingTop), 0, line)
}
