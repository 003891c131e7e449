import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { FramedSocket } from './framed-socket.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** Both ends of one connection. */
async function connect(): Promise<{ here: FramedSocket; below: WebSocket; there: WebSocket; got: Buffer[] }> {
  const server = createServer()
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  const accepted = new Promise<{ here: FramedSocket; below: WebSocket }>((resolve) => {
    server.on('upgrade', (request, connection: Duplex, head) =>
      sockets.handleUpgrade(request, connection, head, (below) =>
        resolve({ here: new FramedSocket(below, connection), below }),
      ),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const there = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const got: Buffer[] = []
  there.on('message', (data: Buffer, isBinary) => {
    expect(isBinary).toBe(true)
    got.push(data)
  })
  closing.push(() => {
    there.terminate()
    server.close()
  })
  return { ...(await accepted), there, got }
}

const messageOf = (length: number, first = length): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (first + index) % 256)

describe('a framed socket', () => {
  it('delivers messages of every length in order, between those that ws itself writes', async () => {
    const { here, below, there, got } = await connect()
    const lengths = [0, 1, 15, 16, 125, 126, 127, 300, 65_534, 65_535, 65_536, 200_000, 17]
    for (const length of lengths) {
      here.send(messageOf(length))
      below.ping()
      below.send(messageOf(3, length))
    }
    await expect.poll(() => got.length).toBe(2 * lengths.length)
    for (const [index, length] of lengths.entries()) {
      expect(got[2 * index]?.equals(messageOf(length)), `${length} bytes`).toBe(true)
      expect(got[2 * index + 1]?.equals(messageOf(3, length))).toBe(true)
    }
    expect(there.readyState).toBe(WebSocket.OPEN)
  })

  it('delivers one message to many, also when others come between', async () => {
    const people = [await connect(), await connect(), await connect()]
    const [shared, other] = [messageOf(80), messageOf(90)]
    for (const { here } of people) {
      here.send(shared)
      here.send(Uint8Array.of(1, 2))
      here.send(other)
    }
    for (const { got } of people) {
      await expect.poll(() => got.length).toBe(3)
      expect(got.map((data) => data.length)).toEqual([80, 2, 90])
      expect(got[0]?.equals(shared) && got[2]?.equals(other)).toBe(true)
    }
  })

  it('sends nothing behind a close, and says so', async () => {
    const { here, there, got } = await connect()
    here.send(messageOf(20))
    here.close(4400, 'enough')
    const error = await new Promise((resolve) => here.send(messageOf(20), resolve))
    expect(error).toBeInstanceOf(Error)
    const [code] = await once(there, 'close')
    expect(code).toBe(4400)
    expect(got).toHaveLength(1)
  })

  it('counts what waits for a reader who does not read', async () => {
    const { here, there, got } = await connect()
    there.pause()
    for (let sent = 0; here.bufferedAmount === 0 && sent < 4_000; sent++) here.send(messageOf(60_000))
    expect(here.bufferedAmount).toBeGreaterThan(0)
    there.resume()
    await expect.poll(() => here.bufferedAmount).toBe(0)
    expect(got.length).toBeGreaterThan(0)
  })
})
