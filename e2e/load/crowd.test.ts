/** The benchmark's own check, checked: against a real server, with frames lost on purpose. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contestants, type RunningServer } from './contestants.ts'
import { Crowd, type CrowdOptions } from './crowd.ts'
import { typeFlatOut, typeOnTime } from './typing.ts'

const peer = contestants().find(({ name }) => name === 'y-websocket')
let data: string
let server: RunningServer

beforeAll(async () => {
  if (peer === undefined) throw new Error('the peer is not among the contestants')
  data = await mkdtemp(join(tmpdir(), 'weft-crowd-'))
  server = await peer.start(data)
})
afterAll(async () => {
  await server.kill()
  await rm(data, { recursive: true, force: true })
})

async function gather(documentId: string, loses?: CrowdOptions['loses']): Promise<Crowd> {
  if (peer === undefined) throw new Error('the peer is not among the contestants')
  return Crowd.gather({
    server: server.url,
    documentId,
    openWire: peer.openWire,
    people: 6,
    writers: 2,
    ...(loses === undefined ? {} : { loses }),
  })
}

/** A second's worth of keys in as little time as the server takes. */
const keys = Array.from({ length: 64 }, (_, index) => ({ atMs: index, writer: index % 2 }))
/** The tenth update that person 4 is sent; the first frames are questions and states. */
const loseOne = (person: number, frame: number) => person === 4 && frame === 12

describe('A crowd', () => {
  it('sees every edit of every writer reach everybody, each counted once', async () => {
    const crowd = await gather('whole')
    await typeOnTime(crowd, keys)
    expect(crowd.ledger.deliveries).toBe(keys.length * 5)
    crowd.assertEverybodyHasEverything()
    await crowd.leave()
  })

  it('fails when one frame of one person is lost', async () => {
    const crowd = await gather('lossy', loseOne)
    await expect(typeOnTime(crowd, keys)).rejects.toThrow(/person 4 got edit \d+ of writer \d before \d+/)
    expect(() => crowd.assertEverybodyHasEverything()).toThrow(/person 4/)
    crowd.abandon()
  })

  it('fails when the last frame of one person is lost, which no later one gives away', async () => {
    let lose = false
    const crowd = await gather('cut-short', (person) => lose && person === 5)
    await typeOnTime(crowd, keys.slice(0, 20))
    lose = true
    crowd.type(0, performance.now())
    await expect(crowd.drained({ exactlyMs: 500 })).rejects.toThrow('every edit has reached everybody')
    expect(() => crowd.assertEverybodyHasEverything()).toThrow('not everything has arrived')
    crowd.abandon()
  })

  it('keeps no more edits on their way than it was told to when typing flat out', async () => {
    const crowd = await gather('flat-out')
    let most = 0
    const type = crowd.type.bind(crowd)
    crowd.type = (writer, keyMs) => {
      type(writer, keyMs)
      most = Math.max(most, crowd.ledger.outstanding(writer))
    }
    const typed = await typeFlatOut(crowd, { window: 3, rampMs: 0, measuredMs: 200 })
    expect(typed.deliveries).toBeGreaterThan(100)
    expect(most).toBe(3)
    await crowd.drained(5_000)
    crowd.assertEverybodyHasEverything()
    await crowd.leave()
  })
})
