/** The application starts: services, theme, the first page, and the service worker that lets it start without a server. */
import { createApi } from './api.ts'
import { AppRoot } from './app.ts'
import { createKnown } from './known.ts'
import { createStorage, localStorageOf } from './storage.ts'
import { applyTheme, readTheme } from './theme.ts'

const server = location.origin
const storage = createStorage(localStorageOf(window))
applyTheme(readTheme(storage), document)

const root = document.querySelector('app-root')
if (root instanceof AppRoot) {
  const fetch: typeof globalThis.fetch = (...request) => globalThis.fetch(...request)
  root.services = { server, api: createApi({ server, fetch }), known: createKnown(storage), storage }
}

// Absent where the page is not served securely; then the application needs its server to open, and nothing else changes.
if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  window.addEventListener('load', () => {
    navigator.serviceWorker.register('/sw.js').catch(() => undefined)
  })
}
