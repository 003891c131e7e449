import { expect, it } from 'vitest'
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
