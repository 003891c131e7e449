/** A disk that fills up under people who look at their pages: they are told, can read on, and need do nothing. */

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sizeOf } from '../harness/figure.ts'
import { openBrowser, type Person, person } from '../harness/person.ts'
import { type ServerProcess, startServerProcess } from '../harness/server-process.ts'
import { mountSmallDisk, type SmallDisk } from '../harness/small-disk.ts'
import { cannotMake } from '../harness/tools.ts'
import { until } from '../harness/wait.ts'

const CYCLES = sizeOf('DISK_FILLINGS', 3)

let disk: SmallDisk
let server: ServerProcess
let browser: Browser

const isSkipped = cannotMake('small disks')

beforeAll(async () => {
  if (isSkipped) return
  disk = await mountSmallDisk(16)
  server = await startServerProcess({ data: disk.folder })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await server?.dispose()
  await disk?.close()
})

/** @throws unless a new document is refused, for want of space */
async function mayCreateNothing(): Promise<void> {
  const { status } = await fetch(`${server.url}/api/v1/documents`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  if (status !== 503) throw new Error(`a new document on a full disk is answered with ${status}`)
}

/** Types until the page says that it is not saved. @returns what was typed */
async function typeUntilRefused(writer: Person, cycle: number): Promise<string> {
  let typed = ''
  for (let count = 0; !(await writer.pill()).startsWith('Not saved'); count++) {
    // The log file has some room of its own.
    if (count === 200) throw new Error(`200 words on a full disk, and the page says ${await writer.pill()}`)
    const word = `${cycle}w${count} `
    await writer.type(word, 0)
    typed += word
  }
  return typed
}

/** Ends the server, and those who wrote: whoever opens it then sees all of it, and nobody has seen an error. */
async function expectOnDisk(url: string, text: string, people: readonly Person[]): Promise<void> {
  await server.kill()
  await server.start()
  const late = await person(browser, 'Dora')
  await late.open(url)
  await until('it is all on disk', late.text, (seen) => seen === text)
  for (const one of [...people, late]) expect(one.errors).toEqual([])
  for (const one of [...people, late]) await one.context.close()
}

it.skipIf(isSkipped)(
  `a disk that is full ${CYCLES} times is told as what it is, lets everybody read, and is written to again by itself`,
  async () => {
    const alice = await person(browser, 'Alice')
    const bob = await person(browser, 'Bob')
    const url = await alice.begin(server.url)
    await alice.type('Before. ')
    await alice.saved()
    await bob.open(url)
    let text = 'Before. '
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      await disk.fill()
      const stored = text
      text += await typeUntilRefused(alice, cycle)
      await until('she is told why', alice.pill, (pill) => pill === 'Not saved: server storage full')
      expect((await fetch(`${server.url}/readyz`)).status).toBe(503)
      // Who comes now reads what is stored, and nothing of what is not.
      const reader = await person(browser, 'Carol')
      await reader.open(url)
      // The log file had room for some of it: Bob's page may still be on the way there.
      const [shown] = await until(
        'both read the same',
        async () => [await reader.text(), await bob.text()] as const,
        ([one, other]) => one === other,
      )
      expect(
        text.startsWith(shown) && shown.length >= stored.trim().length && shown.length < text.trim().length,
      ).toBe(true)
      await reader.context.close()

      await disk.free()
      await alice.saved()
      await until('Bob sees all of it', bob.text, (seen) => seen === text)
      expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
    }
    await expectOnDisk(url, text, [alice, bob])
  },
)

it.skipIf(isSkipped).each(['stopped in order', 'killed'] as const)(
  'a server that was %s, and is started on a disk without a free page, shows what it has, says that it stores nothing, and does once there is space',
  async (how) => {
    const alice = await person(browser, 'Alice')
    const url = await alice.begin(server.url)
    await alice.type('Before. ')
    await alice.saved()
    await (how === 'killed' ? server.kill() : server.stop())
    await disk.fill()
    await server.start()

    const list = (await (await fetch(`${server.url}/api/v1/documents`)).json()) as { total: number }
    expect(list.total).toBeGreaterThan(0)
    const bob = await person(browser, 'Bob')
    await bob.open(url)
    await until('Bob sees what is stored', bob.text, (seen) => seen === 'Before. ')
    // The log file of one that was killed has some room of its own.
    const text = `Before. ${await typeUntilRefused(alice, 0)}`
    await until('she is told why', alice.pill, (pill) => pill === 'Not saved: server storage full')
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503)
    // The log file of one that was killed may have room for that.
    if (how !== 'killed') await mayCreateNothing()

    await disk.free()
    await alice.saved()
    await until('Bob sees all of it', bob.text, (seen) => seen === text)
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
    await expectOnDisk(url, text, [alice, bob])
  },
)
