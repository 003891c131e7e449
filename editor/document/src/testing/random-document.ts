/** Documents by chance, for the tests of every format: all blocks, marks and objects, and text that looks like syntax. */
import type { BlockJson, DocumentJson, TableJson, TextRun } from '../flow.ts'
import { type InlineObject, readInline } from '../inline.ts'
import { COLORS, readMarks, TOGGLE_MARKS } from '../marks.ts'
import { BLOCK_KINDS, readBlockShape } from '../schema.ts'
import { normalDocument, numbered } from '../value.ts'

export type Random = () => number

/** @returns numbers from 0 to 1, the same for the same seed. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const TEXTS = [
  'a',
  'bc',
  'word',
  ' ',
  '  ',
  '\n',
  '\t',
  '*',
  '**',
  '_',
  '`',
  '``',
  '~~',
  '# ',
  '- ',
  '+',
  '1. ',
  '2)',
  '> ',
  '[',
  ']',
  '(x)',
  '!',
  '\\',
  '&',
  '&amp;',
  '<',
  '<b>',
  '>',
  '|',
  '---',
  '===',
  ':-',
  '```',
  '$',
  '$$',
  'https://a.b',
  'www.c.d',
  'e@f.g',
  'é',
  '🎉',
  '\u00A0',
  '"',
  '.',
  '[x] ',
  '[!NOTE]',
  '</p>',
  '<!-- weft type="code" -->',
  '\uFEFF',
  'snake_case',
  '-->',
]

export function randomDocument(random: Random): DocumentJson {
  return normalDocument({ blocks: numbered(many(random, 1, 6, () => randomBlock(random, true))) })
}

function randomBlock(random: Random, tables: boolean): BlockJson {
  const type = pick(random, [...BLOCK_KINDS, 'paragraph', 'bullet', 'numbered', 'later'])
  const values = new Map<string, unknown>([
    ['type', type === 'table' && !tables ? 'paragraph' : type],
    ['indent', chance(random, 0.5) ? 0 : whole(random, 4)],
    ['level', 1 + whole(random, 4)],
    ['start', chance(random, 0.8) ? 0 : 1 + whole(random, 12)],
    ['checked', chance(random, 0.5)],
    ['collapsed', chance(random, 0.5)],
    ['kind', pick(random, ['note', 'warning'])],
    ['emoji', pick(random, ['', '🔥', '-->'])],
    ['language', pick(random, ['', 'js', 'math', 'c++'])],
    ...Object.entries(fileOf(random)),
    ['latex', pick(random, ['', 'x', 'a\nb', '```', ' $ '])],
  ])
  const column = chance(random, 0.1) ? 1 + whole(random, 4) : 0
  return {
    id: '',
    shape: readBlockShape((name) => values.get(name)),
    runs: randomRuns(random),
    ...(column > 0 ? { column } : {}),
    ...(type === 'table' && tables ? { table: randomTable(random) } : {}),
  }
}

function randomTable(random: Random): TableJson {
  const columns = many(random, 0, 3, () => ({ id: '', width: chance(random, 0.7) ? 0 : 100 }))
  return {
    id: '',
    headerRow: chance(random, 0.6),
    headerColumn: chance(random, 0.3),
    columns,
    rows: many(random, 0, 3, () => ({
      id: '',
      cells: columns.map(() => ({
        blocks: chance(random, 0.7)
          ? [{ id: '', shape: { type: 'paragraph' as const, indent: 0 }, runs: randomRuns(random) }]
          : many(random, 1, 3, () => randomBlock(random, false)),
      })),
    })),
  }
}

function randomRuns(random: Random): TextRun[] {
  return many(random, 0, 4, () => {
    const marks: Record<string, unknown> = {}
    for (const name of TOGGLE_MARKS) if (chance(random, 0.2)) marks[name] = true
    if (chance(random, 0.1)) marks['color'] = pick(random, COLORS)
    if (chance(random, 0.1)) marks['highlight'] = pick(random, COLORS)
    if (chance(random, 0.15))
      marks['link'] = pick(random, [
        'https://a.b/(c)',
        'https://x.y',
        'mailto:a@b.c',
        'http://q.r/\\<>&amp;*_`|"',
      ])
    const own = readMarks(Object.entries(marks))
    if (chance(random, 0.15)) return { text: '\uFFFC', marks: own, object: randomObject(random) }
    return { text: many(random, 1, 4, () => pick(random, TEXTS)).join(''), marks: own }
  })
}

function randomObject(random: Random): InlineObject {
  return readInline({
    type: pick(random, ['mention', 'date', 'image', 'file', 'equation', 'later']),
    kind: pick(random, ['person', 'document']),
    ref: pick(random, ['', 'u1', 'a b/%)']),
    label: pick(random, ['', 'Ann', ' *x* [y] ', 'https://z.z', 'a|b\\']),
    date: pick(random, ['', '2026-11-22', '2026-11-22T14:05Z']),
    ...fileOf(random),
    latex: pick(random, ['', 'x^2', 'a`b', 'a\nb', '|', ' x']),
  })
}

function fileOf(random: Random): Record<string, string | number> {
  return {
    url: pick(random, ['', 'https://a.b/c.png', 'weft-file:abc_1', 'https://a.b/(|)*']),
    name: pick(random, ['', 'c.png', 'weft:x "q" \\', 'a|*b*']),
    size: pick(random, [0, 12]),
    alt: pick(random, ['', 'alt', ' [a] *b*|', '!']),
    width: pick(random, [0, 200]),
  }
}

function many<T>(random: Random, least: number, most: number, make: () => T): T[] {
  return Array.from({ length: least + whole(random, most - least + 1) }, make)
}

/** @returns 0 to `below` - 1. */
function whole(random: Random, below: number): number {
  return Math.floor(random() * below)
}

function chance(random: Random, share: number): boolean {
  return random() < share
}

function pick<T>(random: Random, from: readonly T[]): T {
  return from[whole(random, from.length)] as T
}
