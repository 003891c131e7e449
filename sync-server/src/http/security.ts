/**
 * What every request passes and every answer carries, whichever route it takes.
 *
 * Pages get a policy under which nothing but our own files runs; answers are readable by other sites only
 * when the operator listed them in `embedOrigins`.
 */
import type { MiddlewareHandler } from 'hono'
import type { Gate } from '../access/gate.ts'
import { HttpError } from './errors.ts'

// The editor sets carets and sizes through style attributes; its sheets are constructed, which needs no allowance.
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  // A document may show pictures of any site; the page tells none of them where it was asked from.
  "img-src 'self' blob: data: https: http:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  // The players of `embed-providers.ts` of the editor, fetched by a press on them.
  'frame-src https://www.youtube-nocookie.com https://player.vimeo.com',
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "object-src 'none'",
].join('; ')

const permissionsPolicy = ['camera', 'microphone', 'geolocation', 'payment', 'usb', 'serial', 'midi']
  .map((feature) => `${feature}=()`)
  .join(', ')

const everywhere: readonly (readonly [name: string, value: string])[] = [
  ['Content-Security-Policy', contentSecurityPolicy],
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'no-referrer'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Permissions-Policy', permissionsPolicy],
]

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

export function security(
  gate: Gate,
  config: { readonly publicUrl?: string | undefined; readonly embedOrigins: readonly string[] },
): MiddlewareHandler {
  const https = config.publicUrl?.startsWith('https:') === true
  const varies = config.embedOrigins.length > 0

  return async (c, next) => {
    const answer = gate({
      host: sameTarget(c.req.url, c.req.header('host')),
      origin: c.req.header('origin'),
      fetchSite: c.req.header('sec-fetch-site'),
      hasCookie: c.req.header('cookie') !== undefined,
      safe: SAFE.has(c.req.method),
    })
    if (answer.kind === 'ours' || answer.kind === 'embedder') {
      const preflight =
        c.req.method === 'OPTIONS' && c.req.header('access-control-request-method') !== undefined
      if (preflight && answer.kind === 'embedder') c.res = new Response(null, { status: 204 })
      else await next()
    } else {
      const error =
        answer.kind === 'wrong-host'
          ? new HttpError('wrong-host', 'this server does not answer to that Host')
          : new HttpError('foreign-origin', 'pages of that origin may not use this server')
      c.res = c.json(error.body, error.status)
    }

    const headers = c.res.headers
    for (const [name, value] of everywhere) headers.set(name, value)
    if (https) headers.set('Strict-Transport-Security', 'max-age=31536000')
    if (answer.kind === 'embedder') headers.set('Cross-Origin-Resource-Policy', 'cross-origin')
    else if (!headers.has('Cross-Origin-Resource-Policy'))
      headers.set('Cross-Origin-Resource-Policy', 'same-origin')
    if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store')
    if (varies) headers.append('Vary', 'Origin')
    if (answer.kind === 'embedder') {
      headers.set('Access-Control-Allow-Origin', answer.origin)
      headers.set('Access-Control-Allow-Methods', 'GET, POST, PUT, PATCH, DELETE')
      headers.set('Access-Control-Allow-Headers', 'Authorization, Content-Type, If-Match')
      headers.set('Access-Control-Expose-Headers', 'ETag, Retry-After')
      headers.set('Access-Control-Max-Age', '600')
    }
  }
}

/** The Host header; undefined when the request line names another host (`GET http://other/ HTTP/1.1`). */
function sameTarget(url: string, host: string | undefined): string | undefined {
  if (host === undefined || !URL.canParse(`http://${host}`)) return undefined
  return new URL(url).host === new URL(`http://${host}`).host ? host : undefined
}
