/**
 * Three outputs in dist: the application, `/sw.js` and `/embed.js`, which fetches `/embed-*.js` when it first needs them.
 *
 * They are separate builds because the latter two must be one file each under a name that never changes, but for what is rarely used.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type EnvironmentOptions } from 'vite'

/** `npm run build` builds aside and moves the result into place. */
const dist = process.env['WEFT_BUILD_OUT'] ?? fileURLToPath(new URL('dist', import.meta.url))
const source = (file: string): string => fileURLToPath(new URL(`src/${file}`, import.meta.url))

/** What the service worker keeps: everything of the application, which it must be able to show whole. */
function shellOf(folder: string): { build: string; paths: string[] } {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/^(sw|embed|embed-[\w-]+)\.js$/.test(relative(folder, file)))
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
 * A file named by us, without anything of the page around it.
 *
 * @param parts whether what is imported when needed is a file of its own beside it.
 */
function single(entry: string, name: string, parts: boolean): EnvironmentOptions {
  return {
    consumer: 'client',
    resolve: { conditions },
    build: {
      outDir: dist,
      emptyOutDir: false,
      copyPublicDir: false,
      rolldownOptions: {
        input: { [name]: source(entry) },
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: `${name}-[name].js`,
          codeSplitting: parts,
        },
      },
    },
  }
}

export default defineConfig({
  resolve: { conditions },
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
    embed: single('embed.ts', 'embed', true),
    worker: single('sw/sw.ts', 'sw', false),
  },
  plugins: [
    {
      name: 'weft-shell',
      // The service worker is built last and names what the application's build left in dist.
      config: () => ({ builder: {} }),
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
