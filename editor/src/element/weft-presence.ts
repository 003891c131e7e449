/**
 * `<weft-presence>`: who is here, one circle for each person, at most five and then a number.
 *
 * A press goes to that person's caret. Set its `editor` property to a `<weft-editor>`.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { defineElement } from '../ui/define.ts'
import { initialsOf } from '../ui/people.ts'
import { openBeside } from '../ui/popover.ts'
import { presenceStyle } from '../ui/presence-style.ts'
import { ENGLISH, type Strings } from '../ui/strings.ts'
import { controls, tokens } from '../ui/theme.ts'
import { Tooltip, tooltipStyle } from '../ui/tooltip.ts'
import type { Person, WeftEditorApi } from './api.ts'

const MOST_SHOWN = 5

export class WeftPresence extends LitElement {
  static override properties = {
    editor: { attribute: false },
    theme: { reflect: true },
    people: { state: true },
  }

  declare editor: (WeftEditorApi & HTMLElement) | undefined
  declare theme: string | undefined
  declare protected people: readonly Person[]

  readonly #strings: Strings = ENGLISH
  readonly #tip = new Tooltip(() => this.renderRoot)
  #followed: EventTarget | undefined

  constructor() {
    super()
    this.editor = undefined
    this.theme = undefined
    this.people = []
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#follow()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#tip.hide()
    this.#unfollow()
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('editor')) this.#follow()
  }

  #follow(): void {
    this.#unfollow()
    this.people = onePerPerson(this.editor?.people ?? [])
    if (this.editor === undefined || !this.isConnected) return
    this.#followed = this.editor
    this.editor.addEventListener('weft-presence', this.#changed)
  }

  #unfollow(): void {
    this.#followed?.removeEventListener('weft-presence', this.#changed)
    this.#followed = undefined
  }

  readonly #changed = (): void => {
    this.people = onePerPerson(this.editor?.people ?? [])
  }

  protected override render(): TemplateResult {
    const { people } = this
    const words = this.#strings.presence
    // "+1" would take the place that the sixth person could have had.
    const shown = people.length > MOST_SHOWN + 1 ? people.slice(0, MOST_SHOWN) : people
    const hidden = people.slice(shown.length)
    return html`<ul aria-label=${words.label(people.length)} @pointerleave=${this.#hideTip}>
        ${shown.map((person) => html`<li>${this.#avatar(person)}</li>`)}
        ${
          hidden.length === 0
            ? nothing
            : html`<li>
              <button type="button" class="more" aria-label=${words.more(hidden.length)} @click=${this.#toggleList}>
                +${hidden.length}
              </button>
            </li>`
        }
      </ul>
      <div class="tip" popover="manual"></div>
      <div class="list" popover="auto">
        ${hidden.map(
          (person) => html`<button type="button" class="row" @click=${() => this.#go(person)}>
            <span class="face ${person.idle ? 'idle' : ''}" style="--person: ${person.color}"
              >${initialsOf(person.name)}</span
            >${this.#name(person)}
          </button>`,
        )}
      </div>`
  }

  #avatar(person: Person): TemplateResult {
    const name = this.#name(person)
    return html`<button
      type="button"
      class="avatar"
      aria-label=${person.self ? name : this.#strings.presence.goTo(name)}
      @click=${() => this.#go(person)}
      @pointerenter=${(event: PointerEvent) => this.#tip.show(event.currentTarget as HTMLElement, name)}
      @focus=${(event: FocusEvent) => this.#tip.show(event.currentTarget as HTMLElement, name)}
      @blur=${this.#hideTip}
    >
      <span class="face ${person.idle ? 'idle' : ''}" style="--person: ${person.color}">${initialsOf(person.name)}</span>
    </button>`
  }

  #name(person: Person): string {
    const words = this.#strings.presence
    if (person.self) return words.you(person.name)
    return person.idle ? words.idle(person.name) : person.name
  }

  #go(person: Person): void {
    this.#hideTip()
    this.renderRoot.querySelector<HTMLElement>('.list')?.hidePopover()
    if (person.self) this.editor?.focus()
    else this.editor?.goToPerson(person.clientId)
  }

  readonly #toggleList = (event: Event): void => {
    const list = this.renderRoot.querySelector<HTMLElement>('.list')
    if (list === null) return
    if (list.matches(':popover-open')) return list.hidePopover()
    this.#hideTip()
    openBeside(list, (event.currentTarget as HTMLElement).getBoundingClientRect())
  }

  readonly #hideTip = (): void => this.#tip.hide()

  static override styles = [tokens, controls, tooltipStyle, presenceStyle]
}

/** Somebody with two windows is one person; the window they are in now stands for both. */
function onePerPerson(people: readonly Person[]): readonly Person[] {
  const byId = new Map<string, Person>()
  for (const person of people) {
    const known = byId.get(person.id)
    if (known === undefined || (known.idle && !person.idle && !known.self)) byId.set(person.id, person)
  }
  return [...byId.values()]
}

defineElement('weft-presence', WeftPresence)

declare global {
  interface HTMLElementTagNameMap {
    'weft-presence': WeftPresence
  }
}
