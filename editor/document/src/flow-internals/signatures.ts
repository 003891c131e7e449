/**
 * Who typed what somebody else's client has written anew: a move writes copies, and what an undo brings back Yjs writes in the
 * name of whoever undoes. Both are signed: the attribute `author-34` says who typed what client 34 wrote.
 *
 * Rule: it counts only for characters of that client. What others type meanwhile between characters that are being signed
 * has the attribute too, and is theirs all the same; and two who bring the same words back sign each their copy.
 */
import * as Y from 'yjs'
import { Cursor } from './cursor.ts'
import { formatOf } from './segment.ts'
import { forgetSearchMarkers } from './write.ts'

/** Clocks of one client, in the order of their first, and whose client wrote what stands there before. */
interface Stretch {
  readonly from: number
  readonly to: number
  readonly author: number
}

type Restored = Map<Y.Text, Map<number, Stretch[]>>

/**
 * Signs what an undo or a redo has written anew; writes nothing when all of it was this client's own.
 *
 * @param deletions of the step that was taken back, as the undo manager keeps them: what it had deleted
 * @param origin of the transaction, which the undo manager must not track: what it says stays true when the step is redone
 */
export function signRestored(doc: Y.Doc, { clients }: DeletedClocks, origin: unknown): void {
  const restored: Restored = new Map()
  for (const [client, ranges] of clients)
    for (const { clock, len } of ranges) noteRestored(doc, restored, { client, clock, len })
  if (restored.size === 0) return
  doc.transact((transaction) => {
    for (const [flow, stretches] of restored) sign(flow, transaction, stretches)
  }, origin)
}

/** The part of Yjs' delete sets that is read here. */
interface DeletedClocks {
  readonly clients: ReadonlyMap<number, readonly { readonly clock: number; readonly len: number }[]>
}

function noteRestored(
  doc: Y.Doc,
  restored: Restored,
  { client, clock, len }: { client: number; clock: number; len: number },
): void {
  const structs = doc.store.clients.get(client)
  if (structs === undefined || clock >= Y.getState(doc.store, client)) return
  for (let index = Y.findIndexSS(structs, clock); index < structs.length; index += 1) {
    const struct = structs[index]
    if (struct === undefined || struct.id.clock >= clock + len) return
    if (!(struct instanceof Y.Item) || struct.redone === null || struct.redone.client === client) continue
    const { parent, content, redone } = struct
    const isText = content instanceof Y.ContentString || content instanceof Y.ContentEmbed
    if (!isText || !(parent instanceof Y.Text)) continue
    const byClient = restored.get(parent) ?? new Map<number, Stretch[]>()
    restored.set(parent, byClient)
    const stretch = { from: redone.clock, to: redone.clock + struct.length, author: client }
    const stretches = byClient.get(redone.client)
    if (stretches === undefined) byClient.set(redone.client, [stretch])
    else stretches.push(stretch)
  }
}

/** In one walk, however much it is. */
function sign(flow: Y.Text, transaction: Y.Transaction, restored: ReadonlyMap<number, Stretch[]>): void {
  for (const stretches of restored.values()) stretches.sort((a, b) => a.from - b.from)
  const wanted: { at: number; length: number; value: Readonly<Record<string, number>> }[] = []
  let at = 0
  const signatures = new Signatures()
  for (let item = flow._start; item !== null; item = item.right) {
    if (item.deleted) continue
    if (item.content instanceof Y.ContentFormat) signatures.read(...formatIn(item))
    if (!item.countable) continue
    const { client, clock } = item.id
    const stretches = signatures.isFor(client) ? undefined : restored.get(client)
    for (const { from, to, author } of stretches === undefined
      ? []
      : within(stretches, clock, clock + item.length)) {
      // What was signed before it was deleted was typed by a third.
      const value = signatureOf(signatures.typistOf(author), client)
      wanted.push({ at: at + from - clock, length: to - from, value })
    }
    at += item.length
  }
  const cursor = new Cursor(flow, transaction, null, flow._start, new Map())
  let done = 0
  for (const { at, length, value } of wanted) {
    cursor.retain(at - done, undefined)
    cursor.sign(length, value)
    done = at + length
  }
  if (wanted.length > 0) forgetSearchMarkers(flow)
}

const SIGNATURE = /^author-(\d{1,16})$/

/** @returns the attributes that say so. */
export function signatureOf(author: number, writer: number): Readonly<Record<string, number>> {
  return { [`author-${writer}`]: author }
}

/** What is in force on a walk through a flow. */
export class Signatures {
  readonly #authors = new Map<number, number>()

  /** @returns whether the attribute is a signature. */
  read(name: string, value: unknown): boolean {
    const writer = SIGNATURE.exec(name)?.[1]
    if (writer === undefined) return false
    if (typeof value === 'number') this.#authors.set(Number(writer), value)
    else this.#authors.delete(Number(writer))
    return true
  }

  /** Whether what this client wrote here is signed. */
  isFor(client: number): boolean {
    return this.#authors.has(client)
  }

  /** Who typed what this client wrote here. */
  typistOf(client: number): number {
    return this.#authors.get(client) ?? client
  }
}

/** @returns for each unit of the flow, the client that typed it. */
export function typistsIn(flow: Y.Text): number[] {
  const authors: number[] = []
  const signatures = new Signatures()
  for (let item = flow._start; item !== null; item = item.right) {
    if (item.deleted) continue
    if (item.content instanceof Y.ContentFormat) signatures.read(...formatIn(item))
    if (!item.countable) continue
    const author = signatures.typistOf(item.id.client)
    for (let unit = 0; unit < item.length; unit += 1) authors.push(author)
  }
  return authors
}

/** The parts of `stretches` from one clock up to another. */
function within(stretches: readonly Stretch[], from: number, to: number): Stretch[] {
  let low = 0
  let high = stretches.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((stretches[middle]?.to ?? 0) <= from) low = middle + 1
    else high = middle
  }
  const found: Stretch[] = []
  for (let index = low; index < stretches.length; index += 1) {
    const stretch = stretches[index]
    if (stretch === undefined || stretch.from >= to) break
    found.push({ ...stretch, from: Math.max(stretch.from, from), to: Math.min(stretch.to, to) })
  }
  return found
}

function formatIn(item: Y.Item): [name: string, value: unknown] {
  const { key, value } = formatOf(item)
  return [key, value]
}
