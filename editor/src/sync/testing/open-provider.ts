/** A provider with everything around it in the hands of the test. */
import { onTestFinished } from 'vitest'
import * as Y from 'yjs'
import { ApplyGate } from '../../apply-gate.ts'
import type { PageEvents } from '../page-events.ts'
import { WeftProvider, type WeftProviderOptions } from '../provider.ts'
import { QUIET_MS } from '../save-state.ts'
import { manualClock } from './manual-clock.ts'
import { scriptedWire } from './scripted-wire.ts'
import { until } from './until.ts'

function scriptedPage() {
  const shown = new Set<() => void>()
  const hidden = new Set<() => void>()
  const online = new Set<() => void>()
  const register = (set: Set<() => void>) => (run: () => void) => {
    set.add(run)
    return () => set.delete(run)
  }
  const page: PageEvents = {
    onHidden: register(hidden),
    onShown: register(shown),
    onOnline: register(online),
  }
  return {
    page,
    show: () => shown.forEach((run) => run()),
    hide: () => hidden.forEach((run) => run()),
    online: () => online.forEach((run) => run()),
  }
}

/** A provider whose server, clock and page the test plays; destroyed with the test. */
export async function openProvider(options: Partial<WeftProviderOptions> = {}) {
  const wire = scriptedWire()
  const clock = manualClock()
  const screen = scriptedPage()
  const gate = new ApplyGate()
  const doc = new Y.Doc()
  const provider = new WeftProvider({
    server: 'http://weft.test',
    documentId: 'minutes',
    doc,
    gate,
    clock,
    page: screen.page,
    WebSocketImpl: wire.Socket,
    random: () => 1 - Number.EPSILON,
    ...options,
  })
  onTestFinished(() => provider.destroy())
  const text = doc.getText('flow')
  const type = (words: string) => text.insert(text.length, words)
  await until(() => wire.sockets.length === 1)
  /** Lets the clock run to the next attempt. */
  const reconnect = async () => {
    const count = wire.sockets.length
    clock.advance(clock.nextInMs() ?? 0)
    await until(() => wire.sockets.length === count + 1)
  }
  /** The pill after a pause long enough for any word. */
  const rest = () => {
    clock.advance(QUIET_MS)
    return provider.saveState
  }
  return { wire, clock, screen, gate, doc, provider, text, type, reconnect, rest }
}
