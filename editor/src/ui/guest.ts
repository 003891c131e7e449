/**
 * Who somebody is before they have told us: a guest with a name people can say aloud.
 *
 * Kept in this browser only, so the same person keeps colour and name from visit to visit and can change the name.
 * A browser that refuses storage (private windows, embedded frames) gets a guest for as long as the page lives.
 */

export interface Guest {
  /** `guest-` and 16 characters; what the colour hangs on. */
  readonly id: string
  readonly name: string
}

/** The part of `localStorage` this needs. */
export interface GuestStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

const KEY = 'weft.guest'

/** Common, kind, and unlike each other when read in a 28 px circle. */
const ADJECTIVES =
  'Amber Bright Calm Clever Coral Dusky Early Gentle Golden Hazel Ivory Lively Lunar Mellow Misty Nimble Olive Quiet Rapid Rosy Silver Sunny Velvet Wise'.split(
    ' ',
  )
const ANIMALS =
  'Badger Bison Crane Dolphin Falcon Finch Fox Gecko Heron Ibis Jackdaw Kestrel Lark Lynx Marten Moth Newt Otter Owl Panda Puffin Raven Robin Seal Sparrow Stork Swift Tern Turtle Vole Wren Yak'.split(
    ' ',
  )

let ofThisPage: Guest | undefined

/**
 * @param random as `Math.random`.
 * @returns the stored guest, or a new one that is stored from now on.
 */
export function guestOf(storage: GuestStorage | undefined, random: () => number = Math.random): Guest {
  const known = read(storage)
  if (known !== undefined) return known
  const guest: Guest = {
    id: `guest-${randomId(random)}`,
    name: `${pick(ADJECTIVES, random)} ${pick(ANIMALS, random)}`,
  }
  return write(storage, guest)
}

/** Keeps the id. A blank name changes nothing. */
export function renameGuest(storage: GuestStorage | undefined, name: string): Guest {
  const guest = guestOf(storage)
  const wanted = name.trim().slice(0, 80)
  return wanted === '' ? guest : write(storage, { id: guest.id, name: wanted })
}

/** `localStorage`, where the browser lets us have it. */
export function browserStorage(): GuestStorage | undefined {
  try {
    return globalThis.localStorage
  } catch {
    return undefined
  }
}

function read(storage: GuestStorage | undefined): Guest | undefined {
  if (storage === undefined) return ofThisPage
  try {
    const value: unknown = JSON.parse(storage.getItem(KEY) ?? 'null')
    if (typeof value !== 'object' || value === null) return ofThisPage
    const { id, name } = value as Record<string, unknown>
    return typeof id === 'string' && id !== '' && typeof name === 'string' && name !== ''
      ? { id, name }
      : undefined
  } catch {
    return ofThisPage
  }
}

function write(storage: GuestStorage | undefined, guest: Guest): Guest {
  ofThisPage = guest
  try {
    storage?.setItem(KEY, JSON.stringify(guest))
  } catch {
    // Storage that is full or forbidden: `ofThisPage` serves until the page goes.
  }
  return guest
}

function pick(words: readonly string[], random: () => number): string {
  return words[Math.floor(random() * words.length)] ?? ''
}

function randomId(random: () => number): string {
  const digits = 'abcdefghijklmnopqrstuvwxyz234567'
  return Array.from({ length: 16 }, () => digits[Math.floor(random() * 32)]).join('')
}
