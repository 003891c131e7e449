import { openStore, StoreError } from '@weft/persistence'
import { StoreWrapper } from '@weft/persistence/testing'
import { describe, expect, it } from 'vitest'
import { fields, OWN, openApp, refusalOf } from '../test/open-app.ts'

/** Every route there is, with a request that it answers. A route that is missing here fails the first test. */
const routes: readonly { method: string; pattern: string; path: string; body?: unknown }[] = [
  { method: 'GET', pattern: '/healthz', path: '/healthz' },
  { method: 'GET', pattern: '/readyz', path: '/readyz' },
  { method: 'GET', pattern: '/metrics', path: '/metrics' },
  { method: 'GET', pattern: '/api/v1/documents', path: '/api/v1/documents' },
  { method: 'POST', pattern: '/api/v1/documents', path: '/api/v1/documents', body: { title: 'made' } },
  { method: 'GET', pattern: '/api/v1/documents/:id', path: '/api/v1/documents/known' },
  {
    method: 'PATCH',
    pattern: '/api/v1/documents/:id',
    path: '/api/v1/documents/known',
    body: { title: 'new' },
  },
  { method: 'DELETE', pattern: '/api/v1/documents/:id', path: '/api/v1/documents/known' },
  { method: 'POST', pattern: '/api/v1/documents/:id/restore', path: '/api/v1/documents/known/restore' },
  { method: 'GET', pattern: '/sync/:documentId', path: '/sync/known' },
  { method: 'ALL', pattern: '/api/*', path: '/api/v1/unknown' },
  { method: 'GET', pattern: '/', path: '/' },
  { method: 'GET', pattern: '/trash', path: '/trash' },
  { method: 'GET', pattern: '/d/:id', path: '/d/known' },
  { method: 'GET', pattern: '/*', path: '/assets/main.js' },
]

const READING_PARAMETERS = new Set(['GET /api/v1/documents', 'DELETE /api/v1/documents/:id'])
/** What a form on any site can send without asking first. */
const FORM_TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']
/** Requests of a browser that does not say which page asked. */
const UNSAID: readonly Record<string, string>[] = [
  { Cookie: 'a=b' },
  { 'Sec-Fetch-Site': 'cross-site' },
  { 'Sec-Fetch-Site': 'same-site' },
]
/** The names through which an object's prototype can be reached. */
const NAMES_OF_NOTHING = ['__proto__', 'constructor', 'prototype']

async function opened(settings: Parameters<typeof openApp>[0] = {}) {
  const app = await openApp(settings)
  await app.store.create({ id: 'known', kind: 'weft', title: 'before' })
  return app
}

async function state(app: Awaited<ReturnType<typeof opened>>) {
  return { ...(await app.store.list()), trash: await app.store.list({ trashed: true }), told: app.told }
}

describe('the route table', () => {
  it('holds exactly the routes that the tests below walk', async () => {
    const { app } = await opened()
    const middleware = new Set(['ALL /*', 'ALL /api/*'])
    const there = app.routes
      .map((route) => `${route.method} ${route.path}`)
      .filter(
        (route, at, all) => all.indexOf(route) === at && !(middleware.has(route) && route !== 'ALL /api/*'),
      )
    expect(there.sort()).toEqual(routes.map(({ method, pattern }) => `${method} ${pattern}`).sort())
  })
})

describe.each(routes)('$method $pattern', (route) => {
  const { path, body } = route
  const method = route.method === 'ALL' ? 'POST' : route.method
  const unsafe = method !== 'GET'
  /** Reads a body or parameters, and refuses what it does not know. */
  const isStrict = body !== undefined || READING_PARAMETERS.has(`${method} ${route.pattern}`)

  it('answers a program and our own page', async () => {
    for (const headers of [{}, { Origin: OWN, Cookie: 'a=b' }]) {
      const { ask } = await opened()
      const response = await ask(method, path, { headers, body })
      expect([403, 421]).not.toContain(response.status)
      expect(response.status).not.toBe(500)
    }
  })

  it.each(['attacker.test', 'attacker.test:8787', '127.0.0.1.attacker.test', ''])(
    'answers nothing to Host %j',
    async (host) => {
      const app = await opened()
      const before = await state(app)
      const url = host === '' ? `${OWN}${path}` : `http://${host}${path}`
      const sent = body === undefined ? {} : { body: JSON.stringify(body) }
      const response = await app.app.request(url, {
        method,
        headers: { Host: host, 'Content-Type': 'application/json' },
        ...sent,
      })
      expect(response.status).toBe(421)
      expect(await refusalOf(response)).toBe('wrong-host')
      expect(await state(app)).toEqual(before)
    },
  )

  it.each([
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { Origin: 'http://127.0.0.1:9999' },
    { Origin: 'https://127.0.0.1:8787' },
    { Origin: 'http://localhost:8787' },
    { Origin: 'https://evil.example', Cookie: 'a=b' },
    ...[{ Origin: 'https://evil.example' }, { Origin: 'null' }, ...(unsafe ? UNSAID : [])].flatMap((from) =>
      [...FORM_TYPES, 'application/json'].map((type) => ({ ...from, 'Content-Type': type })),
    ),
    ...(unsafe ? UNSAID : []),
  ])('changes and tells nothing to %j', async (headers) => {
    const app = await opened({ settings: { embedOrigins: ['https://site.example'] } })
    const before = await state(app)
    const response = await app.ask(method, path, { headers, body })
    expect(response.status).toBe(403)
    expect(await refusalOf(response)).toBe('foreign-origin')
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
    expect(await state(app)).toEqual(before)
  })

  if (body !== undefined)
    it.each([...FORM_TYPES, ''])('takes no body that is declared as %j, whoever asks', async (type) => {
      const app = await opened()
      const before = await state(app)
      const response = await app.ask(method, path, { headers: { Origin: OWN, 'Content-Type': type }, body })
      expect(response.status).toBe(415)
      expect(await state(app)).toEqual(before)
    })

  it.each(NAMES_OF_NOTHING)('knows no field and no parameter %s, and keeps nothing of it', async (name) => {
    const app = await opened()
    const before = await state(app)
    const key = JSON.stringify(name)
    const bodies =
      body === undefined
        ? [undefined]
        : [`{${key}:{"polluted":true},"title":"x"}`, `{"title":{${key}:{"polluted":true}}}`]
    for (const sent of bodies) {
      const query = `?${name}=x&${name}[polluted]=true`
      const response = await app.ask(method, `${path}${query}`, { body: sent })
      const told = await response.text()
      expect(isStrict ? [400] : [200, 204, 404, 426, 503]).toContain(response.status)
      expect(told).not.toMatch(new RegExp(`"${name}":`))
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    const after = await state(app)
    // What is not strict reads nothing of it, and does what it always does.
    expect(isStrict ? after : before).toEqual(before)
  })

  it('lets a listed site read the answer, and nobody else', async () => {
    const { ask } = await opened({ settings: { embedOrigins: ['https://site.example'] } })
    const headers = { Origin: 'https://site.example' }
    const response = await ask(method, path, { headers, body })
    expect(response.status).not.toBe(403)
    expect(response.headers.get('access-control-allow-origin')).toBe('https://site.example')
    expect(response.headers.get('access-control-allow-credentials')).toBeNull()
    expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
    expect(response.headers.get('vary')).toContain('Origin')
    const asking = { ...headers, 'Access-Control-Request-Method': method }
    expect((await ask('OPTIONS', path, { headers: asking })).status).toBe(204)
    const foreign = { ...asking, Origin: 'https://evil.example' }
    expect((await ask('OPTIONS', path, { headers: foreign })).status).toBe(403)
  })

  it('carries the security headers, also when it refuses', async () => {
    const { ask } = await opened()
    for (const headers of [{}, { Origin: 'https://evil.example' }]) {
      const response = await ask(method, path, { headers, body })
      const policy = response.headers.get('content-security-policy')
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
      expect(policy).not.toContain('unsafe-eval')
      expect(policy).toContain("frame-ancestors 'none'")
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
      expect(response.headers.get('referrer-policy')).toBe('no-referrer')
      expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin')
      expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin')
      expect(response.headers.get('cache-control')).not.toBeNull()
    }
  })
})

describe('health', () => {
  it('tells alive from ready while the server stops', async () => {
    let draining = false
    const { ask } = await opened({ isDraining: () => draining })
    expect((await ask('GET', '/readyz')).status).toBe(200)
    draining = true
    expect((await ask('GET', '/healthz')).status).toBe(200)
    const ready = await ask('GET', '/readyz')
    expect(ready.status).toBe(503)
    expect(await refusalOf(ready)).toBe('draining')
    const late = await ask('POST', '/api/v1/documents', { body: {} })
    expect(late.status).toBe(503)
    expect(late.headers.get('retry-after')).toBe('1')
  })
})

describe('a defect in what answers', () => {
  class Broken extends StoreWrapper {
    override create = fail
    override get = fail
    override list = fail
    override rename = fail
    override trash = fail
    override untrash = fail
    override remove = fail
    override checkWritable = fail
  }
  async function fail(): Promise<never> {
    throw new TypeError('a planted defect at /secret/path')
  }
  const reading = routes.filter(({ pattern }) => pattern.startsWith('/api/v1/') || pattern === '/readyz')

  it.each(reading)(
    'of $method $pattern is a 500 that says nothing of it, and the next request is served',
    async (route) => {
      const { ask } = await openApp({ store: new Broken(await openStore({ kind: 'memory' })) })
      const response = await ask(route.method, route.path, { body: route.body })
      expect(response.status).toBe(500)
      const text = await response.text()
      expect(text).not.toMatch(/secret|planted|TypeError/)
      expect(JSON.parse(text)).toMatchObject({ error: { code: 'internal', retryable: false } })
      expect((await ask('GET', '/healthz')).status).toBe(200)
    },
  )
})

describe('a store that refuses', () => {
  class Refusing extends StoreWrapper {
    override async create(): Promise<never> {
      throw new StoreError('full', '/secret/path is full')
    }
    override async list(): Promise<never> {
      throw new Error('a bug with /secret/path in it')
    }
    override async checkWritable(): Promise<never> {
      throw new StoreError('unavailable', '/secret/path is gone')
    }
  }

  it('is told as what it means, without its inside', async () => {
    const { ask } = await openApp({ store: new Refusing(await openStore({ kind: 'memory' })) })
    for (const [method, path, status, code, retryable] of [
      ['POST', '/api/v1/documents', 503, 'storage-full', true],
      ['GET', '/api/v1/documents', 500, 'internal', false],
      ['GET', '/readyz', 503, 'storage-unavailable', true],
    ] as const) {
      const response = await ask(method, path, method === 'POST' ? { body: {} } : {})
      expect(response.status).toBe(status)
      const text = JSON.stringify(await fields(response))
      expect(text).not.toContain('secret')
      expect(JSON.parse(text)).toMatchObject({ error: { code, retryable } })
    }
  })
})
