/** Every part of the editor that comes later, and when they all come. */
import { Later } from './later.ts'

export const PARTS = {
  calloutMenu: new Later(() => import('./callout-menu.ts')),
  languageMenu: new Later(() => import('./language-menu.ts')),
  blockMenu: new Later(() => import('./block-menu.ts')),
  carets: new Later(() => import('./carets.ts')),
  colorMenu: new Later(() => import('./color-menu.ts')),
  floating: new Later(() => import('./floating.ts')),
  handles: new Later(() => import('./handles.ts')),
  linkCard: new Later(() => import('./link-card.ts')),
  slashMenu: new Later(() => import('./slash-menu.ts')),
  objectCard: new Later(() => import('./object-card.ts')),
} as const

/** Without `requestIdleCallback` (Safari): long enough after the document is there. */
const SOON_MS = 1_500

/** Once the page is idle: who is offline later has them all. @returns its undo. */
export function fetchPartsWhenIdle(): () => void {
  const fetchAll = (): void => {
    for (const part of Object.values(PARTS)) void part.get()
  }
  if ('requestIdleCallback' in globalThis) {
    const idle = requestIdleCallback(fetchAll, { timeout: 2 * SOON_MS })
    return () => cancelIdleCallback(idle)
  }
  const timer = setTimeout(fetchAll, SOON_MS)
  return () => clearTimeout(timer)
}
