import { afterEach, describe, expect, it, vi } from 'vitest'
import { structAt, structsOf } from './struct-at.ts'
import { StructWalk } from './struct-walk.ts'
import { readOwnLayout } from './update-layout.ts'

const PAIRS = 500
const CLIENT = 5
const OTHER = 6

/** One client's structs: what is collected and a letter behind somebody else's, in turns. */
function update(): Uint8Array {
  const bytes: number[] = []
  const number = (value: number): void => {
    for (let rest = value; ; rest = Math.floor(rest / 128)) {
      bytes.push(rest > 127 ? (rest & 127) | 128 : rest)
      if (rest <= 127) return
    }
  }
  for (const head of [1, 2 * PAIRS, CLIENT, 0]) number(head)
  for (let clock = 0; clock < PAIRS; clock += 1) {
    bytes.push(0, 1)
    bytes.push(0x84, OTHER)
    number(clock)
    bytes.push(1, 97)
  }
  number(0)
  return Uint8Array.from(bytes)
}

/** The most that a walk has held of what it passed. */
function mostHeld(): () => number {
  const struct = Reflect.get(StructWalk.prototype, 'struct')
  let most = 0
  vi.spyOn(StructWalk.prototype, 'struct').mockImplementation(function (this: StructWalk, ...where) {
    const length = struct.apply(this, where)
    most = Math.max(most, this.references.length, this.dead.length)
    return length
  })
  return () => most
}

afterEach(() => void vi.restoreAllMocks())

describe('a search for structs in an update', () => {
  const layout = readOwnLayout(update())
  const [section] = layout.sections
  if (section === undefined) throw new Error('no section')

  it('for the last one holds nothing of the others', () => {
    const held = mostHeld()
    expect(structAt(layout, section, section.end - 1).index).toBe(2 * PAIRS - 1)
    expect(held()).toBe(3)
  })

  it('for all of them holds one at a time', () => {
    const held = mostHeld()
    expect([...structsOf(layout, section)]).toHaveLength(2 * PAIRS)
    expect(held()).toBe(3)
  })
})
