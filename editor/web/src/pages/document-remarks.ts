/** What stands above a text that is shown: what became of the document, and under which name somebody appears. */
import { html, nothing, type TemplateResult } from 'lit'
import { styleMap } from 'lit/directives/style-map.js'
import type { Remark } from '../document-source.ts'
import type { Me } from '../me.ts'
import { icon } from '../parts/icons.ts'
import '../parts/notice.ts'

export function renderRemark(remark: Remark, restore: () => void): TemplateResult {
  return html`<div class="remark">
    <app-notice .icon=${'trash'}>
      ${
        remark === 'trashed'
          ? 'This document was moved to the trash. Nobody can change it until it is restored.'
          : 'This document was deleted for good on the server. The text below is what this device still has: copy what you need.'
      }
      ${
        remark === 'trashed'
          ? html`<button slot="action" class="button" @click=${restore}>Restore</button>`
          : nothing
      }
    </app-notice>
  </div>`
}

/** To who has not chosen a name yet. */
export function renderIntroduction(me: Me, change: () => void, keep: () => void): TemplateResult {
  return html`<aside class="introduction" aria-label="Your name">
    <span class="hello">
      <span class="dot" style=${styleMap({ background: me.color })}></span>
      You appear as <b>${me.name}</b>
    </span>
    <button class="button quiet" @click=${change}>Change</button>
    <button class="button quiet icon" aria-label="Keep this name" title="Keep this name" @click=${keep}>
      ${icon('close', 16)}
    </button>
  </aside>`
}
