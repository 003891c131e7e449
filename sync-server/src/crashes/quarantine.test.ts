import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/weft-process.ts'
import { openQuarantine, type Quarantine, SetAsideError } from './quarantine.ts'
import { clearSuspect, crashFolder, readSuspects } from './suspects.ts'

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

interface Run {
  readonly quarantine: Quarantine
  readonly lines: readonly string[]
}

/** The next process on a folder; the one before has ended without a word unless it was closed. */
async function begin(data: string, boot?: string): Promise<Run> {
  const lines: string[] = []
  const keep = (_fields: unknown, message?: string) => void lines.push(message ?? '')
  const logger = { debug: keep, info: keep, warn: keep, error: keep, fatal: keep }
  const quarantine = await openQuarantine(data, logger, boot)
  undo.push(() => quarantine.close())
  return { quarantine, lines }
}

function folder(): string {
  const { path, remove } = temporaryFolder()
  undo.push(remove)
  return path
}

const never = (): Promise<never> => new Promise(() => undefined)

/** Begins with it, and does not come to its end. */
async function endWhile({ quarantine }: Run, risk: 'open' | 'fold', documentId: string): Promise<void> {
  const { promise: begun, resolve } = Promise.withResolvers<void>()
  void quarantine.run(risk, documentId, () => {
    resolve()
    return never()
  })
  await begun
}

describe('a quarantine', () => {
  it('refuses a document while which two processes ended, and no other', async () => {
    const data = folder()
    await endWhile(await begin(data), 'open', 'bad')
    await endWhile(await begin(data), 'open', 'bad')
    const { quarantine, lines } = await begin(data)
    expect(lines).toEqual([
      expect.stringMatching(
        /^document bad: the server ended 2 times while it was opened, .* `weft retry bad`/,
      ),
    ])
    for (let time = 0; time < 3; time++)
      await expect(quarantine.run('open', 'bad', async () => 'opened')).rejects.toThrow(SetAsideError)
    expect(await quarantine.run('open', 'good', async () => 'opened')).toBe('opened')
    // It cannot be opened; whether it can be folded nobody has tried.
    expect(await quarantine.run('fold', 'bad', async () => 'folded')).toBe('folded')
  })

  it('forgets a suspect that is worked on well, or refused by what reads it: neither ended anything', async () => {
    const data = folder()
    const first = await begin(data)
    await endWhile(first, 'open', 'a')
    await endWhile(first, 'open', 'b')
    const second = await begin(data)
    expect((await readSuspects(crashFolder(data))).map(({ documentId }) => documentId).toSorted()).toEqual([
      'a',
      'b',
    ])
    await second.quarantine.run('open', 'a', async () => undefined)
    await expect(second.quarantine.run('open', 'b', () => Promise.reject(new Error('no')))).rejects.toThrow(
      'no',
    )
    expect(await readSuspects(crashFolder(data))).toEqual([])
    await endWhile(second, 'open', 'a')
    const third = await begin(data)
    expect(await third.quarantine.run('open', 'a', async () => 'opened')).toBe('opened')
  })

  it('tries suspects one at a time, so that no second one stands by when the process ends', async () => {
    const data = folder()
    const first = await begin(data)
    for (const id of ['a', 'b', 'c']) await endWhile(first, 'open', id)
    const second = await begin(data)
    const begun: string[] = []
    for (const id of ['a', 'b', 'c'])
      void second.quarantine.run('open', id, () => {
        begun.push(id)
        return never()
      })
    await endWhile(second, 'open', 'd')
    const third = await begin(data)
    expect(begun).toEqual(['a'])
    const crashes = new Map(
      (await readSuspects(crashFolder(data))).map(({ documentId, crashes: count }) => [documentId, count]),
    )
    expect(crashes).toEqual(
      new Map([
        ['a', 2],
        ['b', 1],
        ['c', 1],
        ['d', 1],
      ]),
    )
    await expect(third.quarantine.run('open', 'a', never)).rejects.toThrow(SetAsideError)
  })

  it('folds no more what five processes ended of: a fold stands by more often than an opening', async () => {
    const data = folder()
    for (let time = 0; time < 4; time++) await endWhile(await begin(data), 'fold', 'bad')
    expect((await begin(data)).lines).toEqual([expect.stringMatching(/if that happens again/)])
    await endWhile(await begin(data), 'fold', 'bad')
    await expect((await begin(data)).quarantine.run('fold', 'bad', never)).rejects.toThrow(SetAsideError)
  })

  it('suspects nobody of what stood there before the machine was started, but keeps who was set aside', async () => {
    const data = folder()
    await endWhile(await begin(data, 'one'), 'open', 'a')
    await endWhile(await begin(data, 'one'), 'open', 'b')
    const after = await begin(data, 'two')
    expect(after.lines).toEqual([])
    expect(await readSuspects(crashFolder(data))).toEqual([])
    for (let time = 0; time < 2; time++) await endWhile(await begin(data, 'two'), 'open', 'bad')
    await begin(data, 'two')
    const later = await begin(data, 'three')
    await expect(later.quarantine.run('open', 'bad', never)).rejects.toThrow(SetAsideError)
  })

  it('counts nothing of a process that was asked to stop', async () => {
    const data = folder()
    for (let time = 0; time < 3; time++) {
      const run = await begin(data)
      await endWhile(run, 'fold', 'slow')
      await run.quarantine.close()
    }
    const { quarantine, lines } = await begin(data)
    expect(lines).toEqual([])
    expect(await quarantine.run('fold', 'slow', async () => 'folded')).toBe('folded')
  })

  it('lets it be tried again, also by the process that refuses it, once its file is gone', async () => {
    const data = folder()
    for (let time = 0; time < 2; time++) await endWhile(await begin(data), 'open', 'bad')
    const { quarantine } = await begin(data)
    await expect(quarantine.run('open', 'bad', never)).rejects.toThrow(SetAsideError)
    await clearSuspect(crashFolder(data), { documentId: 'bad', risk: 'open' })
    expect(await quarantine.run('open', 'bad', async () => 'opened')).toBe('opened')
  })

  it('remembers every one of a crowd, and uses the room of those that are done again', async () => {
    const data = folder()
    const first = await begin(data)
    await Promise.all(
      Array.from({ length: 500 }, (_, index) =>
        first.quarantine.run('open', `done-${index}`, async () => undefined),
      ),
    )
    const ids = Array.from({ length: 200 }, (_, index) => `under-way-${index}`)
    await Promise.all(ids.map((id) => endWhile(first, 'open', id)))
    await begin(data)
    const found = (await readSuspects(crashFolder(data))).map(({ documentId }) => documentId)
    // What is crossed out is not waited for, but it was long ago.
    expect(found.filter((id) => id.startsWith('under-way')).toSorted()).toEqual(ids.toSorted())
  })

  it('takes what it cannot read for nothing, and opens documents without it where it cannot write', async () => {
    const data = folder()
    await endWhile(await begin(data), 'open', 'bad')
    const file = join(crashFolder(data), 'under-way')
    const bytes = readFileSync(file)
    const at = bytes.indexOf('open bad')
    expect(at).toBeGreaterThan(0)
    bytes.write('opem bad\nopen ../../x\n', at)
    writeFileSync(file, bytes)
    const { quarantine, lines } = await begin(data)
    expect(lines).toEqual([])
    await quarantine.close()
    const nowhere = await begin(join(file, 'below a file'))
    expect(nowhere.lines).toEqual([expect.stringMatching(/crashes are not counted/)])
    expect(await nowhere.quarantine.run('open', 'bad', async () => 'opened')).toBe('opened')
  })
})
