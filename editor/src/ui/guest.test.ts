import { describe, expect, it } from 'vitest'
import { type GuestStorage, guestOf, renameGuest } from './guest.ts'

const memory = (): GuestStorage => {
  const map = new Map<string, string>()
  return { getItem: (key) => map.get(key) ?? null, setItem: (key, value) => void map.set(key, value) }
}

describe('a guest', () => {
  it('is the same person on the next visit, and keeps the id through a rename', () => {
    const storage = memory()
    const first = guestOf(storage)
    expect(first.name).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/)
    expect(guestOf(storage)).toEqual(first)
    expect(renameGuest(storage, '  Ada ')).toEqual({ id: first.id, name: 'Ada' })
    expect(guestOf(storage).name).toBe('Ada')
    expect(renameGuest(storage, '   ').name).toBe('Ada')
  })

  it('lasts as long as the page where storage is refused', () => {
    const refused: GuestStorage = {
      getItem: () => {
        throw new Error('denied')
      },
      setItem: () => {
        throw new Error('denied')
      },
    }
    const guest = guestOf(refused)
    expect(guestOf(refused)).toEqual(guest)
  })

  it('starts anew over a stored value that is not one', () => {
    const storage = memory()
    storage.setItem('weft.guest', '{"id":7}')
    expect(guestOf(storage).id).toMatch(/^guest-[a-z2-7]{16}$/)
  })
})
