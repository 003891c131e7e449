import { describe, expect, it } from 'vitest'
import { isPastedAddress, linkAddress } from './link-address.ts'

describe('linkAddress', () => {
  it('accepts web, mail and telephone addresses as they are', () => {
    expect(linkAddress(' https://example.org/a?b=c#d ')).toBe('https://example.org/a?b=c#d')
    expect(linkAddress('http://localhost:8787/d/x')).toBe('http://localhost:8787/d/x')
    expect(linkAddress('mailto:ann@example.org')).toBe('mailto:ann@example.org')
    expect(linkAddress('tel:+4930123')).toBe('tel:+4930123')
  })

  it('completes what people type', () => {
    expect(linkAddress('example.org')).toBe('https://example.org/')
    expect(linkAddress('example.org:8080/x')).toBe('https://example.org:8080/x')
    expect(linkAddress('müller.de/über')).toBe('https://xn--mller-kva.de/%C3%BCber')
    expect(linkAddress('ann@example.org')).toBe('mailto:ann@example.org')
  })

  it('refuses every other scheme, however it is disguised', () => {
    const bad = [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      ' java\nscript:alert(1)',
      'java\tscript:alert(1)',
      '\u0001javascript:alert(1)',
      '\u200bjavascript:alert(1)',
      'data:text/html,<script>1</script>',
      'vbscript:x',
      'file:///etc/passwd',
      'blob:https://example.org/x',
      'view-source:https://example.org',
    ]
    expect(bad.filter((text) => linkAddress(text) !== undefined)).toEqual([])
  })

  it('refuses what is no address', () => {
    const bad = [
      '',
      '   ',
      'hello',
      'two words.com x',
      'https://',
      '/d/relative',
      '#x',
      '//example.org',
      'a'.repeat(3_000),
    ]
    expect(bad.filter((text) => linkAddress(text) !== undefined)).toEqual([])
  })
})

describe('isPastedAddress', () => {
  it('takes whole web addresses only', () => {
    expect(isPastedAddress('https://example.org/x')).toBe(true)
    for (const text of ['example.org', 'see https://example.org', 'javascript:x', 'mailto:a@b.c'])
      expect(isPastedAddress(text)).toBe(false)
  })
})
