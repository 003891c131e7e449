/** Messages of every kind that no client sends, by everybody: an editor may do no more with them than a viewer. */
import type { Role } from '@weft/protocol'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { openRooms } from './testing/open-rooms.ts'
import { isSynced } from './testing/test-client.ts'

const MALFORMED = 4400
/** What a client may send. */
const KNOWN = [0, 1, 2, 3]
const UNKNOWN = Array.from({ length: 256 }, (_, kind) => kind).filter((kind) => !KNOWN.includes(kind))

/** As a varint. */
const numbered = (kind: number): number[] => (kind < 128 ? [kind] : [128 + (kind % 128), kind >> 7])
/** An update that could be taken, of a client that nobody else is. */
function sound(client: number): Uint8Array {
  const doc = new Y.Doc()
  doc.clientID = client
  doc.getText('text').insert(0, 'forced in')
  return Y.encodeStateAsUpdate(doc)
}

describe.each<Role>(['view', 'edit'])('a message of a kind from 4 to 255, of somebody who may %s', (role) => {
  it.each(['bare', 'with an update, as if it were one'] as const)(
    'is nothing but the end of that session: %s',
    async (how) => {
      const { join, until, store, rooms } = await openRooms()
      const [editor, reader] = [join(), join()]
      await until(() => isSynced(editor) && isSynced(reader))
      editor.type('what was there')
      await until(() => editor.durable === editor.sent && reader.text.length > 0)
      const heard = reader.messages.length
      const { updatesCommitted } = rooms.stats()
      const codes = new Map<number | undefined, number[]>()
      for (const kind of UNKNOWN) {
        const hostile = join({ role })
        await until(() => isSynced(hostile))
        const update = sound(1_000 + kind)
        const body = how === 'bare' ? [0] : [2, update.length, ...update]
        hostile.send(Uint8Array.from([...numbered(kind), ...body]))
        const code = hostile.closedWith
        codes.set(code, [...(codes.get(code) ?? []), kind])
        hostile.disconnect()
      }
      expect([...codes.keys()]).toEqual([MALFORMED])
      expect(rooms.stats()).toMatchObject({ updatesCommitted, uncommitted: 0 })
      expect((await store.get('doc'))?.lastSeq).toBe(1)
      expect(reader.messages.slice(heard)).toEqual([])
      expect(editor.closedWith).toBeUndefined()
      expect(editor.text.toString()).toBe('what was there')
    },
  )
})
