/** One case again, with those beside it on its connection, at a server of its own. */

import { startServerProcess } from '../harness/server-process.ts'
import { GROUP, LAYERS, type Layer } from './case.ts'
import { makeGroup } from './generate.ts'
import { routesOf } from './layers/http.ts'
import { FuzzThread } from './threads.ts'

/** @param which `layer:number` @returns 0 when all ended as it should, 1 when not, 2 when there is no such case */
export async function replay(seed: number, which: string): Promise<number> {
  const [, layer, number] = /^(\w+):(\d+)$/.exec(which) ?? []
  if (layer === undefined || !Object.hasOwn(LAYERS, layer)) {
    process.stderr.write(
      `--only is one of ${Object.keys(LAYERS).join(', ')}, a colon and a number, not ${which}.\n`,
    )
    return 2
  }
  const index = Math.floor(Number(number) / GROUP)
  const thread = new FuzzThread()
  const group = makeGroup(seed, layer as Layer, index, await routesOf())
  const attempt = group.attempts[Number(number) % GROUP]
  process.stdout.write(`${attempt?.title}\n${Buffer.from(attempt?.bytes ?? []).toString('hex')}\n`)
  try {
    const report =
      layer === 'rooms'
        ? await thread.do({ kind: 'rooms', seed, from: index, to: index + 1, step: 1 })
        : await overSockets()
    for (const { what } of report.findings) process.stdout.write(`${what}\n`)
    process.stdout.write(`${report.findings.length} findings in the group\n`)
    return report.findings.length === 0 ? 0 : 1
  } finally {
    await thread.close()
  }

  async function overSockets() {
    const server = await startServerProcess()
    try {
      const planned = [{ layer: layer as Exclude<Layer, 'rooms'>, index }]
      return await thread.do({ kind: 'sockets', seed, port: server.port, documentId: 'fuzz', planned })
    } finally {
      await server.dispose()
    }
  }
}
