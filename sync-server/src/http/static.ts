/**
 * The built application. Its files are listed once at start and found by exact name afterwards, so no path in a
 * request ever reaches the file system.
 *
 * A name with a hash in it never changes its content and is kept by browsers for ever; everything else is asked for again.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { isDocumentId } from '@weft/protocol'
import { type Context, Hono } from 'hono'
import { HttpError } from './errors.ts'

/** Where the build puts it, seen from `src/http` and from `dist/http` alike. */
export const applicationFolder = fileURLToPath(new URL('../../../editor/web/dist', import.meta.url))

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}
const compressible = /^(text\/|application\/(json|manifest)|image\/svg)/
const compress = promisify(gzip)

interface StaticFile {
  readonly bytes: Buffer<ArrayBuffer>
  readonly type: string
  readonly etag: string
  readonly cacheControl: string
  /** Made at the first request that wants it; undefined when it would not be smaller. */
  readonly gzipped: () => Promise<Buffer<ArrayBuffer> | undefined>
}

/** The files of the built application by their path in a URL. */
export type Pages = ReadonlyMap<string, StaticFile>

/** @returns what is in `folder`; empty when it was not built */
export function listFiles(folder: string): Pages {
  const files = new Map<string, StaticFile>()
  let names: string[]
  try {
    names = readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
  } catch {
    return files
  }
  for (const name of names) {
    const path = `/${name.split(sep).join('/')}`
    files.set(path, fileOf(path, readFileSync(join(folder, name))))
  }
  return files
}

function fileOf(path: string, bytes: Buffer<ArrayBuffer>): StaticFile {
  const type = types[extname(path)] ?? 'application/octet-stream'
  const hashed = path.startsWith('/assets/')
  let gzipped: Promise<Buffer<ArrayBuffer> | undefined> | undefined
  return {
    bytes,
    type,
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
    cacheControl: hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    gzipped: () => {
      gzipped ??=
        compressible.test(type) && bytes.length > 1_024
          ? compress(bytes).then((smaller) => (smaller.length < bytes.length ? smaller : undefined))
          : Promise.resolve(undefined)
      return gzipped
    },
  }
}

/**
 * Serves the files; `/`, `/trash` and `/d/:id` are the application's pages.
 *
 * @param embeddable other sites may load the files, as `<script src=…/embed.js>` does without saying who asks.
 *   Nothing in them is anybody's.
 */
export function application(files: Pages, embeddable: boolean): Hono {
  const routes = new Hono()

  if (embeddable)
    routes.use(async (c, next) => {
      await next()
      c.res.headers.set('Cross-Origin-Resource-Policy', 'cross-origin')
    })

  routes.get('/', (c) => page(c))
  routes.get('/trash', (c) => page(c))
  routes.get('/d/:id', (c) => {
    if (!isDocumentId(c.req.param('id'))) throw new HttpError('not-found', 'no such page')
    return page(c)
  })
  routes.get('/*', (c) => {
    const file = files.get(c.req.path)
    if (file === undefined) throw new HttpError('not-found', 'no such page')
    return send(c, file)
  })

  function page(c: Context): Response | Promise<Response> {
    const index = files.get('/index.html')
    if (index !== undefined) return send(c, index)
    return c.html(notBuilt, 503)
  }

  return routes
}

async function send(c: Context, file: StaticFile): Promise<Response> {
  const headers: Record<string, string> = {
    'Content-Type': file.type,
    'Cache-Control': file.cacheControl,
    ETag: file.etag,
    Vary: 'Accept-Encoding',
  }
  const known = c.req.header('if-none-match')?.split(',') ?? []
  if (known.some((tag) => tag.trim().replace(/^W\//, '') === file.etag)) return c.body(null, 304, headers)
  const accepts = /(?:^|[\s,])gzip(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(
    c.req.header('accept-encoding') ?? '',
  )
  const smaller = accepts ? await file.gzipped() : undefined
  if (smaller === undefined) return c.body(file.bytes, 200, headers)
  // Weak, because the bytes on the wire differ from the ones the tag was made of.
  return c.body(smaller, 200, { ...headers, ETag: `W/${file.etag}`, 'Content-Encoding': 'gzip' })
}

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Weft: not built</title>
<h1>The application is not built</h1>
<p>The server runs, but there are no pages to show. Build them and start again:</p>
<pre>npm run build
node sync-server/dist/cli.js serve</pre>
</html>
`
