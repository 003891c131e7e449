import { ProtocolError, Reader } from '@weft/protocol'
import { describe, expect, it, vi } from 'vitest'
import * as Y from 'yjs'
import { structAt } from './struct-at.ts'
import { recordUpdates, seeds } from './testing/random-edits.ts'
import {
  readLayout,
  readOwnLayout,
  readOwnLayoutInTurns,
  type Section,
  type UpdateLayout,
} from './update-layout.ts'

function bytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'))
}

/** The code with which `update` was refused, `undefined` when it was not. Anything but a ProtocolError fails the test. */
function refusal(update: Uint8Array): string | undefined {
  try {
    readLayout(update)
    return undefined
  } catch (error) {
    if (error instanceof ProtocolError) return error.code
    throw error
  }
}

function decodes(update: Uint8Array): boolean {
  try {
    // A copy: lib0 would read beyond the end of a window on a larger buffer.
    Y.decodeUpdate(new Uint8Array(update))
    return true
  } catch {
    return false
  }
}

/** All structs of a section, each found from a clock in its middle. */
function structsOf(layout: UpdateLayout, section: Section): { clock: number; end: number }[] {
  const found: ReturnType<typeof structAt>[] = []
  for (let { clock } = section; clock < section.end; clock = found.at(-1)?.end ?? section.end) {
    const struct = structAt(layout, section, clock)
    const middle = (struct.clock + struct.end - 1) >> 1
    found.push(structAt(layout, section, middle))
    expect(found.at(-1)?.index).toBe(found.length - 1)
  }
  return found
}

describe('readLayout', () => {
  it('finds the structs and deletes that Yjs finds', () => {
    for (const seed of seeds(20)) {
      const { docs, updates } = recordUpdates(seed, 3, 40)
      for (const update of [
        ...updates,
        ...docs.map((doc) => Y.encodeStateAsUpdate(doc)),
        Y.mergeUpdates(updates),
      ]) {
        const layout = readLayout(update)
        const { structs, ds } = Y.decodeUpdate(update)
        const ours = layout.sections.flatMap((section) =>
          structsOf(layout, section).map(({ clock, end }) => [section.client, clock, end]),
        )
        expect(ours, `SEED=${seed}`).toEqual(
          structs
            .filter(({ constructor }) => constructor.name !== 'Skip')
            .map(({ id, length }) => [id.client, id.clock, id.clock + length]),
        )
        const deletes = [...ds.clients].flatMap(([client, ranges]) =>
          ranges.flatMap(({ clock, len }) => [client, clock, clock + len]),
        )
        expect(layout.deletes, `SEED=${seed}`).toEqual(deletes)
      }
    }
  })

  it('refuses every truncation', () => {
    const { updates } = recordUpdates(7, 2, 30)
    for (const update of updates)
      for (let end = 0; end < update.length; end++) expect(refusal(update.subarray(0, end))).toBeDefined()
  })

  it('accepts no flipped bit and no random bytes that Yjs could not decode', () => {
    for (const seed of seeds(4)) {
      const { updates } = recordUpdates(seed, 2, 25)
      for (const update of updates)
        for (let bit = 0; bit < update.length * 8; bit++) {
          const flipped = new Uint8Array(update)
          flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
          const accepted = refusal(flipped) === undefined
          expect(accepted && !decodes(flipped), `SEED=${seed} ${Buffer.from(flipped).toString('hex')}`).toBe(
            false,
          )
        }
    }
  })

  it('never reads beyond its window on a larger buffer', () => {
    const doc = new Y.Doc()
    doc.getText('t').insert(0, 'some words')
    const update = Y.encodeStateAsUpdate(doc)
    const larger = new Uint8Array(update.length + 100).fill(65)
    larger.set(update, 3)
    expect(refusal(larger.subarray(3, 3 + update.length - 4))).toBe('truncated')
  })

  it.each([
    ['bytes after the delete set', '000000', 'trailing'],
    ['malformed bytes that stock servers swallow', '09090909', 'truncated'],
    ['a client after a lower one', '02010100000501020000010100', 'invalid'],
    ['an empty section', '0100050000', 'invalid'],
    ['a struct of no length', '01010500000000', 'invalid'],
    ['an empty delete range', '00010501000000', 'invalid'],
    ['a clock burn: a GC of 2^40 clocks in 15 bytes', '010105040080808080802000', 'invalid'],
    ['deletes out of order', '00010502050200 01'.replace(' ', ''), 'invalid'],
    ['deletes of a client twice', '0002050100010501 0501'.replace(' ', ''), 'invalid'],
    ['text that is not UTF-8', '010105000401017402c32800', 'invalid'],
    ['half a surrogate pair', '010105000401017403eda08000', 'invalid'],
    ['an item that leans on itself', '01010500840500016100', 'invalid'],
    ['a type that does not exist', '01010500070101740900', 'invalid'],
    ['a format that is not JSON', '0101050006010174016b017b00', 'invalid'],
  ])('refuses %s', (_what, hex, code) => {
    expect(refusal(bytes(hex))).toBe(code)
  })

  it('refuses values nested so deep that decoding them would exhaust a stack', () => {
    const deep = (kind: string, nesting: number): Uint8Array =>
      bytes(`0101050008010174 01 ${kind.repeat(nesting)} 7e 00`.replaceAll(' ', ''))
    expect(refusal(deep('7501', 100))).toBeUndefined()
    expect(refusal(deep('7501', 100_000))).toBe('invalid')
    const json = `${'['.repeat(5_000)}${']'.repeat(5_000)}`
    const doc = new Y.Doc()
    doc.getText('t').insertEmbed(0, { json: 1 })
    const update = Buffer.from(Y.encodeStateAsUpdate(doc))
    const at = update.indexOf('{"json":1}')
    const length = [0x80 | (json.length & 127), json.length >> 7]
    const nested = Buffer.concat([
      update.subarray(0, at - 1),
      Buffer.from(length),
      Buffer.from(json),
      update.subarray(at + 10),
    ])
    expect(refusal(nested)).toBe('invalid')
  })

  it.each(['1e999', '[{"a":-1e400}]', '9'.repeat(400)])(
    'refuses a number that replicas write down as null, but reads it where it is stored: %s',
    (json) => {
      const length = json.length < 128 ? [json.length] : [0x80 | (json.length & 127), json.length >> 7]
      const embed = Buffer.concat([
        Buffer.from('01010500050101 74'.replace(' ', ''), 'hex'),
        Buffer.from(length),
        Buffer.from(json),
        Buffer.of(0),
      ])
      expect(refusal(embed)).toBe('invalid')
      expect(readOwnLayout(embed).sections).toHaveLength(1)
    },
  )

  it.each([
    ['bytes', '74 01 07'],
    ['an object', '76 00'],
    ['nothing', '7e'],
  ])(
    'refuses %s under __proto__, which replicas would inherit from, but reads it where it is stored',
    (_what, hex) => {
      const keyOf = (length: string): Uint8Array =>
        bytes(`01010500 08010174 01 76 01 ${length} 5f5f70726f746f5f5f ${hex} 00`.replaceAll(' ', ''))
      for (const length of ['09', '8900']) {
        expect(refusal(keyOf(length))).toBe('invalid')
        expect(readOwnLayout(keyOf(length)).sections).toHaveLength(1)
      }
    },
  )

  it('takes keys that only look like __proto__', () => {
    const doc = new Y.Doc()
    doc.getArray('a').push([{ a__proto__: 1, ['__proto_']: [{ constructor: 2 }] }])
    expect(refusal(Y.encodeStateAsUpdate(doc))).toBeUndefined()
  })

  it('takes large numbers and text that only looks like one too large', () => {
    const doc = new Y.Doc()
    doc.getText('t').insertEmbed(0, { most: Number.MAX_VALUE, text: '1e999', less: -1e300 })
    expect(refusal(Y.encodeStateAsUpdate(doc))).toBeUndefined()
  })

  it('lets a library through that was written and deleted again, in a dozen bytes', () => {
    const doc = new Y.Doc()
    const text = doc.getText('t')
    for (let book = 0; book < 30; book++) {
      text.insert(0, 'x'.repeat(1_000_000))
      text.delete(0, 1_000_000)
    }
    const update = Y.encodeStateAsUpdate(doc)
    expect(update.length).toBeLessThan(40)
    expect(refusal(update)).toBeUndefined()
  })

  it('reads the same in turns, however little is read in each', () => {
    // Of two clients, of one with Skips at the beginning, in the middle and at the end.
    const skips = bytes('02 05 0900 0a02 0001 0001 0a01 0003 | 01 0500 0002 | 00'.replaceAll(/[ |]/g, ''))
    const all = [skips, ...seeds(20).map((seed) => Y.mergeUpdates(recordUpdates(seed, 3, 60).updates))]
    const read = vi.spyOn(Reader.prototype, 'varUint')
    for (const update of all)
      for (const aTurn of [1, 2, 3, 7]) {
        read.mockClear()
        const reading = readOwnLayoutInTurns(update, aTurn)
        const turns: number[] = []
        let step = reading.next()
        for (; step.done !== true; step = reading.next()) {
          turns.push(read.mock.calls.length)
          read.mockClear()
        }
        turns.push(read.mock.calls.length)
        const whole = readOwnLayout(update)
        expect(step.value).toEqual(whole)
        const { sections, deletes } = whole
        const structs = sections.reduce((sum, section) => sum + section.structs, 0)
        expect(turns.length).toBeGreaterThan((structs + deletes.length / 3) / aTurn)
        // A struct says at most where it is, in what, under which key, and how long; before it stand three of its section.
        expect(Math.max(...turns)).toBeLessThanOrEqual(12 * aTurn + 3)
      }
    read.mockRestore()
  })

  it('names what arrives deleted side by side as one range, in however many structs', () => {
    // Client 5 has five of one clock, and after a Skip of one clock another one.
    const layout = readLayout(bytes('01070500000100010001000100010a01000100'))
    expect([layout.dead, layout.sections.map(({ structs }) => structs)]).toEqual([
      [5, 0, 5, 5, 6, 7],
      [5, 1],
    ])
  })

  it('lets 2^17 clients through in one update, and not one more; of what is stored any number', () => {
    const inThree = (value: number): number[] => [
      0x80 | (value & 127),
      0x80 | ((value >> 7) & 127),
      value >> 14,
    ]
    const [most, more] = [2 ** 17, 2 ** 17 + 1].map((clients) => {
      // Of each client one struct that is collected, of one clock.
      const structs = Array.from({ length: clients }, (_, at) => [1, ...inThree(clients - at), 0, 0, 1])
      return new Uint8Array([...inThree(clients), ...structs.flat(), 0])
    })
    if (most === undefined || more === undefined) throw new Error('two updates')
    expect(readLayout(most).sections).toHaveLength(2 ** 17)
    expect(refusal(more)).toBe('invalid')
    expect(readOwnLayout(more).sections).toHaveLength(2 ** 17 + 1)
  })

  it('lets 2^31 deleted clocks through in one update, and not one more, in however many structs', () => {
    const deleted = (...lengths: string[]): Uint8Array =>
      bytes(`010${lengths.length}0500${lengths.map((length) => `00${length}`).join('')}00`)
    expect(refusal(deleted('8080808008'))).toBeUndefined()
    expect(refusal(deleted('8180808008'))).toBe('invalid')
    expect(refusal(deleted('8080808008', '01'))).toBe('invalid')
  })
})
