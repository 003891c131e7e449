/**
 * Layer B: WebSocket frames of every shape. What must come of them follows from the standard alone, by a reader of our
 * own that knows nothing of the server's.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-5
 */
import type { Random } from '../../harness/random.ts'
import { damaged, type FrameShape, frame, utf8 } from '../bytes.ts'
import { type Attempt, ECHO, GROUP, type Group, randomOf } from '../case.ts'

/** Everything with which a connection may end on which WebSocket's own rules are broken, or a message is no message. */
const BROKEN = ['1002', '1007', '1008', '1009', '4400', 'cut'] as const
const MAX_FRAME_BYTES = 16 * 1_048_576
const MAX_FRAGMENTS = 1_024
/** Five seconds' worth of 200 frames a second, and as many as may be earned on a slow machine while they arrive. */
const FLOOD = 4_000

/** Of the groups, those that begin with something large or much. */
const SPECIAL_EVERY = 4

const CONTINUATION = 0
const TEXT = 1
const BINARY = 2
const CLOSE = 8

const AWARENESS_OF_NOBODY = Uint8Array.of(1, 1, 0)
const SOUND = [AWARENESS_OF_NOBODY, Uint8Array.of(3)]
const UNSOUND = [Uint8Array.of(), Uint8Array.of(9), Uint8Array.of(0), Uint8Array.of(1, 1, 0, 0)]
const TEXTS = ['', 'a', 'grün', '👩‍💻']
const NOT_UTF8 = [Uint8Array.of(0xff), Uint8Array.of(0xed, 0xa0, 0x80), Uint8Array.of(0x61, 0xc3)]
const CLOSE_CODES = [
  0, 999, 1000, 1001, 1004, 1005, 1006, 1011, 1014, 1015, 1016, 2999, 3000, 4400, 4999, 5000,
]

export function framesGroup(seed: number, index: number): Group {
  const random = randomOf(seed, 'frames', index)
  const attempts = Array.from({ length: GROUP }, (_, at) =>
    at === 0 && index % SPECIAL_EVERY === 0 ? special(random) : attempt(random),
  )
  return {
    layer: 'frames',
    index,
    speaks: random.happens(0.5) ? 'weft.1' : 'stock',
    beginning: Array.from({ length: random.below(4) }, () => AWARENESS_OF_NOBODY),
    attempts,
  }
}

function attempt(random: Random): Attempt {
  const roll = random.share()
  const made = Array.from({ length: 1 + random.below(4) }, () => shapeOf(random))
  // A length that lies swallows what follows: it is the last.
  const liar = made.findIndex(({ claims }) => claims !== undefined)
  const shapes = liar === -1 ? made : made.slice(0, liar + 1)
  const bytes = Buffer.concat(shapes.map(frame))
  const title = shapes.map(describeShape).join(' ')
  if (roll < 0.2)
    return { title: `damaged: ${title}`, bytes: damaged(bytes, random), allowed: anything, ends: 'end' }
  const verdict = read(shapes)
  return { title, bytes, allowed: [verdict], ends: verdict === 'cut' ? 'end' : 'ping' }
}

/** What damaged frames may say after all: a goodbye among it, which is answered with its own code. */
const anything = [...BROKEN, '1005', ECHO]

/** Large or many. */
function special(random: Random): Attempt {
  const piece = (final: boolean, opcode: number): FrameShape => ({ ...whole(opcode), final })
  const few = random.happens(0.5)
  return random.of<() => Attempt>([
    () => ({
      title: `${FLOOD} messages at once`,
      bytes: Buffer.concat(Array.from({ length: FLOOD }, () => frame(whole(BINARY, AWARENESS_OF_NOBODY)))),
      allowed: ['4529'],
      ends: 'end',
    }),
    () => ({
      title: `a message in ${few ? MAX_FRAGMENTS : MAX_FRAGMENTS + 2} pieces`,
      bytes: Buffer.concat([
        frame({ ...piece(false, BINARY), payload: AWARENESS_OF_NOBODY }),
        ...Array.from({ length: MAX_FRAGMENTS - (few ? 2 : 0) }, () => frame(piece(false, CONTINUATION))),
        frame(piece(true, CONTINUATION)),
      ]),
      // Pieces without bytes are pieces all the same.
      allowed: few ? ['taken'] : ['1008'],
      ends: 'ping',
    }),
    () => ({
      title: 'as large as a frame may be, and no message',
      bytes: frame(whole(BINARY, new Uint8Array(MAX_FRAME_BYTES).fill(9))),
      allowed: ['4400'],
      ends: 'ping',
    }),
  ])()
}

function whole(opcode: number, payload: Uint8Array = new Uint8Array()): FrameShape {
  return { final: true, reserved: 0, opcode, masked: true, payload }
}

function shapeOf(random: Random): FrameShape {
  const opcode = random.happens(0.75) ? random.of([0, 1, 2, 2, 2, 8, 9, 10]) : random.below(16)
  const payload = payloadOf(opcode, random)
  const shape: FrameShape = {
    final: random.happens(0.8),
    reserved: random.happens(0.9) ? 0 : random.below(8),
    opcode,
    masked: random.happens(0.93),
    payload,
  }
  if (random.happens(0.1)) return { ...shape, lengthBytes: random.of([2, 8]) }
  if (random.happens(0.07))
    return {
      ...shape,
      claims: random.of([payload.length + 1, 2 ** 24 + 1, 2 ** 31, 2 ** 53 - 1, 2 ** 53, 2 ** 63]),
    }
  return shape
}

function payloadOf(opcode: number, random: Random): Uint8Array {
  if (opcode === TEXT) return random.happens(0.3) ? random.of(NOT_UTF8) : utf8(random.of(TEXTS))
  if (opcode === CLOSE) {
    if (random.happens(0.2)) return new Uint8Array(random.below(2))
    const code = random.of(CLOSE_CODES)
    const reason = random.happens(0.2) ? random.of(NOT_UTF8) : utf8(random.of([...TEXTS, 'x'.repeat(124)]))
    return Uint8Array.of(code >> 8, code & 255, ...reason)
  }
  if (opcode === 9 || opcode === 10) return new Uint8Array(random.of([0, 1, 3, 125, 126])).fill(97)
  return random.happens(0.7) ? random.of(SOUND) : random.of(UNSOUND)
}

/** @returns what must come of these frames, and of the end of the connection behind them where they wait for more */
function read(shapes: readonly FrameShape[]): string {
  let message: { readonly opcode: number; readonly parts: Uint8Array[] } | undefined
  for (const shape of shapes) {
    const { opcode, final, payload, claims = payload.length } = shape
    if (isBroken(shape, message !== undefined)) return '1002'
    if (opcode < CLOSE) {
      message ??= { opcode, parts: [] }
      const before = message.parts.reduce((sum, part) => sum + part.length, 0)
      if (before + claims > MAX_FRAME_BYTES) return '1009'
      message.parts.push(payload)
    }
    if (claims > payload.length) return 'cut'
    if (opcode === CLOSE) return readGoodbye(payload)
    if (opcode > CLOSE || !final || message === undefined) continue
    const verdict = readMessage(message.opcode, Buffer.concat(message.parts))
    if (verdict !== 'taken') return verdict
    message = undefined
  }
  return message === undefined ? 'taken' : 'cut'
}

/** Told by its first bytes alone. */
function isBroken({ opcode, final, payload, ...shape }: FrameShape, isWithinMessage: boolean): boolean {
  if (shape.reserved !== 0 || !shape.masked || (opcode > BINARY && opcode < CLOSE) || opcode > 10) return true
  if (opcode === CONTINUATION) return !isWithinMessage
  if (opcode < CLOSE) return isWithinMessage
  const length = shape.claims ?? payload.length
  return !final || length > 125 || (shape.lengthBytes ?? 0) > 0 || (opcode === CLOSE && length === 1)
}

function readGoodbye(payload: Uint8Array): string {
  if (payload.length === 0) return '1005'
  const code = ((payload[0] ?? 0) << 8) | (payload[1] ?? 0)
  const isCode =
    (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code < 5000)
  if (!isCode) return '1002'
  return isUtf8(payload.subarray(2)) ? String(code) : '1007'
}

function readMessage(opcode: number, content: Buffer): string {
  if (opcode === TEXT) return isUtf8(content) ? '4400' : '1007'
  return SOUND.some((sound) => content.equals(sound)) ? 'taken' : '4400'
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

function describeShape({
  opcode,
  final,
  reserved,
  masked,
  payload,
  claims,
  lengthBytes,
}: FrameShape): string {
  const odd = [
    final ? '' : ' not final',
    reserved === 0 ? '' : ` reserved ${reserved}`,
    masked ? '' : ' unmasked',
    claims === undefined ? '' : ` claims ${claims}`,
    lengthBytes === undefined ? '' : ` length in ${lengthBytes}`,
  ]
  return `[${opcode} of ${payload.length}${odd.join('')}]`
}
