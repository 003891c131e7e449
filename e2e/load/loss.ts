/**
 * What people had seen on their screens and is gone after kill -9.
 *
 * People type, the server is killed, started again on its folder, and a newcomer reads the document cold. An edit
 * that had reached anybody but its writer and is not in that document is lost: in truth its writer may still hold
 * it and bring it back, or may have closed the tab.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as Y from 'yjs'
import type { Contestant } from './contestants.ts'
import { Crowd, type CrowdOptions } from './crowd.ts'
import { editThatRemoves, type Script } from './script.ts'
import { pause } from './typing.ts'

export interface Loss {
  readonly seen: number
  readonly lost: number
}

export async function measureLoss(
  contestant: Contestant,
  people: Pick<CrowdOptions, 'people' | 'writers'>,
  type: (crowd: Crowd) => Promise<unknown>,
): Promise<Loss> {
  const data = await mkdtemp(join(tmpdir(), 'weft-loss-'))
  let server = await contestant.start(data)
  try {
    const common = { documentId: 'loss', openWire: contestant.openWire, writers: people.writers }
    const crowd = await Crowd.gather({ ...common, ...people, server: server.url })
    try {
      await type(crowd)
      crowd.expectTheEnd()
      await server.kill()
      await crowd.emptied()
    } finally {
      crowd.abandon()
    }
    server = await contestant.start(data)
    const reader = await Crowd.reader({ ...common, server: server.url })
    try {
      await quiet(reader)
      return compare(crowd, reader.documentOf(0))
    } finally {
      reader.abandon()
    }
  } finally {
    await server.kill()
    await rm(data, { recursive: true, force: true })
  }
}

/** Some servers send what they have stored only after they have called the reader up to date. */
async function quiet(reader: Crowd): Promise<void> {
  let frames = -1
  while (frames !== reader.framesOf(0)) {
    frames = reader.framesOf(0)
    await pause(700)
  }
}

function compare({ ledger, script }: { ledger: Crowd['ledger']; script: Script }, cold: Y.Doc): Loss {
  const deleted = Y.createDeleteSetFromStructStore(cold.store)
  let seen = 0
  let lost = 0
  for (let writer = 0; writer < script.writers; writer++) {
    const client = script.clientOf(writer)
    const stored = Y.getState(cold.store, client)
    const { characters, removals } = ledger.seenByOthers(writer)
    seen += characters
    lost += Math.max(0, characters - stored)
    for (let clock = 0; clock < characters; clock++) {
      const removal = editThatRemoves(clock)
      if (removal === undefined || removal >= removals) continue
      seen++
      if (clock >= stored || !Y.isDeleted(deleted, Y.createID(client, clock))) lost++
    }
  }
  return { seen, lost }
}
