/**
 * The HTTP server below the app: what a connection may take in time and bytes, and how it starts and stops.
 */
import { createServer, type Server } from 'node:http'
import { isIPv6 } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { StartError, systemCode } from '../start-error.ts'

/** Bytes of all headers of a request together; browsers send about 1 KiB. */
const maxHeaderBytes = 16_384
/** How long an idle connection is kept for the next request; shorter than what proxies in front keep theirs. */
const keepAliveMs = 5_000
/**
 * Connections the system holds until they are taken; it may hold fewer. After a restart everybody comes at once, and
 * one that finds no place tries again only a second later.
 */
const backlog = 4_096

export interface ConnectionBounds {
  readonly headersTimeoutMs: number
  readonly requestTimeoutMs: number
  /** What comes beyond is closed unheard. */
  readonly maxConnections: number
}

/** @param fetch answers a request; must not reject */
export function createHttpServer(
  fetch: Parameters<typeof getRequestListener>[0],
  bounds: ConnectionBounds,
): Server {
  // Leaves the global Request and Response as they are: this package also runs inside other people's programs.
  const answer = getRequestListener(fetch, { overrideGlobalObjects: false })
  const server = createServer(
    {
      headersTimeout: bounds.headersTimeoutMs,
      requestTimeout: bounds.requestTimeoutMs,
      // Timeouts are noticed at these intervals; the default of 30 s would make ten seconds forty.
      connectionsCheckingInterval: Math.min(1_000, Math.ceil(bounds.headersTimeoutMs / 4)),
      keepAliveTimeout: keepAliveMs,
      maxHeaderSize: maxHeaderBytes,
      requireHostHeader: true,
    },
    // Its promise is the answer being written and does not reject.
    (request, response) => void answer(request, response),
  )
  server.maxConnections = bounds.maxConnections
  return server
}

/**
 * @param port 0 lets the system choose
 * @returns the port
 * @throws {StartError} `address-in-use`, `cannot-listen`
 */
export function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(explain(error, host, port)))
    server.listen({ host, port, backlog }, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

/** Stops listening; what is being answered may finish for `withinMs`. */
export async function stopListening(server: Server, withinMs: number): Promise<void> {
  const { promise: stopped, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  server.closeIdleConnections()
  const timer = setTimeout(() => server.closeAllConnections(), withinMs)
  await stopped
  clearTimeout(timer)
}

/** As it stands in a URL. */
export function urlOf(host: string, port: number): string {
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`
}

function explain(error: Error, host: string, port: number): StartError {
  const where = `port ${port} on ${host}`
  const code = systemCode(error)
  if (code === 'EADDRINUSE')
    return new StartError(
      'address-in-use',
      `${where} is in use by another program; stop it, or choose another port with --port`,
      error,
    )
  if (code === 'EACCES')
    return new StartError(
      'cannot-listen',
      `${where} may not be used by this user; choose a port above 1023 with --port`,
      error,
    )
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new StartError('cannot-listen', `${host} is not an address of this machine; see --host`, error)
  return new StartError('cannot-listen', `cannot listen on ${where}: ${error.message}`, error)
}
