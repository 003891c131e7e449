import { describe, expect, it } from 'vitest'
import { readInline, storedInline } from './inline.ts'
import { readMarks } from './marks.ts'
import { BLOCK_KINDS, type BlockShape, readBlockShape, sameShape, storedBlock } from './schema.ts'
import { isName, readAddress, readDate } from './values.ts'

const SHAPES: readonly BlockShape[] = [
  { type: 'paragraph', indent: 8 },
  { type: 'heading', level: 4, indent: 0 },
  { type: 'bullet', indent: 1 },
  { type: 'numbered', indent: 0, start: 7 },
  { type: 'check', indent: 0, checked: true },
  { type: 'quote', indent: 0 },
  { type: 'callout', indent: 0, kind: 'warning', emoji: '🔥' },
  { type: 'toggle', indent: 2, collapsed: true },
  { type: 'code', indent: 0, language: 'c++' },
  { type: 'table', indent: 0 },
  { type: 'image', indent: 0, url: 'weft-file:a_B-9', name: 'a.png', size: 12, alt: 'A cat', width: 320 },
  { type: 'file', indent: 0, url: 'https://example.org/a', name: 'a.pdf', size: 9 },
  { type: 'divider', indent: 0 },
  { type: 'equation', indent: 0, latex: '\\frac{1}{2}\n+ 1' },
  { type: 'embed', indent: 0, url: 'https://example.org/v' },
]

describe('a block shape', () => {
  it('reads as what was stored, whatever its type', () => {
    expect(SHAPES.map(({ type }) => type)).toEqual([...BLOCK_KINDS])
    for (const shape of SHAPES) {
      const stored = storedBlock(shape)
      expect(readBlockShape((name) => stored[name])).toEqual(shape)
    }
  })

  it('reads its defaults when every attribute is of a wrong kind', () => {
    for (const type of BLOCK_KINDS)
      for (const odd of [{}, -1, 1e300, Number.NaN, '\u0007', 'x'.repeat(9_000), []]) {
        const shape = readBlockShape((name) => (name === 'type' ? type : odd))
        const plain = readBlockShape((name) => (name === 'type' ? type : undefined))
        expect({ ...shape, indent: 0 }).toEqual(plain)
      }
  })

  it('of a numbered item that counts on is another than one that starts again', () => {
    const plain: BlockShape = { type: 'numbered', indent: 0 }
    expect(sameShape(plain, { ...plain, start: 3 })).toBe(false)
    expect(sameShape({ ...plain, start: 3 }, plain)).toBe(false)
    expect(sameShape({ ...plain, start: 2 }, { ...plain, start: 3 })).toBe(false)
  })
})

describe('an address', () => {
  it('is http, https or a file of the server, and nothing a page could run', () => {
    for (const address of ['https://a.b/c', 'http://a', 'weft-file:x-1'])
      expect(readAddress(address)).toBe(address)
    for (const address of [
      'javascript:alert(1)',
      'data:text/html,x',
      'blob:https://a/b',
      'weft-file:../x',
      'mailto:a@b',
      '//a',
      ' https://a',
      `https://${'a'.repeat(2_048)}`,
      7,
    ])
      expect(readAddress(address)).toBe('')
  })
})

describe('a date', () => {
  it('is a day or a minute that exists', () => {
    for (const date of ['2024-02-29', '2026-11-22T14:05Z']) expect(readDate(date)).toBe(date)
    for (const date of ['2026-02-30', '2026-13-01', '2026-11-22T25:00Z', '22.11.2026', '2026-11-22T14:05', 5])
      expect(readDate(date)).toBe('')
  })
})

describe('a name', () => {
  it('has no separator and is nothing that every object has', () => {
    for (const name of ['a', 'A-9_z', 'x'.repeat(64)]) expect(isName(name)).toBe(true)
    for (const name of ['', 'a/b', 'a b', 'x'.repeat(65), '__proto__', 'constructor', 'prototype', 4, 'é'])
      expect(isName(name)).toBe(false)
  })
})

describe('marks', () => {
  it('know the named colours and no other', () => {
    const marks = readMarks([
      ['highlight', 'yellow'],
      ['color', 'red'],
      ['bold', true],
    ])
    expect(marks).toEqual({ bold: true, color: 'red', highlight: 'yellow' })
    expect(readMarks([['color', 'expression(1)']])).toEqual({})
  })
})

describe('an inline object', () => {
  it('reads as what was stored, and an unknown one as its name', () => {
    const mention = { type: 'mention', kind: 'document', ref: 'd1', label: 'Plan' } as const
    expect(readInline(storedInline(mention))).toEqual(mention)
    expect(readInline({ type: 'date', date: '2026-11-22' })).toEqual({ type: 'date', date: '2026-11-22' })
    expect(readInline({ type: 'sparkle', x: 1 })).toEqual({ type: 'unknown', name: 'sparkle' })
    expect(readInline('text')).toEqual({ type: 'unknown', name: '' })
    expect(readInline(Object.create({ type: 'mention' }))).toEqual({ type: 'unknown', name: '' })
  })
})
