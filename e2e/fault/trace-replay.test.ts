import { afterEach, expect, it } from 'vitest'
import { startServerProcess } from '../harness/server-process.ts'
import { type StockClient, stockClient } from '../harness/stock-client.ts'
import { readTrace, replay } from '../harness/trace.ts'
import { until } from '../harness/wait.ts'

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

it('ends with exactly the recorded text on both stock clients and a cold third, though the server is killed twice', async () => {
  const trace = readTrace('friendsforever-concurrent')
  const server = await startServerProcess({ flags: ['--rate-limit', 'off'] })
  undo.push(() => server.dispose())
  const people = [stockClient(server.url, 'friends'), stockClient(server.url, 'friends')]
  for (const person of people) undo.push(() => person.close())
  await until('both are connected', () => people.every((person) => person.provider.synced))

  const kills = [Math.floor(trace.txns.length / 3), Math.floor((trace.txns.length * 2) / 3)]
  let killed = 0
  await replay(
    trace,
    people.map((person) => person.doc),
    async (index) => {
      // Let the sockets run: two people never type without the network in between.
      if (index % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
      if (!kills.includes(index)) return
      await server.kill()
      killed++
      await server.start()
    },
  )
  expect(killed).toBe(2)

  const text = (client: StockClient) => client.doc.getText('text').toString()
  for (const person of people) {
    await until('a writer has the recorded text', () => text(person) === trace.endContent)
  }
  // What a witness has seen is on disk: nobody is left to offer it again when the server comes back.
  const witness = stockClient(server.url, 'friends')
  undo.push(() => witness.close())
  await until('the witness has the recorded text', () => text(witness) === trace.endContent)
  for (const client of [...people, witness]) client.close()
  await server.kill()
  await server.start()
  const cold = stockClient(server.url, 'friends')
  undo.push(() => cold.close())
  await until('the cold client is synced', () => cold.provider.synced)
  expect(text(cold)).toBe(trace.endContent)
}, 600_000)
