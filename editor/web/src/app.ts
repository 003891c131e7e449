/**
 * The frame around every page: the top bar of the list pages, the routes, links that do not load a page, notes.
 */

import { initialsOf } from '@weft/editor'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { keyed } from 'lit/directives/keyed.js'
import { styleMap } from 'lit/directives/style-map.js'
import { type Me, readMe, saveMe } from './me.ts'
import { linkOf, navigate, onNavigation } from './navigation.ts'
import type { AppDocumentList } from './pages/document-list.ts'
import './pages/document-list.ts'
import { type AppDocumentPage, prepareDocumentPage } from './pages/document-page.ts'
import { base } from './parts/base.ts'
import './parts/menu.ts'
import type { MenuItem } from './parts/menu.ts'
import './parts/state-page.ts'
import './parts/toast.ts'
import { mark } from './parts/weave.ts'
import './parts/you.ts'
import type { YouAnswer } from './parts/you.ts'
import { parseRoute, type Route } from './routes.ts'
import type { Services } from './services.ts'
import { applyTheme, readTheme, THEMES, type Theme } from './theme.ts'

const THEME_NAMES: Record<Theme, string> = { auto: 'As the system', light: 'Light', dark: 'Dark' }

/** By then the list is on the screen, its request answered. */
const PREPARE_AFTER_MS = 600

export class AppRoot extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
      }
      header {
        position: sticky;
        top: 0;
        z-index: 10;
        display: flex;
        align-items: center;
        gap: 4px;
        height: 56px;
        padding: 0 max(16px, calc((100% - 840px) / 2));
        background: var(--weft-background);
        border-bottom: 1px solid var(--weft-line);
      }
      .home {
        display: flex;
        align-items: center;
        gap: 10px;
        min-height: var(--weft-control);
        margin-right: 20px;
        font-size: 17px;
        font-weight: 700;
        letter-spacing: -0.02em;
        border-radius: 6px;
      }
      nav {
        display: flex;
        gap: 4px;
        flex: 1;
        height: 100%;
      }
      nav a {
        position: relative;
        display: flex;
        align-items: center;
        padding: 0 10px;
        color: var(--weft-muted);
        font-size: 14px;
        font-weight: 550;
      }
      nav a:hover {
        color: var(--weft-text);
      }
      nav a:focus-visible {
        outline-offset: -6px;
        border-radius: 10px;
      }
      nav a[aria-current] {
        color: var(--weft-text);
      }
      nav a[aria-current]::after {
        content: '';
        position: absolute;
        inset: auto 10px -1px;
        height: 2px;
        border-radius: 2px 2px 0 0;
        background: var(--weft-accent);
      }
      .me {
        display: grid;
        place-items: center;
        width: var(--weft-control);
        height: var(--weft-control);
        padding: 0;
        border: 0;
        border-radius: 50%;
        background: none;
        cursor: pointer;
      }
      .me span {
        display: grid;
        place-items: center;
        width: 28px;
        height: 28px;
        border-radius: 50%;
        color: #fff;
        font-size: 11px;
        font-weight: 650;
        letter-spacing: 0.02em;
      }
      @media (max-width: 719px) {
        header {
          padding-right: 4px;
        }
        .home {
          margin-right: 8px;
        }
      }
    `,
  ]

  static override properties = {
    services: { attribute: false },
    route: { state: true },
    me: { state: true },
    theme: { state: true },
    introducing: { state: true },
  }
  declare services: Services
  declare private route: Route
  declare private me: Me
  declare private theme: Theme
  /** The dialog for name and colour is open. */
  declare private introducing: boolean
  private stopListening: (() => void) | undefined

  constructor() {
    super()
    this.route = parseRoute(new URL(location.href))
    this.theme = 'auto'
    this.introducing = false
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.stopListening = onNavigation(() => void this.arrive())
    this.addEventListener('click', (event) => {
      const path = linkOf(event)
      if (path === undefined) return
      event.preventDefault()
      navigate(path)
    })
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.stopListening?.()
  }

  protected override firstUpdated(): void {
    // Opening a document from the list should not wait for the editor; the list itself should not either.
    setTimeout(prepareDocumentPage, PREPARE_AFTER_MS)
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('services')) return
    this.me = readMe(this.services.storage)
    this.theme = readTheme(this.services.storage)
  }

  private async arrive(): Promise<void> {
    this.route = parseRoute(new URL(location.href))
    window.scrollTo(0, 0)
    await this.updateComplete
    const page = this.renderRoot.querySelector<AppDocumentList | AppDocumentPage>(
      'app-document-list, app-document-page',
    )
    await page?.updateComplete
    page?.focusHeading()
  }

  private setTheme(theme: Theme): void {
    this.theme = theme
    this.services.storage.write('theme', theme)
    applyTheme(theme, document)
  }

  private answered(answer: YouAnswer): void {
    this.me = saveMe(this.services.storage, answer.name, answer.color)
    this.introducing = false
  }

  /** What every page's menu ends with. */
  private get settings(): MenuItem[] {
    return [
      { kind: 'action', label: 'Your name and colour…', icon: 'person', run: () => this.introduce() },
      { kind: 'separator' },
      { kind: 'heading', label: 'Appearance' },
      ...THEMES.map(
        (theme): MenuItem => ({
          kind: 'choice',
          label: THEME_NAMES[theme],
          checked: theme === this.theme,
          run: () => this.setTheme(theme),
        }),
      ),
    ]
  }

  private readonly introduce = (): void => {
    this.introducing = true
  }

  protected override render(): TemplateResult {
    return html`${this.renderPage()}
      ${
        this.introducing
          ? html`<app-you-dialog
              .me=${this.me}
              @app-answer=${(event: CustomEvent<YouAnswer>) => this.answered(event.detail)}
              @app-close=${() => {
                this.introducing = false
              }}
            ></app-you-dialog>`
          : nothing
      }
      <app-toasts></app-toasts>`
  }

  private renderPage(): TemplateResult {
    const { route } = this
    switch (route.kind) {
      case 'documents':
      case 'trash':
        document.title = route.kind === 'trash' ? 'Trash – Weft' : 'Weft'
        return html`${this.renderHeader(route.kind)}
          <app-document-list
            .services=${this.services}
            .view=${route.kind}
            .search=${route.kind === 'documents' ? route.search : ''}
          ></app-document-list>`
      case 'document':
        return html`${keyed(
          route.id,
          html`<app-document-page
            .services=${this.services}
            .documentId=${route.id}
            .me=${this.me}
            .theme=${this.theme}
            .settings=${this.settings}
            @app-introduce=${this.introduce}
            @app-keep-name=${() => this.answered(this.me)}
          ></app-document-page>`,
        )}`
      case 'unknown':
        document.title = 'Not found – Weft'
        return html`${this.renderHeader(undefined)}
          <main>
            <app-state .icon=${'search'} heading="There is no such page">
              The address ${route.path} leads nowhere. Perhaps a character is missing at its end.
              <a slot="actions" class="button" href="/" data-route>Back to documents</a>
            </app-state>
          </main>`
    }
  }

  private renderHeader(current: 'documents' | 'trash' | undefined): TemplateResult {
    const tab = (kind: 'documents' | 'trash', href: string, label: string): TemplateResult =>
      html`<a href=${href} data-route aria-current=${kind === current ? 'page' : nothing}>${label}</a>`
    return html`<header>
      <a class="home" href="/" data-route aria-label="Weft, to your documents">${mark(26)} Weft</a>
      <nav aria-label="Main">${tab('documents', '/', 'Documents')}${tab('trash', '/trash', 'Trash')}</nav>
      <button class="me" title=${`You are ${this.me.name}`} aria-label=${`You are ${this.me.name}. Change name and colour`} @click=${this.introduce}>
        <span style=${styleMap({ background: this.me.color })}>${initialsOf(this.me.name)}</span>
      </button>
      <app-menu label="Settings" .items=${this.settings}></app-menu>
    </header>`
  }
}
customElements.define('app-root', AppRoot)
