import { ProtocolError, Reader } from '@weft/protocol'
import { describe, expect, it } from 'vitest'
import { DeleteSetReader } from './delete-set-reader.ts'

/** Counts the numbers that it reads. */
class CountingReader extends Reader {
  count = 0

  override varUint(): number {
    this.count++
    return super.varUint()
  }
}

const readerOf = (hex: string): CountingReader =>
  new CountingReader(new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex')))

function readAll(hex: string, isSent = false): Pick<DeleteSetReader, 'deletes' | 'tidy'> {
  const deleteSet = new DeleteSetReader(readerOf(hex), isSent)
  deleteSet.readAll()
  const { deletes, tidy } = deleteSet
  return { deletes, tidy }
}

describe('DeleteSetReader', () => {
  it('tidies deletes that touch or overlap, as old versions of Yjs leave them', () => {
    // Of client 5: [0, 3), [1, 3), [2, 6), [6, 7), [9, 10).
    expect(readAll('01 0505 0003 0102 0204 0601 0901', true)).toEqual({
      deletes: [5, 0, 7, 5, 9, 10],
      tidy: false,
    })
    expect(readAll('01 0502 0007 0901', true)).toEqual({ deletes: [5, 0, 7, 5, 9, 10], tidy: true })
  })

  // Of client 5: [5, 7), [0, 1), then of 5 again: [3, 6).
  const disordered = '02 0502 0502 0001 0501 0303'

  it('reads what is stored out of order all the same, and refuses it of somebody', () => {
    expect(readAll(disordered)).toEqual({ deletes: [5, 0, 1, 5, 3, 7], tidy: false })
    expect(() => readAll(disordered, true)).toThrow(ProtocolError)
  })

  it.each([
    ['ranges of one client', `01 05 64 ${evenClocks(100)}`, 100],
    [
      'clients of one range',
      `64 ${Array.from({ length: 100 }, (_, client) => `${hexOf(client)}010001`).join('')}`,
      200,
    ],
    [
      'clients of no range',
      `64 ${Array.from({ length: 100 }, (_, client) => `${hexOf(client)}00`).join('')}`,
      100,
    ],
  ])('reads %s in turns, none of which takes longer than it may', (_what, hex, work) => {
    for (const aTurn of [1, 2, 3, 7, 1_000]) {
      const reader = readerOf(hex)
      const deleteSet = new DeleteSetReader(reader, false)
      const turns: number[] = []
      const reading = deleteSet.readInTurns(aTurn)
      for (let isDone = false; !isDone; ) {
        reader.count = 0
        isDone = reading.next().done === true
        turns.push(reader.count)
      }
      const { deletes, tidy } = deleteSet
      expect({ deletes, tidy }).toEqual(readAll(hex))
      // A range is two numbers, as the head of a client is.
      expect(Math.max(...turns)).toBeLessThanOrEqual(2 * aTurn)
      expect(turns.length).toBeGreaterThanOrEqual(work / aTurn)
    }
  })

  it('goes on with a turn in which something else was read before', () => {
    const reader = readerOf(`01 05 0a ${evenClocks(10)}`)
    const reading = new DeleteSetReader(reader, false).readInTurns(6, 4)
    reader.count = 0
    reading.next()
    expect(reader.count, 'two of six were left').toBe(2 * 2)
  })

  it('sorts in turns too', () => {
    const deleteSet = new DeleteSetReader(readerOf(disordered), false)
    let turns = 0
    for (const _ of deleteSet.readInTurns(1)) turns++
    // Five are read, three put where they belong, two written down.
    expect(turns).toBeGreaterThanOrEqual(5 + 3 + 2 - 1)
    expect(deleteSet.deletes).toEqual(readAll(disordered).deletes)
  })
})

function hexOf(value: number): string {
  return value.toString(16).padStart(2, '0')
}

/** Ranges of one clock that do not touch, as many as a byte can say. */
function evenClocks(count: number): string {
  const clock = (at: number): string => (at < 64 ? hexOf(2 * at) : `${hexOf(0x80 | ((2 * at) & 127))}01`)
  return Array.from({ length: count }, (_, at) => `${clock(at)}01`).join('')
}
