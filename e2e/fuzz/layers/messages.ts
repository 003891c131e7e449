/** Layer C: messages of every kind, and what is nearly one, with numbers where encodings change. */
import { encodeAwareness, encodeSyncStep1, encodeSyncStep2, encodeUpdate, Reader } from '@weft/protocol'
import * as Y from 'yjs'
import type { Random } from '../../harness/random.ts'
import { BOUNDARIES, damaged, TOO_LARGE, utf8, varBytes, varText, varUint } from '../bytes.ts'
import {
  APART,
  type Attempt,
  EITHER,
  GROUP,
  type Group,
  MALFORMED,
  READABLE,
  randomOf,
  TAKEN,
} from '../case.ts'

/** Client ids apart from those of updates. */
const AUTHORS = 2 ** 41

type Made = Pick<Attempt, 'title' | 'bytes' | 'allowed' | 'author'>

export function messagesGroup(seed: number, index: number): Group {
  const random = randomOf(seed, 'messages', index)
  const attempts = Array.from({ length: GROUP }, (_, at): Attempt => {
    const author = AUTHORS + APART * (index * GROUP + at)
    return { ...one(random, author), ends: 'ping' }
  })
  const speaks = random.happens(0.5) ? 'weft.1' : 'stock'
  const greeting = [
    encodeSyncStep1(Uint8Array.of(0)),
    encodeSyncStep2(Uint8Array.of(0, 0)),
    Uint8Array.of(1, 1, 0),
  ]
  return { layer: 'messages', index, speaks, beginning: greeting.slice(0, random.below(4)), attempts }
}

function one(random: Random, author: number): Made {
  const roll = random.share()
  if (roll < 0.35) return whole(random, author)
  if (roll < 0.5) return spareBytes(random, author)
  if (roll < 0.65) return cutOrLonger(random, author)
  if (roll < 0.75) return numbers(random)
  if (roll < 0.9)
    return { title: 'damaged', bytes: damaged(sound(random, author).bytes, random), allowed: READABLE }
  const bytes = Uint8Array.from({ length: random.below(300) }, () => random.below(256))
  return { title: 'random bytes', bytes, allowed: EITHER }
}

function whole(random: Random, author: number): Made {
  return random.happens(0.4) ? sound(random, author) : unsound(random)
}

/** As clients send them. */
function sound(random: Random, author: number): Made {
  const doc = new Y.Doc()
  doc.clientID = author
  doc.getText('text').insert(0, random.of(['a', 'grün', 'x'.repeat(200)]))
  const update = Y.encodeStateAsUpdate(doc)
  const vector = Y.encodeStateVector(doc)
  doc.destroy()
  const made = random.of<() => [string, Uint8Array]>([
    () => ['step 1', encodeSyncStep1(vector)],
    () => ['step 1 of nothing', encodeSyncStep1(Uint8Array.of(0))],
    () => ['step 2', encodeSyncStep2(update)],
    () => ['step 2 of nothing', encodeSyncStep2(Uint8Array.of(0, 0))],
    () => ['update', encodeUpdate(update)],
    () => ['awareness of nobody', encodeAwareness(Uint8Array.of(0))],
    () => ['query', Uint8Array.of(3)],
  ])()
  return { title: made[0], bytes: made[1], allowed: TAKEN, author }
}

/** What no client sends, or what only servers do. */
function unsound(random: Random): Made {
  const [title, bytes] = random.of<() => [string, readonly number[]]>([
    () => ['nothing', []],
    () => ['auth', [2, 0, ...varText('no')]],
    () => ['auth of another kind', [2, 1, ...varText('no')]],
    () => ['durable', [100, ...varUint(random.of(BOUNDARIES))]],
    () => ['notice', [101, ...varText('{"kind":"read-only"}')]],
    () => ['notice that is not JSON', [101, ...varText('{')]],
    () => ['hello', [102, ...varText('{}')]],
    () => ['unknown type', varUint(random.of([4, 5, 99, 103, 127, 128, 2 ** 14, 2 ** 32, 2 ** 53 - 1]))],
    () => ['unknown sync', [0, ...varUint(random.of(BOUNDARIES.slice(2))), 0]],
    () => ['malformed, but swallowed by others', [0, 1, ...varBytes([9, 9, 9, 9])]],
    () => ['an update without bytes', [0, 2, 0]],
    () => ['a state vector without bytes', [0, 0, 0]],
    () => [
      'a state vector that ends early',
      [0, 0, ...varBytes([...varUint(random.of(BOUNDARIES.slice(1))), 1])],
    ],
    () => ['a state vector with more behind', [0, 0, ...varBytes([0, 0])]],
  ])()
  return { title, bytes: Uint8Array.from(bytes), allowed: MALFORMED }
}

/** The same numbers in more bytes are the same; above nine bytes there are none. */
function spareBytes(random: Random, author: number): Made {
  const { title, bytes } = sound(random, author)
  const spare = random.below(12)
  const reader = new Reader(bytes)
  const type = reader.varUint()
  const written = [...varUint(type, spare), ...bytes.subarray(reader.at)]
  return {
    title: `${title}, its type in ${spare + 1} bytes`,
    bytes: Uint8Array.from(written),
    allowed: spare < 9 ? TAKEN : MALFORMED,
    author,
  }
}

function cutOrLonger(random: Random, author: number): Made {
  const { title, bytes } = sound(random, author)
  if (random.happens(0.5))
    return { title: `${title}, cut`, bytes: bytes.slice(0, random.below(bytes.length)), allowed: MALFORMED }
  const more = Array.from({ length: 1 + random.below(3) }, () => random.below(256))
  return { title: `${title}, and more`, bytes: Uint8Array.of(...bytes, ...more), allowed: MALFORMED }
}

/** A number where any may stand, and after it what it says. */
function numbers(random: Random): Made {
  if (random.happens(0.3)) {
    const bytes = random.of<readonly number[]>([
      random.of(TOO_LARGE),
      [0, ...random.of(TOO_LARGE)],
      [0, 2, ...random.of(TOO_LARGE)],
      [1, ...random.of(TOO_LARGE)],
    ])
    return { title: 'a number that is too large', bytes: Uint8Array.from(bytes), allowed: MALFORMED }
  }
  const value = random.of(BOUNDARIES)
  // A state vector of one client, at any clock: what it says is nobody's business but its sender's.
  const vector = [...varUint(1), ...varUint(random.of(BOUNDARIES), random.below(2)), ...varUint(value)]
  if (random.happens(0.5))
    return {
      title: `a state vector up to ${value}`,
      bytes: Uint8Array.from([0, 0, ...varBytes(vector)]),
      allowed: TAKEN,
    }
  const bytes = [random.of([0, 1]), ...varUint(value), ...utf8('ab')]
  return { title: `a length of ${value}`, bytes: Uint8Array.from(bytes), allowed: MALFORMED }
}
