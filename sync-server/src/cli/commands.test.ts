/** `weft backup`, `restore`, `verify` and `export` as people type them: what they say, make and end with. */
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { databaseFile, openStore } from '@weft/persistence'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { runWeft, temporaryFolder } from '../../test/weft-process.ts'
import { type WrittenDocument, writeFolder } from './testing/written-folder.ts'

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

function folder(): string {
  const { path, remove } = temporaryFolder()
  undo.push(remove)
  return path
}

/** Written once: dozens of commits, each of which waits for the disk. */
const original = temporaryFolder()
let documents: readonly WrittenDocument[]
beforeAll(async () => {
  documents = await writeFolder(original.path, ['minutes', 'diary'])
})
afterAll(original.remove)

function written(): { data: string; documents: readonly WrittenDocument[] } {
  const data = folder()
  cpSync(original.path, data, { recursive: true })
  return { data, documents }
}

function weft(...words: readonly string[]) {
  const { child, ended } = runWeft(words)
  undo.push(() => child.kill('SIGKILL'))
  return ended
}

/** Keeps a folder in use, as a server does. */
async function inUse(data: string) {
  const store = await openStore({ kind: 'sqlite', folder: data })
  undo.push(() => store.close())
  return store
}

function damage(data: string): void {
  const database = new DatabaseSync(databaseFile(data))
  database.exec(
    `UPDATE log SET bytes = x'00' WHERE document = (SELECT key FROM documents WHERE id = 'diary')`,
  )
  database.close()
}

async function texts(data: string): Promise<Record<string, string>> {
  const store = await openStore({ kind: 'sqlite', folder: data })
  const found: Record<string, string> = {}
  for (const { id } of (await store.list()).documents) {
    const { snapshot, tail } = await store.load(id)
    const doc = new Y.Doc()
    if (snapshot !== undefined) Y.applyUpdate(doc, snapshot.bytes)
    for (const { bytes } of tail) Y.applyUpdate(doc, bytes)
    found[id] = doc.getText('flow').toJSON()
  }
  await store.close()
  return found
}

const textsOf = (documents: readonly WrittenDocument[]): Record<string, string> =>
  Object.fromEntries(documents.map(({ id, text }) => [id, text]))

async function epochOf(data: string): Promise<string> {
  const store = await openStore({ kind: 'sqlite', folder: data })
  await store.close()
  return store.epoch
}

describe('weft backup and weft restore', () => {
  it('bring everything into another folder, from under a running server, with a new epoch', async () => {
    const { data, documents } = written()
    const store = await inUse(data)
    const backups = folder()
    const made = await weft('backup', backups, '--data', data)
    expect(made).toMatchObject({ code: 0, stderr: '' })
    const [name = ''] = readdirSync(backups)
    expect(readdirSync(backups)).toEqual([expect.stringMatching(/^weft-[\dTZ-]+\.db$/)])
    expect(made.stdout).toBe(`${join(backups, name)}: 0.03 MB\n`)

    // Everybody's documents are in it.
    expect(statSync(join(backups, name)).mode & 0o777).toBe(0o600)
    const restored = join(folder(), 'new')
    expect(await weft('restore', join(backups, name), '--data', restored)).toEqual({
      code: 0,
      signal: null,
      stdout: `${restored}: 2 documents restored\n`,
      stderr: '',
    })
    expect(await texts(restored)).toEqual(textsOf(documents))
    expect(await epochOf(restored)).not.toBe(store.epoch)
    expect(await weft('verify', '--data', restored)).toMatchObject({ code: 0, stderr: '' })
  })

  it('write over nothing: a file, a folder with documents, a folder in use', async () => {
    const { data } = written()
    const file = join(folder(), 'b.db')
    expect(await weft('backup', file, '--data', data)).toMatchObject({ code: 0 })
    expect(await weft('backup', file, '--data', data)).toMatchObject({
      code: 1,
      stderr: `weft: ${file} exists and is not written over; choose another name\n`,
    })
    expect(await weft('restore', file, '--data', data)).toMatchObject({
      code: 1,
      stderr: `weft: data folder ${data} is not empty; choose another with --data, or let --force move its documents aside\n`,
    })
    await inUse(data)
    const { code, stderr } = await weft('restore', file, '--force', '--data', data)
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^weft: data folder .* is in use by process \d+; stop that one, or choose another folder[^\n]*\n$/,
    )
  })

  it('with --force move what was there aside, whole', async () => {
    const { data, documents } = written()
    const file = join(folder(), 'b.db')
    await weft('backup', file, '--data', data)
    const store = await openStore({ kind: 'sqlite', folder: data })
    await store.rename('diary', 'renamed since')
    await store.close()
    const { code, stdout } = await weft('restore', '--force', file, '--data', data)
    expect(code).toBe(0)
    const movedTo = /what was there is in (\S+)\n$/.exec(stdout)?.[1] ?? ''
    expect(await texts(data)).toEqual(textsOf(documents))
    const old = await openStore({ kind: 'sqlite', folder: movedTo })
    expect((await old.get('diary'))?.title).toBe('renamed since')
    await old.close()
  })

  it('refuse a damaged backup unless told otherwise, and leave the folder as it was', async () => {
    const { data } = written()
    damage(data)
    const file = join(folder(), 'b.db')
    const made = await weft('backup', file, '--data', data)
    expect(made.code).toBe(1)
    expect(made.stderr).toMatch(
      /^weft: the copy is as damaged as what it was made of: document diary: [^\n]*\n$/,
    )
    const target = folder()
    const refused = await weft('restore', file, '--data', target)
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(
      /^weft: .* is damaged: document diary: .* accept the damage with --accept-damage\n$/,
    )
    expect(existsSync(databaseFile(target))).toBe(false)
    expect((await weft('restore', file, '--accept-damage', '--data', target)).code).toBe(0)
    expect(existsSync(databaseFile(target))).toBe(true)
  })

  it('take a copy of weft.db alone for what it is', async () => {
    const { data } = written()
    await inUse(data)
    const copy = join(folder(), 'weft.db')
    copyFileSync(databaseFile(data), copy)
    const target = folder()
    const refused = await weft('restore', copy, '--data', target)
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('without its log file weft.db-wal')
    expect((await weft('restore', copy, '--accept-damage', '--data', target)).code).toBe(0)
    expect(Object.keys(await texts(target)).sort()).toEqual(['diary', 'minutes'])
  })

  it('say what is missing, in one line', async () => {
    const nowhere = join(folder(), 'nowhere')
    expect(await weft('backup')).toMatchObject({
      code: 2,
      stderr: 'weft: <file or folder>: is missing; see weft --help\n',
    })
    expect(await weft('backup', 'a', 'b')).toMatchObject({
      code: 2,
      stderr: 'weft: "b": not expected here; see weft --help\n',
    })
    for (const words of [['backup', join(folder(), 'b.db')], ['verify'], ['export', folder()]]) {
      const { code, stderr } = await weft(...words, '--data', nowhere)
      expect({ code, stderr }).toEqual({ code: 1, stderr: `weft: ${databaseFile(nowhere)} does not exist\n` })
    }
    expect(await weft('restore', nowhere, '--data', folder())).toMatchObject({
      code: 1,
      stderr: `weft: ${nowhere} does not exist\n`,
    })
  })
})

describe('weft verify', () => {
  it('ends with 0 and counts what is sound, also while a server runs, and of a backup', async () => {
    const { data } = written()
    const file = join(folder(), 'b.db')
    await weft('backup', file, '--data', data)
    await inUse(data)
    for (const path of [data, file]) {
      const { code, stdout } = await weft('verify', '--data', path)
      expect({ code, stdout }).toEqual({
        code: 0,
        stdout: expect.stringMatching(/^2 documents, 4 snapshots, \d+ updates: sound \([\d.]+ s\)\n$/),
      })
    }
  })

  it('ends with 1 and names each damaged document in a line', async () => {
    const { data } = written()
    damage(data)
    const { code, stdout } = await weft('verify', '--data', data)
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /^document diary: update \d+ is damaged: [^\n]*; it cannot be opened: [^\n]*\n2 documents, [^\n]*1 damaged[^\n]*\n$/,
    )
  })
})

describe('weft export', () => {
  it('writes every document whole, with titles and times beside them', async () => {
    const { data, documents } = written()
    await inUse(data)
    const target = join(folder(), 'out')
    expect(await weft('export', target, '--data', data)).toMatchObject({
      code: 0,
      stdout: `${target}: 2 documents\n`,
    })
    const manifest = JSON.parse(readFileSync(join(target, 'manifest.json'), 'utf8')) as {
      documents: { id: string; title: string; file: string; createdAt: string }[]
    }
    expect(manifest.documents.map(({ id, title }) => ({ id, title }))).toEqual(
      documents.map(({ id, title }) => ({ id, title })),
    )
    for (const { id, text } of documents) {
      const doc = new Y.Doc()
      Y.applyUpdate(doc, readFileSync(join(target, `${id}.yjs`)))
      expect(doc.getText('flow').toJSON()).toBe(text)
    }
  })

  it('writes one as Markdown or text to stdout', async () => {
    const { data, documents } = written()
    const one = ['--document', 'diary', '--data', data]
    const text = documents.find(({ id }) => id === 'diary')?.text ?? ''
    expect((await weft('export', '-', '--format', 'text', ...one)).stdout.trim()).toBe(text.trim())
    expect((await weft('export', '-', '--format', 'markdown', ...one)).stdout).toContain('word 30')
    expect((await weft('export', '-', '--format', 'html', ...one)).stdout).toContain('<p>')
    expect(JSON.parse((await weft('export', '-', '--format', 'json', ...one)).stdout)).toMatchObject({
      schema: 2,
    })
    expect(await weft('export', '-', '--format', 'pdf', ...one)).toMatchObject({
      code: 2,
      stderr: 'weft: --format: expected one of yjs, markdown, html, json, text, got "pdf"\n',
    })
  })

  it('exports of a damaged document what can be read, under a name that says so, and the others whole', async () => {
    const { data, documents } = written()
    damage(data)
    const target = folder()
    const { code, stderr } = await weft('export', target, '--data', data)
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^weft: document diary: update \d+ is damaged: [^\n]*; what can be read of it is in diary\.partial\.yjs\n$/,
    )
    expect(readdirSync(target).sort()).toEqual(['diary.partial.yjs', 'manifest.json', 'minutes.yjs'])
    const doc = new Y.Doc()
    Y.applyUpdate(doc, readFileSync(join(target, 'diary.partial.yjs')))
    const partial = doc.getText('flow').toJSON()
    const whole = documents.find(({ id }) => id === 'diary')?.text ?? ''
    // All that was in the newest snapshot; the log is what was damaged.
    expect(partial.length).toBeGreaterThan(whole.length / 2)
    expect(partial).not.toBe(whole)
  })

  it('writes into an empty folder only', async () => {
    const { data } = written()
    const target = folder()
    mkdirSync(target, { recursive: true })
    writeFileSync(join(target, 'mine.txt'), 'mine')
    expect((await weft('export', target, '--data', data)).stderr).toBe(
      `weft: ${target} is not empty, and nothing is written over; choose another folder\n`,
    )
  })
})
