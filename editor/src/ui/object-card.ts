/**
 * The small card that asks for what a picture, a formula or any other object is made of.
 *
 * It takes only what `object-fields.ts` takes, and gives the selection back to the text when it closes.
 */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { showMath } from '../blocks/math.ts'
import { defineElement } from './define.ts'
import { answerOf, type FieldName, type Fields, fieldsOf, valuesOf } from './object-fields.ts'
import { type Box, openBeside } from './popover.ts'
import { ENGLISH, type Strings } from './strings.ts'
import { controls, tokens } from './theme.ts'

/** `apply` with the parts that were edited, `remove` the whole object, or `close` when nothing is to change. */
export type ObjectChoice =
  | { readonly kind: 'apply'; readonly parts: Readonly<Record<string, string | number>> }
  | { readonly kind: 'remove' }
  | { readonly kind: 'close' }

/** Fires `choice` once for each time it was opened. */
export class ObjectCard extends LitElement {
  static override properties = {
    strings: { attribute: false },
    type: { state: true },
    values: { state: true },
    refused: { state: true },
  }

  declare strings: Strings
  declare protected type: string
  declare protected values: Fields
  declare protected refused: FieldName | undefined

  /** Closing by a press elsewhere must not be taken for a second answer. */
  #answered = true

  constructor() {
    super()
    this.strings = ENGLISH
    this.type = ''
    this.values = {}
    this.refused = undefined
  }

  /** Asks for nothing of what has nothing that can be edited. @param parts of a block or an object. */
  async open(anchor: Box, parts: { readonly type: string }): Promise<void> {
    const { type } = parts
    if (fieldsOf(type).length === 0) return
    this.type = type
    this.values = valuesOf(type, parts)
    this.refused = undefined
    this.#answered = false
    await this.updateComplete
    openBeside(this, anchor)
    const field = this.renderRoot.querySelector<HTMLInputElement>('.field')
    field?.focus()
    field?.select()
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.addEventListener('toggle', this.#toggled)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.removeEventListener('toggle', this.#toggled)
  }

  protected override updated(): void {
    const preview = this.renderRoot.querySelector<HTMLElement>('.preview')
    if (preview !== null) showMath(preview, this.values.latex ?? '', true)
  }

  protected override render(): TemplateResult {
    const { objects, link, commands } = this.strings
    const names: Readonly<Record<string, unknown>> = { ...objects, numbered: commands['numbered-list'] }
    const title = names[this.type]
    return html`<form
      role="dialog"
      aria-label=${typeof title === 'string' ? title : objects.edit}
      novalidate
      @submit=${this.#submit}
      @keydown=${this.#key}
    >
      ${fieldsOf(this.type).map((name) => this.#field(name))}
      ${this.type === 'equation' ? html`<div class="preview" aria-hidden="true"></div>` : nothing}
      <div class="row">
        ${
          this.type === 'numbered'
            ? nothing
            : html`<button class="plain" type="button" @click=${this.#remove}>${objects.remove}</button>`
        }
        <button class="filled" type="submit">${link.apply}</button>
      </div>
    </form>`
  }

  #field(name: FieldName): TemplateResult {
    const label = this.strings.objects.fields[name]
    const isRefused = this.refused === name
    const value = this.values[name] ?? ''
    const input = (event: Event): void => {
      this.values = { ...this.values, [name]: (event.target as HTMLInputElement).value }
      this.refused = undefined
    }
    const invalid = isRefused ? 'true' : nothing
    return html`<label>
      <span>${label}</span>
      ${
        name === 'latex'
          ? html`<textarea
            class="field"
            rows="3"
            spellcheck="false"
            aria-invalid=${invalid}
            .value=${value}
            @input=${input}
          ></textarea>`
          : html`<input
            class="field"
            type=${name === 'date' ? 'date' : 'text'}
            inputmode=${name === 'url' ? 'url' : name === 'width' || name === 'start' ? 'numeric' : 'text'}
            autocomplete="off"
            aria-invalid=${invalid}
            .value=${name === 'date' ? value.slice(0, 10) : value}
            @input=${input}
          />`
      }
      ${isRefused ? html`<p role="alert">${this.strings.objects.refused[name] ?? this.strings.objects.notTaken}</p>` : nothing}
    </label>`
  }

  readonly #submit = (event: Event): void => {
    event.preventDefault()
    const answer = answerOf(this.type, this.values)
    if (answer.kind === 'refused') this.refused = answer.field
    else this.#answer({ kind: 'apply', parts: answer.parts })
  }

  readonly #remove = (): void => this.#answer({ kind: 'remove' })

  readonly #key = (event: KeyboardEvent): void => {
    // Keys in the card are not for the text around it.
    event.stopPropagation()
    if (event.key === 'Escape') this.#answer(CLOSE)
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#submit(event)
    else return
    event.preventDefault()
  }

  readonly #toggled = (event: Event): void => {
    if ((event as ToggleEvent).newState === 'closed') this.#answer(CLOSE)
  }

  #answer(choice: ObjectChoice): void {
    if (this.#answered) return
    this.#answered = true
    if (this.matches(':popover-open')) this.hidePopover()
    this.dispatchEvent(new CustomEvent<ObjectChoice>('choice', { detail: choice }))
  }

  static override styles = [
    tokens,
    controls,
    css`
      :host {
        position: fixed;
        inset: auto;
        margin: 0;
        border: 1px solid var(--w-line);
        padding: 12px;
        width: min(380px, calc(100vw - 16px));
        border-radius: var(--w-radius-menu);
        background: var(--w-surface);
        color: var(--w-text);
        box-shadow: var(--w-shadow);
        font-family: var(--w-font);
        font-size: 14px;
      }
      label {
        display: block;
        margin-bottom: 10px;
      }
      label span {
        display: block;
        margin: 0 2px 4px;
        color: var(--w-muted);
        font-size: 13px;
      }
      textarea.field {
        height: auto;
        padding-block: 8px;
        resize: vertical;
        font: 14px / 1.5 var(--w-mono);
      }
      .preview {
        margin-bottom: 10px;
        padding: 8px;
        overflow-x: auto;
        border-radius: var(--w-radius);
        background: var(--w-sunken);
        text-align: center;
      }
      .preview:empty {
        display: none;
      }
      .row {
        display: flex;
        gap: 8px;
        justify-content: flex-end;
      }
      .row .plain {
        margin-inline-end: auto;
        padding: 0 10px;
        color: var(--w-muted);
      }
      p {
        margin: 6px 2px 0;
        color: var(--w-danger);
        font-size: 13px;
        line-height: 1.4;
      }
    `,
  ]
}

const CLOSE: ObjectChoice = { kind: 'close' }

defineElement('weft-object-card', ObjectCard)

declare global {
  interface HTMLElementTagNameMap {
    'weft-object-card': ObjectCard
  }
}
