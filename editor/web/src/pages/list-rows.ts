/** The rows of the list of documents, under the day they were last edited, and what is not shown of them. */
import { html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { DocumentInfo } from '../api.ts'
import type { ShownList } from '../list-source.ts'
import { nameOf } from '../naming.ts'
import type { MenuItem } from '../parts/menu.ts'
import '../parts/menu.ts'
import { swatch } from '../parts/weave.ts'
import { pathOf } from '../routes.ts'
import { ago, exactly, type Period, periodOf } from '../when.ts'

export interface Rows {
  /** By when they were edited; what was searched for stands in one row of rows. */
  readonly isGrouped: boolean
  readonly itemsOf: (document: DocumentInfo) => MenuItem[]
  readonly showMore: () => void
}

export function renderRows(state: ShownList, { isGrouped, itemsOf, showMore }: Rows): TemplateResult {
  const now = Date.now()
  const left = state.total - state.documents.length
  return html`${byPeriod(state.documents, now, isGrouped).map(
    ([period, documents]) => html`<section>
      ${period === undefined ? nothing : html`<h2>${period}</h2>`}
      <ul>
        ${repeat(
          documents,
          ({ id }) => id,
          (document) => renderRow(document, now, itemsOf(document)),
        )}
      </ul>
    </section>`,
  )}
  ${
    left > 0
      ? html`<div class="foot">
          <button class="button" @click=${showMore}>Show more</button>
          <span class="muted">${left} not shown</span>
        </div>`
      : nothing
  }`
}

/** In the order in which they come. */
function byPeriod(
  documents: readonly DocumentInfo[],
  now: number,
  isGrouped: boolean,
): [Period | undefined, readonly DocumentInfo[]][] {
  const periods = new Map<Period | undefined, DocumentInfo[]>()
  for (const document of documents) {
    const period = isGrouped ? periodOf(document.updatedAt, now) : undefined
    periods.set(period, [...(periods.get(period) ?? []), document])
  }
  return [...periods]
}

function renderRow(document: DocumentInfo, now: number, items: MenuItem[]): TemplateResult {
  const trashed = document.trashedAt !== null
  const at = document.trashedAt ?? document.updatedAt
  return html`<li data-id=${document.id}>
    <a class="open" href=${pathOf({ kind: 'document', id: document.id })} data-route>
      ${swatch(document.id)}
      <span class="what">
        <span class="title ${document.title === '' ? 'untitled' : ''}">${nameOf(document)}</span>
        <span class="when">
          ${
            document.kind === 'yjs'
              ? html`<span class="kind" title="Made by another Yjs application; Weft keeps and relays it but cannot edit it">Other app</span>`
              : nothing
          }
          <time datetime=${new Date(at).toISOString()} title=${exactly(at)}>
            ${trashed ? 'Moved here ' : html`<span class="narrow">Edited </span>`}${ago(at, now)}
          </time>
        </span>
      </span>
    </a>
    <app-menu label=${`More for ${nameOf(document)}`} .items=${items}></app-menu>
  </li>`
}
