/**
 * Typing that waits for nobody but the server: prepared updates, each in a frame of its own, over one socket.
 *
 * Not all of these servers acknowledge an edit, but all answer a ping in its turn: what was sent before the ping has
 * been read by then. So few edits are ever on their way that no server is drowned, and none is paced by time.
 */
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { until } from '../harness/wait.ts'
import type { Wire } from './wire.ts'

/** Edits between two pings; two such batches may be on their way. */
const BATCH = 64
const BATCHES_ON_THEIR_WAY = 2

/**
 * Resolves when the server has read the last update and the socket is closed.
 *
 * @param wire of a document that is new to the server
 * @throws when the server closes the socket first, or stops reading for 20 s
 */
export async function dispatch(wire: Wire, updates: readonly Uint8Array[]): Promise<void> {
  const socket = new WebSocket(wire.address, [...wire.subprotocols], { perMessageDeflate: false })
  let answered = false
  let sent = 0
  let read = 0
  let wake: (() => void) | undefined
  let fault: string | undefined
  socket.on('open', () => {
    for (const message of wire.greeting) socket.send(message)
  })
  socket.on('message', (frame: Buffer) => {
    const { kind } = wire.read(frame)
    if (kind === 'question') socket.send(wire.nothingNew)
    if (kind === 'state') answered = true
  })
  socket.on('pong', () => {
    read++
    wake?.()
  })
  socket.on('error', (error) => {
    fault ??= error.message
  })
  socket.on('close', (code, reason) => {
    fault ??= `closed with ${code} ${reason.toString()}`
    wake?.()
  })
  const assertOpen = () => {
    if (fault !== undefined) throw new Error(`${wire.address}: a writer was shut out: ${fault}`)
  }
  const answer = () => {
    assertOpen()
    return answered
  }
  try {
    await until('the server has answered the writer', answer)
    while (read * BATCH < updates.length) {
      assertOpen()
      const batch = updates.slice(sent * BATCH, (sent + 1) * BATCH)
      if (batch.length > 0 && sent - read < BATCHES_ON_THEIR_WAY) {
        for (const update of batch) socket.send(wire.update(update))
        socket.ping()
        sent++
        continue
      }
      await new Promise<void>((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`${wire.address}: no edit was read for 20 s`)), 20_000)
        wake = () => {
          clearTimeout(late)
          resolve()
        }
      })
    }
    const closed = once(socket, 'close')
    socket.close()
    await closed
  } finally {
    socket.terminate()
  }
}
