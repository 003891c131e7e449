/**
 * Keys pressed by a timetable that waits for nobody, through Chrome's debugging protocol: to the page they are real
 * ones, with the time at which the browser got them.
 */
import type { CDPSession } from 'playwright-core'
import { pause } from '../load/typing.ts'
import { KEYS_PER_SECOND } from './plan.ts'

export interface Key {
  readonly key: string
  readonly code: string
  readonly windowsVirtualKeyCode: number
  readonly text?: string
  readonly modifiers?: number
}

export const letter = (character: string): Key => ({
  key: character,
  code: `Key${character.toUpperCase()}`,
  windowsVirtualKeyCode: character.toUpperCase().charCodeAt(0),
  text: character,
})
export const ENTER: Key = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13, text: '\r' }
export const BOLD: Key = { key: 'b', code: 'KeyB', windowsVirtualKeyCode: 66, modifiers: 2 }

/** @param random by seed: the same pauses for every editor */
export async function press(session: CDPSession, keys: readonly Key[], random: () => number): Promise<void> {
  const startMs = performance.now()
  let atMs = 0
  const sent: Promise<unknown>[] = []
  for (const key of keys) {
    const waitMs = startMs + atMs - performance.now()
    if (waitMs > 0) await pause(waitMs)
    const { text, ...rest } = key
    const down = text === undefined ? { type: 'rawKeyDown' as const } : { type: 'keyDown' as const, text }
    sent.push(session.send('Input.dispatchKeyEvent', { ...rest, ...down }))
    sent.push(session.send('Input.dispatchKeyEvent', { ...rest, type: 'keyUp' }))
    atMs += (1_000 / KEYS_PER_SECOND) * (0.7 + 0.6 * random())
  }
  await Promise.all(sent)
}
