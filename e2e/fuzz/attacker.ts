/**
 * A client made of bytes: its handshake, its frames and its end are what it is told to send, and what comes back is read
 * as far as telling what the server made of them.
 *
 * What it knows of a WebSocket is its own: a library would not send what this must.
 */
import { connect, type Socket } from 'node:net'
import { SCHEMA_PARAMETER } from '@weft/protocol'
import { messageFrame, pingFrame } from './bytes.ts'
import type { Attempt, Group, Outcome } from './case.ts'

export interface Target {
  readonly port: number
  readonly documentId: string
}

/** More than a server that is alive ever takes, on a machine that does much else. */
const DEADLINE_MS = 30_000
/** Of the pings behind cases, and of nothing else. */
const MARK = 'what came of case '
const PONG = 10
const CLOSE = 8
const BINARY = 2

const handshake = ({ port, documentId }: Target, { speaks, schema }: Group): string =>
  [
    `GET /sync/${documentId}${schema === undefined ? '' : `?${SCHEMA_PARAMETER}=${schema}`} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...(speaks === 'weft.1' ? ['Sec-WebSocket-Protocol: weft.1'] : []),
    '',
    '',
  ].join('\r\n')

/** @returns what came of each attempt, in their order; those after one that was closed are made on a new connection */
export async function attack(target: Target, group: Group): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  while (outcomes.length < group.attempts.length) {
    const left = group.attempts.slice(outcomes.length)
    const beginning = outcomes.length === 0 ? group.beginning : []
    outcomes.push(...(await connectAndTry(target, group, beginning, left)))
  }
  return outcomes
}

/** @returns of as many attempts as could be made on one connection, at least one */
function connectAndTry(
  target: Target,
  group: Group,
  beginning: readonly Uint8Array[],
  attempts: readonly Attempt[],
): Promise<Outcome[]> {
  const { promise, resolve } = Promise.withResolvers<Outcome[]>()
  // What may swallow all that follows is the last on its connection.
  const last = attempts.findIndex(({ ends }) => ends === 'end')
  const tried = last === -1 ? attempts : attempts.slice(0, last + 1)
  const outcomes: Outcome[] = []
  const connection = new Connection(target.port, DEADLINE_MS)
  connection.write(Buffer.from(handshake(target, group)))
  const frame = group.layer === 'frames' ? (bytes: Uint8Array) => bytes : messageFrame
  const withPing = ({ bytes, ends }: Attempt, index: number): Uint8Array => {
    if (ends === 'end') return frame(bytes)
    return Buffer.concat([frame(bytes), pingFrame(Buffer.from(`${MARK}${index}`))])
  }
  let isGreeted = false
  connection.onFrame = (opcode, payload) => {
    // Some cases are pings themselves, or become some.
    if (opcode === PONG && Buffer.from(payload).toString('latin1') === `${MARK}${outcomes.length}`) {
      outcomes.push({ kind: 'taken' })
      if (outcomes.length === tried.length) connection.end()
    }
    if (opcode === BINARY && !isGreeted) {
      isGreeted = true
      connection.write(Buffer.concat([...beginning.map(messageFrame), ...tried.map(withPing)]))
      if (last !== -1) connection.end()
    }
  }
  connection.onEnd = (outcome) => {
    if (outcomes.length < tried.length) outcomes.push(outcome)
    resolve(outcomes)
  }
  return promise
}

/** One request, or what looks like one; it ends when the server has answered or closed. */
export function request(port: number, bytes: Uint8Array): Promise<{ outcome: Outcome; answer: string }> {
  const { promise, resolve } = Promise.withResolvers<{ outcome: Outcome; answer: string }>()
  const socket = connect(port, '127.0.0.1')
  const parts: Buffer[] = []
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    socket.destroy()
  }, DEADLINE_MS)
  socket.on('connect', () => socket.end(bytes))
  socket.on('data', (part) => parts.push(part))
  // A close always follows.
  socket.on('error', () => undefined)
  socket.on('close', () => {
    clearTimeout(timer)
    const answer = Buffer.concat(parts).toString('latin1')
    const status = /^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]
    if (isLate) resolve({ outcome: { kind: 'silent' }, answer })
    else if (status === undefined) resolve({ outcome: { kind: 'cut' }, answer })
    else resolve({ outcome: { kind: 'status', status: Number(status) }, answer })
  })
  return promise
}

class Connection {
  onFrame: (opcode: number, payload: Uint8Array) => void = () => undefined
  onEnd: (outcome: Outcome) => void = () => undefined
  readonly #socket: Socket
  #read: Buffer = Buffer.alloc(0)
  #isUpgraded = false
  #closed: Outcome | undefined

  constructor(port: number, deadlineMs: number) {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    this.#socket = socket
    socket.setNoDelay(true)
    const timer = setTimeout(() => {
      this.#closed = { kind: 'silent' }
      socket.destroy()
    }, deadlineMs)
    socket.on('data', (bytes) => this.#receive(bytes))
    socket.on('end', () => socket.end())
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(timer)
      this.onEnd(this.#closed ?? { kind: 'cut' })
    })
  }

  write(bytes: Uint8Array): void {
    this.#socket.write(bytes)
  }

  end(): void {
    this.#socket.end()
  }

  #receive(bytes: Buffer): void {
    this.#read = this.#read.length === 0 ? bytes : Buffer.concat([this.#read, bytes])
    if (!this.#isUpgraded && !this.#readHead()) return
    for (;;) {
      const read = this.#read
      if (read.length < 2) return
      const short = (read[1] ?? 0) & 127
      const head = short === 126 ? 4 : short === 127 ? 10 : 2
      if (read.length < head) return
      const length = head === 2 ? short : head === 4 ? read.readUInt16BE(2) : Number(read.readBigUInt64BE(2))
      if (read.length < head + length) return
      this.#read = read.subarray(head + length)
      this.#frame((read[0] ?? 0) & 15, read.subarray(head, head + length))
    }
  }

  #readHead(): boolean {
    const end = this.#read.indexOf('\r\n\r\n')
    if (end === -1) return false
    const status = Number(this.#read.toString('latin1', 9, 12))
    if (status !== 101) {
      this.#closed = { kind: 'status', status }
      this.#socket.end()
      return false
    }
    this.#isUpgraded = true
    this.#read = this.#read.subarray(end + 4)
    return true
  }

  #frame(opcode: number, payload: Buffer): void {
    if (opcode === CLOSE) {
      this.#closed ??= { kind: 'closed', code: payload.length < 2 ? 1005 : payload.readUInt16BE(0) }
      // The server waits for the goodbye, not for its content.
      this.#socket.end()
    }
    this.onFrame(opcode, payload)
  }
}
