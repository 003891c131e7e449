import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { concatenate } from './compose.ts'
import { sameContent } from './content.ts'
import { judge } from './guard.ts'
import { Knowledge } from './knowledge.ts'
import { randomNumbers, seeds } from './testing/random-edits.ts'
import { readLayout, type UpdateLayout } from './update-layout.ts'

/** What `edit` makes a document with this client id emit, update by update. */
function record(edit: (text: Y.Text, doc: Y.Doc) => void, clientID = 7): UpdateLayout[] {
  const doc = new Y.Doc()
  doc.clientID = clientID
  const updates: UpdateLayout[] = []
  doc.on('update', (update: Uint8Array) => updates.push(readLayout(update)))
  edit(doc.getText('text'), doc)
  return updates
}

const type = (text: Y.Text, words: string, at = text.length): void => {
  for (const letter of words) {
    text.insert(at, letter)
    at += letter.length
  }
}

const structsOf = (update: Uint8Array): number => Y.decodeUpdate(update).structs.length

const textOf = (...updates: Uint8Array[]): string => {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  expect(doc.store.pendingStructs).toBeNull()
  return doc.getText('text').toString()
}

describe('text typed key by key', () => {
  it('becomes one struct, across every length of its length', () => {
    for (const length of [2, 126, 127, 128, 129, 300, 16_383, 16_384, 16_390]) {
      const words = 'weft '.repeat(length / 5 + 1).slice(0, length)
      const merged = concatenate(record((text) => type(text, words)))
      expect(structsOf(merged), `${length}`).toBeLessThanOrEqual(2)
      expect(textOf(merged)).toBe(words)
    }
  })

  it('stays whole with letters of several bytes and of several units', () => {
    const words = 'Grüße, 日本 👩‍💻!'
    const merged = concatenate(record((text) => type(text, words)))
    expect(structsOf(merged)).toBeLessThanOrEqual(2)
    expect(textOf(merged)).toBe(words)
  })

  it('stays whole where a client wrote the length of its text in more bytes than it needs', () => {
    const [base, ...later] = record((text) => type(text, 'abcdefgh'))
    const padded = later.map(({ bytes }) => {
      // Client 7, one letter behind its own last one: 1, 1, 7, clock, info, 7, clock, 1, letter, 0.
      const { length } = bytes
      const [text, none] = bytes.subarray(length - 2)
      return readLayout(Uint8Array.of(...bytes.subarray(0, length - 3), 0x81, 0x80, 0, text ?? 0, none ?? 0))
    })
    expect(padded).toHaveLength(7)
    if (base === undefined) throw new Error('one edit')
    expect(textOf(concatenate([base, ...padded]))).toBe('abcdefgh')
    expect(structsOf(concatenate([base, ...padded]))).toBe(2)
  })

  it('is not joined where the caret went elsewhere, nor where a right neighbour differs', () => {
    const updates = record((text) => {
      type(text, 'ac')
      type(text, 'b', 1)
      type(text, 'xyz', 0)
      type(text, 'd')
    })
    expect(textOf(concatenate(updates))).toBe('xyzabcd')
    expect(textOf(...updates.map(({ bytes }) => bytes))).toBe('xyzabcd')
  })

  it('is not joined where somebody has written behind it meanwhile: whoever saw both stays behind both', () => {
    const doc = new Y.Doc()
    doc.clientID = 7
    const typed: UpdateLayout[] = []
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'theirs') typed.push(readLayout(update))
    })
    type(doc.getText('text'), '(a')
    // A lower client id: what it wrote at the end comes before what client 7 would write there without knowing of it.
    const other = new Y.Doc()
    other.clientID = 3
    for (const { bytes } of typed) Y.applyUpdate(other, bytes)
    const theirs: Uint8Array[] = []
    other.on('update', (update: Uint8Array) => theirs.push(update))
    other.getText('text').insert(2, 'Z')
    for (const update of theirs) Y.applyUpdate(doc, update, 'theirs')
    type(doc.getText('text'), 'b', 2)
    expect(doc.getText('text').toString()).toBe('(abZ')
    const merged = concatenate(typed)
    expect(structsOf(merged)).toBe(3)
    expect(textOf(merged, ...theirs)).toBe('(abZ')
  })

  it('is not joined when it says that it stands behind anything but the letter before it', () => {
    // Client 7 writes "a", "b" behind it, and "c" behind "a" once more, as no editor does.
    const parts = ['0101070004010474657874016100', '01010701840700016200', '01010702840700016300'].map(
      (digits) => readLayout(new Uint8Array(Buffer.from(digits, 'hex'))),
    )
    const merged = concatenate(parts)
    expect(structsOf(merged)).toBe(3)
    expect(textOf(merged)).toBe(textOf(...parts.map(({ bytes }) => bytes)))
  })

  it('is joined between the halves of other text, and may be torn apart again by what others wrote into it', () => {
    const base = record((text) => text.insert(0, '[]'), 1)
    const [seed] = base
    if (seed === undefined) throw new Error('one edit')
    const doc = new Y.Doc()
    doc.clientID = 2
    Y.applyUpdate(doc, seed.bytes)
    const typed: UpdateLayout[] = []
    doc.on('update', (update: Uint8Array) => typed.push(readLayout(update)))
    type(doc.getText('text'), 'hello', 1)
    // Somebody who saw only the first two letters writes behind them, and removes the first.
    const other = new Y.Doc()
    other.clientID = 3
    for (const { bytes } of [seed, ...typed.slice(0, 2)]) Y.applyUpdate(other, bytes)
    const theirs: Uint8Array[] = []
    other.on('update', (update: Uint8Array) => theirs.push(update))
    other.getText('text').insert(3, 'XY')
    other.getText('text').delete(1, 1)
    const merged = concatenate(typed)
    expect(structsOf(merged)).toBe(1)
    const keyByKey = textOf(seed.bytes, ...typed.map(({ bytes }) => bytes), ...theirs)
    expect(textOf(seed.bytes, merged, ...theirs)).toBe(keyByKey)
    expect(textOf(seed.bytes, ...typed.slice(0, 2).map(({ bytes }) => bytes), ...theirs, merged)).toBe(
      keyByKey,
    )
  })

  it('means the same to every replica, however many write and in whatever pieces it is joined', () => {
    for (const seed of seeds(150)) {
      const random = randomNumbers(seed)
      const below = (count: number) => Math.floor(random() * count)
      const docs = [1, 2, 3].map((client) => {
        const doc = new Y.Doc({ gc: false })
        doc.clientID = client
        return doc
      })
      const known = new Knowledge()
      const log: UpdateLayout[] = []
      const offer = (update: Uint8Array): void => {
        const verdict = judge(update, known, true)
        if (verdict.kind !== 'new') return
        known.add(verdict.update)
        log.push(verdict.update)
      }
      for (const doc of docs)
        doc.on('update', (update: Uint8Array, origin: unknown) => {
          if (origin === undefined || origin === null) offer(update)
        })
      for (let step = 0; step < 60; step++) {
        const doc = docs[below(3)]
        const text = doc?.getText('text')
        if (doc === undefined || text === undefined) continue
        // Meets the others now and then, so that edits lean on each other and on the middle of what was joined.
        if (below(5) === 0) for (const { bytes } of log) Y.applyUpdate(doc, bytes, 'log')
        const at = below(text.length + 1)
        if (below(4) === 0 && text.length > at) text.delete(at, Math.min(1 + below(3), text.length - at))
        else type(text, 'abcdefgh'.slice(0, 1 + below(8)), at)
      }
      const whole = new Y.Doc()
      for (const { bytes } of log) Y.applyUpdate(whole, bytes)
      const pieces = new Y.Doc()
      for (let from = 0; from < log.length; ) {
        const to = from + 1 + below(20)
        const merged = concatenate(log.slice(from, to))
        expect(readLayout(merged).skips).toBe(false)
        Y.applyUpdate(pieces, merged)
        expect(pieces.store.pendingStructs, `SEED=${seed}`).toBeNull()
        from = to
      }
      expect(sameContent(whole, pieces), `SEED=${seed}`).toBe(true)
      expect(pieces.getText('text').toString(), `SEED=${seed}`).toBe(whole.getText('text').toString())
    }
  })
})
