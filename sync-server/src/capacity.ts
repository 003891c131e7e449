/**
 * How many connections this process takes, so that files are left for what keeps documents.
 *
 * The system counts sockets and files together: a crowd that took the last one would leave none to the store's log,
 * or to a worker that is yet to start.
 */

/** For the store, workers, the outputs and what Node itself needs: about 40 are in use when nobody is here. */
const RESERVED_FILES = 64
/** Beyond the sockets that stay: requests, and newcomers who are told that there is no place. */
const REQUEST_CONNECTIONS = 32

export interface Capacity {
  /** WebSockets; whoever comes beyond is refused with 503. */
  readonly sockets: number
  /** Connections of any kind; what comes beyond is closed at once. */
  readonly connections: number
}

/** @param openFiles what the system lets the process have open; `Infinity` when it sets no limit */
export function capacityOf(maxSockets: number, openFiles = openFileLimit()): Capacity {
  const connections = Math.max(openFiles - RESERVED_FILES, 2)
  return { connections, sockets: Math.min(maxSockets, Math.max(connections - REQUEST_CONNECTIONS, 1)) }
}

function openFileLimit(): number {
  // Nothing else in Node tells it. Without this it would look up the names of network neighbours.
  Object.assign(process.report, { excludeNetwork: true })
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } }
  const limit = report.userLimits?.open_files?.soft
  return typeof limit === 'number' ? limit : Number.POSITIVE_INFINITY
}
