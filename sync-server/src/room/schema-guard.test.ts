import { checkUpdate, createMarker, createTable, flowOf, insertObject, insertText } from '@weft/document'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { checkSchema } from './schema-guard.ts'
import { randomNumbers, seeds } from './testing/random-edits.ts'
import { readLayout } from './update-layout.ts'

function updateOf(change: (doc: Y.Doc) => void): Uint8Array {
  const doc = new Y.Doc()
  flowOf(doc)
  doc.transact(() => change(doc))
  return Y.encodeStateAsUpdate(doc)
}

function marker(doc: Y.Doc): Y.Map<unknown> {
  const map = createMarker({ type: 'paragraph', indent: 0 }, 'a')
  flowOf(doc).insertEmbed(0, map)
  return map
}

const refusalOf = (change: (doc: Y.Doc) => void): string | undefined =>
  checkSchema(readLayout(updateOf(change)))?.code

/** Content of every sort in every place, by chance: what a document may hold, and what it may not. */
class Chance {
  readonly #random: () => number

  constructor(seed: number) {
    this.#random = randomNumbers(seed)
  }

  #one<T>(of: readonly T[]): T {
    return of[Math.floor(this.#random() * of.length)] as T
  }

  edit(doc: Y.Doc): void {
    const places = ['flow', 'flow', 'flow', 'cell/t/r/c', 'table/t', 'table/prototype', 'settings', 'cell/t']
    const name = this.#one(places)
    if (name.startsWith('table') || name === 'settings') this.#setKey(doc.getMap(name))
    else this.#write(doc.getText(name))
  }

  #write(text: Y.Text): void {
    const at = Math.floor(this.#random() * (text.length + 1))
    this.#one([
      () => text.insert(at, this.#one(['a', 'grün ', '日本', 'x'.repeat(300), '👩‍💻'])),
      () => text.insert(at, 'word', { [this.#one(NAMES)]: this.#value() }),
      () => text.insertEmbed(at, this.#object()),
      () => text.insertEmbed(at, this.#type()),
      () => text.setAttribute(this.#one(NAMES), this.#value()),
      () => text.delete(0, Math.min(2, text.length)),
    ])()
  }

  #setKey(map: Y.Map<unknown>): void {
    map.set(this.#one(NAMES), this.#one([() => this.#value(), () => this.#type()])())
  }

  #type(): Y.Map<unknown> | Y.Array<unknown> | Y.XmlText | Y.XmlElement {
    const map = new Y.Map<unknown>()
    for (let left = Math.floor(this.#random() * 3); left > 0; left--) map.set(this.#one(NAMES), this.#value())
    return this.#one([map, map, map, new Y.Array<unknown>(), new Y.XmlText('x'), new Y.XmlElement('p')])
  }

  #object(): object {
    const entries = [0, 1].map(() => [this.#one(NAMES), this.#value()])
    return { ...Object.fromEntries(entries), ...(this.#random() < 0.5 ? { type: 'mention' } : {}) }
  }

  #value(): unknown {
    return this.#one(VALUES)
  }
}

const NAMES = [
  ...'type id alt later bold link row/r width/c header-row constructor prototype row/constructor'.split(' '),
  'n'.repeat(65),
  'k'.repeat(81),
]
const deep = (depth: number): unknown => (depth === 0 ? 1 : { in: deep(depth - 1) })
const WORDS: readonly unknown[] = ['a', 'b', 'c', 'x'.repeat(8_193)]
const OTHERS: readonly unknown[] = [1, -70_000, 0.5, 2 ** 40, true, false, null, new Uint8Array([1, 2, 3])]
const OBJECTS: readonly unknown[] = [
  { a: 1 },
  [1, 'two', null],
  deep(3),
  deep(6),
  { a: { constructor: 1 } },
  { list: Array(9).fill('x'.repeat(2_000)) },
]
const VALUES: readonly unknown[] = [...WORDS, ...OTHERS, ...OBJECTS]

describe('checkSchema', () => {
  it('says of every update what the document’s own guard says of its Yjs items', () => {
    for (const seed of seeds(1)) {
      const codes = new Map<string, number>()
      const chance = new Chance(seed)
      for (let round = 0; round < 3_000; round++) {
        const update = updateOf((doc) => {
          for (let left = 1 + (round % 4); left > 0; left--) chance.edit(doc)
        })
        const expected = checkUpdate(update)
        expect(checkSchema(readLayout(update)), `SEED=${seed}, round ${round}`).toEqual(expected)
        const code = expected?.code ?? 'none'
        codes.set(code, (codes.get(code) ?? 0) + 1)
      }
      // It did come to each.
      expect([...codes.keys()].sort()).toEqual(['depth', 'name', 'none', 'root', 'size', 'type', 'value'])
    }
  })

  it('lets pass what the model writes', () => {
    const pass = refusalOf((doc) => {
      const flow = flowOf(doc)
      insertText(flow, 0, 'words', { bold: true, color: 'red', link: 'https://example.org/' })
      insertObject(flow, 2, { type: 'mention', kind: 'person', ref: 'p', label: 'Ann' })
      flow.insertEmbed(0, createMarker({ type: 'table', indent: 0 }, 't'))
      createTable(doc, { id: 't', rows: ['r'], columns: ['c'], headerRow: true })
      flow.insertEmbed(
        0,
        createMarker(
          { type: 'image', indent: 0, url: 'https://a/', name: 'a', size: 1, alt: '', width: 0 },
          'i',
        ),
      )
      flow.setAttribute('type', 'heading')
    })
    expect(pass).toBeUndefined()
  })

  it('sees a name of nothing where Yjs itself takes it for a prototype', () => {
    const value = JSON.parse('{"__proto__":{"polluted":true}}') as object
    // Of values that are not JSON it is malformed in every document.
    for (const hidden of [value, [{ deeper: value }]])
      expect(() => refusalOf((doc) => marker(doc).set('later', hidden))).toThrow('a value under __proto__')
    expect(refusalOf((doc) => flowOf(doc).insertEmbed(0, value))).toBe('name')
    expect(refusalOf((doc) => marker(doc).set('__proto__', 'x'))).toBe('name')
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  it('refuses shared types in shared types without end, and lets a few pass', () => {
    const nest = (depth: number) => (doc: Y.Doc) => {
      let map = marker(doc)
      for (let left = depth; left > 0; left--) map = map.set('later', new Y.Map<unknown>())
    }
    expect(refusalOf(nest(65))).toBe('depth')
    expect(refusalOf(nest(5))).toBe('depth')
    expect(refusalOf(nest(4))).toBeUndefined()
  })

  it('has nothing to read in what is typed, deleted or cut, wherever text is already', () => {
    const doc = new Y.Doc()
    const flow = flowOf(doc)
    insertText(flow, 0, 'some words')
    const made: Uint8Array[] = []
    doc.on('update', (update: Uint8Array) => made.push(update))
    flow.insert(4, ' more')
    flow.insert(flow.length, '!')
    flow.delete(2, 3)
    expect(made.map((update) => readLayout(update).isPlain)).toEqual([true, true, true])
    flow.format(0, 2, { bold: true })
    flow.insertEmbed(0, new Y.Map())
    flow.setAttribute('type', 'quote')
    expect(made.slice(3).map((update) => readLayout(update).isPlain)).toEqual([false, false, false])
    expect(readLayout(updateOf((other) => other.getText('elsewhere').insert(0, 'x'))).isPlain).toBe(false)
  })
})
