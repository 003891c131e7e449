import { describe, expect, it } from 'vitest'
import { parseTabSeparated, printTabSeparated } from './tab-separated.ts'

describe('parseTabSeparated', () => {
  it('reads rows and cells, and the line end that spreadsheets put last', () => {
    expect(parseTabSeparated('a\tb\r\nc\td\r\n')).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
  })

  it('takes nothing for a grid that is none: no tab, or lines of different lengths', () => {
    expect(parseTabSeparated('a b\nc d')).toBeUndefined()
    expect(parseTabSeparated('if x:\n\treturn\n\t\tpass')).toBeUndefined()
  })

  it('leaves a lone quotation mark what it is', () => {
    expect(parseTabSeparated('6"\tb')).toEqual([['6"', 'b']])
    expect(parseTabSeparated('"a\tb')).toEqual([['"a', 'b']])
  })

  it('reads what was printed, whatever is in the cells', () => {
    const rows = [
      ['a\nb', 'say "yes"', ''],
      ['tab\there', '"', 'x'],
    ]
    expect(parseTabSeparated(printTabSeparated(rows))).toEqual(rows)
  })
})
