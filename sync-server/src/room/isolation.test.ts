/** One session that cannot be told something, beside others that can. */
import { openStore } from '@weft/persistence'
import { heldStore } from '@weft/persistence/testing'
import { CLOSE, decodeMessage, encodeAwareness, encodeAwarenessEntries } from '@weft/protocol'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { openRooms } from './testing/open-rooms.ts'
import { isSynced, type TestClient } from './testing/test-client.ts'

/** From here on every write to its socket throws. */
function breakSocket(client: TestClient): void {
  client.socket.send = () => {
    throw new Error('a socket that throws')
  }
}

async function openThree(options: Parameters<typeof openRooms>[0] = {}) {
  const opened = await openRooms(options)
  // The broken one is told first.
  const [broken, alice, bob] = [opened.join(), opened.join(), opened.join()]
  await opened.until(() => [broken, alice, bob].every(isSynced))
  return { ...opened, broken, alice, bob }
}

describe('a session that throws', () => {
  it('when it is relayed to is let go, and the others are told and acknowledged', async () => {
    const { broken, alice, bob, until, lines } = await openThree()
    breakSocket(broken)
    alice.type('hi')
    await until(() => bob.text.toString() === 'hi' && alice.durable === alice.sent)
    expect([broken, alice, bob].map(({ closedWith }) => closedWith)).toEqual([
      CLOSE.internal,
      undefined,
      undefined,
    ])
    expect(lines).toContainEqual({ level: 'error', message: 'a session could not be told' })
  })

  it('when somebody moves is let go, and the one who moved is not', async () => {
    const { broken, alice, bob, clock } = await openThree()
    breakSocket(broken)
    const state = new TextEncoder().encode('{}')
    alice.send(encodeAwareness(encodeAwarenessEntries([{ clientId: 1, clock: 1, state }])))
    clock.advance(100)
    expect(bob.received('awareness')).toHaveLength(1)
    expect(alice.closedWith).toBeUndefined()
    expect(broken.closedWith).toBe(CLOSE.internal)
  })

  it('when what it waited for arrives is let go, and the one who brought it is acknowledged', async () => {
    const { broken, alice, until } = await openThree()
    const elsewhere = new Y.Doc()
    elsewhere.getText('text').insert(0, 'elsewhere')
    Y.applyUpdate(broken.doc, Y.encodeStateAsUpdate(elsewhere), broken)
    broken.type(' leans on it')
    breakSocket(broken)
    alice.sendUpdate(Y.encodeStateAsUpdate(elsewhere))
    await until(() => alice.durable === alice.sent)
    expect(alice.closedWith).toBeUndefined()
    expect(broken.closedWith).toBe(CLOSE.internal)
  })

  it('when it is asked again after a full queue is let go, and the others are asked', async () => {
    const held = heldStore(await openStore({ kind: 'memory' }))
    const { broken, alice, bob, until, clock } = await openThree({
      store: held,
      limits: { maxQueuedBytes: 2_000 },
    })
    for (let line = 0; line < 30; line++)
      for (const client of [broken, alice, bob]) client.type(`line ${line} of many and so on `)
    await held.whenHeld()
    const questions = bob.received('sync-step-1').length
    // It takes everything but a question: relaying does not let it go before.
    const send = broken.socket.send.bind(broken.socket)
    broken.socket.send = (frame, done) => {
      if (decodeMessage(frame).kind === 'sync-step-1') throw new Error('a socket that throws')
      send(frame, done)
    }
    await until(async () => {
      if (held.held > 0) await held.release()
      clock.advance(50)
      return [alice, bob].every((client) => client.durable === client.sent)
    }, 'the others to be asked and acknowledged')
    expect(bob.received('sync-step-1').length).toBeGreaterThan(questions)
    expect(broken.closedWith).toBe(CLOSE.internal)
  })
})
