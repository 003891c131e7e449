/** The first page of an empty server: what Weft does, in one screen, and the way to begin. Fires `app-create`. */
import { css, html, LitElement, type TemplateResult } from 'lit'
import { base } from '../parts/base.ts'
import { type IconName, icon } from '../parts/icons.ts'
import { cloth } from '../parts/weave.ts'

const PROMISES: readonly { icon: IconName; name: string; text: string }[] = [
  {
    icon: 'people',
    name: 'Write at the same time',
    text: 'Share the address; everyone types in the same text and sees each other’s carets. Nobody’s words are overwritten.',
  },
  {
    icon: 'disk',
    name: 'Saved means on disk',
    text: 'The word Saved appears when the server has your text on its disk, and not before.',
  },
  {
    icon: 'offline',
    name: 'Keeps working offline',
    text: 'What you write without a network stays on this device and joins in when the server is back.',
  },
]

export class AppWelcome extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        max-width: 888px;
        margin: 0 auto;
        padding: clamp(32px, 9vh, 96px) 24px 64px;
      }
      .top {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 340px);
        align-items: center;
        gap: 40px;
      }
      h1 {
        font-size: clamp(32px, 4vw, 40px);
        font-weight: 680;
        line-height: 1.1;
        letter-spacing: -0.025em;
        text-wrap: balance;
      }
      .lead {
        max-width: 44ch;
        margin: 16px 0 28px;
        color: var(--weft-muted);
        font-size: 18px;
        text-wrap: pretty;
      }
      .start {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 12px 16px;
      }
      .start .button {
        min-height: 44px;
        padding: 0 20px 0 14px;
        border-radius: 8px;
        font-size: 16px;
      }
      .hint {
        color: var(--weft-muted);
        font-size: 14px;
      }
      .cloth {
        width: 100%;
        height: auto;
      }
      .promises {
        display: grid;
        grid-template-columns: repeat(3, minmax(0, 1fr));
        gap: 32px;
        margin-top: clamp(40px, 9vh, 88px);
        padding-top: 32px;
        border-top: 1px solid var(--weft-line);
      }
      .promises svg {
        margin-bottom: 12px;
        color: var(--weft-accent);
      }
      h2 {
        margin-bottom: 4px;
        font-size: 16px;
        font-weight: 650;
      }
      .promises p {
        color: var(--weft-muted);
        text-wrap: pretty;
      }
      @media (prefers-reduced-motion: no-preference) {
        .caret {
          animation: blink 1.1s steps(1) infinite;
        }
      }
      @keyframes blink {
        60% {
          opacity: 0;
        }
      }
      @media (max-width: 719px) {
        :host {
          padding: 20px 16px 48px;
        }
        .top {
          grid-template-columns: minmax(0, 1fr);
          gap: 24px;
        }
        .top .cloth {
          order: -1;
        }
        .lead {
          margin: 12px 0 24px;
          font-size: 17px;
        }
        .start .button {
          width: 100%;
        }
        .hint {
          display: none;
        }
        .promises {
          grid-template-columns: minmax(0, 1fr);
          gap: 24px;
          margin-top: 32px;
          padding-top: 28px;
        }
        .promises li {
          display: grid;
          grid-template-columns: 24px 1fr;
          gap: 0 14px;
        }
        .promises svg {
          margin: 0;
        }
      }
    `,
  ]

  static override properties = { creating: { type: Boolean } }
  declare creating: boolean

  constructor() {
    super()
    this.creating = false
  }

  protected override render(): TemplateResult {
    return html`<div class="top">
        <div>
          <h1 tabindex="-1">Write one document, together.</h1>
          <p class="lead">
            Weft is a place for texts that several people write at once. It runs on your own server and needs no account to begin.
          </p>
          <div class="start">
            <button
              class="button primary"
              aria-keyshortcuts="n"
              aria-disabled=${this.creating}
              @click=${() => this.dispatchEvent(new CustomEvent('app-create'))}
            >
              ${icon('plus')} Start a document
            </button>
            <span class="hint">or press <kbd>N</kbd></span>
          </div>
        </div>
        ${cloth()}
      </div>
      <ul class="promises">
        ${PROMISES.map(
          ({ icon: name, name: heading, text }) => html`<li>
            ${icon(name, 24)}
            <div>
              <h2>${heading}</h2>
              <p>${text}</p>
            </div>
          </li>`,
        )}
      </ul>`
  }
}
customElements.define('app-welcome', AppWelcome)
