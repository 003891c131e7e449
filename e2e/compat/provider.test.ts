import { ApplyGate, type SaveState, WeftProvider } from '@weft/editor/core'
import { afterEach, expect, it } from 'vitest'
import * as Y from 'yjs'
import { type ServerProcess, startServerProcess } from '../harness/server-process.ts'
import { stockClient } from '../harness/stock-client.ts'
import { until } from '../harness/wait.ts'

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

async function server(): Promise<ServerProcess> {
  const started = await startServerProcess()
  undo.push(() => started.dispose())
  return started
}

/** Somebody with our provider, no browser and so no local copy. */
function writer(url: string, documentId: string) {
  const doc = new Y.Doc()
  const provider = new WeftProvider({ server: url, documentId, doc, gate: new ApplyGate() })
  undo.push(() => provider.destroy())
  const text = doc.getText('flow')
  const said: SaveState[] = []
  provider.onSaveState((state) => said.push(state))
  return {
    doc,
    provider,
    said,
    text: () => text.toJSON(),
    type: (words: string, at = text.length) => text.insert(at, words),
    saved: () =>
      until(
        'everything typed is saved',
        () => provider.saveState,
        (state) => state.kind === 'saved' && state.connected,
      ),
  }
}

function stock(url: string, documentId: string) {
  const client = stockClient(url, documentId)
  undo.push(() => client.close())
  return { ...client, text: () => client.doc.getText('flow').toJSON() }
}

it('recovers by itself within five seconds when the server is killed and started again, with every word', async () => {
  const host = await server()
  const [ada, bob] = [writer(host.url, 'minutes'), writer(host.url, 'minutes')]
  const carl = stock(host.url, 'minutes')
  const everybody = [ada, bob, carl]
  await Promise.all([ada.provider.whenLoaded(), bob.provider.whenLoaded()])
  await until('the stock client is synced', () => carl.provider.synced)

  ada.type('ada before. ')
  bob.type('bob before. ', 0)
  carl.doc.getText('flow').insert(0, 'carl before. ')
  await Promise.all([ada.saved(), bob.saved()])
  await until('all see all', () => everybody.map((one) => one.text().length), same(37))

  await host.kill()
  ada.type('ada during. ')
  bob.type('bob during. ', 0)
  carl.doc.getText('flow').insert(0, 'carl during. ')
  await until('the pill says what is not kept', () => ada.provider.saveState, isKind('not-saved'))
  expect(ada.provider.saveState).toMatchObject({ reason: 'not-kept', edits: 1, kept: false })
  const saidBefore = ada.said.length

  await host.start()
  const startedAt = performance.now()
  await Promise.all([ada.saved(), bob.saved()])
  const recoveredMs = performance.now() - startedAt
  expect(recoveredMs).toBeLessThan(5_000)
  expect(ada.said.slice(saidBefore).at(-1)).toMatchObject({ kind: 'saved' })
  ada.type('ada after. ')
  await ada.provider.flush({ durable: true })
  await until('all see all', () => everybody.map((one) => one.text().length), same(37 * 2 + 11))
  expect(bob.text()).toBe(ada.text())
  expect(carl.text()).toBe(ada.text())
  const cold = stock(host.url, 'minutes')
  await until('a newcomer sees the same', cold.text, (text) => text === ada.text())
})

it('has on disk what it called durable, killed while more is on its way', async () => {
  const host = await server()
  const ada = writer(host.url, 'diary')
  await ada.provider.whenLoaded()
  const durable = new Set<string>()
  const typed: string[] = []
  const flushes: Promise<void>[] = []
  const write = () => {
    const word = `<${typed.length}>`
    typed.push(word)
    ada.type(word)
    flushes.push(ada.provider.flush({ durable: true }).then(() => void durable.add(word)))
  }
  for (const share of [1, 20, 60, 150]) {
    const enough = durable.size + share
    // Never a pause: when the server dies, some words are durable and others are on their way.
    while (durable.size < enough) {
      write()
      await new Promise((resolve) => setImmediate(resolve))
    }
    write()
    const believed = ada.provider.saveState.kind === 'saved' ? [...typed] : []
    expect(typed.length).toBeGreaterThan(durable.size)
    await host.kill()
    // With what the server had still said before it died.
    const promised = [...durable]
    // Nobody who holds the words is there to offer them again.
    ada.provider.disconnect()
    await host.start()
    const cold = stock(host.url, 'diary')
    await until('the cold client is synced', () => cold.provider.synced)
    const lost = [...promised, ...believed].filter((word) => !cold.text().includes(word))
    expect(lost).toEqual([])
    ada.provider.connect()
    await Promise.all(flushes)
    await until('the rest has arrived', cold.text, (text) => text === ada.text())
    expect(cold.text()).toBe(typed.join(''))
    cold.close()
  }
})

it('brings a thousand edits, made as fast as they can be, to saved under the default limits', async () => {
  const host = await server()
  const ada = writer(host.url, 'script')
  await ada.provider.whenLoaded()
  for (let edit = 0; edit < 1_000; edit++) ada.type(`${edit} `)
  expect(ada.provider.saveState.kind).toBe('saving')
  await ada.saved()
  expect(ada.provider.connectionInfo).toMatchObject({ editsWaiting: 0, queue: 0, failures: 0 })
  expect(ada.said.map(({ kind }) => kind)).not.toContain('not-saved')
  await host.kill()
  await ada.provider.destroy()
  await host.start()
  const cold = stock(host.url, 'script')
  await until('a cold client has every edit', cold.text, (text) => text === ada.text())
})

it('tells what the server said of the session', async () => {
  const host = await server()
  const ada = writer(host.url, 'hello')
  await ada.provider.whenLoaded()
  expect(ada.provider.hello).toMatchObject({ protocol: 1, readOnly: false })
  expect(ada.provider.connectionInfo).toMatchObject({ transport: 'websocket', status: 'connected' })
})

function same(length: number): (lengths: readonly number[]) => boolean {
  return (lengths) => lengths.every((one) => one === length)
}

function isKind(kind: SaveState['kind']): (state: SaveState) => boolean {
  return (state) => state.kind === kind
}
