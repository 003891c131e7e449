/** The merge report's harness: it must see what is planted, or its zeros mean nothing. */
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { Contestant, Person } from './contestant.ts'
import { lexicalV1, lexicalV2 } from './lexical-yjs.ts'
import { yProsemirror } from './prosemirror.ts'
import { playAll, playOnce } from './run.ts'
import { scenarios } from './scenarios.ts'
import { weft } from './weft.ts'
import { NOBODY, Words } from './words.ts'

const contestants: readonly Contestant[] = [weft, lexicalV1, lexicalV2, yProsemirror]
const ANN = 0
const BEN = 1

function scenarioOf(name: string) {
  const found = scenarios.find((scenario) => scenario.name.startsWith(name))
  if (found === undefined) throw new Error(`no scenario ${name}`)
  return found
}

/** Weft with a fault. */
function faulty(fault: (person: Person, client: number) => Partial<Person>): Contestant {
  return {
    ...weft,
    open(client) {
      const person = weft.open(client)
      return { ...person, ...fault(person, client) }
    },
  }
}

describe('the merge report', () => {
  it('finds nothing wrong with Weft', () => {
    for (const scenario of scenarios) {
      const total = playAll(weft, scenario, 5)
      expect({ scenario: scenario.name, ...total }).toMatchObject({
        scenario: scenario.name,
        lost: 0,
        doubled: 0,
        differing: 0,
        failing: 0,
        errors: [],
      })
      expect(total.due).toBeGreaterThan(total.runs)
    }
  })

  it('plays the same script to everybody: as many words are due where nothing is deleted', () => {
    for (const name of ['heading', 'bold', 'block moved']) {
      const due = contestants.map((contestant) => playAll(contestant, scenarioOf(name), 5).due)
      expect(new Set(due).size).toBe(1)
    }
  })

  it('asks of everybody only what they can do: each act shows on the screen', () => {
    const from = { block: 1, offset: 4 }
    const to = { block: 1, offset: 7 }
    const acts: { readonly [name: string]: (person: Person) => void } = {
      type: (person) => person.type(from, 'x'),
      enter: (person) => person.enter(from),
      join: (person) => person.join(1),
      erase: (person) => person.erase(from, to),
      retype: (person) => person.retype('x'),
      heading: (person) => person.setKind(from, to, 'heading'),
      code: (person) => person.setKind(from, to, 'code'),
      bullet: (person) => person.setKind({ block: 0, offset: 0 }, to, 'bullet'),
      bold: (person) => person.bold(from, to),
      link: (person) => person.link(from, to),
      moveBefore: (person) => person.moveBefore(1, 0),
      paste: (person) => person.paste(from, ['x', 'y', 'z']),
      indent: (person) => person.indent(3),
      outdent: (person) => person.outdent(4),
      undo: (person) => person.undo(),
    }
    const kinds = ['paragraph', 'paragraph', 'bullet', 'bullet', 'bullet'] as const
    for (const contestant of contestants)
      for (const [name, act] of Object.entries(acts)) {
        const person = contestant.open(1)
        person.write(
          kinds.map((kind, index) => ({ kind, indent: index === 4 ? 1 : 0, text: `one two ${index}` })),
        )
        const before = person.screen()
        expect(before.blocks).toHaveLength(5)
        act(person)
        const after = person.screen().whole
        expect(after, `${contestant.name}: ${name}`).not.toBe(before.whole)
        const other = contestant.open(2)
        other.receive(Y.encodeStateAsUpdate(person.doc))
        expect(other.screen().whole).toBe(after)
        for (const each of [person, other]) {
          expect(each.errors).toEqual([])
          each.close()
        }
      }
  })

  it('adds and deletes rows and columns where they are said to be, for everybody', () => {
    for (const contestant of contestants) {
      const person = contestant.open(1)
      person.writeTable([
        ['a', 'b'],
        ['c', 'd'],
      ])
      const shown = (): string => person.screen().blocks.join('|')
      expect(shown()).toBe('a|b|c|d|')
      person.addRow(0)
      expect(shown()).toBe('a|b|||c|d|')
      person.addColumn(0)
      expect(shown()).toBe('a||b||||c||d|')
      person.deleteRow(3)
      expect(shown()).toBe('a||b|c||d|')
      person.deleteColumn(1)
      expect(shown()).toBe('a|b|c|d|')
      person.deleteColumn(0)
      expect(shown()).toBe('b|d|')
      expect(person.errors).toEqual([])
      person.close()
    }
  })

  it('replays a seed exactly', () => {
    const scenario = scenarioOf('both split')
    expect(playOnce(lexicalV1, scenario, 7)).toEqual(playOnce(lexicalV1, scenario, 7))
  })

  it('counts a planted loss', () => {
    // Whoever makes the heading writes the block anew from what is on the screen, as others do.
    const losing = faulty((person) => ({
      setKind(from, to, kind) {
        const text = person.screen().blocks[from.block] ?? ''
        person.erase({ block: from.block, offset: 0 }, { block: from.block, offset: text.length })
        person.type({ block: from.block, offset: 0 }, text.slice(0, -1))
        person.setKind({ block: from.block, offset: 0 }, { block: from.block, offset: to.offset - 1 }, kind)
      },
    }))
    const total = playAll(losing, scenarioOf('heading'), 5)
    expect(total.lost).toBeGreaterThanOrEqual(5)
  })

  it('counts a planted doubling', () => {
    const doubling = faulty((person) => ({
      enter(at) {
        const tail = person.screen().blocks[at.block]?.slice(at.offset) ?? ''
        person.enter(at)
        person.type({ block: at.block + 1, offset: 0 }, tail)
      },
    }))
    expect(playAll(doubling, scenarioOf('Enter'), 10).doubled).toBeGreaterThan(0)
  })

  it('counts screens that differ, and what is thrown', () => {
    const deaf = faulty((person, client) => ({
      receive(update) {
        if (client === 1 && person.screen().blocks.join('') !== '') return
        person.receive(update)
      },
    }))
    expect(playAll(deaf, scenarioOf('bold'), 5).differing).toBe(5)
    const throwing = faulty(() => ({
      bold() {
        throw new Error('planted')
      },
    }))
    expect(playAll(throwing, scenarioOf('bold'), 5)).toMatchObject({
      failing: 5,
      errors: ['seed 1: Error: planted', 'seed 2: Error: planted', 'seed 3: Error: planted'],
    })
  })
})

describe('a word', () => {
  it('is lost with any of its characters, and doubled with any of them', () => {
    const words = new Words()
    const [one, two] = [words.take(NOBODY), words.take(ANN)]
    words.noteWritten(one)
    words.noteWritten(two)
    expect(words.judge(`${one} ${two}`)).toEqual({ due: 2, lost: 0, doubled: 0, returned: 0 })
    expect(words.judge(`${one} ${two.slice(1)}`)).toMatchObject({ lost: 1 })
    expect(words.judge(`${one}${one.slice(2)} ${two}`)).toMatchObject({ lost: 0, doubled: 1 })
  })

  it('is due from when it is written until somebody deletes it', () => {
    const words = new Words()
    const word = words.take(ANN)
    expect(words.judge('')).toMatchObject({ due: 0, lost: 0 })
    words.noteWritten(word)
    expect(words.judge('')).toMatchObject({ due: 1, lost: 1 })
    words.noteDeleted(BEN, word)
    expect(words.judge('')).toMatchObject({ due: 0, lost: 0 })
    expect(words.judge(word)).toMatchObject({ returned: 1 })
  })

  it('goes with its own author’s undo, and not with another’s', () => {
    const words = new Words()
    const [anns, bens] = [words.take(ANN), words.take(BEN)]
    words.noteWritten(anns)
    words.noteWritten(bens)
    words.noteUndo(ANN, `${anns}${bens}`, '')
    expect(words.judge('')).toMatchObject({ due: 1, lost: 1 })
  })

  it('is due again once its deletion is undone', () => {
    const words = new Words()
    const word = words.take(NOBODY)
    words.noteWritten(word)
    words.noteDeleted(ANN, word)
    words.noteUndo(ANN, '', word)
    expect(words.judge('')).toMatchObject({ due: 1, lost: 1 })
  })
})
