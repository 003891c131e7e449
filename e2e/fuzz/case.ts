/**
 * What the fuzz tries, and what may come of it.
 *
 * A case is a pure function of a seed, its layer and its number: the same three make the same bytes anywhere, so one
 * line plays it again. What must come of it is known from how it was made, or from what the clients that people have
 * would make of it; never from what the server did.
 */
import { type Random, randomFrom } from '../harness/random.ts'

export const LAYERS = {
  requests: 'A: bytes before there is a socket',
  frames: 'B: WebSocket frames',
  messages: 'C: messages',
  updates: 'D: Yjs updates, over sockets',
  guarded: 'D: Yjs updates in documents with rules',
  presence: 'E: awareness',
  http: 'F: HTTP paths and bodies',
  rooms: 'D: Yjs updates, in the process',
} as const
export type Layer = keyof typeof LAYERS

export type Outcome =
  /** The server took it and goes on with the connection. */
  | { readonly kind: 'taken' }
  /** The WebSocket was closed with this code. */
  | { readonly kind: 'closed'; readonly code: number }
  /** The connection ended without a goodbye: right for who ends it in the middle of something. */
  | { readonly kind: 'cut' }
  /** Answered with this HTTP status. */
  | { readonly kind: 'status'; readonly status: number }
  /** Nothing happened within the deadline. Never right. */
  | { readonly kind: 'silent' }

/** Written down as `taken`, `cut`, `4400`, `http 400`, `silent`. */
export type OutcomeName = string

export function nameOf(outcome: Outcome): OutcomeName {
  switch (outcome.kind) {
    case 'closed':
      return String(outcome.code)
    case 'status':
      return `http ${outcome.status}`
    case 'taken':
    case 'cut':
    case 'silent':
      return outcome.kind
  }
}

export interface Attempt {
  /** How it was made, in few words. */
  readonly title: string
  /** What follows the valid beginning, as it goes into the connection. */
  readonly bytes: Uint8Array
  /** Any of these. */
  readonly allowed: readonly OutcomeName[]
  /** Client id of what it brings, which nobody else has: of what was refused, none may be found. */
  readonly author?: number
  /** It holds what the document may not: of it, none may be found, whatever came of it. */
  readonly forbidden?: boolean
  /**
   * How it is known what came of it: by the answer to a `ping` behind it, or by the `end` of the connection, where
   * it may swallow what follows.
   */
  readonly ends: 'ping' | 'end'
}

/** Attempts on one document that begin alike. */
export interface Group {
  readonly layer: Layer
  readonly index: number
  /** `weft.1` or a stock client; undefined when there is no socket yet. */
  readonly speaks: 'weft.1' | 'stock' | undefined
  /** The document is guarded by this version of the schema. */
  readonly schema?: number
  /** Messages that are right, before. */
  readonly beginning: readonly Uint8Array[]
  readonly attempts: readonly Attempt[]
}

/** Stands for every close code: the client may have said goodbye with it. */
export const ECHO = 'any goodbye'

export function isAllowed({ allowed }: Attempt, name: OutcomeName): boolean {
  return allowed.includes(name) || (allowed.includes(ECHO) && /^\d{4}$/.test(name))
}

/** Numbers of cases: those of group `g` are `g * GROUP` and the following. */
export const GROUP = 64

export const TAKEN: readonly OutcomeName[] = ['taken']
export const MALFORMED: readonly OutcomeName[] = ['4400']
export const EITHER: readonly OutcomeName[] = ['taken', '4400']
/** An update that comes after others of its history that were bent: something else may be stored under its clocks. */
export const WRITTEN: readonly OutcomeName[] = ['taken', '4409']
export const READABLE: readonly OutcomeName[] = [...EITHER, '4409']

/** The choices of one group; nothing that others choose touches them. */
export function randomOf(seed: number, layer: Layer, group: number): Random {
  let mixed = seed >>> 0
  for (const character of layer) mixed = Math.imul(mixed ^ (character.codePointAt(0) ?? 0), 0x0100_0193)
  return randomFrom(Math.imul(mixed ^ group, 0x9e37_79b1))
}

export function replayCommand(seed: number, layer: Layer, index: number): string {
  return `npm run fuzz -- --seed ${seed} --only ${layer}:${index}`
}

/**
 * Between the client ids of two cases: a prime above 127. So an id of which seven bits are bent, as an update holds them in
 * a byte, is never that of another case, which may be taken where this one is refused.
 */
export const APART = 131
