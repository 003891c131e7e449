/**
 * One running server: opens the store, joins rooms, HTTP and sockets, and takes them apart again in order.
 *
 * Stopping has nothing to flush: what was acknowledged is on disk, and what was not is still with its writer.
 * It only lets people go politely.
 */
import { resolve } from 'node:path'
import { type DocumentStore, openStore, StoreError } from '@weft/persistence'
import { createGate } from './access/gate.ts'
import { createApp } from './app.ts'
import { capacityOf } from './capacity.ts'
import type { Config } from './config.ts'
import { noQuarantine, openQuarantine } from './crashes/quarantine.ts'
import type { HttpErrorCode } from './http/errors.ts'
import { createHttpServer, listen, stopListening, urlOf } from './http/listener.ts'
import { applicationFolder, listFiles } from './http/static.ts'
import { createLogger, type Logger } from './observe/logger.ts'
import { ROOM_LIMITS, type RoomLimits } from './room/room-limits.ts'
import { createRooms, type Rooms } from './room/room-registry.ts'
import { createClientAddress } from './socket/client-address.ts'
import { acceptSockets } from './socket/upgrade.ts'
import { StartError } from './start-error.ts'

export interface RunningServer {
  /** Where this machine reaches it: `http://127.0.0.1:8787`. */
  readonly url: string
  readonly port: number
  /** The data folder's absolute path. */
  readonly data: string
  /**
   * Refuses newcomers, closes every socket with 1001 and lets requests finish, all within `drainMs`; then closes the
   * store, which takes at most `hangMs`. Safe to call twice; never rejects.
   */
  close(): Promise<CloseOutcome>
}

export interface CloseOutcome {
  /**
   * False when the storage did not answer: a thread of this process still waits for the disk and holds the data folder.
   * Nothing acknowledged is lost, but only the end of the process lets go, and an orderly end waits for that thread.
   */
  readonly storageLetGo: boolean
}

export interface ServerParts {
  /** Instead of the embedded store in `config.data`; the server closes it. */
  readonly store?: DocumentStore
  readonly logger?: Logger
  /** The storage can no longer be trusted to keep anything: the process must end and be started again. */
  readonly onFatal?: (error: StoreError) => void
}

/** Of the time for stopping, what rooms may use; requests and the store get their turn after them. */
const roomsShare = 0.8

/** @throws {StartError} what stands in the way, in one line */
export async function startServer(config: Config, parts: ServerParts = {}): Promise<RunningServer> {
  const logger = parts.logger ?? createLogger(config.logLevel)
  const data = resolve(config.data)
  const store = parts.store ?? (await openFolder(data, config.hangMs, logger))
  if (parts.onFatal !== undefined) store.onFatal(parts.onFatal)

  let draining = false
  const isDraining = () => draining
  const limits = limitsOf(config)
  const gate = createGate(config)
  const quarantine = parts.store === undefined ? await openQuarantine(data, logger) : noQuarantine
  const rooms = createRooms({ store, limits, logger, quarantine })
  const pages = listFiles(applicationFolder)
  // Its library takes as long to load as everything else of ours.
  const refused = new Map<HttpErrorCode, number>()
  const metrics = async () =>
    (await import('./observe/metrics.ts')).createMetrics(() => rooms.stats(), refused)
  const app = createApp({ config, store, rooms, gate, logger, isDraining, pages, metrics })
  const capacity = capacityOf(config.maxSockets)
  const server = createHttpServer(app.fetch, { ...config, maxConnections: capacity.connections })
  const sockets = acceptSockets(server, {
    gate,
    clientAddress: createClientAddress(config.trustProxy),
    isDraining,
    attach: (socket, arrival) => rooms.attach(socket, arrival),
    refused: (code) => refused.set(code, (refused.get(code) ?? 0) + 1),
    logger,
    maxFrameBytes: limits.maxFrameBytes,
    maxSockets: capacity.sockets,
    socketsPerAddress: limits.socketsPerAddress,
  })

  let port: number
  try {
    port = await listen(server, config.host, config.port)
  } catch (error) {
    await rooms.drain()
    await quarantine.close()
    await store.close()
    throw error
  }
  server.on('error', (error) => logger.error({ err: error }, 'the HTTP server reports an error'))

  let closing: Promise<CloseOutcome> | undefined
  async function drain(): Promise<CloseOutcome> {
    const deadline = performance.now() + config.drainMs
    // Still listening: whoever asks /readyz learns that this server is leaving, and newcomers are told to come back.
    draining = true
    void quarantine.close()
    await letGo(rooms, config.drainMs * roomsShare, logger)
    sockets.terminate()
    await stopListening(server, Math.max(0, deadline - performance.now()) / 2)
    try {
      await store.close()
      return { storageLetGo: true }
    } catch (error) {
      logger.error({ err: error }, 'the store did not close well')
      return { storageLetGo: !(error instanceof StoreError && error.code === 'unavailable') }
    }
  }

  return {
    url: urlOf(config.host, port),
    port,
    data,
    close: () => {
      closing ??= drain()
      return closing
    },
  }
}

async function openFolder(folder: string, closeWithinMs: number, logger: Logger): Promise<DocumentStore> {
  const onFinding = (finding: string): void => logger.warn(`data folder ${folder}: ${finding}`)
  try {
    return await openStore({ kind: 'sqlite', folder }, { closeWithinMs, onFinding })
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    const advice: Partial<Record<StoreError['code'], string>> = {
      locked: '; stop that one, or choose another folder with --data',
      unavailable: '; choose another folder with --data',
    }
    throw new StartError('data-folder', `${error.message}${advice[error.code] ?? ''}`, error)
  }
}

async function letGo(rooms: Rooms, withinMs: number, logger: Logger): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, withinMs)
  try {
    await Promise.race([rooms.drain({ withinMs }), late])
  } catch (error) {
    logger.error({ err: error }, 'rooms did not drain well')
  } finally {
    clearTimeout(timer)
  }
}

/** Settings are named as the limits they set. */
function limitsOf(config: Config): RoomLimits {
  const unlimited = Number.POSITIVE_INFINITY
  const rates = { framesPerSecond: unlimited, bytesPerSecond: unlimited, socketsPerAddress: unlimited }
  return { ...ROOM_LIMITS, ...config, ...(config.rateLimit ? {} : rates) }
}
