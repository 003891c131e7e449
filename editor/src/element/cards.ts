/**
 * The cards that ask for a link and for what an object says: fetched when they are first wanted, opened beside what
 * they are about, and their answers carried out.
 */

import type { NodeKey } from 'lexical'
import type { LitElement } from 'lit'
import type { Later } from '../ui/later.ts'
import type { LinkCard, LinkChoice } from '../ui/link-card.ts'
import type { ObjectCard, ObjectChoice } from '../ui/object-card.ts'
import { PARTS } from '../ui/parts.ts'
import { boxOf, selectedRange } from '../ui/selected-range.ts'
import type { Writing } from './writing.ts'

export class Cards {
  readonly #host: LitElement
  readonly #writing: () => Writing | undefined
  readonly #missing: () => void
  /** What the object's card is open for. */
  #asked: NodeKey | undefined

  /**
   * @param host in whose root the cards are.
   * @param missing a card could not be fetched.
   */
  constructor(host: LitElement, writing: () => Writing | undefined, missing: () => void) {
    this.#host = host
    this.#writing = writing
    this.#missing = missing
  }

  /** For what is selected, or for the link that the caret is in. */
  async openLink(): Promise<void> {
    if (!(await this.#has(PARTS.linkCard))) return
    const { renderRoot } = this.#host
    const writing = this.#writing()
    const card = renderRoot.querySelector<LinkCard>('weft-link-card')
    const range = selectedRange(renderRoot as ShadowRoot)
    if (card === null || writing === undefined) return
    writing.carets.hold(range)
    const box = range === undefined ? this.#host.getBoundingClientRect() : boxOf(range)
    void card.open(box, writing.surface.now().link)
  }

  async openObject(key: NodeKey, element: HTMLElement): Promise<void> {
    if (!(await this.#has(PARTS.objectCard))) return
    const parts = this.#writing()?.partsOf(key)
    const card = this.#host.renderRoot.querySelector<ObjectCard>('weft-object-card')
    if (card === null || parts === undefined) return
    this.#asked = key
    void card.open(element.getBoundingClientRect(), parts)
  }

  readonly objectChosen = ({ detail }: CustomEvent<ObjectChoice>): void => {
    const writing = this.#writing()
    if (this.#asked !== undefined) writing?.answer(this.#asked, detail)
    this.#asked = undefined
    writing?.surface.focus()
  }

  readonly linkChosen = ({ detail }: CustomEvent<LinkChoice>): void => {
    const writing = this.#writing()
    writing?.carets.hold(undefined)
    if (detail.kind !== 'close')
      writing?.surface.exec('link', detail.kind === 'apply' ? detail.address : undefined)
    // Afterwards: it puts the selection that the command left back on the page.
    writing?.surface.focus()
  }

  /** Whether a card can be had; when not, it is said. */
  async #has(card: Later<unknown>): Promise<boolean> {
    const isHere = (await card.get()) !== undefined
    if (!isHere) this.#missing()
    return isHere
  }
}
