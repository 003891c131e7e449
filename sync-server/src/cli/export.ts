/**
 * `weft export`: what people wrote, as files that need no Weft, also while the server runs.
 *
 * Each document is one file named for its id, and `manifest.json` has titles and times. `yjs` is every document's whole
 * state as one raw Yjs update; `markdown` and `text` are for reading, and leave out documents that are not Weft's own.
 */
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { flowOf, printMarkdown, printText, readDocument } from '@weft/document'
import { type DocumentInfo, databaseFile, type Inspector, openInspector, StoreError } from '@weft/persistence'
import { applyUpdate, Doc, encodeStateAsUpdate } from 'yjs'
import { ConfigError, shown } from '../config-error.ts'
import { StartError } from '../start-error.ts'
import { type CommandInput, orInOneLine, readCommand } from './command.ts'
import { EXIT } from './exit.ts'

const FORMATS = {
  yjs: { extension: 'yjs', print: (doc: Doc): Uint8Array | string => encodeStateAsUpdate(doc) },
  markdown: { extension: 'md', print: (doc: Doc) => printMarkdown(readDocument(flowOf(doc))) },
  text: { extension: 'txt', print: (doc: Doc) => printText(readDocument(flowOf(doc))) },
} as const

type Format = keyof typeof FORMATS

/** @returns the exit code: 1 when a document could not be read; the others are exported all the same. */
export async function exportDocuments(input: CommandInput): Promise<number> {
  const { data, places, flags } = readCommand(input, {
    places: ['<folder, or - for stdout>'],
    flags: ['document', 'format'],
  })
  const [target = ''] = places
  const format = formatOf(flags.get('format'))
  const only = flags.get('document')
  if (target === '-' && only === undefined)
    throw new ConfigError('-', 'stdout takes one document: add --document')
  return orInOneLine(async () => {
    const inspector = openInspector(databaseFile(resolve(data)))
    try {
      return target === '-'
        ? await toStdout(inspector, only ?? '', format)
        : await toFolder(inspector, resolve(target), format, only)
    } finally {
      inspector.close()
    }
  })
}

async function toStdout(inspector: Inspector, documentId: string, format: Format): Promise<number> {
  const info = known(inspector, documentId)
  if (!fits(info, format))
    throw new ConfigError('--format', `document ${documentId} is not Weft's own: only yjs`)
  process.stdout.write(await printed(inspector, info, format))
  return EXIT.ok
}

async function toFolder(
  inspector: Inspector,
  folder: string,
  format: Format,
  only: string | undefined,
): Promise<number> {
  await mkdir(folder, { recursive: true })
  if ((await readdir(folder)).length > 0)
    throw new StartError(
      'data-folder',
      `${folder} is not empty, and nothing is written over; choose another folder`,
    )
  const documents = only === undefined ? inspector.documents() : [known(inspector, only)]
  const manifest: unknown[] = []
  let unreadable = 0
  for (const info of documents) {
    const file = fits(info, format) ? `${info.id}.${FORMATS[format].extension}` : undefined
    let problem: string | undefined
    try {
      if (file !== undefined)
        await writeFile(join(folder, file), await printed(inspector, info, format), { flag: 'wx' })
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error)
      process.stderr.write(`weft: document ${info.id} is not exported: ${problem}\n`)
      unreadable += 1
    }
    manifest.push(entryOf(info, problem === undefined ? file : undefined, problem))
  }
  await writeFile(
    join(folder, 'manifest.json'),
    `${JSON.stringify({ format, documents: manifest }, null, 2)}\n`,
  )
  process.stdout.write(`${folder}: ${documents.length - unreadable} documents\n`)
  return unreadable === 0 ? EXIT.ok : EXIT.failed
}

async function printed(
  inspector: Inspector,
  { id }: DocumentInfo,
  format: Format,
): Promise<Uint8Array | string> {
  const { snapshot, tail } = await inspector.load(id)
  const doc = new Doc()
  doc.transact(() => {
    if (snapshot !== undefined) applyUpdate(doc, snapshot.bytes)
    for (const { bytes } of tail) applyUpdate(doc, bytes)
  })
  return FORMATS[format].print(doc)
}

function entryOf(info: DocumentInfo, file: string | undefined, problem: string | undefined): unknown {
  const at = (ms: number | undefined): string | undefined =>
    ms === undefined ? undefined : new Date(ms).toISOString()
  const { id, title, kind, createdAt, updatedAt, trashedAt } = info
  return {
    id,
    title,
    kind,
    file,
    problem,
    createdAt: at(createdAt),
    updatedAt: at(updatedAt),
    trashedAt: at(trashedAt),
  }
}

function fits({ kind }: DocumentInfo, format: Format): boolean {
  return kind === 'weft' || format === 'yjs'
}

function known(inspector: Inspector, documentId: string): DocumentInfo {
  const info = inspector.find(documentId)
  if (info === undefined) throw new StoreError('not-found', `no document ${shown(documentId)}`)
  return info
}

function formatOf(given = 'yjs'): Format {
  if (Object.hasOwn(FORMATS, given)) return given as Format
  throw new ConfigError('--format', `expected one of ${Object.keys(FORMATS).join(', ')}, got ${shown(given)}`)
}
