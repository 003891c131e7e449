/** What the list of documents says when there is none to show, or when it may be out of date. */
import { html, type TemplateResult } from 'lit'
import type { ListState, ShownList } from '../list-source.ts'
import '../parts/notice.ts'
import '../parts/state-page.ts'

export function renderStale({ stale }: ShownList, tryAgain: () => void): TemplateResult {
  return html`<app-notice .icon=${'offline'}>
    ${
      stale?.unreachable === true
        ? 'The server cannot be reached. This is the list as last seen; what was opened here before still opens.'
        : stale?.message
    }
    <button slot="action" class="button quiet" @click=${tryAgain}>Try again</button>
  </app-notice>`
}

export function renderFailed(
  state: Extract<ListState, { kind: 'failed' }>,
  tryAgain: () => void,
): TemplateResult {
  const { unreachable, message } = state
  const heading = unreachable ? 'The server cannot be reached' : 'The documents cannot be loaded'
  return html`<app-state .icon=${unreachable ? 'offline' : 'warning'} heading=${heading}>
    ${
      unreachable
        ? 'Nothing is lost: documents are on the server’s disk, and edits that wait on this device are still here. Weft tries again by itself.'
        : message
    }
    <button slot="actions" class="button" @click=${tryAgain}>Try again now</button>
  </app-state>`
}

export function renderEmpty(view: 'documents' | 'trash', search: string, clear: () => void): TemplateResult {
  if (view === 'trash') {
    return html`<app-state .icon=${'trash'} heading="The trash is empty">
      What you move here can be restored.
      <a slot="actions" class="button" href="/" data-route>Back to documents</a>
    </app-state>`
  }
  if (search === '') {
    return html`<app-state .icon=${'pencil'} heading="No documents">
      Start one with the button above, or press N.
      <a slot="actions" class="button" href="/trash" data-route>Look in the trash</a>
    </app-state>`
  }
  return html`<app-state .icon=${'search'} heading=${`No title contains “${search}”`}>
    The search looks at titles, in any case.
    <button slot="actions" class="button" @click=${clear}>Clear the search</button>
  </app-state>`
}
