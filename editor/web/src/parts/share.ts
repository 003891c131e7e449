/** The Share button and its panel: the link, the tag for other pages, and who may enter, said as it is. */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { base } from './base.ts'
import { icon } from './icons.ts'
import { place } from './popover.ts'
import { embedSnippet, isThisMachineOnly } from './share-text.ts'
import { toast } from './toast.ts'

export class AppShare extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: inline-block;
      }
      .panel {
        position: fixed;
        inset: auto;
        margin: 0;
        width: min(420px, calc(100vw - 16px));
        padding: 20px;
        border: 0;
        border-radius: 12px;
        background: var(--weft-surface);
        color: var(--weft-text);
        box-shadow: var(--weft-shadow);
        font-size: 14px;
      }
      h2 {
        font-size: 16px;
        font-weight: 650;
      }
      h3 {
        margin: 20px 0 6px;
        font-size: 14px;
        font-weight: 600;
      }
      .open {
        margin-top: 4px;
        color: var(--weft-muted);
        text-wrap: pretty;
      }
      .row {
        display: flex;
        gap: 8px;
        margin-top: 16px;
      }
      .row .field {
        min-height: max(36px, var(--weft-control));
        font-size: 14px;
        color: var(--weft-muted);
        text-overflow: ellipsis;
      }
      .row .button {
        min-height: max(36px, var(--weft-control));
      }
      .only {
        display: flex;
        gap: 8px;
        margin-top: 12px;
        padding: 8px 12px;
        border-radius: 8px;
        background: var(--weft-warning-soft);
        color: var(--weft-warning);
        text-wrap: pretty;
      }
      .snippet {
        position: relative;
        border-radius: 8px;
        background: var(--weft-sunken);
      }
      pre {
        margin: 0;
        padding: 12px 52px 12px 12px;
        font: 12.5px / 1.6 var(--weft-mono);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .snippet .button {
        position: absolute;
        inset: 4px 4px auto auto;
      }
      .listed {
        margin-top: 8px;
        color: var(--weft-muted);
        font-size: 13px;
      }
      code {
        font: 12.5px var(--weft-mono);
        white-space: nowrap;
      }
      @media (max-width: 719px) {
        .words {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
        .share {
          width: var(--weft-control);
          padding: 0;
          border-color: transparent;
          background: none;
        }
      }
    `,
  ]

  static override properties = { server: {}, address: {}, open: { state: true }, copied: { state: true } }
  /** With scheme, no slash at the end. */
  declare server: string
  /** The document's full address. */
  declare address: string
  declare private open: boolean
  declare private copied: 'link' | 'snippet' | undefined

  constructor() {
    super()
    this.server = ''
    this.address = ''
    this.open = false
    this.copied = undefined
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has('open') || !this.open) return
    const panel = this.renderRoot.querySelector<HTMLElement>('.panel')
    const button = this.renderRoot.querySelector<HTMLElement>('.share')
    if (panel === null || button === null) return
    panel.showPopover()
    place(panel, button)
    panel.querySelector<HTMLElement>('.copy')?.focus()
  }

  private async copy(what: 'link' | 'snippet', text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text)
      this.copied = what
    } catch {
      // Only secure origins may; the text is there to be selected.
      this.renderRoot.querySelector<HTMLInputElement>('.row input')?.select()
      toast({ text: 'The browser does not allow copying here. Select the text and copy it.' })
    }
  }

  private readonly toggled = (event: ToggleEvent): void => {
    if (event.newState === 'open') return
    const within = this.shadowRoot?.activeElement !== null
    if (within) this.renderRoot.querySelector<HTMLElement>('.share')?.focus()
    this.open = false
    this.copied = undefined
  }

  protected override render(): TemplateResult {
    return html`<button
        class="button share"
        aria-haspopup="dialog"
        aria-expanded=${this.open}
        title="Share"
        @click=${() => {
          this.open = true
        }}
      >
        ${icon('share', 18)}<span class="words">Share</span>
      </button>
      ${this.open ? this.renderPanel() : nothing}`
  }

  private renderPanel(): TemplateResult {
    const snippet = embedSnippet(this.server, this.address)
    return html`<div class="panel" popover="auto" role="dialog" aria-labelledby="heading" @toggle=${this.toggled}>
      <h2 id="heading">Share this document</h2>
      <p class="open">
        This server is open: anyone who can reach it can read and edit every document on it. There are no accounts yet, so share
        the address only with people you trust.
      </p>
      <div class="row">
        <input class="field" readonly aria-label="Link to this document" .value=${this.address} @focus=${(event: FocusEvent) => (event.target as HTMLInputElement).select()} />
        <button class="button primary copy" @click=${() => void this.copy('link', this.address)}>
          ${icon(this.copied === 'link' ? 'check' : 'copy', 18)} ${this.copied === 'link' ? 'Copied' : 'Copy link'}
        </button>
      </div>
      ${
        isThisMachineOnly(this.server)
          ? html`<p class="only">${icon('warning', 18)} This address works on this machine only. For others, start Weft with a host name they can reach.</p>`
          : nothing
      }
      <h3>Put it into another page</h3>
      <div class="snippet">
        <pre tabindex="0">${snippet}</pre>
        <button
          class="button quiet icon"
          aria-label=${this.copied === 'snippet' ? 'Copied' : 'Copy the snippet'}
          title=${this.copied === 'snippet' ? 'Copied' : 'Copy'}
          @click=${() => void this.copy('snippet', snippet)}
        >
          ${icon(this.copied === 'snippet' ? 'check' : 'copy', 18)}
        </button>
      </div>
      <p class="listed">Another site must be listed in the server’s <code>--embed-origins</code>.</p>
      <div class="unseen" role="status">${this.copied === undefined ? '' : 'Copied'}</div>
    </div>`
  }
}
customElements.define('app-share', AppShare)
