import { describe, expect, it } from 'vitest'
import { type Api, ApiError, type DocumentInfo } from './api.ts'
import { DocumentSource } from './document-source.ts'
import { createKnown } from './known.ts'
import { createStorage } from './storage.ts'

const tide: DocumentInfo = {
  id: 'tide',
  title: 'Tide tables',
  kind: 'weft',
  createdAt: 1,
  updatedAt: 2,
  trashedAt: null,
}
const unreachable = new ApiError('unreachable', 'no answer')
const notFound = new ApiError('not-found', 'no such document')

/** `answer` is what the server says next: a document, an error, or a promise to wait for. */
function setUp(answer: DocumentInfo | ApiError | Promise<DocumentInfo>) {
  const server = { answer, restored: 0 }
  const api = {
    get: async () => {
      const given = await server.answer
      if (given instanceof ApiError) throw given
      return given
    },
    restore: () => {
      server.restored++
      server.answer = tide
      return Promise.resolve()
    },
  } as unknown as Api
  const known = createKnown(createStorage(undefined))
  const source = new DocumentSource({ id: 'tide', api, known, changed: () => undefined })
  return { server, source, known }
}

describe('DocumentSource', () => {
  it('shows a document of the server and remembers that it was opened here', async () => {
    const { source, known } = setUp(tide)
    await source.ask()
    expect(source.state).toEqual({ kind: 'shown', document: tide, remark: undefined })
    expect(known.opened('tide')).toEqual(tide)
  })

  it('shows a document opened here before when the server is away, and not one that never was', async () => {
    const known = setUp(unreachable)
    known.known.rememberOpened(tide)
    await known.source.ask()
    expect(known.source.state).toMatchObject({ kind: 'shown', document: { title: 'Tide tables' } })

    const unknown = setUp(unreachable)
    await unknown.source.ask()
    expect(unknown.source.state).toEqual({ kind: 'unreachable' })
  })

  it('does not wait for a silent server longer than patience lasts, if the document is here', async () => {
    const silent = new Promise<DocumentInfo>(() => undefined)
    const { source, known } = setUp(silent)
    known.rememberOpened(tide)
    const patience = Promise.withResolvers<void>()
    void source.ask(patience.promise)
    expect(source.state.kind).toBe('asking')
    patience.resolve()
    await expect.poll(() => source.state.kind).toBe('shown')
  })

  it('never mounts an id the server does not have, which would create it there', async () => {
    const { source, known } = setUp(notFound)
    await source.ask()
    expect(source.state).toEqual({ kind: 'missing', known: undefined })
    source.bringBack()
    expect(source.state.kind).toBe('missing')

    known.rememberOpened(tide)
    await source.ask()
    expect(source.state).toMatchObject({ kind: 'missing', known: { id: 'tide' } })
    source.bringBack()
    expect(source.state.kind).toBe('shown')
  })

  it('keeps an open document on the screen whatever becomes of it, with a remark', async () => {
    const { source, server } = setUp(tide)
    await source.ask()
    server.answer = { ...tide, trashedAt: 9 }
    await source.ask()
    expect(source.state).toMatchObject({ kind: 'shown', remark: 'trashed' })
    server.answer = notFound
    await source.ask()
    expect(source.state).toMatchObject({ kind: 'shown', remark: 'deleted' })
    server.answer = unreachable
    await source.ask()
    expect(source.state).toMatchObject({ kind: 'shown', document: { title: 'Tide tables' } })
  })

  it('offers a trashed document for restoring and shows it afterwards', async () => {
    const { source, server } = setUp({ ...tide, trashedAt: 9 })
    await source.ask()
    expect(source.state.kind).toBe('trashed')
    await source.restore()
    expect(server.restored).toBe(1)
    expect(source.state.kind).toBe('shown')
  })

  it('never opens a document of another application in the editor', async () => {
    const { source, known } = setUp({ ...tide, kind: 'yjs' })
    await source.ask()
    expect(source.state.kind).toBe('foreign')
    expect(known.opened('tide')).toBeUndefined()
  })

  it('takes a title heard on the connection for a reason to ask, for it may be older than my own', async () => {
    const { source, server } = setUp(tide)
    await source.ask()
    server.answer = { ...tide, title: 'Ebb' }
    source.renamed('Ebb')
    source.heard('Tide tables')
    expect(source.state).toMatchObject({ document: { title: 'Ebb' } })
    server.answer = { ...tide, title: 'Flood' }
    source.heard('Flood')
    await expect.poll(() => source.state).toMatchObject({ document: { title: 'Flood' } })
  })

  it('drops an answer from before my own rename', async () => {
    const slow = Promise.withResolvers<DocumentInfo>()
    const { source, server } = setUp(tide)
    await source.ask()
    server.answer = slow.promise
    const asked = source.ask()
    server.answer = { ...tide, title: 'Ebb' }
    source.renamed('Ebb')
    slow.resolve(tide)
    await asked
    expect(source.state).toMatchObject({ document: { title: 'Ebb' } })
  })

  it('keeps the newest title for the day the server is away', async () => {
    const { source, known } = setUp(tide)
    await source.ask()
    source.renamed('Ebb and flow')
    expect(source.state).toMatchObject({ document: { title: 'Ebb and flow' } })
    expect(known.opened('tide')?.title).toBe('Ebb and flow')
  })
})
