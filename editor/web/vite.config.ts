/**
 * Three outputs in dist: the application, `/sw.js` and `/embed.js`, all with their parts in `/assets/`.
 *
 * They are separate builds because the latter two have names that never change. `/embed.js` itself only names its core, in
 * `/assets/embed/`: what is fetched later imports that core by the name with its hash, so a page has one copy of it whatever
 * stands behind `/embed.js?`, and never parts of two releases.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type EnvironmentOptions } from 'vite'
import { lexicalText } from './lexical-text.ts'

/** `npm run build` builds aside and moves the result into place. */
const dist = process.env['WEFT_BUILD_OUT'] ?? fileURLToPath(new URL('dist', import.meta.url))
const source = (file: string): string => fileURLToPath(new URL(`src/${file}`, import.meta.url))

/** What the service worker keeps: everything of the application, which it must be able to show whole. */
function shellOf(folder: string): { build: string; paths: string[] } {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (file) => !/^((sw|embed)\.js$|assets\/embed\/)/.test(relative(folder, file).replaceAll('\\', '/')),
    )
    .sort()
  const hash = createHash('sha256')
  for (const file of files) hash.update(relative(folder, file)).update(readFileSync(file))
  const pathOf = (file: string): string => `/${relative(folder, file).replaceAll('\\', '/')}`
  return {
    build: hash.digest('hex').slice(0, 16),
    // The page itself is kept under the address it is asked for.
    paths: files.map(pathOf).map((path) => (path === '/index.html' ? '/' : path)),
  }
}

/** Workspace packages from their sources; of Lexical and Lit the production builds. */
const conditions = ['weft:source', 'module', 'browser', 'production']

/**
 * A script that is no page's.
 *
 * @param core modules that make up one file, whatever else imports them; none for a script that is a single file.
 */
function script(entry: string, name: string, core?: ReadonlySet<string>): EnvironmentOptions {
  return {
    consumer: 'client',
    resolve: { conditions },
    build: {
      outDir: dist,
      emptyOutDir: false,
      copyPublicDir: false,
      // It would name files from the root of the page's site, and this may be another one.
      modulePreload: false,
      rolldownOptions: {
        input: { [name]: source(entry) },
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: `assets/${name}/[name]-[hash].js`,
          codeSplitting:
            core === undefined ? false : { groups: [{ name: 'core', test: (id) => core.has(id) }] },
        },
      },
    },
  }
}

/** All that `/embed.js` needs before it can do anything: found while it is built. */
const core = new Set<string>()

function collect(id: string, importsOf: (id: string) => readonly string[]): void {
  if (core.has(id)) return
  core.add(id)
  for (const each of importsOf(id)) collect(each, importsOf)
}

/** Style sheets are written to be read; a page gets them without comments and most spaces. */
function shortStyles(code: string): string {
  return code.replaceAll(/\bcss`[^`]*`/g, (sheet) =>
    sheet
      .replaceAll(/\/\*.*?\*\//gs, '')
      .replaceAll(/\s+/g, ' ')
      .replaceAll(/ ?([{};,]) ?/g, '$1')
      .replaceAll(': ', ':')
      .replaceAll(';}', '}'),
  )
}

export default defineConfig({
  resolve: {
    conditions,
    alias: [
      { find: 'lib0/logging', replacement: source('yjs-logging.ts') },
      { find: '@lexical/extension/LexicalBuilder', replacement: source('no-extensions.ts') },
      { find: '@preact/signals-core', replacement: source('no-extensions.ts') },
    ],
  },
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    outDir: dist,
    emptyOutDir: true,
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // One file on purpose; its size has a ceiling of its own, gzipped, in e2e/compat/bundle-size.test.ts.
    chunkSizeWarningLimit: 1_000,
    modulePreload: { polyfill: false },
    // Data URLs would need `data:` in the content security policy.
    assetsInlineLimit: 0,
  },
  environments: {
    embed: script('embed.ts', 'embed', core),
    worker: script('sw/sw.ts', 'sw'),
  },
  plugins: [
    lexicalText(),
    {
      name: 'weft-styles',
      transform: {
        filter: { id: /\/editor\/(src|web\/src)\/.*\.ts$/, code: 'css`' },
        handler: (code: string) => ({ code: shortStyles(code), map: null }),
      },
    },
    {
      name: 'weft-shell',
      // The service worker is built last and names what the application's build left in dist.
      config: () => ({ builder: {} }),
      buildEnd() {
        if (this.environment.name !== 'embed') return
        const importsOf = (id: string) => this.getModuleInfo(id)?.importedIds ?? []
        for (const id of importsOf(source('embed.ts'))) collect(id, importsOf)
      },
      renderChunk: {
        order: 'post',
        handler(code) {
          if (this.environment.name !== 'worker') return null
          return code.replaceAll('__WEFT_SHELL__', JSON.stringify(shellOf(dist)))
        },
      },
    },
  ],
  builder: {
    async buildApp(builder) {
      for (const name of ['client', 'embed', 'worker']) {
        const environment = builder.environments[name]
        if (environment !== undefined) await builder.build(environment)
      }
    },
  },
})
