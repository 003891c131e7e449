/**
 * The small card that asks for what a picture, a formula or any other object is made of.
 *
 * It takes only what `object-fields.ts` takes.
 */
import { css, html, nothing, type TemplateResult } from 'lit'
import { showMath } from '../blocks/math.ts'
import { Card, type CardChoice } from './card-parts.ts'
import { defineElement } from './define.ts'
import { answerOf, type FieldName, type Fields, fieldsOf, valuesOf } from './object-fields.ts'
import type { Box } from './popover.ts'

interface Applied {
  readonly kind: 'apply'
  /** Those that were edited. */
  readonly parts: Readonly<Record<string, string | number>>
}

export type ObjectChoice = CardChoice<Applied>

export class ObjectCard extends Card<Applied> {
  static override properties = {
    type: { state: true },
    values: { state: true },
    refused: { state: true },
  }

  declare protected type: string
  declare protected values: Fields
  declare protected refused: FieldName | undefined

  constructor() {
    super()
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
    await this.show(anchor)
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
            : html`<button class="plain" type="button" @click=${this.takeAway}>${objects.remove}</button>`
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
    else this.answer({ kind: 'apply', parts: answer.parts })
  }

  readonly #key = (event: KeyboardEvent): void => {
    this.key(event)
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#submit(event)
  }

  static override styles = [
    Card.styles,
    css`
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
        justify-content: flex-end;
      }
      .row .plain {
        margin-inline-end: auto;
        padding: 0 10px;
        color: var(--w-muted);
      }
      p {
        margin-top: 6px;
      }
    `,
  ]
}

defineElement('weft-object-card', ObjectCard)

declare global {
  interface HTMLElementTagNameMap {
    'weft-object-card': ObjectCard
  }
}
