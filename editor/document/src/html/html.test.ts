import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { randomDocument, randomOf } from '../testing/random-document.ts'
import { withoutIds } from '../value.ts'
import { parseHtml } from './parse.ts'
import { printHtml } from './print.ts'

const CASES = 3_000

function lines(html: string): string[] {
  return parseHtml(html).blocks.map(
    ({ shape, runs }) => `${shape.type}${shape.indent || ''}: ${runs.map(({ text }) => text).join('|')}`,
  )
}

describe('HTML of a random document', () => {
  it('reads back as the same document, and prints the same again', () => {
    const first = Number(process.env['WEFT_SEED'] ?? 1)
    const failed = Array.from({ length: CASES }, (_, index) => first + index).filter((seed) => {
      const document = withoutIds(randomDocument(randomOf(seed)))
      const html = printHtml(document)
      const again = withoutIds(parseHtml(html))
      return !isDeepStrictEqual(again, document) || printHtml(again) !== html
    })
    expect(failed.slice(0, 3)).toEqual([])
  })
})

describe('parseHtml', () => {
  it('reads what other programs write', () => {
    expect(
      lines(
        '<h1>Title</h1>\n<p>some <b>bold</b>\n words<ul><li>a<ol start=3><li>b</ol><li>c</ul>' +
          '<blockquote><p>q<p>r</blockquote><pre><code class="language-js">x\n y</code></pre><hr>tail',
      ),
    ).toEqual([
      'heading: Title',
      'paragraph: some |bold| words',
      'bullet: a',
      'numbered1: b',
      'bullet: c',
      'quote: q',
      'quote: r',
      'code: x\n y',
      'divider: ',
      'paragraph: tail',
    ])
  })

  it('reads tables, and the words of tables in their cells', () => {
    const [block] = parseHtml('<table><tr><th>a<th>b<tr><td>c<td><table><tr><td>d</table></table>').blocks
    expect(block?.table?.headerRow).toBe(true)
    expect(JSON.stringify(block?.table?.rows[1]?.cells[1])).toContain('"d"')
  })

  it('lets nothing through that could run', () => {
    const hostile = [
      'javascript:alert(1)',
      'JaVa\tscript:alert(1)',
      '\u0001javascript:alert(1)',
      'javascript://%0aalert(1)',
      'javascript:https://x:99999',
      'data:text/html,<script>alert(1)</script>',
      'vbscript:x',
      'blob:https://x/y',
      'file:///etc/passwd',
    ].flatMap((url) => [
      `<a href="${url}" title="${url}">x</a>`,
      `<img src="${url}" alt="x" onerror="alert(1)">`,
      `<div data-weft="2"><figure data-type="image" data-url="${url}"></figure><p data-type="embed" data-url="${url}"></p></div>`,
      `<span data-object="" data-type="file" data-url="${url}" data-name="x"></span>`,
    ])
    const markup = [
      '<script>alert(1)</script>x',
      '<svg><script>alert(1)</script></svg>x',
      '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
      '<p onclick="alert(1)" style="background:url(javascript:x)">x</p>',
      '<iframe srcdoc="<script>alert(1)</script>"></iframe>x',
      '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
      '<form action="javascript:alert(1)"><button formaction="javascript:alert(1)">x</button></form>',
      `<b>${'<div>'.repeat(5_000)}x`,
    ]
    for (const html of [...hostile, ...markup]) {
      const printed = printHtml(parseHtml(html))
      expect(printed).not.toMatch(
        /<(?:script|style|svg|iframe|form|button)|\son\w+=|(?:href|src|url)="(?!https?:)[^"]/i,
      )
    }
  })

  it('writes what a person wrote as text', () => {
    const html = printHtml(
      withoutIds({
        schema: 2,
        blocks: [
          {
            id: 'x',
            shape: { type: 'paragraph', indent: 0 },
            runs: [{ text: '<img src=x onerror=alert(1)>"&', marks: {} }],
          },
        ],
      }),
    )
    expect(html).toBe('<div data-weft="2">\n<p>&#60;img src=x onerror=alert(1)&#62;&#34;&#38;</p>\n</div>\n')
  })
})
