/**
 * A document of Weft's own kind, and those who write into it what no editor of any version writes, or who know less of
 * its schema than somebody who has written in it. (Threat rows 9b and 10.)
 */
import { flowOf, SCHEMA_VERSION } from '@weft/document'
import { openStore } from '@weft/persistence'
import { CLOSE } from '@weft/protocol'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { sameContent } from './content.ts'
import { openRooms } from './testing/open-rooms.ts'
import { isSynced, type TestClient } from './testing/test-client.ts'

const schemaIn = (client: TestClient): number | undefined => client.received('hello')[0]?.hello.schema

async function openGuarded() {
  // Whole books are typed here in no time.
  const opened = await openRooms({ limits: { framesPerSecond: Number.POSITIVE_INFINITY } })
  const [victim, reader] = [opened.join({ schema: SCHEMA_VERSION }), opened.join({ schema: SCHEMA_VERSION })]
  await opened.until(() => isSynced(victim) && isSynced(reader))
  victim.type('old ')
  await opened.until(() => victim.durable === victim.sent && reader.text.toString() === 'old ')
  const stored = async (): Promise<number | undefined> => (await opened.store.get('doc'))?.lastSeq
  return { ...opened, victim, reader, stored }
}

function poison(write: (doc: Y.Doc) => void): Uint8Array {
  const doc = new Y.Doc()
  flowOf(doc)
  doc.transact(() => write(doc))
  return Y.encodeStateAsUpdate(doc)
}

const block = (doc: Y.Doc): Y.Map<unknown> => {
  const map = new Y.Map<unknown>([['type', 'paragraph']])
  flowOf(doc).insertEmbed(0, map)
  return map
}

const POISON: readonly [what: string, says: string, write: (doc: Y.Doc) => void][] = [
  [
    'a node of another editor, of a type that does not exist',
    'root "root"',
    (doc) => {
      const node = new Y.XmlText()
      node.setAttribute('__type', 'no-such-node')
      doc.get('root', Y.XmlText).insertEmbed(0, node)
    },
  ],
  ['an attribute that is an object', '"url" is an object', (doc) => block(doc).set('url', { x: 1 })],
  [
    'a root with a long name in another script',
    'root "жж',
    (doc) => doc.getText('ж'.repeat(64)).insert(0, 'x'),
  ],
  [
    'an attribute that is a shared type',
    '"url" is a shared type',
    (doc) => block(doc).set('url', new Y.Text('x')),
  ],
  ['a link that is an object', 'mark "link"', (doc) => flowOf(doc).insert(0, 'x', { link: { x: 1 } })],
  ...['__proto__', 'constructor', 'prototype'].map((name): [string, string, (doc: Y.Doc) => void] => [
    `the attribute ${name}`,
    `"${name}" is a name of nothing`,
    (doc) => block(doc).set(name, 'x'),
  ]),
  ['20 kB in one attribute', 'has 20000 units', (doc) => block(doc).set('alt', 'x'.repeat(20_000))],
  [
    'types 65 deep',
    'nested more than',
    (doc) => {
      let map = block(doc)
      for (let depth = 0; depth < 65; depth++) map = map.set('later', new Y.Map<unknown>())
    },
  ],
  ['a document inside', 'a document inside', (doc) => block(doc).set('later', new Y.Doc())],
]

describe('content against the schema', () => {
  it.each(POISON)('closes with 4422 and the reason, and leaves nothing: %s', async (_what, says, write) => {
    const { join, until, victim, reader, stored, lines } = await openGuarded()
    const before = await stored()
    for (const send of ['sendUpdate', 'sendStep2'] as const) {
      const hostile = join()
      await until(() => isSynced(hostile))
      hostile[send](poison(write))
      expect(hostile.socket.closedWith?.code).toBe(CLOSE.schema)
      expect(hostile.socket.closedWith?.reason).toContain(says)
    }
    expect(await stored()).toBe(before)
    victim.type('and new')
    await until(() => victim.durable === victim.sent && reader.text.toString() === 'old and new')
    expect(sameContent(victim.doc, reader.doc)).toBe(true)
    // Not a word of it in the log: names are content, too.
    expect(lines).toEqual([])
  })

  it.each(POISON)(
    'is anybody’s right in a document that a stock client has made: %s',
    async (_what, _says, write) => {
      const { join, until, store } = await openRooms()
      const [stock, other] = [join({ weft: false }), join()]
      await until(() => isSynced(stock) && isSynced(other))
      expect(schemaIn(other)).toBe(0)
      other.sendUpdate(poison(write))
      await until(() => other.durable === other.sent)
      expect([other.closedWith, (await store.get('doc'))?.lastSeq]).toEqual([undefined, 1])
    },
  )

  it('that a store has all the same is served, and those who hold it are not shut out for it', async () => {
    const store = await openStore({ kind: 'memory' })
    await store.create({ id: 'doc', kind: 'weft' })
    const bytes = poison((doc) => {
      block(doc).set('url', { x: 1 })
      block(doc).set('type', 'no-such-node')
    })
    await store.append('doc', [{ bytes, principal: 'guest' }])
    const { join, until } = await openRooms({ store })
    const holder = join({ schema: SCHEMA_VERSION })
    await until(() => isSynced(holder) && holder.durable === holder.sent)
    holder.sendStep2(Y.encodeStateAsUpdate(holder.doc))
    holder.type('goes on')
    await until(() => holder.durable === holder.sent)
    const reader = join()
    await until(() => isSynced(reader) && sameContent(reader.doc, holder.doc))
    expect([holder.closedWith, reader.closedWith]).toEqual([undefined, undefined])
  })

  it('is refused to a stock client as to any other, and what the model has is taken from it', async () => {
    const { join, until, victim } = await openGuarded()
    const [stock, bad] = [join({ weft: false }), join({ weft: false })]
    await until(() => isSynced(stock) && isSynced(bad))
    stock.doc.getText('flow').insert(4, 'by hand')
    await until(() => victim.text.toString() === 'old by hand')
    bad.doc.getText('text').insert(0, 'x')
    expect([stock.closedWith, bad.closedWith]).toEqual([undefined, CLOSE.schema])
  })
})

describe('the version of the schema', () => {
  it('is told in the hello of a guarded document', async () => {
    const { victim } = await openGuarded()
    expect(schemaIn(victim)).toBe(SCHEMA_VERSION)
  })

  it('shuts an older client out with 4426 once somebody has written with a newer one, also one who is here, and for ever', async () => {
    const { join, until, victim, reader, store } = await openGuarded()
    const before = {
      old: join({ documentId: 'other', schema: 1 }),
      peer: join({ documentId: 'other', schema: 2 }),
    }
    await until(() => isSynced(before.old) && isSynced(before.peer))
    before.old.type('written with the first version ')
    await until(() => before.old.durable === before.old.sent && before.peer.text.length > 0)
    expect([before.old.closedWith, (await store.get('other'))?.schema]).toEqual([undefined, 1])
    before.peer.type('and with the second', before.peer.text.length)
    expect(before.old.closedWith).toBe(CLOSE.clientTooOld)
    await until(() => before.peer.durable === before.peer.sent)
    expect((await store.get('other'))?.schema).toBe(2)

    const content = Y.encodeStateAsUpdate(victim.doc)
    const old = join({ schema: 1 })
    await until(() => old.closedWith !== undefined)
    expect(old.closedWith).toBe(CLOSE.clientTooOld)
    expect(old.messages).toEqual([])
    for (let edit = 0; edit < 1_000; edit++) victim.type(`${edit} `)
    await until(() => victim.durable === victim.sent && sameContent(victim.doc, reader.doc))
    expect(Y.encodeStateAsUpdate(victim.doc).length).toBeGreaterThan(content.length)
    const restarted = await openRooms({ store })
    const late = restarted.join({ schema: 1 })
    await restarted.until(() => late.closedWith === CLOSE.clientTooOld)
    // Who says nothing of a version may read and write what it knows.
    const stock = restarted.join({ weft: false })
    await restarted.until(() => isSynced(stock) && sameContent(stock.doc, victim.doc))
  })

  it('that this server does not know counts as its own, so that a lie locks nobody out', async () => {
    const { join, until, victim, store } = await openGuarded()
    const liar = join({ schema: 999_999 })
    await until(() => isSynced(liar))
    liar.type('x')
    await until(() => liar.durable === liar.sent)
    expect((await store.get('doc'))?.schema).toBe(SCHEMA_VERSION)
    const honest = join({ schema: SCHEMA_VERSION })
    await until(() => isSynced(honest))
    expect([victim.closedWith, honest.closedWith]).toEqual([undefined, undefined])
  })
})
