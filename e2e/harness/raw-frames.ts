/** WebSocket frames byte for byte, over a connection of our own: what no library would send. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { handshakeHead } from './raw-request.ts'

/** @param fin the last piece of its message; reserved bits may stand in `opcode` */
export function rawFrame(
  opcode: number,
  payload: Uint8Array = new Uint8Array(),
  {
    fin = true,
    masked = true,
    claims = payload.length,
  }: { fin?: boolean; masked?: boolean; claims?: number } = {},
): Buffer {
  const head = Buffer.alloc(claims < 126 ? 2 : claims < 65_536 ? 4 : 10)
  head[0] = (fin ? 0x80 : 0) | opcode
  head[1] = (masked ? 0x80 : 0) | (claims < 126 ? claims : claims < 65_536 ? 126 : 127)
  if (head.length === 4) head.writeUInt16BE(claims, 2)
  if (head.length === 10) head.writeBigUInt64BE(BigInt(claims), 2)
  // A mask of zeros leaves the bytes as they are.
  return Buffer.concat([head, masked ? Buffer.alloc(4) : Buffer.alloc(0), payload])
}

/**
 * Opens a socket and sends `bytes` on it.
 * @returns the code of the close frame that comes back, once the server has let go; undefined when it sent none
 */
export async function closeCodeAfter(
  port: number,
  path: string,
  bytes: Uint8Array,
): Promise<number | undefined> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(`${handshakeHead(port, path).join('\r\n')}\r\n\r\n`)
  let received = Buffer.alloc(0)
  const closed = once(socket, 'close')
  const code = new Promise<number | undefined>((resolve) => {
    let sent = false
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      const body = received.indexOf('\r\n\r\n')
      if (body === -1) return
      if (!sent) socket.write(bytes)
      sent = true
      const found = closeCodeIn(received.subarray(body + 4))
      if (found !== undefined) resolve(found)
    })
    void closed.then(() => resolve(undefined))
  })
  const found = await code
  socket.destroy()
  return found
}

/** Frames from a server have no mask. */
function closeCodeIn(bytes: Buffer): number | undefined {
  for (let at = 0; at + 2 <= bytes.length; ) {
    const short = (bytes[at + 1] ?? 0) & 127
    const head = short < 126 ? 2 : short === 126 ? 4 : 10
    if (at + head > bytes.length) return undefined
    const length =
      short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2))
    if (at + head + length > bytes.length) return undefined
    if (((bytes[at] ?? 0) & 15) === 8) return length >= 2 ? bytes.readUInt16BE(at + head) : 1005
    at += head + length
  }
  return undefined
}
