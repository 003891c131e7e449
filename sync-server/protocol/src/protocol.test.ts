import * as fc from 'fast-check'
import { createDecoder, readVarUint, readVarUint8Array } from 'lib0/decoding'
import { createEncoder, toUint8Array, writeVarUint } from 'lib0/encoding'
import { describe, expect, it } from 'vitest'
import { writePermissionDenied } from 'y-protocols/auth'
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness'
import { writeSyncStep1, writeSyncStep2, writeUpdate } from 'y-protocols/sync'
import * as Y from 'yjs'
import {
  CLOSE,
  decodeAwarenessEntries,
  decodeMessage,
  encodeAwareness,
  encodeAwarenessEntries,
  encodeDurable,
  encodeHello,
  encodeNotice,
  encodePermissionDenied,
  encodeQueryAwareness,
  encodeSyncStep1,
  encodeSyncStep2,
  encodeUpdate,
  isDocumentId,
  isPermanentClose,
  type Message,
  ProtocolError,
  ROLES,
} from './index.ts'

// `SEED=… vitest run …` replays what a failure printed.
if (process.env['SEED'] !== undefined) fc.configureGlobal({ seed: Number(process.env['SEED']) })

const payload = fc.uint8Array({ maxLength: 300 })
const text = fc.string({ unit: 'binary', maxLength: 40 }).filter((value) => value.isWellFormed())
const count = fc.maxSafeNat()
const role = fc.constantFrom(...ROLES)

const messages: fc.Arbitrary<Message> = fc.oneof(
  payload.map((stateVector): Message => ({ kind: 'sync-step-1', stateVector })),
  payload.map((update): Message => ({ kind: 'sync-step-2', update })),
  payload.map((update): Message => ({ kind: 'update', update })),
  payload.map((update): Message => ({ kind: 'awareness', update })),
  text.map((reason): Message => ({ kind: 'permission-denied', reason })),
  fc.constant<Message>({ kind: 'query-awareness' }),
  count.map((count): Message => ({ kind: 'durable', count })),
  fc
    .oneof(
      fc.constant({ kind: 'read-only' } as const),
      fc.record({
        kind: fc.constant('storage' as const),
        state: fc.constantFrom('ok' as const, 'full' as const, 'unavailable' as const),
        message: text,
      }),
      fc.record({ kind: fc.constant('role' as const), role }),
      fc.record({ kind: fc.constant('limit' as const), message: text }),
      fc.record({ kind: fc.constant('renamed' as const), title: text }),
    )
    .map((notice): Message => ({ kind: 'notice', notice })),
  fc
    .record({
      protocol: count,
      schema: count,
      role,
      principal: text,
      epoch: text,
      seq: count,
      readOnly: fc.boolean(),
      title: text,
    })
    .map((hello): Message => ({ kind: 'hello', hello })),
)

function encode(message: Message): Uint8Array {
  switch (message.kind) {
    case 'sync-step-1':
      return encodeSyncStep1(message.stateVector)
    case 'sync-step-2':
      return encodeSyncStep2(message.update)
    case 'update':
      return encodeUpdate(message.update)
    case 'awareness':
      return encodeAwareness(message.update)
    case 'permission-denied':
      return encodePermissionDenied(message.reason)
    case 'query-awareness':
      return encodeQueryAwareness()
    case 'durable':
      return encodeDurable(message.count)
    case 'notice':
      if (message.notice.kind === 'unknown') throw new Error('an unknown notice is never sent')
      return encodeNotice(message.notice)
    case 'hello':
      return encodeHello(message.hello)
  }
}

/** What `decodeMessage` threw; fails the test when it did not throw, or threw anything else. */
function refusal(bytes: Uint8Array): string {
  try {
    decodeMessage(bytes)
  } catch (error) {
    if (error instanceof ProtocolError) return error.code
    throw error
  }
  throw new Error('was accepted')
}

function thrownBy(run: () => unknown): unknown {
  try {
    run()
    return undefined
  } catch (error) {
    return error
  }
}

const refused = (thrown: unknown): boolean => thrown === undefined || thrown instanceof ProtocolError

describe('decodeMessage', () => {
  it('gives back what was encoded', () => {
    fc.assert(
      fc.property(messages, (message) => {
        expect(decodeMessage(encode(message))).toEqual(message)
      }),
    )
  })

  it('refuses every truncation with a ProtocolError', () => {
    fc.assert(
      fc.property(messages, (message) => {
        const frame = encode(message)
        for (let end = 0; end < frame.length; end++) {
          const cut = frame.subarray(0, end)
          expect(['truncated', 'invalid']).toContain(refusal(cut))
        }
      }),
      { numRuns: 40 },
    )
  })

  it('never reads past a frame that is a window on a larger buffer', () => {
    const frame = encodeUpdate(new Uint8Array(50))
    const larger = new Uint8Array(200).fill(7)
    larger.set(frame, 10)
    expect(refusal(larger.subarray(10, 10 + frame.length - 1))).toBe('truncated')
  })

  it('refuses bytes after the message', () => {
    fc.assert(
      fc.property(messages, (message) => {
        const frame = encode(message)
        const longer = new Uint8Array(frame.length + 1)
        longer.set(frame)
        expect(refusal(longer)).toBe('trailing')
      }),
    )
  })

  it('throws nothing but ProtocolError on random bytes', () => {
    const start = fc.constantFrom([], [0], [0, 0], [0, 1], [0, 2], [1], [2, 0], [3], [100], [101], [102])
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 64 }), (prefix, rest) => {
        expect(thrownBy(() => decodeMessage(Uint8Array.from([...prefix, ...rest])))).toSatisfy(refused)
      }),
      { numRuns: 5_000 },
    )
  })

  it('refuses unknown types by name', () => {
    for (const bytes of [[4], [99], [103], [0, 3], [2, 1], [255, 1]])
      expect(refusal(Uint8Array.from(bytes))).toBe('unknown-type')
  })

  it('refuses numbers above 2^53 - 1 and numbers that never end', () => {
    expect(refusal(Uint8Array.from([100, 255, 255, 255, 255, 255, 255, 255, 127]))).toBe('invalid')
    expect(refusal(Uint8Array.from([100, ...Array.from({ length: 30 }, () => 128), 0]))).toBe('invalid')
    expect(decodeMessage(encodeDurable(Number.MAX_SAFE_INTEGER))).toEqual({
      kind: 'durable',
      count: Number.MAX_SAFE_INTEGER,
    })
  })

  it('takes a number in as many as nine bytes, and not in ten', () => {
    const query = (spare: number): Uint8Array =>
      Uint8Array.from([0x83, ...Array.from({ length: spare - 1 }, () => 0x80), 0])
    expect(decodeMessage(query(8))).toEqual({ kind: 'query-awareness' })
    expect(refusal(query(9))).toBe('invalid')
  })

  it('names a notice of a newer server instead of refusing it', () => {
    const json = new TextEncoder().encode('{"kind":"confetti","amount":3}')
    expect(decodeMessage(Uint8Array.from([101, json.length, ...json]))).toEqual({
      kind: 'notice',
      notice: { kind: 'unknown', name: 'confetti' },
    })
  })
})

describe('y-protocols', () => {
  function stock(type: number, write: (encoder: ReturnType<typeof createEncoder>) => void): Uint8Array {
    const encoder = createEncoder()
    writeVarUint(encoder, type)
    write(encoder)
    return toUint8Array(encoder)
  }

  const doc = new Y.Doc()
  doc
    .getText('t')
    .insert(0, 'a longer text than one hundred and twenty-seven bytes, so that lengths take two. '.repeat(4))
  const update = Y.encodeStateAsUpdate(doc)
  const awareness = new Awareness(doc)
  awareness.setLocalState({ user: { name: 'Zoë 👩‍💻' } })
  const states = encodeAwarenessUpdate(awareness, [doc.clientID])
  awareness.destroy()

  it('writes the same bytes as our encoders', () => {
    expect(encodeSyncStep1(Y.encodeStateVector(doc))).toEqual(
      stock(0, (encoder) => writeSyncStep1(encoder, doc)),
    )
    expect(encodeSyncStep2(update)).toEqual(stock(0, (encoder) => writeSyncStep2(encoder, doc)))
    expect(encodeUpdate(update)).toEqual(stock(0, (encoder) => writeUpdate(encoder, update)))
    expect(encodePermissionDenied('no')).toEqual(stock(2, (encoder) => writePermissionDenied(encoder, 'no')))
    expect(encodeQueryAwareness()).toEqual(stock(3, () => undefined))
  })

  it('writes lengths of every size the way lib0 reads them', () => {
    for (const length of [0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152]) {
      const decoder = createDecoder(encodeUpdate(new Uint8Array(length)))
      expect([readVarUint(decoder), readVarUint(decoder), readVarUint8Array(decoder).length]).toEqual([
        0,
        2,
        length,
      ])
    }
  })

  it('writes awareness that survives decoding and encoding unchanged', () => {
    const entries = decodeAwarenessEntries(states)
    expect(entries.map((entry) => [entry.clientId, entry.clock])).toEqual([[doc.clientID, 1]])
    expect(encodeAwarenessEntries(entries)).toEqual(states)
  })
})

describe('decodeAwarenessEntries', () => {
  it('reads null as having left', () => {
    const gone = encodeAwarenessEntries([{ clientId: 7, clock: 3, state: undefined }])
    expect(decodeAwarenessEntries(gone)).toEqual([{ clientId: 7, clock: 3, state: undefined }])
  })

  it.each(['{"a":', '', 'NaN', '\uFEFF{}'])(
    'refuses a state that other clients could not parse: %j',
    (json) => {
      const state = new TextEncoder().encode(json)
      const bytes = encodeAwarenessEntries([{ clientId: 7, clock: 3, state }])
      const clients = new Awareness(new Y.Doc())
      expect(() => applyAwarenessUpdate(clients, bytes, 'somebody')).toThrow(SyntaxError)
      clients.destroy()
      expect(() => decodeAwarenessEntries(bytes)).toThrow(ProtocolError)
    },
  )

  it('throws nothing but ProtocolError on random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(thrownBy(() => decodeAwarenessEntries(bytes))).toSatisfy(refused)
      }),
      { numRuns: 3_000 },
    )
  })
})

describe('names and codes', () => {
  it('takes 1 to 128 URL-safe characters as a document id, and nothing else', () => {
    for (const id of ['a', 'A-z_09', 'x'.repeat(128)]) expect(isDocumentId(id)).toBe(true)
    for (const id of ['', 'x'.repeat(129), 'a/b', '..', 'a b', 'ä', 'a\n', '%2e', 'a~b'])
      expect(isDocumentId(id)).toBe(false)
  })

  it('calls exactly 4400 to 4499 permanent', () => {
    expect([4399, 4400, 4499, 4500].map(isPermanentClose)).toEqual([false, true, true, false])
    expect(Object.values(CLOSE).filter(isPermanentClose)).toEqual([
      4400, 4401, 4403, 4404, 4409, 4413, 4422, 4426,
    ])
  })
})
