/** What an action is done with, and the two steps that most of them take. */
import { $selectedText, type Allowance, these } from './allowance.ts'
import type { Client } from './client.ts'
import type { Random } from './random.ts'

export interface Context {
  readonly client: Client
  readonly random: Random
  /** Characters that nobody has used yet, some of them with filler that is everywhere before or behind them. */
  readonly take: (count: number) => string
  /** One character that nobody has used yet, and nothing else. */
  readonly takeOne: () => string
  /** Tells that this person writes text anew somewhere else. */
  readonly noteMove: (text: string) => void
  /** Whether the next editor update is committed at once. */
  readonly discrete: () => boolean
  /** Tells of something that is wrong already. */
  readonly complain: (wrong: string) => void
}

export function $inUpdate({ client, discrete }: Context, change: () => void): void {
  client.edit(change, discrete())
}

/** What goes when something is put in the place of the selection. */
export function selected({ client }: Context): Allowance {
  return these(client.peek($selectedText))
}
