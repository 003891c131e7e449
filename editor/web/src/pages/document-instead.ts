/** What stands in for a document that cannot be shown: why, and what can be done. */
import { html, type TemplateResult } from 'lit'
import type { DocumentState } from '../document-source.ts'
import { quoted } from '../naming.ts'
import '../parts/state-page.ts'

export interface WaysOn {
  readonly restore: () => void
  /** Opens what this device still has. */
  readonly bringBack: () => void
  readonly tryAgain: () => void
}

export function renderInstead(
  state: Exclude<DocumentState, { kind: 'shown' }>,
  { restore, bringBack, tryAgain }: WaysOn,
): TemplateResult {
  const back = html`<a slot="actions" class="button" href="/" data-route>Back to documents</a>`
  switch (state.kind) {
    case 'asking':
      return html`<div class="loading" role="status"><span class="unseen">Opening the document</span></div>`
    case 'trashed':
      return html`<app-state .icon=${'trash'} heading="This document is in the trash">
        Nobody can change it there. Restored, it is as it was.
        <button slot="actions" class="button primary" @click=${restore}>Restore</button>
        ${back}
      </app-state>`
    case 'foreign':
      return html`<app-state .icon=${'code'} heading="Made by another application">
        This document was made by another program that speaks Yjs. Weft keeps it safe and relays it, but its content has a shape of its
        own, and opening it here could damage it. Use the program that made it.
        ${back}
      </app-state>`
    case 'missing':
      return state.known === undefined
        ? html`<app-state .icon=${'search'} heading="There is no such document">
            Perhaps it was deleted for good, or a character of its address is missing.
            ${back}
          </app-state>`
        : html`<app-state .icon=${'search'} heading=${`${quoted(state.known)} is no longer on the server`}>
            It was deleted for good there. You have opened it in this browser before, so its text may still be here.
            <button slot="actions" class="button" @click=${bringBack}>Open what is here</button>
            ${back}
          </app-state>`
    case 'unreachable':
      return html`<app-state .icon=${'offline'} heading="The server cannot be reached">
        This document has not been opened in this browser before, so there is no copy of it here. Weft tries again by itself.
        <button slot="actions" class="button" @click=${tryAgain}>Try again now</button>
        ${back}
      </app-state>`
    case 'failed':
      return html`<app-state .icon=${'warning'} heading="The document cannot be opened">
        The server says: ${state.message}. Weft tries again by itself.
        <button slot="actions" class="button" @click=${tryAgain}>Try again now</button>
        ${back}
      </app-state>`
  }
}
