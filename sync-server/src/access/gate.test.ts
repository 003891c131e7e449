import { describe, expect, it } from 'vitest'
import { createGate, type GateFacts } from './gate.ts'

const asked: GateFacts = {
  host: 'localhost:8787',
  origin: undefined,
  fetchSite: undefined,
  hasCookie: false,
  safe: false,
}
const local = createGate({ host: '127.0.0.1', embedOrigins: [] })
const open = createGate({
  host: '0.0.0.0',
  publicUrl: 'https://weft.example',
  embedOrigins: ['https://site.example'],
})

describe('Host', () => {
  it.each(['localhost', 'LOCALHOST:1', '127.0.0.1:8787', '[::1]:8787'])('%s is this machine', (host) => {
    expect(local({ ...asked, host }).kind).toBe('ours')
  })

  it.each([
    undefined,
    '',
    'attacker.test',
    'localhost.attacker.test',
    'attacker.test:8787',
    'localhost@attacker.test',
    'localhost, attacker.test',
    'localhost:8787:1',
    'localhost:',
    'localhost.',
    '0.0.0.0',
    '127.0.0.2',
    '127.1',
    '2130706433',
    '[::ffff:127.0.0.1]',
    'weft.example',
  ])('%s is not', (host) => {
    expect(local({ ...asked, host }).kind).toBe('wrong-host')
  })

  it('may be the public one when there is one', () => {
    expect(open({ ...asked, host: 'weft.example' }).kind).toBe('ours')
    expect(open({ ...asked, host: 'www.weft.example' }).kind).toBe('wrong-host')
  })
})

describe('Origin', () => {
  const judge = (gate: typeof local, host: string, origin: string) => gate({ ...asked, host, origin }).kind

  it('must be the very one the browser asked', () => {
    expect(judge(local, 'localhost:8787', 'http://localhost:8787')).toBe('ours')
    expect(judge(local, 'localhost:9000', 'http://localhost:9000')).toBe('ours')
    expect(judge(local, 'localhost:8787', 'http://localhost:3000')).toBe('foreign-origin')
    expect(judge(local, 'localhost:8787', 'http://127.0.0.1:8787')).toBe('foreign-origin')
    expect(judge(local, 'localhost:8787', 'https://localhost:8787')).toBe('foreign-origin')
  })

  it.each([
    'https://evil.example',
    'null',
    '',
    'https://weft.example.evil.example',
    'https://evil-weft.example',
    'http://weft.example',
    'https://weft.example:8443',
    'https://weft.example/',
    'https://site.example.evil.example',
    'http://site.example',
  ])('%j is foreign to https://weft.example', (origin) => {
    expect(judge(open, 'weft.example', origin)).toBe('foreign-origin')
  })

  it('may be the public one or a listed one', () => {
    expect(judge(open, 'weft.example', 'https://weft.example')).toBe('ours')
    expect(open({ ...asked, host: 'weft.example', origin: 'https://site.example' })).toEqual({
      kind: 'embedder',
      origin: 'https://site.example',
    })
  })

  it('is refused when foreign even for reading', () => {
    expect(local({ ...asked, safe: true, origin: 'https://evil.example' }).kind).toBe('foreign-origin')
  })

  it('may be absent, except with a cookie or from another site when something changes', () => {
    expect(local(asked).kind).toBe('ours')
    expect(local({ ...asked, hasCookie: true }).kind).toBe('foreign-origin')
    expect(local({ ...asked, hasCookie: true, safe: true }).kind).toBe('ours')
    expect(local({ ...asked, fetchSite: 'cross-site' }).kind).toBe('foreign-origin')
    expect(local({ ...asked, fetchSite: 'same-site' }).kind).toBe('foreign-origin')
    expect(local({ ...asked, fetchSite: 'same-origin' }).kind).toBe('ours')
  })
})
