/** Which groups of cases a run is made of, and how one is made again. */
import { GROUP, type Group, type Layer } from './case.ts'
import { framesGroup } from './layers/frames.ts'
import { guardedGroup } from './layers/guarded.ts'
import { httpGroup, type Route } from './layers/http.ts'
import { messagesGroup } from './layers/messages.ts'
import { presenceGroup } from './layers/presence.ts'
import { requestsGroup } from './layers/requests.ts'
import { updatesGroup } from './layers/updates.ts'

/** Of what goes over sockets, the share of each layer: those with the most to go wrong have the most. */
export const SHARES = {
  requests: 0.1,
  frames: 0.18,
  messages: 0.24,
  updates: 0.28,
  presence: 0.12,
  http: 0.08,
} as const
export type SocketLayer = keyof typeof SHARES | 'guarded'

/** Beside all those: in documents of their own, in which other rules hold. */
const GUARDED_SHARE = 0.08

export function makeGroup(seed: number, layer: Layer, index: number, routes: readonly Route[]): Group {
  switch (layer) {
    case 'requests':
      return requestsGroup(seed, index)
    case 'frames':
      return framesGroup(seed, index)
    case 'messages':
      return messagesGroup(seed, index)
    case 'presence':
      return presenceGroup(seed, index)
    case 'http':
      return httpGroup(seed, index, routes)
    case 'guarded':
      return guardedGroup(seed, index)
    case 'updates':
    case 'rooms':
      return updatesGroup(seed, layer, index)
  }
}

export interface Planned {
  readonly layer: SocketLayer
  readonly index: number
}

/** Numbers of groups from here on are those of the warm-up. */
const WARM = 1_000_000

/** @returns `rounds` lists of groups that together have at least `cases` cases, every layer in each, mixed */
export function planRounds(cases: number, rounds: number, part: 'warm' | 'all' = 'all'): Planned[][] {
  const first = part === 'warm' ? WARM : 0
  const lists: Planned[][] = Array.from({ length: rounds }, () => [])
  for (const [layer, share] of Object.entries(SHARES) as [keyof typeof SHARES, number][]) {
    const groups = Math.max(rounds, Math.ceil((cases * share) / GROUP))
    for (let index = 0; index < groups; index++) lists[index % rounds]?.push({ layer, index: first + index })
  }
  // By number: the layers take turns from the first moment on.
  return lists.map((list) => list.sort((a, b) => a.index - b.index))
}

/** @returns as many lists of groups for documents with rules as go with so many other cases, none longer than a round */
export function planGuarded(cases: number, rounds: number): Planned[][] {
  const groups = Math.max(1, Math.ceil((cases * GUARDED_SHARE) / GROUP))
  const lists: Planned[][] = Array.from({ length: Math.max(1, Math.round(rounds / 6)) }, () => [])
  for (let index = 0; index < groups; index++) lists[index % lists.length]?.push({ layer: 'guarded', index })
  return lists
}
