/**
 * The catalogue of documents over HTTP: list, create, rename, trash, restore, remove.
 *
 * Content does not pass here; it lives in rooms. What changes under people who have the document open is
 * told to them at once: a new title as a notice, the trash as a closed socket.
 */
import type { DocumentInfo, DocumentStore } from '@weft/persistence'
import { CLOSE, type CloseCode, cleanLine, isDocumentId, type Notice } from '@weft/protocol'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { readJson, readQuery } from './body.ts'
import { HttpError } from './errors.ts'

export interface DocumentsDeps {
  readonly store: DocumentStore
  readonly rooms: {
    notify(documentId: string, notice: Notice): void
    closeDocument(documentId: string, code: CloseCode, reason: string): void
  }
  /** A fresh document id with at least 128 random bits: knowing one must not help to guess another. */
  readonly newDocumentId: () => string
  readonly maxJsonBytes: number
}

/** In UTF-16 units, as the store counts. */
const MAX_TITLE_LENGTH = 200

const title = z
  .string({ error: 'expected text' })
  .transform(cleanLine)
  .pipe(z.string().max(MAX_TITLE_LENGTH, { error: `expected at most ${MAX_TITLE_LENGTH} characters` }))
const newDocument = z.strictObject({ title: title.optional() })
const change = z.strictObject({ title })

const trueOrFalse = z
  .enum(['true', 'false'], { error: 'expected true or false' })
  .transform((word) => word === 'true')
const listing = z.strictObject({
  search: z.string().max(MAX_TITLE_LENGTH).optional(),
  trashed: trueOrFalse.optional(),
  // A screen shows 20; 200 bounds what one request makes the store read.
  limit: number(1, 200).default(50),
  offset: number(0, 1_000_000_000).default(0),
})
const removal = z.strictObject({ permanently: trueOrFalse.optional() })

export function documents({ store, rooms, newDocumentId, maxJsonBytes }: DocumentsDeps): Hono {
  const routes = new Hono()

  routes.get('/', async (c) => {
    const { search, trashed, limit, offset } = readQuery(c, listing)
    const found = await store.list({ search: search ?? '', trashed: trashed ?? false, limit, offset })
    return c.json({ documents: found.documents.map(toJson), total: found.total })
  })

  routes.post('/', async (c) => {
    const { title } = await readJson(c, newDocument, maxJsonBytes)
    const { document } = await store.create({
      id: newDocumentId(),
      kind: 'weft',
      ...(title === undefined ? {} : { title }),
    })
    return c.json(toJson(document), 201, { Location: `/api/v1/documents/${document.id}` })
  })

  routes.get('/:id', async (c) => c.json(toJson(await existing(c))))

  routes.patch('/:id', async (c) => {
    const id = idOf(c)
    const { title } = await readJson(c, change, maxJsonBytes)
    const renamed = await store.rename(id, title)
    rooms.notify(id, { kind: 'renamed', title: renamed.title })
    return c.json(toJson(renamed))
  })

  routes.delete('/:id', async (c) => {
    const { permanently } = readQuery(c, removal)
    const document = await existing(c)
    if (permanently !== true) {
      const trashed = await store.trash(document.id)
      rooms.closeDocument(document.id, CLOSE.deleted, 'moved to the trash')
      return c.json(toJson(trashed))
    }
    // Two steps on purpose: what is removed cannot come back.
    if (document.trashedAt === undefined)
      throw new HttpError('not-in-trash', 'only a document in the trash can be removed for good')
    await store.remove(document.id)
    rooms.closeDocument(document.id, CLOSE.deleted, 'removed')
    return c.body(null, 204)
  })

  routes.post('/:id/restore', async (c) => c.json(toJson(await store.untrash(idOf(c)))))

  async function existing(c: Context): Promise<DocumentInfo> {
    const document = await store.get(idOf(c))
    if (document === undefined) throw new HttpError('not-found', 'no such document')
    return document
  }

  return routes
}

function idOf(c: Context): string {
  const id = c.req.param('id') ?? ''
  if (!isDocumentId(id))
    throw new HttpError('bad-request', 'a document id has 1 to 128 characters of A-Z a-z 0-9 _ -')
  return id
}

function toJson(document: DocumentInfo) {
  return { ...document, trashedAt: document.trashedAt ?? null }
}

function number(least: number, most: number) {
  const error = `expected a whole number from ${least} to ${most}`
  return z
    .string()
    .regex(/^\d{1,12}$/, { error })
    .transform(Number)
    .pipe(z.int({ error }).min(least, { error }).max(most, { error }))
}
