/** The pages of the three editors, each built for production and served from the loopback interface. */
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import type { EditorName } from './contestants.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
}

export interface Site {
  readonly origin: string
  /** @param server where the page meets others, as `http://host:port` */
  address(editor: EditorName, server: string, documentId: string): string
  close(): Promise<void>
}

/** Builds the peers' pages; Weft's is one tag and the script that every release has. */
export async function openSite(): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-speed-'))
  await build({
    root: here('pages'),
    configFile: false,
    logLevel: 'warn',
    mode: 'production',
    define: { 'process.env.NODE_ENV': '"production"' },
    resolve: { conditions: ['module', 'browser', 'production'] },
    build: {
      outDir: folder,
      emptyOutDir: true,
      chunkSizeWarningLimit: 2_000,
      rolldownOptions: { input: { lexical: here('pages/lexical.html'), tiptap: here('pages/tiptap.html') } },
    },
  })
  const scripts = embedScripts(here('../../editor/web/dist'))
  const server = createServer((request, response) => void answer(request, response))
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const reply = (type: string, body: string | Buffer): void => {
      response.writeHead(200, { 'content-type': TYPES[type] ?? 'application/octet-stream' }).end(body)
    }
    if (url.pathname === '/weft.html') return reply('.html', weftPage(url.searchParams))
    const script = scripts.get(url.pathname)
    if (script !== undefined) return reply('.js', script)
    try {
      const path = join(folder, normalize(url.pathname))
      reply(extname(path), await readFile(path))
    } catch {
      response.writeHead(404).end()
    }
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    address: (editor, server, documentId) =>
      `${origin}/${editor}.html?${new URLSearchParams({ server, doc: documentId })}`,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      // Browsers keep connections for a next time that does not come.
      server.closeAllConnections()
      await closed
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The script of the one tag and its parts, by their paths. */
function embedScripts(dist: string): ReadonlyMap<string, Buffer> {
  const parts = readdirSync(join(dist, 'assets/embed')).map((name) => `/assets/embed/${name}`)
  return new Map(['/embed.js', ...parts].map((path) => [path, readFileSync(join(dist, path))]))
}

const escaped = (text: string | null) => (text ?? '').replaceAll('&', '&amp;').replaceAll('"', '&quot;')

const weftPage = (words: URLSearchParams) => `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>weft</title><style>body { margin: 0 }</style></head>
  <body>
    <weft-editor server="${escaped(words.get('server'))}" doc="${escaped(words.get('doc'))}"></weft-editor>
    <script type="module" src="/embed.js"></script>
  </body>
</html>`
