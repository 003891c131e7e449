import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { flowOf } from './flow.ts'
import { parseMarkdown } from './markdown/parse.ts'
import { printMarkdown } from './markdown/print.ts'
import { mergeDocument, writeDocument } from './merge.ts'
import { readDocument } from './read-document.ts'
import { randomDocument, randomOf } from './testing/random-document.ts'
import { printText } from './text.ts'
import { withoutIds } from './value.ts'

function counter(prefix: string): () => string {
  let count = 0
  return () => `${prefix}${(count += 1)}z`
}

function documentOf(markdown: string): Y.Doc {
  const doc = new Y.Doc()
  const flow = flowOf(doc)
  writeDocument(doc, parseMarkdown(markdown), counter('b'))
  expect(flow.length).toBeGreaterThanOrEqual(0)
  return doc
}

function markdownOf(doc: Y.Doc): string {
  return printMarkdown(readDocument(flowOf(doc)))
}

function merge(doc: Y.Doc, base: string, edited: string): void {
  mergeDocument(doc, { base: parseMarkdown(base), edited: parseMarkdown(edited), newId: counter('n') })
}

describe('writeDocument', () => {
  it('makes an empty document say what it is given', () => {
    const random = randomOf(3)
    for (let turn = 0; turn < 300; turn += 1) {
      const value = withoutIds(randomDocument(random))
      const known = JSON.stringify(value).includes('"unknown"') ? undefined : value
      if (known === undefined) continue
      const doc = new Y.Doc()
      writeDocument(doc, known, counter('b'))
      expect(withoutIds(readDocument(flowOf(doc)))).toEqual(known)
    }
  })

  it('turns one document into another', () => {
    const random = randomOf(4)
    const values = Array.from({ length: 200 }, () => withoutIds(randomDocument(random))).filter(
      (value) => !JSON.stringify(value).includes('"unknown"'),
    )
    const doc = new Y.Doc()
    const newId = counter('b')
    for (const value of values) {
      writeDocument(doc, value, newId)
      expect(printMarkdown(readDocument(flowOf(doc)))).toEqual(printMarkdown(value))
    }
  })
})

describe('mergeDocument', () => {
  it('leaves blocks alone that the editor did not change', () => {
    const doc = documentOf('one\n\ntwo\n\nthree\n')
    const before = readDocument(flowOf(doc)).blocks.map(({ id }) => id)
    const state = Y.encodeStateVector(doc)
    merge(doc, 'one\n\ntwo\n\nthree\n', 'one\n\ntwo more\n\nthree\n')
    expect(markdownOf(doc)).toBe('one\n\ntwo more\n\nthree\n')
    expect(readDocument(flowOf(doc)).blocks.map(({ id }) => id)).toEqual(before)
    expect(Y.encodeStateAsUpdate(doc, state).length).toBeLessThan(60)
  })

  it('keeps what others wrote meanwhile, in a deleted block too', () => {
    const base = 'one two\n\nthree four\n'
    const doc = documentOf('one two NEW\n\nthree mine four\n')
    merge(doc, base, 'one 2 two\n')
    const text = markdownOf(doc)
    expect(text).toContain('one 2 two NEW')
    expect(text).toContain('mine')
    expect(text).not.toMatch(/three|four/)
  })

  it('puts a new block behind what others added to the one before', () => {
    const doc = documentOf('one and more\n\ntwo\n')
    merge(doc, 'one\n\ntwo\n', 'one\n\n# new\n\ntwo\n')
    expect(markdownOf(doc)).toBe('one and more\n\n# new\n\ntwo\n')
  })

  it('merges a table cell by cell', () => {
    const base = '| a | b |\n| --- | --- |\n| c | d |\n'
    const doc = documentOf('| a | b |\n| --- | --- |\n| c | d theirs |\n')
    merge(doc, base, base.replace('| a', '| a mine'))
    expect(markdownOf(doc)).toBe('| a mine | b |\n| --- | --- |\n| c | d theirs |\n')
  })

  it('puts a table of another size in the place of one that nobody else has changed, and behind one that somebody has', () => {
    const base = '| a |\n| --- |\n| b |\n'
    const edited = `${base}| c |\n`
    const same = documentOf(base)
    merge(same, base, edited)
    expect(markdownOf(same)).toBe(edited)
    const other = documentOf('| a |\n| --- |\n| b theirs |\n')
    merge(other, base, edited)
    expect(markdownOf(other)).toBe(`| a |\n| --- |\n| b theirs |\n\n${edited}`)
  })

  it('writes a document of 5,000 blocks in one pass', () => {
    const text = Array.from({ length: 5_000 }, (_, index) => `Paragraph ${index} with **bold** words.`).join(
      '\n\n',
    )
    const doc = documentOf(text)
    expect(markdownOf(doc)).toBe(`${text}\n`)
  })

  it('loses no word of others, adds the words of the editor once, and deletes those the editor deleted', () => {
    const random = randomOf(Number(process.env['WEFT_SEED'] ?? 11))
    for (let turn = 0; turn < 500; turn += 1) {
      const word = counter(`w${turn}x`)
      const base = blocksOf(random, word)
      const [theirs, mine] = [change(random, base, counter('t')), change(random, base, counter('m'))]
      const doc = documentOf(textOf(base))
      const before = textOf(base)
      writeDocument(doc, parseMarkdown(textOf(theirs)), counter('o'))
      merge(doc, before, textOf(mine))
      const found = printText(readDocument(flowOf(doc))).match(/[tm]\d+z|w\d+x\d+z/g) ?? []
      const has = (blocks: string[][], word: string): boolean => blocks.some((words) => words.includes(word))
      const expected = [...new Set([...base, ...theirs, ...mine].flat())].filter(
        (word) => !has(base, word) || (has(theirs, word) && has(mine, word)),
      )
      expect([turn, ...found.toSorted()]).toEqual([turn, ...expected.toSorted()])
    }
  })
})

function blocksOf(random: () => number, word: () => string): string[][] {
  return Array.from({ length: 1 + Math.floor(random() * 4) }, () =>
    Array.from({ length: 1 + Math.floor(random() * 4) }, word),
  )
}

/** Some words deleted, some put in, some blocks added, deleted, split and joined. */
function change(random: () => number, blocks: string[][], word: () => string): string[][] {
  const result: string[][] = []
  for (const words of blocks) {
    if (random() < 0.15) continue
    const own = words.flatMap((old) => (random() < 0.2 ? [] : random() < 0.2 ? [old, word()] : [old]))
    const last = result.at(-1)
    if (random() < 0.15 && last !== undefined) last.push(...own)
    else if (random() < 0.2) result.push(own.slice(0, 1), own.slice(1))
    else result.push(own)
    if (random() < 0.15) result.push([word()])
  }
  return result.filter((words) => words.length > 0)
}

function textOf(blocks: string[][]): string {
  return `${blocks.map((words) => words.join(' ')).join('\n\n')}\n`
}
