import { describe, expect, it } from 'vitest'
import type { DocumentInfo } from './api.ts'
import { createKnown } from './known.ts'
import { createStorage } from './storage.ts'

const document = (id: string, title = id): DocumentInfo => ({
  id,
  title,
  kind: 'weft',
  createdAt: 1,
  updatedAt: 1,
  trashedAt: null,
})

/** A browser's storage that refuses, as with blocked cookies or a full quota. */
const refusing = {
  getItem: () => {
    throw new Error('blocked')
  },
  setItem: () => {
    throw new Error('quota')
  },
} as unknown as globalThis.Storage

function browserStorage(): globalThis.Storage {
  const values = new Map<string, string>()
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
  } as unknown as globalThis.Storage
}

describe('createKnown', () => {
  it('has no list before the first one, and the last one after it, in another page too', () => {
    const local = browserStorage()
    const known = createKnown(createStorage(local))
    expect(known.list()).toBeUndefined()
    known.rememberList({ documents: [document('a'), document('b')], total: 2 })
    expect(
      createKnown(createStorage(local))
        .list()
        ?.documents.map(({ id }) => id),
    ).toEqual(['a', 'b'])
  })

  it('remembers an opened document under its newest title, once, until it is forgotten', () => {
    const known = createKnown(createStorage(browserStorage()))
    known.rememberOpened(document('a', 'Draft'))
    known.rememberOpened(document('b'))
    known.rememberOpened(document('a', 'Final'))
    expect(known.opened('a')?.title).toBe('Final')
    expect(known.opened('b')?.title).toBe('b')
    known.forget('a')
    expect(known.opened('a')).toBeUndefined()
    expect(known.opened('b')).toBeDefined()
    known.forget('b')
    expect(known.hasOpened()).toBe(true)
  })

  it('lists what was made since the list was last shown, in its place, and not what was thrown away', () => {
    const known = createKnown(createStorage(browserStorage()))
    known.rememberList({ documents: [{ ...document('a'), updatedAt: 5 }, document('b')], total: 2 })
    known.rememberOpened({ ...document('new'), updatedAt: 3 })
    expect(known.list()?.documents.map(({ id }) => id)).toEqual(['a', 'new', 'b'])
    known.rememberOpened({ ...document('a'), trashedAt: 9 })
    expect(known.list()?.documents.map(({ id }) => id)).toEqual(['new', 'b'])
  })

  it('leaves out entries it cannot read instead of losing the rest', () => {
    const local = browserStorage()
    local.setItem('weft:list', JSON.stringify([{ id: 7 }, document('b'), null]))
    expect(
      createKnown(createStorage(local))
        .list()
        ?.documents.map(({ id }) => id),
    ).toEqual(['b'])
    local.setItem('weft:list', '{"cut off')
    expect(createKnown(createStorage(local)).list()).toBeUndefined()
  })

  it('works for the length of a page where the browser refuses storage', () => {
    const known = createKnown(createStorage(refusing))
    known.rememberOpened(document('a'))
    expect(known.opened('a')?.id).toBe('a')
    const without = createKnown(createStorage(undefined))
    without.rememberOpened(document('a'))
    expect(without.opened('a')?.id).toBe('a')
  })
})
