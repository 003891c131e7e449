/**
 * Layer E: awareness. What the library throws on that people's clients read it with must never reach them.
 *
 * @see https://github.com/yjs/y-protocols/blob/master/awareness.js applyAwarenessUpdate
 */
import { encodeAwareness, MAX_NESTING, Reader } from '@weft/protocol'
import { Awareness, applyAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import type { Random } from '../../harness/random.ts'
import { BOUNDARIES, damaged, utf8, varBytes, varUint } from '../bytes.ts'
import { type Attempt, EITHER, GROUP, type Group, MALFORMED, randomOf, TAKEN } from '../case.ts'
import { json } from '../update-mutations.ts'

const MAX_STATE_BYTES = 16 * 1_024
const MANY = 3_000

export function presenceGroup(seed: number, index: number): Group {
  const random = randomOf(seed, 'presence', index)
  const own = 2 ** 42 + index
  const hello = encodeAwareness(Uint8Array.from([1, ...varUint(own), 1, ...varBytes(utf8('{"user":{}}'))]))
  const attempts = Array.from({ length: GROUP }, () => attempt(random, own))
  const speaks = random.happens(0.5) ? 'weft.1' : 'stock'
  return { layer: 'presence', index, speaks, beginning: random.happens(0.5) ? [hello] : [], attempts }
}

function attempt(random: Random, own: number): Attempt {
  const entries = Array.from({ length: random.of([0, 1, 1, 1, 2, 5]) }, () => entryOf(random, own))
  const many = random.happens(0.01)
  if (many)
    for (let id = 0; id < MANY; id++) entries.push([...varUint(id), ...varUint(1), ...varBytes(utf8('null'))])
  const isLying = random.happens(0.1)
  const count = isLying ? random.of(BOUNDARIES) : entries.length
  let update: Uint8Array = Uint8Array.from([...varUint(count), ...entries.flat()])
  const isDamaged = random.happens(0.15)
  if (isDamaged) update = damaged(update, random)
  const title = `${entries.length} entries${isLying ? `, said to be ${count}` : ''}${isDamaged ? ', damaged' : ''}`
  return {
    title,
    bytes: encodeAwareness(update),
    allowed: allowedOf(update, isLying || isDamaged),
    ends: 'ping',
  }
}

/** @param mayBeTooLong something may stand behind the last entry, which clients do not look at */
function allowedOf(update: Uint8Array, mayBeTooLong: boolean): readonly string[] {
  const awareness = new Awareness(new Y.Doc())
  try {
    applyAwarenessUpdate(awareness, update, 'somebody')
    // Whether a client can write a deep one again depends on how deep it is in calls itself.
    if (hasDeepState(update)) return mayBeTooLong ? EITHER : MALFORMED
    return mayBeTooLong ? EITHER : TAKEN
  } catch {
    return MALFORMED
  } finally {
    awareness.destroy()
  }
}

/** @param update that clients could read */
function hasDeepState(update: Uint8Array): boolean {
  const reader = new Reader(update)
  for (let left = reader.varUint(); left > 0; left--) {
    reader.varUint()
    reader.varUint()
    if (depthOf(JSON.parse(new TextDecoder().decode(reader.varBytes()))) > MAX_NESTING) return true
  }
  return false
}

/** 1 for a list of nothing. */
function depthOf(value: unknown): number {
  const isNest = (one: unknown): one is object => typeof one === 'object' && one !== null
  let depth = 0
  for (let level = [value].filter(isNest); level.length > 0; depth++)
    level = level.flatMap((one): unknown[] => Object.values(one)).filter(isNest)
  return depth
}

function entryOf(random: Random, own: number): number[] {
  const id = random.happens(0.6) ? own : random.of(BOUNDARIES)
  const clock = random.happens(0.6) ? random.below(5) : random.of(BOUNDARIES)
  return [...varUint(id), ...varUint(clock), ...varBytes(stateOf(random))]
}

function stateOf(random: Random): Uint8Array {
  if (random.happens(0.6))
    return utf8(
      random.of([
        'null',
        '{}',
        '0',
        '[]',
        '"text"',
        'true',
        '{"user":{"name":"\\u202e","color":"red;background:url(//e)"}}',
        '{"cursor":{"anchor":null,"head":{"type":null}}}',
        '{"user":null}',
      ]),
    )
  if (random.happens(0.1)) {
    const length = MAX_STATE_BYTES + random.of([-1, 0, 1, 50_000])
    return utf8(`"${'x'.repeat(length - 2)}"`)
  }
  if (random.happens(0.2))
    return random.of(
      [[0xff], [0xed, 0xa0, 0x80], [0x22, 0xc3, 0x22], [0xef, 0xbb, 0xbf, 0x7b, 0x7d]].map((bytes) =>
        Uint8Array.from(bytes),
      ),
    )
  return utf8(json(random))
}
