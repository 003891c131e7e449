/**
 * Light, dark, or as the system has it. Kept on this device; `public/theme.js` applies it before the first paint.
 */
import type { Storage } from './storage.ts'

export const THEMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

/** As in look.css: the colour of the browser's own frame. */
const FRAME = { light: '#ffffff', dark: '#16181d' } as const

export function readTheme(storage: Storage): Theme {
  const value = storage.read('theme')
  return THEMES.find((theme) => theme === value) ?? 'auto'
}

export function applyTheme(theme: Theme, page: Document): void {
  if (theme === 'auto') delete page.documentElement.dataset['theme']
  else page.documentElement.dataset['theme'] = theme
  for (const meta of page.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const own = meta.media.includes('dark') ? 'dark' : 'light'
    meta.content = FRAME[theme === 'auto' ? own : theme]
  }
}
