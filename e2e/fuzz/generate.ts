/** Which groups of cases a run is made of, and how one is made again. */
import { GROUP, type Group, type Layer } from './case.ts'
import { framesGroup } from './layers/frames.ts'
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
export type SocketLayer = keyof typeof SHARES

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
  for (const [layer, share] of Object.entries(SHARES) as [SocketLayer, number][]) {
    const groups = Math.max(rounds, Math.ceil((cases * share) / GROUP))
    for (let index = 0; index < groups; index++) lists[index % rounds]?.push({ layer, index: first + index })
  }
  // By number: the layers take turns from the first moment on.
  return lists.map((list) => list.sort((a, b) => a.index - b.index))
}
