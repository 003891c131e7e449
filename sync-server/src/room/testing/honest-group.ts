/**
 * People with real Yjs replicas around a guard without a network: some collect what is deleted and some do not, each
 * undoes and redoes with two managers, some are offline for long, and the log is folded under them.
 */
import * as Y from 'yjs'
import { judge } from '../guard.ts'
import { Knowledge } from '../knowledge.ts'
import { NOWHERE } from '../list-table.ts'
import { Structure } from '../structure.ts'
import { readOwnLayout } from '../update-layout.ts'
import { editRandomly } from './random-edits.ts'

const ORIGINS = ['keys', 'menu'] as const

interface Person {
  readonly doc: Y.Doc
  readonly managers: readonly Y.UndoManager[]
  /** What was written and not sent; sent one by one, or forgotten for a step 2. */
  readonly outbox: Uint8Array[]
  isOnline: boolean
}

export class HonestGroup {
  readonly people: readonly Person[]
  log: Uint8Array[] = []
  known = new Knowledge()
  structure = new Structure()
  readonly #random: () => number

  constructor(random: () => number) {
    this.#random = random
    this.people = Array.from({ length: 3 }, (_, index) => this.#enter(1 + index * 10 + this.#below(10)))
  }

  #below(count: number): number {
    return Math.floor(this.#random() * count)
  }

  #enter(clientID: number): Person {
    const doc = new Y.Doc({ gc: this.#random() < 0.6 })
    doc.clientID = clientID
    const roots = [doc.getText('text'), doc.getMap('map'), doc.getArray('list'), doc.getXmlFragment('xml')]
    const managers = ORIGINS.map(
      (origin) => new Y.UndoManager(roots, { trackedOrigins: new Set([origin]), captureTimeout: 0 }),
    )
    const outbox: Uint8Array[] = []
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'server') outbox.push(update)
    })
    return { doc, managers, outbox, isOnline: true }
  }

  /** One thing that somebody does, or that happens. @throws {ProtocolError} when what somebody honest wrote was refused */
  step(): void {
    const person = this.people[this.#below(this.people.length)] as Person
    const roll = this.#random()
    if (roll < 0.45) this.#edit(person)
    else if (roll < 0.6) this.#undo(person, 'undo')
    else if (roll < 0.68) this.#undo(person, 'redo')
    else if (roll < 0.74) person.isOnline = !person.isOnline
    else if (roll < 0.78) this.fold()
    else this.#exchange(person)
  }

  /** Yjs' own undo fails now and then, beside what was collected: that is nobody's update. */
  #undo({ managers }: Person, what: 'undo' | 'redo'): void {
    try {
      managers[this.#below(2)]?.[what]()
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
    }
  }

  #edit({ doc }: Person): void {
    const origin = this.#random() < 0.8 ? ORIGINS[this.#below(2)] : undefined
    doc.transact(() => {
      if (this.#random() < 0.5) editRandomly(doc, this.#random)
      else this.#editInside(doc)
    }, origin)
  }

  /** In types that others may delete, and that undoing makes again. */
  #editInside(doc: Y.Doc): void {
    const types = typesIn(doc)
    const type = types[this.#below(types.length)]
    if (type instanceof Y.XmlText || type instanceof Y.Text) {
      if (type.length > 0 && this.#random() < 0.4) type.delete(this.#below(type.length), 1)
      else type.insert(this.#below(type.length + 1), 'in', this.#random() < 0.3 ? { bold: true } : undefined)
    } else if (type instanceof Y.Array) {
      if (type.length > 0 && this.#random() < 0.4) type.delete(this.#below(type.length), 1)
      else type.insert(this.#below(type.length + 1), [this.#random() < 0.3 ? new Y.Map([['k', 1]]) : 'v', 2])
    } else if (type instanceof Y.Map) {
      if (this.#random() < 0.3) type.delete('k')
      else type.set(this.#random() < 0.7 ? 'k' : 'l', this.#random() < 0.3 ? new Y.Text('t') : this.#below(9))
    } else if (type instanceof Y.XmlElement) {
      if (this.#random() < 0.3) type.setAttribute('id', `${this.#below(9)}`)
      else if (type.length > 0 && this.#random() < 0.4) type.delete(this.#below(type.length), 1)
      else type.insert(this.#below(type.length + 1), [new Y.XmlText('x'), new Y.XmlElement('p')])
    } else editRandomly(doc, this.#random)
  }

  #exchange(person: Person): void {
    if (!person.isOnline) return
    if (this.#random() < 0.6) for (const update of person.outbox.splice(0)) this.#send(update, true)
    else {
      person.outbox.length = 0
      const vector = this.known.encodeVector()
      this.#send(Y.encodeStateAsUpdate(person.doc, this.#random() < 0.3 ? undefined : vector), false)
    }
    for (const update of this.log) Y.applyUpdate(person.doc, update, 'server')
  }

  #send(bytes: Uint8Array, whole: boolean): void {
    const verdict = judge(bytes, this.known, whole)
    const update = verdict.kind === 'new' || verdict.kind === 'gap' ? verdict.update : undefined
    if (update === undefined) return
    this.structure.take(update, this.known)
    this.known.add(update)
    this.log.push(update.bytes)
  }

  /** As the compactor does, and a room that is opened afterwards. */
  fold(): void {
    const doc = new Y.Doc({ gc: false })
    for (const update of this.log) Y.applyUpdate(doc, update)
    Y.tryGc(Y.createDeleteSetFromStructStore(doc.store), doc.store, () => true)
    const bytes = Y.encodeStateAsUpdate(doc)
    doc.destroy()
    this.log = [bytes]
    this.known = new Knowledge()
    this.structure = new Structure()
    this.known.add(readOwnLayout(bytes))
    this.structure.addStored(readOwnLayout(bytes))
  }

  /** @returns clocks of which the index says something else than a replica that has read the log */
  misplaced(): string[] {
    const doc = new Y.Doc({ gc: false })
    for (const update of this.log) Y.applyUpdate(doc, update)
    const numbers = new Map<unknown, Map<string | null, number>>()
    const wrong: string[] = []
    for (const [client, structs] of doc.store.clients)
      for (const struct of structs)
        for (let clock = struct.id.clock; clock < struct.id.clock + struct.length; clock++) {
          const list = this.structure.listAt(client, clock)
          const wanted = struct instanceof Y.Item ? numberIn(numbers, struct, list) : NOWHERE
          if (list !== wanted) wrong.push(`${client}:${clock} is in ${list}, not ${wanted}`)
        }
    const apart = [...numbers.values()].flatMap((keys) => [...keys.values()])
    if (new Set(apart).size < apart.length) wrong.push('two lists have one number')
    doc.destroy()
    return wrong
  }

  /** Everybody sends what they have, and reads what there is. */
  settle(): void {
    for (const round of [0, 1])
      for (const person of this.people) {
        person.isOnline = true
        this.#exchange(person)
        if (round === 1) this.#send(Y.encodeStateAsUpdate(person.doc, this.known.encodeVector()), false)
      }
    for (const { doc } of this.people) for (const update of this.log) Y.applyUpdate(doc, update, 'server')
  }

  leave(): void {
    for (const { doc, managers } of this.people) {
      for (const manager of managers) manager.destroy()
      doc.destroy()
    }
  }
}

/** The number of the list an item is in: that of the first item that was looked at. */
function numberIn(
  numbers: Map<unknown, Map<string | null, number>>,
  { parent, parentSub }: Y.Item,
  first: number,
): number {
  const keys = numbers.get(parent) ?? new Map<string | null, number>()
  numbers.set(parent, keys)
  const number = keys.get(parentSub) ?? first
  keys.set(parentSub, number)
  return number
}

type AnyType = Y.Doc['share'] extends Map<string, infer Type> ? Type : never

/** All shared types that can be reached. */
function typesIn(doc: Y.Doc): AnyType[] {
  const found: AnyType[] = []
  const visit = (type: AnyType): void => {
    for (let item = type._start; item !== null; item = item.right) look(item)
    for (const item of type._map.values()) look(item)
  }
  const look = (item: Y.Item): void => {
    if (item.deleted || !(item.content instanceof Y.ContentType)) return
    found.push(item.content.type)
    visit(item.content.type)
  }
  for (const root of doc.share.values()) visit(root)
  return found
}
