import { describe, expect, it } from 'vitest'
import type { BlockJson } from './flow.ts'
import { printMarkdown } from './markdown.ts'
import type { Marks } from './marks.ts'
import type { BlockShape } from './schema.ts'
import { printText } from './text.ts'

function block(shape: BlockShape, ...runs: [string, Marks?][]): BlockJson {
  return { id: 'x', shape, runs: runs.map(([text, marks = {}]) => ({ text, marks })) }
}

function markdown(...blocks: BlockJson[]): string {
  return printMarkdown({ schema: 1, blocks })
}

describe('printMarkdown', () => {
  it('writes every kind of block', () => {
    const text = markdown(
      block({ type: 'heading', level: 2, indent: 0 }, ['Plan']),
      block({ type: 'paragraph', indent: 0 }, ['Some '], ['bold', { bold: true }], [' words']),
      block({ type: 'bullet', indent: 0 }, ['a']),
      block({ type: 'numbered', indent: 1 }, ['b']),
      block({ type: 'numbered', indent: 1 }, ['c']),
      block({ type: 'check', indent: 0, checked: true }, ['d']),
      block({ type: 'quote', indent: 0 }, ['e\nf']),
      block({ type: 'code', indent: 0, language: 'js' }, ['let x\n```']),
      block({ type: 'divider', indent: 0 }),
    )
    expect(text).toBe(
      '## Plan\n\nSome **bold** words\n\n- a\n    1. b\n    2. c\n- [x] d\n\n> e\\\n> f\n\n````js\nlet x\n```\n````\n\n---\n',
    )
  })

  it('escapes text that would be syntax', () => {
    const lines = ['# no heading', '1. no list', '- no list', '*no emphasis* [no](link) <b>', '---', 'a_b']
    const text = markdown(...lines.map((line) => block({ type: 'paragraph', indent: 0 }, [line])))
    expect(text).toBe(
      [
        '\\# no heading',
        '1\\. no list',
        '\\- no list',
        '\\*no emphasis\\* \\[no\\](link) \\<b\\>',
        '\\---',
        'a\\_b',
        '',
      ]
        .join('\n\n')
        .replace(/\n\n$/, '\n'),
    )
  })

  it('keeps white space out of marks and backticks inside code', () => {
    const text = markdown(
      block(
        { type: 'paragraph', indent: 0 },
        [' all ', { bold: true, italic: true }],
        ['a`b', { code: true }],
        ['x', { link: 'https://example.org/(y)' }],
      ),
    )
    expect(text).toBe(' ***all*** `` a`b ``[x](<https://example.org/(y)>)\n')
  })

  it('writes nothing for an empty document', () => {
    expect(markdown(block({ type: 'paragraph', indent: 0 }))).toBe('')
  })
})

describe('printText', () => {
  it('gives a line for each block', () => {
    const blocks = [
      block({ type: 'heading', level: 1, indent: 0 }, ['A'], ['b', { bold: true }]),
      block({ type: 'divider', indent: 0 }),
      block({ type: 'paragraph', indent: 0 }, ['c']),
    ]
    expect(printText({ schema: 1, blocks })).toBe('Ab\n\nc')
  })
})
