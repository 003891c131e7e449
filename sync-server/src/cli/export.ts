/**
 * `weft export`: what people wrote, as files that need no Weft, also while the server runs.
 *
 * Each document is one file named for its id, and `manifest.json` has titles and times. `yjs` is every document's whole
 * state as one raw Yjs update; `markdown`, `html`, `json` and `text` are what it says (`FORMATS.md`), and leave out documents
 * that are not Weft's own.
 * A damaged document is exported as far as it can be read, as `<id>.partial`, and named.
 */
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { flowOf, printHtml, printJson, printMarkdown, printText, readDocument } from '@weft/document'
import { type DocumentInfo, databaseFile, type Inspector, openInspector, StoreError } from '@weft/persistence'
import { applyUpdate, Doc, encodeStateAsUpdate } from 'yjs'
import { ConfigError, shown } from '../config-error.ts'
import { StartError } from '../start-error.ts'
import { type CommandInput, orInOneLine, readCommand } from './command.ts'
import { EXIT } from './exit.ts'

const FORMATS = {
  yjs: { extension: 'yjs', print: (doc: Doc): Uint8Array | string => encodeStateAsUpdate(doc) },
  markdown: { extension: 'md', print: (doc: Doc) => printMarkdown(readDocument(flowOf(doc))) },
  html: { extension: 'html', print: (doc: Doc) => printHtml(readDocument(flowOf(doc))) },
  json: { extension: 'json', print: (doc: Doc) => printJson(readDocument(flowOf(doc))) },
  text: { extension: 'txt', print: (doc: Doc) => printText(readDocument(flowOf(doc))) },
} as const

type Format = keyof typeof FORMATS

/** @returns the exit code: 1 when a document is damaged; the others are exported all the same. */
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
  process.stdout.write(FORMATS[format].print(await wholeOf(inspector, documentId)))
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
  let damaged = 0
  for (const info of documents) {
    const { file, damage } = await exported(inspector, info, { folder, format })
    if (damage !== undefined) {
      damaged += 1
      const where = file === undefined ? 'nothing of it can be read' : `what can be read of it is in ${file}`
      process.stderr.write(`weft: ${damage}; ${where}\n`)
    }
    manifest.push(entryOf(info, file, damage))
  }
  const index = `${JSON.stringify({ format, documents: manifest }, null, 2)}\n`
  await writeFile(join(folder, 'manifest.json'), index, { mode: 0o600 })
  process.stdout.write(`${folder}: ${documents.length - damaged} documents\n`)
  return damaged === 0 ? EXIT.ok : EXIT.failed
}

/** Of a damaged document what can be read, under a name that says so. */
async function exported(
  inspector: Inspector,
  info: DocumentInfo,
  { folder, format }: { folder: string; format: Format },
): Promise<{ readonly file?: string; readonly damage?: string }> {
  if (!fits(info, format)) return {}
  const { extension, print } = FORMATS[format]
  const write = async (name: string, doc: Doc): Promise<{ file: string }> => {
    const file = `${name}.${extension}`
    await writeFile(join(folder, file), print(doc), { flag: 'wx', mode: 0o600 })
    return { file }
  }
  let damage: string
  try {
    return await write(info.id, await wholeOf(inspector, info.id))
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    damage = error.message
  }
  const found = await inspector.documentOf(info.id)
  const parts = found === undefined ? [] : [...found.snapshots, ...found.readable]
  if (parts.length === 0) return { damage }
  return { ...(await write(`${info.id}.partial`, integrated(parts.map(({ bytes }) => bytes)))), damage }
}

async function wholeOf(inspector: Inspector, documentId: string): Promise<Doc> {
  const { snapshot, tail } = await inspector.load(documentId)
  return integrated([...(snapshot === undefined ? [] : [snapshot.bytes]), ...tail.map(({ bytes }) => bytes)])
}

/** What leans on an update that is missing stays out. */
function integrated(updates: readonly Uint8Array[]): Doc {
  const doc = new Doc()
  doc.transact(() => {
    for (const update of updates) applyUpdate(doc, update)
  })
  return doc
}

function entryOf(info: DocumentInfo, file: string | undefined, damage: string | undefined): unknown {
  const at = (ms: number | undefined): string | undefined =>
    ms === undefined ? undefined : new Date(ms).toISOString()
  const { id, title, kind, createdAt, updatedAt, trashedAt } = info
  return {
    id,
    title,
    kind,
    file,
    damage,
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
