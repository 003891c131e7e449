/** What no client sends ends the session that sent it, with the code that says why, and nothing else. */
import { CLOSE, encodeQueryAwareness } from '@weft/protocol'
import { describe, expect, it } from 'vitest'
import { openRooms } from './testing/open-rooms.ts'
import { randomNumbers, seeds } from './testing/random-edits.ts'
import { isSynced } from './testing/test-client.ts'

describe('a frame that no client sends', () => {
  it.each([
    ['nothing', ''],
    ['an unknown message', '04'],
    ['an unknown sync message', '0003'],
    ['a truncated update', '00020501'],
    ['bytes after the message', '0300'],
    ['a malformed update that stock servers swallow', '00020409090909'],
    ['a clock burn', '00020c010105040080808080802000'],
    ['a malformed state vector', '00000105'],
    ['awareness that is not JSON', '01050107010161'],
    ['awareness nested 129 deep', `0187020107018202${'5b'.repeat(129)}${'5d'.repeat(129)}`],
    ['an acknowledgement', '6401'],
  ])('closes that socket with 4400 and nothing else: %s', async (_what, hex) => {
    const { join, until, store } = await openRooms()
    const [hostile, alice, bob] = [join(), join(), join()]
    await until(() => [hostile, alice, bob].every(isSynced))
    hostile.send(new Uint8Array(Buffer.from(hex, 'hex')))
    expect(hostile.closedWith).toBe(CLOSE.malformed)
    alice.type('unharmed')
    await until(() => bob.text.toString() === 'unharmed' && alice.durable === alice.sent)
    expect((await store.get('doc'))?.lastSeq).toBe(1)
  })

  it('closes that socket for a text frame', async () => {
    const { join, until } = await openRooms()
    const hostile = join()
    await until(() => isSynced(hostile))
    hostile.socket.deliver(encodeQueryAwareness(), false)
    expect(hostile.closedWith).toBe(CLOSE.malformed)
  })

  it('is survived a thousand times over', async () => {
    for (const seed of seeds(1)) {
      const random = randomNumbers(seed)
      const { join, until, lines } = await openRooms()
      const [alice, bob] = [join(), join()]
      await until(() => isSynced(alice) && isSynced(bob))
      const types = [[0, 0], [0, 1], [0, 2], [1], [3], []]
      for (let round = 0; round < 1_000; round++) {
        const hostile = join()
        if (round % 10 === 0) await until(() => isSynced(hostile))
        const type = types[Math.floor(random() * types.length)] ?? []
        const rest = Array.from({ length: Math.floor(random() * 40) }, () => Math.floor(random() * 256))
        hostile.send(Uint8Array.from([...type, ...rest]))
        hostile.disconnect()
      }
      alice.type('still here')
      await until(() => bob.text.toString() === 'still here', `SEED=${seed}`)
      expect(lines.filter(({ level }) => level === 'error')).toEqual([])
    }
  })
})
