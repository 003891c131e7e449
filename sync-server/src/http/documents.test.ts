import { describe, expect, it } from 'vitest'
import { fields, OWN, openApp, refusalOf } from '../../test/open-app.ts'

const root = '/api/v1/documents'

async function withDocument(title = 'Notes') {
  const opened = await openApp()
  const made = await fields(await opened.ask('POST', root, { body: { title } }))
  return { ...opened, id: String(made['id']) }
}

describe('POST /documents', () => {
  it('makes a document under a random id of 128 bits', async () => {
    const { ask } = await openApp()
    const response = await ask('POST', root, { body: { title: 'Notes' } })
    const made = await fields(response)
    expect(response.status).toBe(201)
    expect(made).toMatchObject({ title: 'Notes', kind: 'weft', trashedAt: null, lastSeq: 0 })
    expect(made['id']).toMatch(/^[A-Za-z0-9_-]{22}$/)
    expect(response.headers.get('location')).toBe(`${root}/${String(made['id'])}`)
    const other = await fields(await ask('POST', root, { body: {} }))
    expect(other['title']).toBe('')
    expect(other['id']).not.toBe(made['id'])
  })

  it('keeps a title on one line and without characters that cannot be seen', async () => {
    const { ask } = await openApp()
    const made = await fields(await ask('POST', root, { body: { title: ' a\n\tb\u0000\u202Ec\uD800 ' } }))
    expect(made['title']).toBe('a bc')
  })

  it.each([
    ['no JSON', '{', 400, 'bad-request'],
    ['nothing', '', 400, 'bad-request'],
    ['a list', [], 400, 'bad-request'],
    ['an unknown key', { titel: 'x' }, 400, 'bad-request'],
    ['a second id', { title: 'x', id: 'mine' }, 400, 'bad-request'],
    ['a prototype', '{"__proto__":{"polluted":true}}', 400, 'bad-request'],
    ['a constructor', '{"constructor":{"prototype":{"polluted":true}}}', 400, 'bad-request'],
    ['a title that is not text', { title: 1 }, 400, 'bad-request'],
    ['a title that is too long', { title: 'x'.repeat(201) }, 400, 'bad-request'],
  ])('refuses %s', async (_name, body, status, code) => {
    const { ask, store } = await openApp()
    const response = await ask('POST', root, { body })
    expect(response.status).toBe(status)
    expect(await refusalOf(response)).toBe(code)
    expect((await store.list()).total).toBe(0)
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', ''])(
    'refuses JSON that is declared as %j',
    async (type) => {
      const { ask } = await openApp()
      const response = await ask('POST', root, { body: '{}', headers: { 'Content-Type': type } })
      expect(response.status).toBe(415)
      expect(await refusalOf(response)).toBe('unsupported-media-type')
    },
  )

  it('takes a body that is cut short for the fault of who sends it', async () => {
    const { app, store } = await openApp()
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode('{"title":'))
        controller.error(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }))
      },
    })
    const headers = { Host: new URL(OWN).host, 'Content-Type': 'application/json' }
    const cut: RequestInit & { duplex: 'half' } = { method: 'POST', headers, body, duplex: 'half' }
    const response = await app.request(`${OWN}${root}`, cut)
    expect(response.status).toBe(400)
    expect(await refusalOf(response)).toBe('bad-request')
    expect((await store.list()).total).toBe(0)
  })

  it('refuses a body above the limit', async () => {
    const { ask, store } = await openApp({ settings: { maxJsonBytes: 1_024 } })
    const response = await ask('POST', root, { body: { title: 'x'.repeat(2_000) } })
    expect(response.status).toBe(413)
    expect(await refusalOf(response)).toBe('too-large')
    expect((await store.list()).total).toBe(0)
  })
})

describe('GET /documents', () => {
  it('lists by page and by part of a title, without the trash', async () => {
    const { ask } = await openApp()
    const ids: string[] = []
    for (const title of ['Meeting one', 'Shopping', 'Meeting two'])
      ids.push(String((await fields(await ask('POST', root, { body: { title } })))['id']))
    await ask('DELETE', `${root}/${ids[0]}`)

    const all = await fields(await ask('GET', root))
    expect(all['total']).toBe(2)
    const page = await fields(await ask('GET', `${root}?limit=1&offset=1`))
    expect(page).toMatchObject({ total: 2 })
    expect(page['documents']).toHaveLength(1)
    expect(await fields(await ask('GET', `${root}?search=MEETING`))).toMatchObject({
      total: 1,
      documents: [{ id: ids[2], trashedAt: null }],
    })
    const trash = await fields(await ask('GET', `${root}?trashed=true`))
    expect(trash).toMatchObject({ total: 1, documents: [{ id: ids[0], trashedAt: expect.any(Number) }] })
  })

  it.each(['limit=0', 'limit=201', 'limit=ten', 'offset=-1', 'trashed=yes', 'limt=1', 'search=a&search=b'])(
    'refuses ?%s',
    async (query) => {
      const { ask } = await openApp()
      const response = await ask('GET', `${root}?${query}`)
      expect(response.status).toBe(400)
      expect(await refusalOf(response)).toBe('bad-request')
    },
  )
})

describe('PATCH /documents/:id', () => {
  it('renames and tells the people who have it open', async () => {
    const { ask, id, told } = await withDocument()
    const response = await ask('PATCH', `${root}/${id}`, { body: { title: ' Plans ' } })
    expect(await fields(response)).toMatchObject({ id, title: 'Plans' })
    expect(await fields(await ask('GET', `${root}/${id}`))).toMatchObject({ title: 'Plans' })
    expect(told).toEqual([['notify', id, { kind: 'renamed', title: 'Plans' }]])
  })

  it('tells nobody when there is nothing to rename', async () => {
    const { ask, told } = await withDocument()
    const response = await ask('PATCH', `${root}/unknown`, { body: { title: 'x' } })
    expect(response.status).toBe(404)
    expect(await refusalOf(response)).toBe('not-found')
    expect(told).toEqual([])
  })
})

describe('DELETE /documents/:id', () => {
  it('moves to the trash and closes the sockets of whoever has it open', async () => {
    const { ask, id, told } = await withDocument()
    expect(await fields(await ask('DELETE', `${root}/${id}`))).toMatchObject({
      id,
      trashedAt: expect.any(Number),
    })
    expect(told).toEqual([['close', id, 4404, 'moved to the trash']])
  })

  it('removes for good only what is in the trash', async () => {
    const { ask, id } = await withDocument()
    const early = await ask('DELETE', `${root}/${id}?permanently=true`)
    expect(early.status).toBe(409)
    expect(await refusalOf(early)).toBe('not-in-trash')
    await ask('DELETE', `${root}/${id}`)
    expect((await ask('DELETE', `${root}/${id}?permanently=true`)).status).toBe(204)
    expect((await ask('GET', `${root}/${id}`)).status).toBe(404)
  })
})

describe('POST /documents/:id/restore', () => {
  it('takes a document out of the trash', async () => {
    const { ask, id } = await withDocument()
    await ask('DELETE', `${root}/${id}`)
    expect(await fields(await ask('POST', `${root}/${id}/restore`))).toMatchObject({ id, trashedAt: null })
    expect(await fields(await ask('GET', root))).toMatchObject({ total: 1 })
  })
})

describe('a document id', () => {
  it.each([
    '..%2f..%2fetc%2fpasswd',
    '%2e%2e',
    '..%5c',
    'a%00b',
    'a%20b',
    'a.b',
    '%E2%80%A4',
    'x'.repeat(129),
    '%FF',
  ])('%s is refused on every route that takes one', async (id) => {
    const { ask } = await withDocument()
    const body = { title: 'x' }
    for (const [method, path, options] of [
      ['GET', `${root}/${id}`, {}],
      ['PATCH', `${root}/${id}`, { body }],
      ['DELETE', `${root}/${id}`, {}],
      ['POST', `${root}/${id}/restore`, {}],
    ] as const) {
      const response = await ask(method, path, options)
      // What dots make of a path is decided before there is a route: then it is nowhere.
      expect([400, 404]).toContain(response.status)
    }
  })
})
