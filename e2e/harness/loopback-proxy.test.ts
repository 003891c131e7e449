import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, Socket } from 'node:net'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { LoopbackProxy } from './loopback-proxy.ts'
import { isNone, until } from './wait.ts'

let echo: Server
let proxy: LoopbackProxy
let client: Client
const clients: Socket[] = []

interface Client {
  readonly socket: Socket
  readonly heard: () => string
}

function join(): Client {
  const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1')
  clients.push(socket)
  let heard = ''
  socket.on('data', (bytes) => (heard += bytes.toString()))
  socket.on('error', () => undefined)
  return { socket, heard: () => heard }
}

/** What the server was told, by everybody. */
let told = ''
beforeEach(async () => {
  told = ''
  echo = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      told += bytes.toString()
      socket.write(bytes)
    })
  })
  echo.listen(0, '127.0.0.1')
  await once(echo, 'listening')
  proxy = await LoopbackProxy.open((echo.address() as AddressInfo).port)
  client = join()
  client.socket.write('one ')
  await until('the echo comes back', client.heard, (words) => words === 'one ')
})
afterEach(async () => {
  for (const socket of clients.splice(0)) socket.destroy()
  await proxy.close()
  echo.close()
  // One that is still closing would be counted by the next test.
  await until('all sockets are gone', held, isNone)
})

const held = (): number => process.getActiveResourcesInfo().filter((what) => what === 'TCPSocketWrap').length

it('ends every connection when it is cut, and lets one in again when it has healed', async () => {
  proxy.become({ kind: 'cut' })
  await until('the connection is gone', () => client.socket.destroyed)
  const refused = join()
  await until('none can be made', () => refused.socket.destroyed)
  proxy.heal()
  const later = join()
  later.socket.write('two ')
  await until('the echo comes back', later.heard, (words) => words === 'two ')
})

it('leaves no socket behind when it is cut while a connection ends', async () => {
  // The client's, the proxy's two and the server's.
  expect(held()).toBe(4)
  client.socket.end()
  let isCut = false
  // The next to end is the proxy's side of it, once it has heard.
  const spy = vi.spyOn(Socket.prototype, 'end').mockImplementationOnce(function (this: Socket) {
    spy.mockRestore()
    this.end()
    proxy.become({ kind: 'cut' })
    isCut = true
    return this
  })
  await until('it was cut in that moment', () => isCut && client.socket.destroyed)
  await until('all its sockets are gone', held, isNone)
})

it('holds back what the server says when that way is stalled, and delivers all of it in order afterwards', async () => {
  proxy.become({ kind: 'stalled', directions: ['to-client'] })
  client.socket.write('two ')
  await until(
    'the server hears it',
    () => told,
    (words) => words === 'one two ',
  )
  expect(client.heard()).toBe('one ')
  client.socket.write('three ')
  proxy.heal()
  await until('everything comes back', client.heard, (words) => words === 'one two three ')
})

it('holds back what clients say when that way is stalled', async () => {
  proxy.become({ kind: 'stalled', directions: ['to-server'] })
  client.socket.write('two ')
  const beside = connect((echo.address() as AddressInfo).port, '127.0.0.1')
  clients.push(beside)
  beside.write('beside ')
  await until(
    'the server hears who comes another way',
    () => told,
    (words) => words.includes('beside'),
  )
  expect(told).toBe('one beside ')
  proxy.heal()
  await until(
    'and now the other',
    () => told,
    (words) => words === 'one beside two ',
  )
})

it('takes as long as its rate says when it is slow', async () => {
  proxy.become({ kind: 'slow', bytesPerSecond: 400_000 })
  const startedAt = performance.now()
  client.socket.write('x'.repeat(100_000))
  await until(
    'the echo comes back',
    () => client.heard().length,
    (length) => length === 100_004,
  )
  // The last piece is let through at once and waited for afterwards: at most 64 KiB of it.
  expect(performance.now() - startedAt).toBeGreaterThan(((100_000 - 65_536) / 400_000) * 1_000)
})
