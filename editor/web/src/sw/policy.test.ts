import { describe, expect, it } from 'vitest'
import { isFromWeft, type Policy, policyFor } from './policy.ts'

const origin = 'http://weft.test'
const shell = new Set(['/', '/theme.js', '/favicon.svg', '/assets/main-4f2a.js'])

const asking = (path: string, mode = 'cors', method = 'GET'): Policy =>
  policyFor({ method, mode, url: new URL(path, origin).href }, origin, shell)

describe('policyFor', () => {
  it('never answers for the API, the socket or the health checks', () => {
    for (const path of ['/api/v1/documents', '/api/v1/documents/a', '/sync/a', '/healthz', '/readyz']) {
      expect(asking(path)).toBe('ignore')
      expect(asking(path, 'navigate')).toBe('ignore')
    }
  })

  it('asks the server first for every page of the application', () => {
    for (const path of ['/', '/?q=tide', '/trash', '/d/kV3', '/d/kV3/']) {
      expect(asking(path, 'navigate')).toBe('network-first')
    }
  })

  it('leaves other addresses a person opens to the server', () => {
    expect(asking('/embed.js', 'navigate')).toBe('ignore')
    expect(asking('/metrics', 'navigate')).toBe('ignore')
  })

  it('serves what has a hash in its name, and the rest of the shell, from the cache', () => {
    expect(asking('/assets/main-4f2a.js')).toBe('cache-first')
    expect(asking('/assets/lazy-chunk-77.js')).toBe('cache-first')
    expect(asking('/theme.js', 'no-cors')).toBe('cache-first')
  })

  it('does not keep the embed bundle, whose name never changes', () => {
    expect(asking('/embed.js')).toBe('ignore')
  })

  it('touches nothing that writes, and nothing of another origin', () => {
    expect(asking('/', 'navigate', 'POST')).toBe('ignore')
    expect(asking('https://elsewhere.test/assets/main.js')).toBe('ignore')
  })
})

describe('isFromWeft', () => {
  it('does not take the error page of a proxy for a page of ours', () => {
    expect([200, 304, 404].map(isFromWeft)).toEqual([true, true, true])
    expect([500, 502, 503, 504].map(isFromWeft)).toEqual([false, false, false, false])
  })
})
