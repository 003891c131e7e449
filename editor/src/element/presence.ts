/**
 * Who is here, from awareness states, and what this page says of its own person.
 *
 * States come from anybody: every field is checked, a colour is only ever a colour, a name only ever text.
 * Their shape is the one that y-websocket's ecosystem uses (`user`, `cursor`), so other clients see us too.
 */
import { cleanLine } from '@weft/protocol'
import type { Awareness } from 'y-protocols/awareness'
import type { RelativePlace } from '../core.ts'
import { type Move, moved } from '../sync/rekey.ts'
import { MAX_NAME_LENGTH, shownColor } from '../ui/people.ts'
import type { Person, WeftUser } from './api.ts'

/** Without a key, a click or a touch for this long, somebody counts as away. */
export const IDLE_MS = 60_000

/** A selection that survives edits by others. */
export interface RelativeSelection {
  readonly anchor: RelativePlace
  readonly head: RelativePlace
  /** A caret that goes along with what its owner types (`typing-caret.ts`). */
  readonly follows?: true
}

/** Each person's window, self first, then by client id: an order that does not jump when somebody types. */
export function readPeople(awareness: Awareness): readonly Person[] {
  const people: Person[] = []
  for (const [clientId, state] of awareness.getStates()) {
    const person = readPerson(clientId, state, clientId === awareness.clientID)
    if (person !== undefined) people.push(person)
  }
  return people.sort((a, b) => Number(b.self) - Number(a.self) || a.clientId - b.clientId)
}

/** @returns undefined for a window without a name, such as a program that only listens. */
export function readPerson(clientId: number, state: unknown, self: boolean): Person | undefined {
  const user = field(state, 'user')
  const given = field(user, 'name')
  const name = typeof given === 'string' ? shownName(given) : ''
  if (name === '') return undefined
  const ownId = field(user, 'id')
  const id = typeof ownId === 'string' && ownId !== '' ? ownId.slice(0, 128) : `client-${clientId}`
  return {
    clientId,
    id,
    name,
    color: shownColor(field(user, 'color'), id),
    idle: field(state, 'idle') === true,
    self,
  }
}

/** One line, however it came; never half a character at its end. */
function shownName(name: string): string {
  return cleanLine(cleanLine(name).slice(0, MAX_NAME_LENGTH))
}

/** Where it is after what it hangs on was written anew. */
export function movedSelection(selection: RelativeSelection, moves: readonly Move[]): RelativeSelection {
  const place = ({ item, ...rest }: RelativePlace): RelativePlace => ({
    ...rest,
    item: item && moved(item, moves),
  })
  return { ...selection, anchor: place(selection.anchor), head: place(selection.head) }
}

export function readSelection(state: unknown): RelativeSelection | undefined {
  const cursor = field(state, 'cursor')
  const anchor = readPosition(field(cursor, 'anchor'))
  const head = readPosition(field(cursor, 'head'))
  if (anchor === undefined || head === undefined) return undefined
  return field(cursor, 'follows') === true ? { anchor, head, follows: true } : { anchor, head }
}

/** What others are told of `user`. */
export function userState(user: Required<WeftUser>): { id: string; name: string; color: string } {
  return { id: user.id, name: user.name.slice(0, MAX_NAME_LENGTH), color: user.color }
}

export function samePeople(a: readonly Person[], b: readonly Person[]): boolean {
  return a.length === b.length && a.every((person, at) => samePerson(person, b[at]))
}

function samePerson(a: Person, b: Person | undefined): boolean {
  return (
    a.clientId === b?.clientId &&
    a.id === b.id &&
    a.name === b.name &&
    a.color === b.color &&
    a.idle === b.idle
  )
}

/** Yjs' relative position as JSON: behind an item, or, without one, at the start of the flow. */
function readPosition(value: unknown): RelativePlace | undefined {
  const item = field(value, 'item') ?? null
  const tname = field(value, 'tname') ?? null
  if (item === null) return tname === 'flow' ? { type: null, tname, item: null, assoc: -1 } : undefined
  const client = field(item, 'client')
  const clock = field(item, 'clock')
  if (!isCount(client) || !isCount(clock)) return undefined
  return { type: null, tname: null, item: { client, clock }, assoc: -1 }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
