import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { type RelativePlace } from '../core.ts'
import type { RelativeSelection } from './presence.ts'
import { followed, isBehindOwnWriting, isFoundFrom } from './typing-caret.ts'

const SEEDS = 200

/** Behind the character at `index` - 1, as the binding makes places. */
function placeAt(text: Y.Text, index: number): RelativePlace {
  const { item } = Y.createRelativePositionFromTypeIndex(text, index, -1)
  if (item === null || index === 0) return { type: null, tname: 'flow', item: null, assoc: -1 }
  return { type: null, tname: null, item: { client: item.client, clock: item.clock }, assoc: -1 }
}

function indexOf(doc: Y.Doc, place: RelativePlace): number {
  const position = Y.createRelativePositionFromJSON(place)
  return Y.createAbsolutePositionFromRelativePosition(position, doc)?.index ?? -1
}

const caretAt = (text: Y.Text, index: number): RelativeSelection => ({
  anchor: placeAt(text, index),
  head: placeAt(text, index),
})

function randomFrom(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}

describe('a caret that goes along with what its owner types', () => {
  it('is told once for a word that is typed', () => {
    const doc = new Y.Doc()
    const text = doc.getText('flow')
    text.insert(0, 'already here')
    const told: RelativeSelection = { ...caretAt(text, 12), follows: true }
    expect(isBehindOwnWriting(doc, told)).toBe(true)
    for (const letter of ' and more') {
      text.insert(text.length, letter)
      expect(isFoundFrom(doc, told, caretAt(text, text.length))).toBe(true)
    }
    expect(isFoundFrom(doc, told, caretAt(text, 3))).toBe(false)
    expect(isFoundFrom(doc, told, undefined)).toBe(false)
    expect(isFoundFrom(doc, { anchor: told.anchor, head: told.head }, caretAt(text, text.length))).toBe(false)
  })

  it('stays where it is in the middle of what its owner wrote before', () => {
    const doc = new Y.Doc()
    doc.getText('flow').insert(0, 'already here')
    expect(isBehindOwnWriting(doc, caretAt(doc.getText('flow'), 7))).toBe(false)
  })

  it('is told again when others would have to look at many pieces', () => {
    const doc = new Y.Doc()
    const text = doc.getText('flow')
    text.insert(0, 'x')
    const told: RelativeSelection = { ...caretAt(text, 1), follows: true }
    let letters = 0
    while (isFoundFrom(doc, told, caretAt(text, text.length)) && letters < 1_000) {
      text.insertEmbed(text.length, { letters: letters++ })
      text.insert(text.length, 'x')
    }
    expect(letters).toBeGreaterThan(5)
    expect(letters).toBeLessThan(40)
  })

  it('is no place for what is not in the document, and costs little whatever somebody claims', () => {
    const doc = new Y.Doc()
    const text = doc.getText('flow')
    for (let index = 0; index < 5_000; index++) text.insertEmbed(index, {})
    const unknown: RelativePlace = { type: null, tname: null, item: { client: 1, clock: 7 }, assoc: -1 }
    expect(followed(doc, unknown)).toBe(unknown)
    expect(followed(doc, placeAt(text, 1))).toBeUndefined()
  })

  it(`is found by everybody where it is, whatever people do (${SEEDS} seeds)`, () => {
    let spared = 0
    let published = 0
    for (let seed = 1; seed <= SEEDS; seed++) {
      const random = randomFrom(seed)
      const [owner, other] = [new Y.Doc(), new Y.Doc()]
      const [text, theirs] = [owner.getText('flow'), other.getText('flow')]
      const sync = (): void => {
        Y.applyUpdate(other, Y.encodeStateAsUpdate(owner, Y.encodeStateVector(other)))
        Y.applyUpdate(owner, Y.encodeStateAsUpdate(other, Y.encodeStateVector(owner)))
      }
      let caret = caretAt(text, 0)
      let told: RelativeSelection | undefined
      for (let step = 0; step < 60; step++) {
        const at = indexOf(owner, caret.head)
        const choice = random(10)
        if (choice < 5) {
          text.insert(at, 'abc'.slice(0, 1 + random(3)), choice === 0 ? { bold: true } : undefined)
          caret = caretAt(text, text.length === 0 ? 0 : indexAfter(text, at, owner))
        } else if (choice === 5 && at > 0) {
          text.delete(at - 1, 1)
          caret = caretAt(text, at - 1)
        } else if (choice === 6) caret = caretAt(text, random(text.length + 1))
        else if (choice === 7) theirs.insert(random(theirs.length + 1), 'XYZ')
        else if (choice === 8 && theirs.length > 0) theirs.delete(random(theirs.length), 1)
        else sync()
        // As the element does after each frame.
        const now = caretAt(text, indexOf(owner, caret.head))
        if (isFoundFrom(owner, told, now)) spared++
        else {
          told = isBehindOwnWriting(owner, now) ? { ...now, follows: true } : now
          published++
        }
        sync()
        const later = caretAt(text, indexOf(owner, now.head))
        if (!isFoundFrom(owner, told, later))
          told = isBehindOwnWriting(owner, later) ? { ...later, follows: true } : later
        caret = later
        const found = (told?.follows && followed(other, told.head)) || told?.head
        expect([seed, step, found && indexOf(other, found)]).toEqual([seed, step, indexOf(owner, later.head)])
      }
    }
    expect(spared).toBeGreaterThan(published / 4)
  })
})

/** Behind what was just inserted at `at`: the last character of this document's own client. */
function indexAfter(text: Y.Text, at: number, doc: Y.Doc): number {
  for (let index = text.length; index > at; index--) {
    const { item } = placeAt(text, index)
    if (item?.client === doc.clientID && index - at <= 3) return index
  }
  return at
}
