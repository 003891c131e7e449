/**
 * From an HTTP upgrade request to a socket in a room. Everything that can be refused is refused before a
 * socket exists, with an HTTP status; what is refused is closed at once, whatever it asked to upgrade to.
 *
 * This is the HTTP server's only `upgrade` listener: one that ignores a request would leave it open for ever.
 */
import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { CLOSE, isDocumentId, SCHEMA_PARAMETER, SUBPROTOCOL } from '@weft/protocol'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Gate } from '../access/gate.ts'
import { identify } from '../access/visitor.ts'
import { HttpError, type HttpErrorCode, translate } from '../http/errors.ts'
import type { Logger } from '../observe/logger.ts'
import { createAddressCount } from './address-count.ts'
import type { Arrival, SessionSocket } from './arrival.ts'
import { type ClientAddress, createClientAddress } from './client-address.ts'
import { FramedSocket } from './framed-socket.ts'

export interface UpgradeDeps {
  readonly gate: Gate
  readonly isDraining: () => boolean
  readonly attach: (socket: SessionSocket, arrival: Arrival) => void
  /** A request was refused before there was a socket. */
  readonly refused?: (code: HttpErrorCode) => void
  /** Default: the address it comes from, whatever headers say. */
  readonly clientAddress?: ClientAddress
  readonly logger: Logger
  readonly maxFrameBytes: number
  /** Open at the same time, of all addresses. */
  readonly maxSockets: number
  /** `Infinity` for no bound. */
  readonly socketsPerAddress: number
}

/** A browser sends a message in one piece or a few; a thousand pieces are somebody filling memory with headers. */
const maxFragments = 1_024
/** A peer that has gone away does not answer a close; its socket must not stay. */
const closeTimeoutMs = 5_000
/** For the other side to take the refusal before the connection is cut. */
const lingerMs = 1_000

/** @returns ends every socket that is still open, without waiting for the other side */
export function acceptSockets(server: Server, deps: UpgradeDeps): { terminate(): void } {
  const { logger, clientAddress = createClientAddress([]) } = deps
  const addresses = createAddressCount(deps.socketsPerAddress)
  const options = {
    noServer: true,
    maxPayload: deps.maxFrameBytes,
    maxFragments,
    perMessageDeflate: false,
    closeTimeout: closeTimeoutMs,
    handleProtocols: (offered: Set<string>) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : (false as const)),
  }
  const sockets = new WebSocketServer(options)
  sockets.on('wsClientError', (error, socket) => refuse(socket, new HttpError('bad-request', error.message)))

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', (error) => logger.debug({ err: error }, 'connection lost during the handshake'))
    try {
      const { documentId, schema } = admit(request, deps)
      if (sockets.clients.size >= deps.maxSockets)
        throw new HttpError(
          'server-full',
          'this server has as many sockets open as --max-sockets or its limit of open files allows',
        )
      const address = clientAddress(
        request.socket.remoteAddress ?? '',
        request.headersDistinct['x-forwarded-for']?.join(','),
      )
      const leave = addresses.take(address)
      if (leave === undefined)
        throw new HttpError('too-many-sockets', 'this address has as many sockets open as it may')
      socket.once('close', leave)
      const { principal, role } = identify()
      sockets.handleUpgrade(request, socket, head, (opened) => {
        const weft = opened.protocol === SUBPROTOCOL
        hand(opened, socket, { documentId, principal, role, weft, schema, address })
      })
    } catch (error) {
      const refusal = translate(error, logger)
      deps.refused?.(refusal.code)
      refuse(socket, refusal)
    }
  })

  function hand(socket: WebSocket, connection: Duplex, arrival: Arrival): void {
    // Frames that break the protocol of WebSockets themselves end here: the library has closed with the right code.
    socket.on('error', (error) => logger.debug({ err: error }, 'socket failed'))
    try {
      deps.attach(new FramedSocket(socket, connection), arrival)
    } catch (error) {
      logger.error(
        { err: error, documentId: arrival.documentId },
        'a socket could not be attached to its room',
      )
      socket.close(CLOSE.internal, 'internal error')
    }
  }

  return {
    terminate: () => {
      for (const socket of sockets.clients) socket.terminate()
    },
  }
}

/** @returns what is asked for @throws {HttpError} why not */
function admit(
  request: IncomingMessage,
  { gate, isDraining }: UpgradeDeps,
): Pick<Arrival, 'documentId' | 'schema'> {
  const { headers } = request
  const answer = gate({
    host: request.headersDistinct['host']?.join(', '),
    origin: headers.origin,
    fetchSite: headers['sec-fetch-site']?.toString(),
    hasCookie: headers.cookie !== undefined,
    safe: false,
  })
  if (answer.kind === 'wrong-host')
    throw new HttpError('wrong-host', 'this server does not answer to that Host')
  if (headers.upgrade?.toLowerCase() !== 'websocket')
    throw new HttpError('bad-request', 'only WebSocket can be upgraded to')
  if (request.method !== 'GET') throw new HttpError('method-not-allowed', 'a WebSocket is opened with GET')
  if (answer.kind === 'foreign-origin')
    throw new HttpError('foreign-origin', 'pages of that origin may not use this server')
  const [, documentId, query] = /^\/sync\/([^/?]*)(?:\?(.*))?$/.exec(request.url ?? '') ?? []
  if (documentId === undefined) throw new HttpError('not-found', 'no such route')
  if (!isDocumentId(documentId))
    throw new HttpError('bad-request', 'a document id has 1 to 128 characters of A-Z a-z 0-9 _ -')
  // Other parameters are other people's: stock clients can be told to send any.
  const declared = new URLSearchParams(query).getAll(SCHEMA_PARAMETER)
  if (declared.length > 1 || declared.some((version) => !/^[1-9]\d{0,5}$/.test(version)))
    throw new HttpError('bad-request', `${SCHEMA_PARAMETER}: expected a version from 1 to 999999, once`)
  if (isDraining()) throw new HttpError('draining', 'the server is stopping')
  return { documentId, schema: declared[0] === undefined ? undefined : Number(declared[0]) }
}

/** Answers with the error's status and closes: the other side sees the end at once, a stubborn one is cut off a second later. */
function refuse(socket: Duplex, error: HttpError): void {
  if (socket.destroyed || !socket.writable) {
    socket.destroy()
    return
  }
  const body = JSON.stringify(error.body)
  const headers = {
    Connection: 'close',
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(body)),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...error.headers,
  }
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}\r\n${head.join('')}\r\n${body}`)
  // What still arrives is read and dropped: unread bytes would make the system throw our answer away.
  socket.resume()
  const timer = setTimeout(() => socket.destroy(), lingerMs)
  socket.once('close', () => clearTimeout(timer))
}
