import { describe, expect, it } from 'vitest'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { colorOf } from '../ui/people.ts'
import { readPeople, readPerson, readSelection } from './presence.ts'

describe('a state from the wire', () => {
  it('is a person when it has a name, whatever else it holds', () => {
    expect(readPerson(7, { user: { name: ' Ada ', color: 'url(//x)' }, idle: 1 }, false)).toEqual({
      clientId: 7,
      id: 'client-7',
      name: 'Ada',
      color: colorOf('client-7'),
      idle: false,
      self: false,
    })
    expect(readPerson(7, { user: { name: 'x'.repeat(500) } }, false)?.name).toHaveLength(80)
    const nobody = [null, 'x', {}, { user: null }, { user: { name: '  ' } }, { user: { name: 7 } }]
    expect(nobody.filter((state) => readPerson(7, state, false) !== undefined)).toEqual([])
  })

  it('has a name of one line that shows what it is, and a colour that is only a colour', () => {
    const named = (name: string) => readPerson(7, { user: { name } }, false)?.name
    expect(named('\u202Eecila\u202C Ann')).toBe('ecila Ann')
    expect(named('\u202E')).toBeUndefined()
    expect(named('a\u0000b\n c')).toBe('ab c')
    expect(named(`${'x'.repeat(79)}👩`)).toBe('x'.repeat(79))
    for (const color of [
      'red;background:url(//e)',
      'url(//e)',
      '#fff;x:y',
      'var(--x)',
      '#ffffff',
      { a: 1 },
      null,
    ])
      expect(readPerson(7, { user: { name: 'A', color } }, false)?.color).toBe(colorOf('client-7'))
  })

  it('gives a selection only when both ends are positions', () => {
    const position = { type: null, tname: null, item: { client: 7, clock: 2 }, assoc: -1 }
    expect(readSelection({ cursor: { anchor: position, head: position } })).toBeDefined()
    const none = [
      {},
      { cursor: null },
      { cursor: { anchor: position } },
      { cursor: { anchor: 1, head: 2 } },
      { cursor: { anchor: position, head: { item: { client: -1, clock: 'x' } } } },
    ]
    expect(none.filter((state) => readSelection(state) !== undefined)).toEqual([])
  })
})

describe('readPeople', () => {
  it('puts the person here first and keeps the others in one order', () => {
    const awareness = new Awareness(new Y.Doc())
    awareness.setLocalState({ user: { id: 'me', name: 'Me' } })
    for (const clientId of [9, 3, 5])
      awareness.states.set(clientId, { user: { id: 'o', name: `P${clientId}` } })
    expect(readPeople(awareness).map(({ name, self }) => [name, self])).toEqual([
      ['Me', true],
      ['P3', false],
      ['P5', false],
      ['P9', false],
    ])
    awareness.destroy()
  })
})
