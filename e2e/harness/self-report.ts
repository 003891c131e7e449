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
  /** Timers that were set and will still go off, also those that keep no event loop alive. */
  readonly timers: number
}

const timers = new Set<NodeJS.Timeout>()
/** Node's own sign of one that was cleared, or has gone off for the last time. */
const isOver = (timer: NodeJS.Timeout): boolean => (timer as { _destroyed?: boolean })._destroyed === true
let looksAgainAt = 1_000

function dropOver(): void {
  for (const timer of timers) if (isOver(timer)) timers.delete(timer)
  looksAgainAt = 2 * timers.size + 1_000
}

/** Those that keep no event loop alive are in no list that Node gives, so they are counted as they are set. */
function counted<Set extends typeof setTimeout | typeof setInterval>(set: Set): Set {
  return new Proxy(set, {
    apply(target, self: unknown, args: Parameters<Set>) {
      const timer: unknown = Reflect.apply(target, self, args)
      timers.add(timer as NodeJS.Timeout)
      if (timers.size > looksAgainAt) dropOver()
      return timer
    },
  })
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
  dropOver()
  return { heapBytes: heapUsed, bufferBytes: external, resources, listeners, timers: timers.size }
}

const collect = globalThis.gc
if (process.send !== undefined && collect !== undefined) {
  globalThis.setTimeout = counted(setTimeout)
  globalThis.setInterval = counted(setInterval)
  process.on('message', () => process.send?.(report(collect)))
  // The server ends when it wants to, whether or not anybody listens here.
  process.channel?.unref()
}
