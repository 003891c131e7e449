/**
 * `<weft-presence>`: who is here, one circle for each person, at most five and then a number.
 *
 * A press goes to that person's caret. Set its `editor` property to a `<weft-editor>`.
 */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { defineElement } from '../ui/define.ts'
import { initialsOf } from '../ui/people.ts'
import { openBeside } from '../ui/popover.ts'
import { ENGLISH, type Strings } from '../ui/strings.ts'
import { controls, tokens } from '../ui/theme.ts'
import type { Person, WeftEditorApi } from './api.ts'

const MOST_SHOWN = 5

export class WeftPresence extends LitElement {
  static override properties = {
    editor: { attribute: false },
    theme: { reflect: true },
    people: { state: true },
    tip: { state: true },
    listed: { state: true },
  }

  declare editor: (WeftEditorApi & HTMLElement) | undefined
  declare theme: string | undefined
  declare protected people: readonly Person[]
  declare protected tip: string
  declare protected listed: boolean

  readonly #strings: Strings = ENGLISH
  #followed: EventTarget | undefined

  constructor() {
    super()
    this.editor = undefined
    this.theme = undefined
    this.people = []
    this.tip = ''
    this.listed = false
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#follow()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
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
      <div class="tip" popover="manual">${this.tip}</div>
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
      @pointerenter=${(event: PointerEvent) => this.#showTip(event.currentTarget as HTMLElement, name)}
      @focus=${(event: FocusEvent) => this.#showTip(event.currentTarget as HTMLElement, name)}
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

  #showTip(avatar: HTMLElement, name: string): void {
    this.tip = name
    void this.#placeTip(avatar)
  }

  async #placeTip(avatar: HTMLElement): Promise<void> {
    await this.updateComplete
    const tip = this.renderRoot.querySelector<HTMLElement>('.tip')
    if (tip === null || !this.isConnected || this.tip === '') return
    const { left, right, top, bottom } = avatar.getBoundingClientRect()
    openBeside(tip, { left, right, top, bottom })
    const wanted = (left + right - tip.offsetWidth) / 2
    tip.style.left = `${Math.max(8, Math.min(wanted, innerWidth - tip.offsetWidth - 8))}px`
  }

  readonly #hideTip = (): void => {
    this.tip = ''
    const tip = this.renderRoot.querySelector<HTMLElement>('.tip')
    if (tip?.matches(':popover-open') === true) tip.hidePopover()
  }

  static override styles = [
    tokens,
    controls,
    css`
      :host {
        display: inline-flex;
        font-family: var(--w-font);
        color: var(--w-text);
      }
      ul {
        display: flex;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .avatar,
      .more {
        display: grid;
        place-items: center;
        width: 34px;
        height: max(34px, var(--w-control));
        border-radius: 17px;
      }
      li + li {
        margin-inline-start: -4px;
      }
      .face {
        display: grid;
        place-items: center;
        flex: none;
        width: 28px;
        height: 28px;
        border-radius: 50%;
        background: var(--person);
        color: #ffffff;
        font-size: 11.5px;
        font-weight: 650;
        line-height: 1;
        letter-spacing: 0.01em;
      }
      /* Away: hollow and dashed, with the letters in the person's colour on the page's own background. */
      .face.idle {
        background: var(--w-background);
        color: color-mix(in srgb, var(--person) 78%, var(--w-text));
        border: 1.5px dashed var(--person);
      }
      .more {
        width: auto;
        min-width: 34px;
        padding: 0 6px;
        font-size: 12.5px;
        font-weight: 600;
        color: var(--w-muted);
      }
      .more:hover {
        color: var(--w-text);
      }
      .avatar:hover .face {
        box-shadow: 0 0 0 2px var(--w-background), 0 0 0 4px var(--person);
      }
      .tip,
      .list {
        position: fixed;
        inset: auto;
        margin: 0;
        border: 0;
      }
      .tip {
        padding: 5px 9px;
        border-radius: var(--w-radius);
        background: light-dark(#24292f, #e6e8eb);
        color: light-dark(#ffffff, #16181d);
        font-size: 12.5px;
        line-height: 18px;
        max-width: 240px;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        pointer-events: none;
      }
      .list {
        border: 1px solid var(--w-line);
        padding: 6px;
        min-width: 200px;
        max-height: 60vh;
        overflow-y: auto;
        border-radius: var(--w-radius-menu);
        background: var(--w-surface);
        color: var(--w-text);
        box-shadow: var(--w-shadow);
      }
      .row {
        display: flex;
        align-items: center;
        gap: 10px;
        width: 100%;
        min-height: max(40px, var(--w-control));
        padding: 0 8px;
        text-align: start;
      }
      .row:hover {
        background: var(--w-hover);
      }
      @media (forced-colors: active) {
        .face {
          forced-color-adjust: none;
        }
      }
    `,
  ]
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
