import { ProtocolError } from '@weft/protocol'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { sameContent } from './content.ts'
import { judge, type Verdict } from './guard.ts'
import { encodeStateVector, Knowledge } from './knowledge.ts'
import { randomNumbers, recordUpdates, seeds } from './testing/random-edits.ts'
import { readLayout } from './update-layout.ts'

/** A server in miniature: what it lets in is applied to a real document, which must never have anything pending. */
class Gatekeeper {
  readonly known = new Knowledge()
  readonly doc = new Y.Doc({ gc: false })
  readonly stored: Uint8Array[] = []

  take(update: Uint8Array, whole = true, principal = 'guest'): Verdict {
    const isForeign = (client: number): boolean => this.known.owners.isForeign(client, principal)
    const verdict = judge(new Uint8Array(update), this.known, whole, isForeign)
    if (!('update' in verdict) || verdict.update === undefined) return verdict
    this.known.add(verdict.update, principal)
    this.stored.push(verdict.update.bytes)
    Y.applyUpdate(this.doc, verdict.update.bytes)
    const { pendingStructs, pendingDs } = this.doc.store
    if (pendingStructs !== null || pendingDs !== null)
      throw new Error('let something in that waits for something else')
    return verdict
  }

  /** As a stock client answers our step 1. */
  sync(client: Y.Doc, principal?: string): Verdict {
    return this.take(Y.encodeStateAsUpdate(client, this.known.encodeVector()), false, principal)
  }
}

function textDoc(clientId: number, gatekeeper?: Gatekeeper): Y.Doc {
  const doc = new Y.Doc()
  doc.clientID = clientId
  doc.getText('t')
  if (gatekeeper !== undefined) doc.on('update', (update: Uint8Array) => gatekeeper.take(update))
  return doc
}

function bytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'))
}

/** Client 5 owns the text "old "; its next clock is 4. */
function withOldText(): Gatekeeper {
  const gatekeeper = new Gatekeeper()
  textDoc(5, gatekeeper).getText('t').insert(0, 'old ')
  return gatekeeper
}

describe('judge', () => {
  it('keeps exactly what Yjs would, whatever order, loss and repetition updates arrive in', () => {
    for (const seed of seeds(40)) {
      const { docs, updates } = recordUpdates(seed, 4, 60)
      const random = randomNumbers(seed)
      const gatekeeper = new Gatekeeper()
      for (const update of updates) {
        const roll = random()
        if (roll < 0.1) continue
        gatekeeper.take(update)
        const again = updates[Math.floor(random() * updates.length)]
        if (roll < 0.3 && again !== undefined) gatekeeper.take(again)
      }
      for (const doc of docs) gatekeeper.sync(doc)
      for (const doc of docs) expect(gatekeeper.sync(doc).kind, `SEED=${seed}`).toBe('known')
      const merged = new Y.Doc({ gc: false })
      for (const doc of docs) Y.applyUpdate(merged, Y.encodeStateAsUpdate(doc))
      expect(sameContent(gatekeeper.doc, merged), `SEED=${seed}`).toBe(true)
      expect(gatekeeper.known.encodeVector(), `SEED=${seed}`).toEqual(Y.encodeStateVector(merged))
    }
  })

  it('stores bytes that merge without losing anything', () => {
    for (const seed of seeds(20)) {
      const { docs, updates } = recordUpdates(seed, 3, 40)
      const gatekeeper = new Gatekeeper()
      for (const [index, update] of updates.entries())
        if (index % 5 !== 0) gatekeeper.take(update, index % 2 === 0)
      for (const doc of docs) gatekeeper.sync(doc)
      const replayed = new Y.Doc({ gc: false })
      Y.applyUpdate(replayed, Y.mergeUpdates(gatekeeper.stored))
      expect(sameContent(replayed, gatekeeper.doc), `SEED=${seed}`).toBe(true)
    }
  })

  it('hands a keystroke on as the bytes that came', () => {
    const gatekeeper = new Gatekeeper()
    const doc = textDoc(5)
    const updates: Uint8Array[] = []
    doc.on('update', (update: Uint8Array) => updates.push(update))
    for (const letter of 'keys') doc.getText('t').insert(doc.getText('t').length, letter)
    for (const update of updates) {
      const copy = new Uint8Array(update)
      const verdict = judge(copy, gatekeeper.known, true)
      expect(verdict.kind === 'new' && verdict.update.bytes).toBe(copy)
      gatekeeper.take(update)
    }
  })

  it('drops what is known, also the clean-up deletes that every reader of concurrent formatting emits', () => {
    const gatekeeper = new Gatekeeper()
    const alice = textDoc(1)
    alice.getText('t').insert(0, 'formatted by two')
    gatekeeper.sync(alice)
    const bob = textDoc(2)
    Y.applyUpdate(bob, Y.encodeStateAsUpdate(alice))
    alice.getText('t').format(0, 9, { bold: true })
    bob.getText('t').format(3, 9, { bold: true })
    gatekeeper.sync(alice)
    gatekeeper.sync(bob)
    const before = gatekeeper.stored.length
    const emitted: Uint8Array[] = []
    for (const reader of [textDoc(11), textDoc(12), textDoc(13)]) {
      reader.on('update', (update: Uint8Array, origin: unknown) => origin !== 'net' && emitted.push(update))
      for (const update of gatekeeper.stored) Y.applyUpdate(reader, update, 'net')
      emitted.push(Y.encodeStateAsUpdate(reader, gatekeeper.known.encodeVector()))
    }
    for (const update of emitted) gatekeeper.take(update, false)
    expect(gatekeeper.stored.length - before).toBeLessThanOrEqual(1)
    for (const update of emitted) expect(gatekeeper.take(update, false).kind).toBe('known')
  })

  it('cuts what is partly known at the known clock', () => {
    const gatekeeper = new Gatekeeper()
    const doc = textDoc(5)
    doc.getText('t').insert(0, 'known')
    gatekeeper.sync(doc)
    doc.getText('t').insert(5, ' and new')
    const verdict = gatekeeper.take(Y.encodeStateAsUpdate(doc))
    expect(verdict.kind === 'new' && verdict.update.sections.map(({ clock, end }) => [clock, end])).toEqual([
      [5, 13],
    ])
    expect(gatekeeper.doc.getText('t').toString()).toBe('known and new')
  })

  it('refuses a cut through a surrogate pair', () => {
    const gatekeeper = new Gatekeeper()
    const half = textDoc(5)
    half.getText('t').insert(0, 'a?')
    gatekeeper.sync(half)
    const whole = textDoc(5)
    whole.getText('t').insert(0, 'a👩b')
    expect(() => gatekeeper.take(Y.encodeStateAsUpdate(whole))).toThrow(ProtocolError)
  })

  describe('finds a gap and stores nothing of the update', () => {
    it('when the first clock is beyond the known one', () => {
      const gatekeeper = withOldText()
      const doc = textDoc(5)
      doc.getText('t').insert(0, 'old !')
      const update = Y.encodeStateAsUpdate(doc, encodeStateVector(new Map([[5, 4]])))
      const other = new Gatekeeper()
      expect(other.take(update)).toEqual({ kind: 'gap', missing: { client: 5, clock: 3 }, update: undefined })
      expect(gatekeeper.take(update).kind).toBe('new')
    })

    it('when an origin, a right origin or a parent is not known', () => {
      const alice = textDoc(1)
      alice.getMap('m').set('child', new Y.Text())
      const bob = textDoc(2)
      Y.applyUpdate(bob, Y.encodeStateAsUpdate(alice))
      const child = bob.getMap('m').get('child')
      if (child instanceof Y.Text) child.insert(0, 'inside')
      const onlyBob = Y.encodeStateAsUpdate(bob, Y.encodeStateVector(alice))
      expect(new Gatekeeper().take(onlyBob)).toMatchObject({ kind: 'gap', missing: { client: 1, clock: 0 } })

      alice.getText('t').insert(0, 'right')
      Y.applyUpdate(bob, Y.encodeStateAsUpdate(alice))
      const before = Y.encodeStateVector(bob)
      bob.getText('t').insert(0, 'left')
      const gatekeeper = new Gatekeeper()
      expect(gatekeeper.take(Y.encodeStateAsUpdate(bob, before)).kind).toBe('gap')
      expect(gatekeeper.stored).toEqual([])
    })

    it('when it deletes what is not known: the vector that would delete the next thousand characters', () => {
      const gatekeeper = withOldText()
      expect(gatekeeper.take(bytes('0001050104e807'))).toMatchObject({ kind: 'gap', missing: { client: 5 } })
      expect(gatekeeper.stored).toHaveLength(1)
    })

    it('a thousand times over, when only the second half of what was written arrives', () => {
      const gatekeeper = new Gatekeeper()
      for (let client = 1; client <= 1_000; client++) {
        const doc = textDoc(client)
        doc.getText('t').insert(0, 'a')
        const half = Y.encodeStateVector(doc)
        doc.getText('t').insert(1, 'b')
        expect(gatekeeper.take(Y.encodeStateAsUpdate(doc, half)).kind).toBe('gap')
      }
      expect(gatekeeper.stored).toEqual([])
      expect(gatekeeper.known.vector.size).toBe(0)
    })

    it('when clients lean on each other in a circle', () => {
      // Client 9 clock 0 leans on client 5 clock 0, which leans on client 9 clock 0.
      const circle = bytes(['02', '010900', '84050001', '61', '010500', '84090001', '62', '00'].join(''))
      expect(new Gatekeeper().take(circle).kind).toBe('gap')
      expect(new Gatekeeper().take(circle, false)).toMatchObject({ kind: 'gap', update: undefined })
    })
  })

  it('takes of a step 2 what can be applied, client by client up to its first gap', () => {
    const alice = textDoc(1)
    alice.getText('t').insert(0, 'lost')
    const bob = textDoc(2)
    bob.getMap('m').set('k', 'mine')
    Y.applyUpdate(bob, Y.encodeStateAsUpdate(alice))
    bob.getText('t').insert(4, ' leans on lost')
    bob.getMap('m').set('l', 'after')
    const gatekeeper = new Gatekeeper()
    const step2 = Y.encodeStateAsUpdate(bob, encodeStateVector(new Map([[1, 4]])))
    const verdict = gatekeeper.take(step2, false)
    expect(verdict).toMatchObject({ kind: 'gap', missing: { client: 1, clock: 3 } })
    expect(gatekeeper.doc.getMap('m').toJSON()).toEqual({ k: 'mine' })
    gatekeeper.sync(alice)
    expect(gatekeeper.sync(bob).kind).toBe('new')
    expect(gatekeeper.doc.getText('t').toString()).toBe('lost leans on lost')
    expect(gatekeeper.doc.getMap('m').toJSON()).toEqual({ k: 'mine', l: 'after' })
  })

  it('takes of a step 2 with pending structs, which Yjs sends with a Skip, what comes before the hole', () => {
    const alice = textDoc(1)
    const parts: Uint8Array[] = []
    alice.on('update', (update: Uint8Array) => parts.push(update))
    for (const word of ['one ', 'two ', 'three ']) alice.getText('t').insert(alice.getText('t').length, word)
    const tab = textDoc(2)
    for (const part of [parts[0], parts[2]]) if (part !== undefined) Y.applyUpdate(tab, part)
    const step2 = Y.encodeStateAsUpdate(tab)
    expect(readLayout(step2).skips).toBe(true)
    const gatekeeper = new Gatekeeper()
    expect(gatekeeper.take(step2, false)).toMatchObject({ kind: 'gap', missing: { client: 1, clock: 7 } })
    expect(gatekeeper.doc.getText('t').toString()).toBe('one ')
    expect(gatekeeper.stored.every((update) => !readLayout(update).skips)).toBe(true)
  })

  describe('of what belongs to somebody', () => {
    /** Two replicas with the client id 5: "old " is ada's and known to both, then each goes on. */
    function forged(): { gatekeeper: Gatekeeper; victim: Y.Doc; forger: Y.Doc } {
      const gatekeeper = new Gatekeeper()
      const victim = textDoc(5)
      victim.getText('t').insert(0, 'old ')
      gatekeeper.take(Y.encodeStateAsUpdate(victim), true, 'user:ada')
      const forger = textDoc(6)
      Y.applyUpdate(forger, Y.encodeStateAsUpdate(victim))
      forger.clientID = 5
      forger.getText('t').insert(4, 'forged')
      victim.getText('t').insert(4, 'typed')
      return { gatekeeper, victim, forger }
    }
    const beyondOld = encodeStateVector(new Map([[5, 4]]))

    it('refuses new content from anybody else, and what the owner writes at the same clock is taken', () => {
      const { gatekeeper, victim, forger } = forged()
      const update = Y.encodeStateAsUpdate(forger, beyondOld)
      expect(gatekeeper.take(update, true, 'user:eve')).toEqual({ kind: 'foreign', client: 5 })
      expect(gatekeeper.take(update, true, 'guest')).toEqual({ kind: 'foreign', client: 5 })
      expect(gatekeeper.take(Y.encodeStateAsUpdate(victim, beyondOld), true, 'user:ada').kind).toBe('new')
      expect(gatekeeper.doc.getText('t').toString()).toBe('old typed')
    })

    it('takes nothing of it from a step 2 either, nor what leans on it, and everything else', () => {
      const { gatekeeper, victim, forger } = forged()
      forger.clientID = 6
      forger.getText('t').insert(10, ' leans on it')
      forger.getMap('m').set('mine', true)
      // The newer client leans on what is withheld; its later structs wait behind.
      forger.clientID = 7
      forger.getMap('m').set('other', true)
      const verdict = gatekeeper.sync(forger, 'user:eve')
      expect(verdict).toMatchObject({ kind: 'gap', missing: { client: 5, clock: 9 } })
      expect(gatekeeper.doc.getMap('m').toJSON()).toEqual({ other: true })
      expect(gatekeeper.sync(victim, 'user:ada').kind).toBe('new')
      expect(gatekeeper.doc.getText('t').toString()).toBe('old typed')
    })

    it('does not mind what is known already, whoever sends it again', () => {
      const { gatekeeper, forger } = forged()
      const old = withOldText().stored[0] ?? new Uint8Array()
      expect(gatekeeper.take(old, true, 'user:eve').kind).toBe('known')
      forger.clientID = 6
      const before = Y.encodeStateVector(forger)
      forger.getMap('m').set('k', 1)
      const merged = Y.mergeUpdates([old, Y.encodeStateAsUpdate(forger, before)])
      expect(gatekeeper.take(merged, true, 'user:eve').kind).toBe('new')
    })

    it('lets anybody delete it', () => {
      const { gatekeeper } = forged()
      const reader = textDoc(6)
      Y.applyUpdate(reader, Y.encodeStateAsUpdate(gatekeeper.doc))
      reader.getText('t').delete(0, 3)
      expect(gatekeeper.sync(reader, 'user:eve').kind).toBe('new')
      expect(gatekeeper.doc.getText('t').toString()).toBe(' ')
    })
  })

  it('finds a gap in an update with a Skip, unless what is skipped is known', () => {
    const alice = textDoc(1)
    const parts: Uint8Array[] = []
    alice.on('update', (update: Uint8Array) => parts.push(update))
    for (const word of ['one ', 'two ', 'three ']) alice.getText('t').insert(alice.getText('t').length, word)
    const [one, two, three] = parts
    if (one === undefined || two === undefined || three === undefined) throw new Error('three edits')
    const holed = Y.mergeUpdates([one, three])
    expect(readLayout(holed).skips).toBe(true)
    const gatekeeper = new Gatekeeper()
    expect(gatekeeper.take(holed).kind).toBe('gap')
    expect(gatekeeper.stored).toEqual([])
    gatekeeper.take(one)
    gatekeeper.take(two)
    expect(gatekeeper.take(holed).kind).toBe('new')
    expect(gatekeeper.doc.getText('t').toString()).toBe('one two three ')
    expect(gatekeeper.stored.every((update) => !readLayout(update).skips)).toBe(true)
  })

  it('stores deletes that overlap as Yjs would write them now, and none of what is deleted already', () => {
    const gatekeeper = withOldText()
    // Of client 5: [0, 2), [1, 2), [1, 3).
    const verdict = gatekeeper.take(bytes('00010503000201010102'))
    expect(verdict.kind === 'new' && Buffer.from(verdict.update.bytes).toString('hex')).toBe('000105010003')
    expect(gatekeeper.take(bytes('00010502000101 02'.replace(' ', ''))).kind).toBe('known')
    expect(gatekeeper.doc.getText('t').toString()).toBe(' ')
  })

  it('refuses deletes out of all proportion', () => {
    expect(() => withOldText().take(bytes('0001050104808080808020'))).toThrow(ProtocolError)
    expect(withOldText().take(bytes('00010501048080808008')).kind).toBe('gap')
    expect(() => withOldText().take(bytes('00010501048180808008'))).toThrow(ProtocolError)
  })

  it('lets no flipped bit in that a replica could not apply', () => {
    for (const seed of seeds(3)) {
      const { updates } = recordUpdates(seed, 2, 20)
      const gatekeeper = new Gatekeeper()
      for (const update of updates) {
        for (let bit = 0; bit < update.length * 8; bit++) {
          const flipped = new Uint8Array(update)
          flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
          const verdict = verdictOrRefusal(flipped, gatekeeper.known)
          if (verdict?.kind !== 'new') continue
          const replica = new Y.Doc()
          for (const stored of gatekeeper.stored) Y.applyUpdate(replica, stored)
          Y.applyUpdate(replica, verdict.update.bytes)
          const pending = replica.store.pendingStructs !== null || replica.store.pendingDs !== null
          expect(pending, `SEED=${seed} ${Buffer.from(flipped).toString('hex')}`).toBe(false)
        }
        gatekeeper.take(update)
      }
    }
  })
})

function verdictOrRefusal(update: Uint8Array, known: Knowledge): Verdict | undefined {
  try {
    return judge(update, known, true)
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}
