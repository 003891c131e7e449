import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { openApp } from '../../test/open-app.ts'
import { applicationFolder, listFiles } from './static.ts'

const folder = mkdtempSync(join(tmpdir(), 'weft-static-'))
afterAll(() => rmSync(folder, { recursive: true }))

const script = `console.log(${JSON.stringify('x'.repeat(4_000))})`
writeFileSync(join(folder, 'outside.txt'), 'secret')
mkdirSync(join(folder, 'dist/assets'), { recursive: true })
writeFileSync(join(folder, 'dist/index.html'), '<!doctype html><title>Weft</title>')
writeFileSync(join(folder, 'dist/assets/main-abc123.js'), script)
symlinkSync(join(folder, 'outside.txt'), join(folder, 'dist/link.txt'))
const pages = listFiles(join(folder, 'dist'))

describe('the application', () => {
  it('is looked for where the build puts it', () => {
    expect(applicationFolder).toMatch(/editor[/\\]web[/\\]dist$/)
  })

  it.each(['/', '/trash', '/d/abc', '/index.html'])(
    'opens at %s and is asked for again each time',
    async (path) => {
      const { ask } = await openApp({ pages })
      const response = await ask('GET', path)
      expect(response.status).toBe(200)
      expect(await response.text()).toContain('<title>Weft</title>')
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(response.headers.get('cache-control')).toBe('no-cache')
      const etag = response.headers.get('etag') ?? ''
      const again = await ask('GET', path, { headers: { 'If-None-Match': `"other", W/${etag}` } })
      expect(again.status).toBe(304)
      expect(await again.text()).toBe('')
    },
  )

  it('has files with a hash in their name, kept for ever', async () => {
    const { ask } = await openApp({ pages })
    const response = await ask('GET', '/assets/main-abc123.js')
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(response.headers.get('content-encoding')).toBeNull()
    expect(await response.text()).toBe(script)
  })

  it('is compressed for whoever can read that, and only for them', async () => {
    const { ask } = await openApp({ pages })
    const get = (accept: string) =>
      ask('GET', '/assets/main-abc123.js', { headers: { 'Accept-Encoding': accept } })
    const response = await get('br, gzip;q=0.5')
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect(response.headers.get('vary')).toContain('Accept-Encoding')
    expect(gunzipSync(await response.arrayBuffer()).toString()).toBe(script)
    expect((await get('gzip;q=0')).headers.get('content-encoding')).toBeNull()
    expect((await get('br')).headers.get('content-encoding')).toBeNull()
  })

  it.each([
    '/../outside.txt',
    '/..%2foutside.txt',
    '/%2e%2e/outside.txt',
    '/assets/..%5c..%5coutside.txt',
    '/assets/%2e%2e%2f%2e%2e%2foutside.txt',
    '/link.txt',
    '/assets',
    '/assets/',
    '/d/',
    '/d/a.b',
    '/d/..%2foutside.txt',
    '/index.html%00',
    '/constructor',
    '/__proto__',
  ])('has no %s', async (path) => {
    const { ask } = await openApp({ pages })
    const response = await ask('GET', path)
    expect(response.status).toBe(404)
    expect(await response.text()).not.toContain('secret')
  })

  it('can be loaded by other sites once one of them is listed, and the API still cannot', async () => {
    const policy = async (embedOrigins: string[], path: string) => {
      const { ask } = await openApp({ pages, settings: { embedOrigins } })
      return (await ask('GET', path)).headers.get('cross-origin-resource-policy')
    }
    expect(await policy([], '/assets/main-abc123.js')).toBe('same-origin')
    expect(await policy(['https://site.example'], '/assets/main-abc123.js')).toBe('cross-origin')
    expect(await policy(['https://site.example'], '/api/v1/documents')).toBe('same-origin')
  })

  it('says how to build it when it is not built', async () => {
    const { ask } = await openApp({ pages: listFiles(join(folder, 'nothing')) })
    const response = await ask('GET', '/')
    expect(response.status).toBe(503)
    expect(await response.text()).toContain('npm run build')
  })
})
