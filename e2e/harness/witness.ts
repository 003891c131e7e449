/**
 * What a page tells about who changed what: every change of the document as it happens, and a caret that others moved.
 *
 * Rule: it runs in the page and reads at the very change, so whatever crosses on the wire, what this person did and
 * what came from others are never mistaken for each other. Only counted characters (CJK ideographs) are looked at: the
 * tests write each of them once.
 */
import type { WeftEditorApi } from '@weft/editor/element'
import type { BrowserContext, Page } from 'playwright-core'

/** A change that this person's page has made to the document. */
export interface LocalChange {
  /** All counted characters of the document before it, and after. */
  readonly before: string
  readonly after: string
  readonly removed: string
  readonly added: string
}

/** A caret that stood between two characters and no longer does, although both are there. */
export interface CaretMove {
  readonly left: string
  readonly right: string
  /** All counted characters on the screen, `|` where the caret is now; without it there is none. */
  readonly now: string
  /** It stood in a block without any: both are of other blocks. */
  readonly isAlone: boolean
}

interface Witness {
  take(): { changes: LocalChange[]; moves: CaretMove[] }
  /** From now on nobody touches this page, so its caret stays where it is. */
  rest(): void
  stir(): void
  /** Closes what the page has open to the server. */
  cut(): void
}

declare global {
  interface Window {
    weftWitness: Witness
  }
}

/** For every page that this person opens from now on. */
export async function install(context: BrowserContext): Promise<void> {
  await context.addInitScript(runInPage)
}

export function take(page: Page): Promise<ReturnType<Witness['take']>> {
  return page.evaluate(() => window.weftWitness.take())
}

/** Once the editor has heard of the last key: in the second frame after it. */
export function rest(page: Page): Promise<void> {
  return page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    window.weftWitness.rest()
  })
}

export function stir(page: Page): Promise<void> {
  return page.evaluate(() => window.weftWitness.stir())
}

/** For a page whose browser goes offline: that alone leaves open sockets as they are. */
export function cut(page: Page): Promise<void> {
  return page.evaluate(() => window.weftWitness.cut())
}

/** Self-contained: only its own text reaches the page. */
function runInPage(): void {
  let editor: (HTMLElement & WeftEditorApi) | undefined
  let text = ''
  let changes: LocalChange[] = []
  let moves: CaretMove[] = []
  let resting: { left: string; right: string; isAlone: boolean } | undefined
  const sockets = new Set<WebSocket>()
  window.WebSocket = class extends WebSocket {
    constructor(...settings: ConstructorParameters<typeof WebSocket>) {
      super(...settings)
      sockets.add(this)
      this.addEventListener('close', () => sockets.delete(this))
    }
  }

  const counted = (from: string): string => from.replaceAll(/[^\u4e00-\u9fff]/g, '')
  const without = (from: string, others: string): string => {
    const left = new Map<string, number>()
    for (const character of others) left.set(character, (left.get(character) ?? 0) + 1)
    return Array.from(from)
      .filter((character) => {
        const count = left.get(character) ?? 0
        left.set(character, count - 1)
        return count <= 0
      })
      .join('')
  }

  /** Words of what holds the caret's block: the page without its tables, or one cell. */
  function caret(): { screen: string; at: number; isAlone: boolean } | undefined {
    const root = editor?.shadowRoot
    const content = root?.querySelector('[contenteditable]')
    const range = root && getSelection()?.getComposedRanges({ shadowRoots: [root] })[0]
    // With the focus elsewhere no caret is shown; where it will be then is the editor's to keep.
    if (!root || !content || root.activeElement !== content) return undefined
    if (!range?.collapsed || !content.contains(range.startContainer)) return undefined
    const { startContainer: at } = range
    // Something is selected as a whole: the browser's caret stands before everything then, and nobody sees it. Unless
    // the editor draws one itself, beside a table whose line somebody has taken away.
    if (at === content && content.querySelector('[data-lexical-cursor]') === null) return undefined
    const holder = (at instanceof Element ? at : at.parentElement)?.closest('td, th') ?? content
    const before = document.createRange()
    before.setStart(holder, 0)
    before.setEnd(at, range.startOffset)
    const wordsOf = (part: DocumentFragment): string => {
      for (const table of part.querySelectorAll('[data-kind=table]')) table.remove()
      return counted(part.textContent ?? '')
    }
    const all = document.createRange()
    all.selectNodeContents(holder)
    const block = (at instanceof Element ? at : at.parentElement)?.closest('[data-kind]')
    const isAlone = counted(block?.textContent ?? '') === ''
    return { screen: wordsOf(all.cloneContents()), at: wordsOf(before.cloneContents()).length, isAlone }
  }

  function look(): void {
    const now = caret()
    if (resting !== undefined) {
      const { left, right, isAlone } = resting
      const places = [left, right].map((one) => (one === '' ? -1 : (now?.screen.indexOf(one) ?? -1)))
      const [from = -1, to = -1] = places
      const isRight =
        now !== undefined && (from < 0 || from < now.at) && (to < 0 || now.at <= to || to < from)
      if (!isRight) {
        const shown = now === undefined ? '' : `${now.screen.slice(0, now.at)}|${now.screen.slice(now.at)}`
        moves.push({ left, right, now: shown, isAlone })
      }
    }
    resting = now === undefined ? undefined : standing(now)
  }

  function standing({ screen, at, isAlone }: NonNullable<ReturnType<typeof caret>>): typeof resting {
    return { left: screen.charAt(at - 1), right: screen.charAt(at), isAlone }
  }

  addEventListener('weft-ready', (event) => {
    editor = event.composedPath()[0] as HTMLElement & WeftEditorApi
    text = counted(editor.getText())
  })
  addEventListener('weft-change', (event) => {
    if (editor === undefined) return
    const before = text
    text = counted(editor.getText())
    if ((event as CustomEvent<{ source: string }>).detail.source === 'remote') {
      if (resting !== undefined) look()
      return
    }
    const [removed, added] = [without(before, text), without(text, before)]
    if (before !== text) changes.push({ before, after: text, removed, added })
  })
  window.weftWitness = {
    take() {
      const taken = { changes, moves }
      changes = []
      moves = []
      return taken
    },
    rest() {
      resting = undefined
      const now = caret()
      if (now !== undefined) resting = standing(now)
    },
    stir() {
      resting = undefined
    },
    cut() {
      for (const socket of sockets) socket.close()
    },
  }
}
