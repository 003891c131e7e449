/** One way of typing at one server, measured: from an empty document to a server at rest again. */
import type { Contestant, RunningServer } from './contestants.ts'
import { Crowd, type CrowdOptions } from './crowd.ts'
import type { Histogram } from './histogram.ts'
import { atRest, cpuMs, memoryBytes } from './process-facts.ts'
import type { Typed } from './typing.ts'

export interface PhaseResult {
  readonly deliveriesPerSecond: number
  /** Server CPU from the first key until it is at rest after everybody has left, in microseconds a delivery. */
  readonly cpuMicrosPerDelivery: number
  readonly latencies: Histogram
  /** Share of one core while keys were pressed; the server can use more than one. */
  readonly serverBusy: number
  readonly generatorBusy: number
  readonly latestKeyMs: number
  /** Edits in a frame: what the server sent together. */
  readonly editsPerFrame: number
  readonly residentBytes: number
  /** Until when the server worked after everybody had left. */
  readonly restMs: number
}

export interface PhaseOptions {
  readonly contestant: Contestant
  readonly server: RunningServer
  readonly documentId: string
  readonly people: Pick<CrowdOptions, 'people' | 'writers' | 'loses'>
  readonly type: (crowd: Crowd) => Promise<Typed>
  /** How long the server is watched, at least, after everybody has left. */
  readonly settleMs: number
}

export async function measurePhase(options: PhaseOptions): Promise<PhaseResult> {
  const { contestant, server, documentId, people, type, settleMs } = options
  const crowd = await Crowd.gather({
    ...people,
    server: server.url,
    documentId,
    openWire: contestant.openWire,
  })
  try {
    const framesBefore = crowd.framesReceived
    const cpuBefore = cpuMs(server.pid)
    const ownBefore = process.cpuUsage()
    const startMs = performance.now()
    const typed = await type(crowd)
    const elapsedMs = performance.now() - startMs
    const own = process.cpuUsage(ownBefore)
    const cpuWhileTyping = cpuMs(server.pid) - cpuBefore
    await crowd.drained(20_000)
    const residentBytes = memoryBytes(server.pid).now
    const { deliveries } = crowd.ledger
    const frames = crowd.framesReceived - framesBefore
    await crowd.leave()
    const restMs = await atRest(server.pid, settleMs)
    const cpuAll = cpuMs(server.pid) - cpuBefore
    crowd.assertEverybodyHasEverything()
    return {
      deliveriesPerSecond: (typed.deliveries / typed.measuredMs) * 1_000,
      cpuMicrosPerDelivery: (cpuAll * 1_000) / deliveries,
      latencies: typed.latencies,
      serverBusy: cpuWhileTyping / elapsedMs,
      generatorBusy: (own.user + own.system) / 1_000 / elapsedMs,
      latestKeyMs: typed.latestKeyMs,
      editsPerFrame: deliveries / frames,
      residentBytes,
      restMs,
    }
  } finally {
    crowd.abandon()
  }
}
