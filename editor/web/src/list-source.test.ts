import { describe, expect, it } from 'vitest'
import { type Api, ApiError, type DocumentInfo, type DocumentPage } from './api.ts'
import { createKnown } from './known.ts'
import { ListSource } from './list-source.ts'
import { createStorage } from './storage.ts'

const document = (id: string, title = id): DocumentInfo => ({
  id,
  title,
  kind: 'weft',
  createdAt: 1,
  updatedAt: 1,
  trashedAt: null,
})

interface Server {
  documents: DocumentInfo[]
  /** `down`: no answer. A promise: the answer waits for it. */
  mood: 'up' | 'down'
  readonly asked: string[]
  hold: Promise<void> | undefined
}

/** An API over a plain array that answers when and as the test says. */
function setUp(documents: DocumentInfo[]) {
  const server: Server = { documents, mood: 'up', asked: [], hold: undefined }
  const list: Api['list'] = async ({
    search = '',
    trashed = false,
    limit,
    offset,
  }): Promise<DocumentPage> => {
    server.asked.push(`${search}@${offset}`)
    const { hold } = server
    await hold
    if (server.mood === 'down') throw new ApiError('unreachable', 'no answer')
    const all = server.documents.filter(
      (entry) => entry.title.includes(search) && (entry.trashedAt !== null) === trashed,
    )
    return { documents: all.slice(offset, offset + limit), total: all.length }
  }
  const known = createKnown(createStorage(undefined))
  const shown: string[] = []
  const source = new ListSource({ list } as Api, known, () => shown.push(source.state.kind))
  return { server, source, known, shown }
}

const many = (count: number): DocumentInfo[] => Array.from({ length: count }, (_, at) => document(`d${at}`))
const ids = (source: ListSource): string[] =>
  source.state.kind === 'shown' ? source.state.documents.map(({ id }) => id) : []
const all = { search: '', trashed: false }

describe('ListSource', () => {
  it('shows 50 of 120, and 50 more on request, asking for pages of 50', async () => {
    const { source, server } = setUp(many(120))
    await source.ask(all)
    expect(ids(source)).toHaveLength(50)
    await source.showMore()
    expect(ids(source)).toHaveLength(100)
    expect(source.state).toMatchObject({ total: 120 })
    expect(server.asked).toEqual(['@0', '@0', '@50'])
  })

  it('ends when the list shrinks while it is read', async () => {
    const { source, server } = setUp(many(120))
    await source.ask(all)
    await source.showMore()
    server.documents = many(60)
    await source.refresh()
    expect(ids(source)).toHaveLength(60)
  })

  it('keeps what is shown, with a remark, when the server goes away', async () => {
    const { source, server } = setUp([document('a'), document('b')])
    await source.ask(all)
    server.mood = 'down'
    await source.refresh()
    expect(ids(source)).toEqual(['a', 'b'])
    expect(source.state).toMatchObject({ stale: { unreachable: true } })
    server.mood = 'up'
    await source.refresh()
    expect(source.state).toMatchObject({ stale: undefined })
  })

  it('shows the list of the last visit when the server is away from the start, and searches in it', async () => {
    const { source, server, known, shown } = setUp([])
    known.rememberList({ documents: [document('a', 'Tide tables'), document('b', 'Budget')], total: 2 })
    server.mood = 'down'
    await source.ask(all)
    expect(ids(source)).toEqual(['a', 'b'])
    await source.ask({ search: 'tide', trashed: false })
    expect(ids(source)).toEqual(['a'])
    expect(shown).not.toContain('failed')
  })

  it('fails only where nothing is known: never an empty list that looks like loss', async () => {
    const { source, server } = setUp(many(3))
    server.mood = 'down'
    await source.ask(all)
    expect(source.state).toMatchObject({ kind: 'failed', unreachable: true })
  })

  it('does not put a document back that was dropped while an older answer was on its way', async () => {
    const { source, server } = setUp([document('a'), document('b')])
    await source.ask(all)
    const { promise, resolve } = Promise.withResolvers<void>()
    server.hold = promise
    const refreshed = source.refresh()
    source.drop('a')
    resolve()
    await refreshed
    expect(ids(source)).toEqual(['b'])
    expect(source.state).toMatchObject({ total: 1 })
  })

  it('puts a document back where it was that was dropped and could not be thrown away, and once', async () => {
    const { source, server } = setUp([document('a'), document('b'), document('c')])
    await source.ask(all)
    const putBack = source.drop('b')
    server.mood = 'down'
    await source.refresh()
    expect(ids(source)).toEqual(['a', 'c'])
    putBack()
    putBack()
    expect(ids(source)).toEqual(['a', 'b', 'c'])
    expect(source.state).toMatchObject({ total: 3, stale: { unreachable: true } })
  })

  it('does not put a dropped document into the answer to something else', async () => {
    const { source } = setUp([document('a', 'tide'), document('b', 'budget')])
    await source.ask(all)
    const putBack = source.drop('a')
    await source.ask({ search: 'budget', trashed: false })
    putBack()
    expect(ids(source)).toEqual(['b'])
  })

  it('shows the answer to the last search, whichever arrives first', async () => {
    const { source, server } = setUp([document('a', 'tide'), document('b', 'budget')])
    const slow = Promise.withResolvers<void>()
    server.hold = slow.promise
    const first = source.ask({ search: 'tide', trashed: false })
    server.hold = undefined
    await source.ask({ search: 'budget', trashed: false })
    slow.resolve()
    await first
    expect(ids(source)).toEqual(['b'])
  })
})
