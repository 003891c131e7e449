import { describe, expect, it } from 'vitest'
import type { BlockJson } from '../flow.ts'
import type { Marks } from '../marks.ts'
import type { BlockShape } from '../schema.ts'
import { withoutIds } from '../value.ts'
import { parseMarkdown } from './parse.ts'
import { printMarkdown } from './print.ts'

function block(shape: BlockShape, ...runs: [string, Marks?][]): BlockJson {
  return { id: 'x', shape, runs: runs.map(([text, marks = {}]) => ({ text, marks })) }
}

/** What is printed, after seeing that it reads back. */
function markdown(...blocks: BlockJson[]): string {
  const text = printMarkdown({ blocks })
  expect(printMarkdown(parseMarkdown(text))).toBe(text)
  return text
}

describe('printMarkdown', () => {
  it('writes every kind of block that Markdown has', () => {
    const text = markdown(
      block({ type: 'heading', level: 2, indent: 0 }, ['Plan']),
      block({ type: 'paragraph', indent: 0 }, ['Some '], ['bold', { bold: true }], [' words']),
      block({ type: 'bullet', indent: 0 }, ['a']),
      block({ type: 'numbered', indent: 1 }, ['b']),
      block({ type: 'numbered', indent: 1 }, ['c']),
      block({ type: 'paragraph', indent: 2 }, ['more of c']),
      block({ type: 'check', indent: 0, checked: true }, ['d']),
      block({ type: 'quote', indent: 0 }, ['e\nf']),
      block({ type: 'callout', indent: 0, kind: 'note', emoji: '' }, ['g']),
      block({ type: 'bullet', indent: 1 }, ['h']),
      block({ type: 'code', indent: 0, language: 'js' }, ['let x\n```']),
      block({ type: 'divider', indent: 0 }),
      block({ type: 'equation', indent: 0, latex: 'x^2' }),
    )
    expect(text).toBe(
      '## Plan\n\nSome **bold** words\n\n- a\n  1. b\n  2. c\n\n     more of c\n- [x] d\n\n> e\\\n> f\n\n' +
        '> [!NOTE]\n> g\n>\n> - h\n\n````js\nlet x\n```\n````\n\n---\n\n```math\nx^2\n```\n',
    )
  })

  it('says in a comment what Markdown has no words for', () => {
    const text = markdown(
      block({ type: 'toggle', indent: 0, collapsed: true }, ['More']),
      block({ type: 'paragraph', indent: 1 }, ['inside']),
      { ...block({ type: 'paragraph', indent: 0 }, ['left']), column: 1 },
    )
    expect(text).toBe(
      '<!-- weft type="toggle" collapsed="true" -->\n- More\n\n  inside\n\n<!-- weft column="1" -->\nleft\n',
    )
  })

  it('writes marks that Markdown has not as elements, and the others where they can be delimited', () => {
    const text = markdown(
      block(
        { type: 'paragraph', indent: 0 },
        ['all ', { bold: true }],
        ['u', { underline: true }],
        [' '],
        ['red', { color: 'red' }],
        [' '],
        ['a`b', { code: true }],
        ['x', { link: 'https://example.org/(y)' }],
      ),
    )
    expect(text).toBe(
      '<strong>all </strong><u>u</u> <span data-color="red">red</span> ``a`b``[x](<https://example.org/(y)>)\n',
    )
  })

  it('escapes text that would be syntax, and no other', () => {
    const lines = ['# no', '1. no', '- no', '*no* [no](x) <b>', '---', 'a_b < c & d - e', 'see www.a.b']
    const text = markdown(...lines.map((line) => block({ type: 'paragraph', indent: 0 }, [line])))
    expect(text.trimEnd().split('\n\n')).toEqual([
      '\\# no',
      '1\\. no',
      '\\- no',
      '\\*no\\* \\[no\\](x) \\<b>',
      '\\---',
      'a_b < c & d - e',
      'see www\\.a.b',
    ])
  })

  it('writes nothing for an empty document, and empty paragraphs as such', () => {
    const empty = block({ type: 'paragraph', indent: 0 })
    expect(markdown(empty)).toBe('')
    expect(markdown(empty, empty)).toBe('<p></p>\n\n<p></p>\n')
  })
})

describe('parseMarkdown', () => {
  const lines = (text: string): string[] =>
    parseMarkdown(text).blocks.map(
      ({ shape, runs }) =>
        `${shape.type}${shape.indent > 0 ? shape.indent : ''}: ${runs.map((run) => run.text).join('')}`,
    )

  it('reads what people write', () => {
    expect(lines('Title\n=====\n\ntwo\nlines\n\n* a\n    * b\n\n1) c\n\n> q\n\n- [ ] d')).toEqual([
      'heading: Title',
      'paragraph: two lines',
      'bullet: a',
      'bullet1: b',
      'numbered: c',
      'quote: q',
      'check: d',
    ])
  })

  it('reads a table with alignment and escaped pipes', () => {
    const [table] = parseMarkdown('| a | b\\|c |\n|:--|--:|\n| 1 | `x\\|y` |').blocks
    const cells = table?.table?.rows.map((row) =>
      row.cells.map(({ blocks }) =>
        blocks.map(({ runs }) => runs.map(({ text }) => text).join('')).join('/'),
      ),
    )
    expect(cells).toEqual([
      ['a', 'b|c'],
      ['1', 'x|y'],
    ])
  })

  it('keeps unknown HTML as the text it is, and no address that could run', () => {
    expect(lines('a <script>alert(1)</script> [b](javascript:alert%281%29) ![c](data:text/html,x)')).toEqual([
      'paragraph: a <script>alert(1)</script> b c',
    ])
    expect(JSON.stringify(parseMarkdown('[b](javascript:x) <a href="JaVa&#9;script:x">c</a>'))).not.toMatch(
      /script:/i,
    )
  })

  it('reads any text without throwing, and again the same from what it prints', () => {
    const hostile = [
      '\0',
      '- - -\n-\n  -',
      '> > >',
      '[a]: <',
      '|\n|-',
      '```',
      '<!-- weft',
      '<!-- weft indent="99" -->\nx',
    ]
    for (const text of hostile) {
      const document = withoutIds(parseMarkdown(text))
      expect(withoutIds(parseMarkdown(printMarkdown(document)))).toEqual(document)
    }
  })
})
