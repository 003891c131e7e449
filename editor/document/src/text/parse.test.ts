import { expect, it } from 'vitest'
import { PARAGRAPH } from '../schema.ts'
import { printText } from '../text.ts'
import { parseText } from './parse.ts'

it('makes each line a paragraph that says exactly the line', () => {
  const text = '# a\n\n  *b*\t<i>'
  expect(parseText(text).blocks.map(({ shape }) => shape.type)).toEqual(
    Array.from({ length: 3 }, () => 'paragraph'),
  )
  expect(printText(parseText(text))).toBe(text)
  expect(printText(parseText('a\r\nb\r'))).toBe('a\nb')
})

it('prints a table row by row, its cells apart by tabs, and loses no word of it', () => {
  const paragraph = (text: string) => ({ id: text, shape: PARAGRAPH, runs: [{ text, marks: {} }] })
  const table = {
    id: 't',
    headerRow: false,
    headerColumn: false,
    columns: [
      { id: 'c', width: 0 },
      { id: 'd', width: 0 },
    ],
    rows: [
      { id: 'r', cells: [{ blocks: [paragraph('a'), paragraph('b')] }, { blocks: [paragraph('c\nd')] }] },
      { id: 's', cells: [{ blocks: [paragraph('e')] }, { blocks: [paragraph('f')] }] },
    ],
  }
  const blocks = [
    paragraph('before'),
    { id: 't', shape: { type: 'table', indent: 0 } as const, runs: [], table },
  ]
  expect(printText({ schema: 2, blocks })).toBe('before\na b\tc d\ne\tf')
})
