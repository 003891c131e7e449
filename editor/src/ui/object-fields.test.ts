import { describe, expect, it } from 'vitest'
import { answerOf, valuesOf } from './object-fields.ts'

describe('what is asked of an object', () => {
  it('is what it has', () => {
    const parts = { type: 'image', url: 'https://a.b/c.png', name: 'c', size: 3, alt: '', width: 0 }
    expect(valuesOf('image', parts)).toEqual({ url: 'https://a.b/c.png', alt: '', width: '' })
    expect(valuesOf('hologram', parts)).toEqual({})
  })

  it('is taken as the schema takes it', () => {
    expect(answerOf('image', { url: ' example.org/cat.png ', alt: 'A cat', width: '320' })).toEqual({
      kind: 'parts',
      parts: { url: 'https://example.org/cat.png', alt: 'A cat', width: 320 },
    })
    expect(answerOf('equation', {})).toEqual({ kind: 'parts', parts: { latex: '' } })
  })

  it('is refused by name, not dropped', () => {
    const refused = (field: string) => ({ kind: 'refused', field })
    expect(answerOf('embed', { url: 'javascript:alert(1)' })).toEqual(refused('url'))
    expect(answerOf('embed', { url: 'data:text/html,x' })).toEqual(refused('url'))
    expect(answerOf('image', { url: 'https://a.b', width: '1e9' })).toEqual(refused('width'))
    expect(answerOf('date', { date: '2026-02-30' })).toEqual(refused('date'))
    expect(answerOf('equation', { latex: 'x'.repeat(5_000) })).toEqual(refused('latex'))
  })
})
