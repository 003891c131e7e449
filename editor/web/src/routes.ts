/**
 * From an address in this application to the page it names, and back.
 *
 * Pure; every address maps to exactly one route, and an address nobody made maps to `unknown` instead of the list,
 * so that a mistyped link is never mistaken for an empty server.
 */
import { isDocumentId } from '@weft/protocol'

export type Route =
  /** `search` may be empty; it stands in the address so that Back returns to the result. */
  | { readonly kind: 'documents'; readonly search: string }
  | { readonly kind: 'trash' }
  | { readonly kind: 'document'; readonly id: string }
  | { readonly kind: 'unknown'; readonly path: string }

export function parseRoute(url: URL): Route {
  const path = url.pathname.replace(/(?<=.)\/+$/, '')
  if (path === '/') return { kind: 'documents', search: url.searchParams.get('q') ?? '' }
  if (path === '/trash') return { kind: 'trash' }
  const id = /^\/d\/([^/]+)$/.exec(path)?.[1]
  if (id !== undefined && isDocumentId(id)) return { kind: 'document', id }
  return { kind: 'unknown', path: url.pathname }
}

export function pathOf(route: Route): string {
  switch (route.kind) {
    case 'documents':
      return route.search === '' ? '/' : `/?${new URLSearchParams({ q: route.search }).toString()}`
    case 'trash':
      return '/trash'
    case 'document':
      return `/d/${route.id}`
    case 'unknown':
      return route.path
  }
}
