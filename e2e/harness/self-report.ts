/**
 * Loaded into a server's process beside the server (`node --expose-gc --import`): answers what only the inside
 * knows, after all garbage was collected. The server itself knows nothing of it.
 */

export interface SelfReport {
  /** Bytes of live objects, and of the buffers outside the heap that they hold. */
  readonly heapBytes: number
  readonly bufferBytes: number
  /** How many there are of each kind of what keeps an event loop alive: sockets, timers, ports. */
  readonly resources: Readonly<Record<string, number>>
  /** Listeners on `process`. */
  readonly listeners: number
}

function report(collect: NonNullable<typeof globalThis.gc>): SelfReport {
  // Twice: what a finaliser lets go in the first is collected in the second.
  collect()
  collect()
  const { heapUsed, external } = process.memoryUsage()
  const resources: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1
  const names = process.eventNames()
  const listeners = names.reduce((sum, name) => sum + process.listenerCount(name), 0)
  return { heapBytes: heapUsed, bufferBytes: external, resources, listeners }
}

const collect = globalThis.gc
if (process.send !== undefined && collect !== undefined) {
  process.on('message', () => process.send?.(report(collect)))
  // The server ends when it wants to, whether or not anybody listens here.
  process.channel?.unref()
}
