/** Every line of y-websocket that people have, as published, against a real server. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ServerProcess, startServerProcess } from '../harness/server-process.ts'
import { type StockClient, stockClient } from '../harness/stock-client.ts'
import { until } from '../harness/wait.ts'

type Provider = Parameters<typeof stockClient>[2]

/** The versions stand in the catalog of `pnpm-workspace.yaml`. */
const lines: Record<string, () => Promise<{ WebsocketProvider: unknown }>> = {
  '1.5': () => import('y-websocket-1.5'),
  '2.1': () => import('y-websocket-2.1'),
  '3.0': () => import('y-websocket-3.0'),
  '3.1': () => import('y-websocket'),
}

const undo: (() => unknown)[] = []
beforeEach(() => {
  vi.spyOn(console, 'error')
})
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
  // They print each message that they do not understand.
  const printed = [...vi.mocked(console.error).mock.calls]
  vi.restoreAllMocks()
  if (printed.length > 0) throw new Error(`a stock client complained: ${JSON.stringify(printed)}`)
})

describe.for(Object.entries(lines))('y-websocket %s', ([, load]) => {
  async function open() {
    const server = await startServerProcess()
    undo.push(() => server.dispose())
    const { WebsocketProvider } = await load()
    const join = (): StockClient => {
      const client = stockClient(server.url, 'doc', WebsocketProvider as Provider)
      undo.push(() => client.close())
      return client
    }
    const [ada, bob] = [join(), join()]
    await until('both are synced', () => ada.provider.synced && bob.provider.synced)
    return { server, join, ada, bob }
  }
  const text = ({ doc }: StockClient): string => doc.getText('text').toJSON()
  const write = (client: StockClient, words: string): void => client.doc.getText('text').insert(0, words)
  const same = (clients: readonly StockClient[], length: number): Promise<string[]> =>
    until(
      'all hold the same',
      () => clients.map(text),
      (texts) => texts.every((one) => one.length === length && one === texts[0]),
    )

  it('brings two people to the same words, and a third finds them', async () => {
    const { ada, bob, join } = await open()
    for (let word = 0; word < 100; word++) {
      write(ada, 'a')
      write(bob, 'b')
    }
    await same([ada, bob], 200)
    await same([ada, join()], 200)
  })

  it('brings what was written offline', async () => {
    const { ada, bob } = await open()
    ada.provider.disconnect()
    write(ada, 'offline ')
    write(bob, 'online ')
    ada.provider.connect()
    await same([ada, bob], 15)
  })

  it('shows who is here, and that they have left', async () => {
    const { ada, bob } = await open()
    ada.provider.awareness.setLocalStateField('name', 'Ada')
    const seen = (): unknown => bob.provider.awareness.getStates().get(ada.doc.clientID)?.['name']
    await until('Ada is seen', seen, (name) => name === 'Ada')
    ada.close()
    await until(
      'Ada has left',
      () => bob.provider.awareness.getStates().has(ada.doc.clientID),
      (here) => !here,
    )
    expect(bob.provider.awareness.getStates().has(bob.doc.clientID)).toBe(true)
  })

  it('comes back by itself when the server was killed and started again, with every word', async () => {
    const { server, ada, bob, join } = await open()
    write(ada, 'before ')
    await same([ada, bob], 7)
    await killAndWait(server, [ada, bob])
    write(ada, 'ada during ')
    write(bob, 'bob during ')
    await server.start()
    await same([ada, bob], 29)
    write(bob, 'after ')
    await same([ada, bob, join()], 35)
  })
})

async function killAndWait(server: ServerProcess, clients: readonly StockClient[]): Promise<void> {
  await server.kill()
  await until('they have noticed', () => clients.every(({ provider }) => !provider.wsconnected))
}
