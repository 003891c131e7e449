import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { type Api, ApiError, createApi, inWords } from './api.ts'

const open: Server[] = []
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

interface Answer {
  readonly status: number
  readonly body: string
}

/** A real HTTP server that notes what it was asked and answers what the test says; `undefined` is silence. */
async function serve(answer: Answer | undefined): Promise<{ api: Api; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      asked.push(`${request.method} ${request.url}${body === '' ? '' : ` ${body}`}`)
      if (answer !== undefined) response.writeHead(answer.status).end(answer.body)
    })
  })
  open.push(server)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  // Only silence is waited for in vain.
  const timeoutMs = answer === undefined ? 150 : 60_000
  return { api: createApi({ server: `http://127.0.0.1:${port}`, fetch, timeoutMs }), asked }
}

const tide = {
  id: 'tide',
  title: 'Tide tables',
  kind: 'weft',
  createdAt: 1,
  updatedAt: 2,
  trashedAt: null,
  lastSeq: 9,
  bytes: 70,
}
const json = (value: unknown, status = 200): Answer => ({ status, body: JSON.stringify(value) })

async function failureOf(promise: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof ApiError)) throw new Error('expected an ApiError', { cause: error })
  return error
}

describe('createApi', () => {
  it('asks for a page of titles that contain the search, encoded', async () => {
    const { api, asked } = await serve(json({ documents: [tide], total: 61 }))
    const page = await api.list({ search: 'tide & time', limit: 50, offset: 50 })
    expect(asked).toEqual(['GET /api/v1/documents?limit=50&offset=50&search=tide+%26+time'])
    expect(page.total).toBe(61)
    expect(page.documents[0]).toMatchObject({
      id: 'tide',
      title: 'Tide tables',
      kind: 'weft',
      trashedAt: null,
    })
  })

  it('asks for the trash, and for one document, by the addresses of the API', async () => {
    const { api, asked } = await serve(json(tide))
    await failureOf(api.list({ trashed: true, limit: 50, offset: 0 }))
    await api.get('tide')
    await api.create()
    await api.rename('tide', 'Ebb')
    await api.trash('tide')
    await api.restore('tide')
    await api.remove('tide')
    expect(asked).toEqual([
      'GET /api/v1/documents?limit=50&offset=0&trashed=true',
      'GET /api/v1/documents/tide',
      'POST /api/v1/documents {}',
      'PATCH /api/v1/documents/tide {"title":"Ebb"}',
      'DELETE /api/v1/documents/tide',
      'POST /api/v1/documents/tide/restore',
      'DELETE /api/v1/documents/tide?permanently=true',
    ])
  })

  it('tells a missing document from a proxy that answers 404 with a page of its own', async () => {
    const weft = await serve(
      json({ error: { code: 'not-found', message: 'no such document', retryable: false } }, 404),
    )
    expect((await failureOf(weft.api.get('tide'))).code).toBe('not-found')
    const proxy = await serve({ status: 404, body: '<h1>Not Found</h1>' })
    expect((await failureOf(proxy.api.get('tide'))).code).toBe('unreachable')
  })

  it('takes a 200 that is not from Weft for no answer, never for an empty list', async () => {
    const portal = await serve({ status: 200, body: '<title>Sign in to the train</title>' })
    expect((await failureOf(portal.api.list({ limit: 50, offset: 0 }))).code).toBe('unreachable')
    const other = await serve(json({ hello: 'world' }))
    expect((await failureOf(other.api.list({ limit: 50, offset: 0 }))).code).toBe('unreachable')
  })

  it('gives up on a server that accepts and stays silent', async () => {
    const { api } = await serve(undefined)
    expect((await failureOf(api.get('tide'))).code).toBe('unreachable')
  })

  it('gives up at once on a port where nobody listens', async () => {
    const { api } = await serve(json(tide))
    const server = open.pop()
    await new Promise((resolve) => server?.close(resolve))
    expect((await failureOf(api.get('tide'))).code).toBe('unreachable')
  })

  it('keeps what the server says about itself', async () => {
    const full = await serve(
      json({ error: { code: 'full', message: 'the disk is full', retryable: true } }, 503),
    )
    const error = await failureOf(full.api.rename('tide', 'Ebb'))
    expect(error.code).toBe('unavailable')
    expect(inWords(error, 'rename the document')).toBe('Weft could not rename the document: the disk is full')
  })
})
