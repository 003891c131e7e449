/** The measure of idle connections, checked: a real server, and faults on purpose. */
import { describe, expect, it } from 'vitest'
import { type Contestant, contestants } from './contestants.ts'
import { type IdleOptions, measureIdle } from './idle.ts'

/** For what does not come; by then everything else has, also on a busy machine. */
const IN_VAIN = { exactlyMs: 15_000 }

const peer = contestants().find(({ name }) => name === 'y-websocket')

function measure(faults: Pick<IdleOptions, 'loses' | 'within'> & { openWire?: Contestant['openWire'] } = {}) {
  if (peer === undefined) throw new Error('the peer is not among the contestants')
  const { openWire = peer.openWire, ...rest } = faults
  return measureIdle({
    contestant: { ...peer, openWire },
    plan: { documents: 6, characters: 1_000, peopleEach: 3, storeMs: 0, settleMs: 0, watchMs: 0 },
    ...rest,
  })
}

describe('Measuring idle connections', () => {
  it('holds everybody in every document, and reads the memory before and then', async () => {
    const { connections, emptyBytes, connectedBytes } = await measure()
    expect(connections).toBe(18)
    expect(connectedBytes).toBeGreaterThan(emptyBytes)
  })

  it('fails when one person of a document is not sent it', async () => {
    const measured = measure({ loses: (person) => person === 2, within: IN_VAIN })
    await expect(measured).rejects.toThrow(/all 3 have the 1000 characters; last seen: \[\{"person":2,/)
  })

  it('fails when one document is served for another', async () => {
    const openWire: Contestant['openWire'] = (server, documentId) =>
      peerWire(server, documentId === 'idle-4' ? 'idle-3' : documentId)
    await expect(measure({ openWire, within: IN_VAIN })).rejects.toThrow(/idle-[34]: all 3 have/)
  })
})

const peerWire: Contestant['openWire'] = (server, documentId) => {
  if (peer === undefined) throw new Error('the peer is not among the contestants')
  return peer.openWire(server, documentId)
}
