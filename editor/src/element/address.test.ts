import { describe, expect, it } from 'vitest'
import { addressOfParts, addressOfSource } from './address.ts'

describe('the address in a tag', () => {
  it('is the one people copy from the address bar', () => {
    expect(addressOfSource('https://weft.example/d/abc_-1')).toEqual({
      server: 'https://weft.example',
      documentId: 'abc_-1',
    })
    expect(addressOfSource('https://x.example/team/weft/d/abc/?p=1#k=2')).toEqual({
      server: 'https://x.example/team/weft',
      documentId: 'abc',
    })
    expect(addressOfSource('/d/abc', 'http://127.0.0.1:8787/list')).toEqual({
      server: 'http://127.0.0.1:8787',
      documentId: 'abc',
    })
  })

  it('is refused unless it is http(s) and names a document', () => {
    const bad = [
      '',
      'abc',
      'https://x.example/',
      'https://x.example/d/',
      'https://x.example/d/a b',
      'ws://x/d/a',
    ]
    expect(bad.filter((src) => addressOfSource(src) !== undefined)).toEqual([])
  })

  it('may come as server and document', () => {
    expect(addressOfParts('https://weft.example/', 'abc')).toEqual({
      server: 'https://weft.example',
      documentId: 'abc',
    })
    expect(addressOfParts('https://weft.example', 'a/b')).toBeUndefined()
    expect(addressOfParts('javascript:1', 'abc')).toBeUndefined()
  })
})
