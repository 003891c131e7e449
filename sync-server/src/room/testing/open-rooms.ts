/** Rooms over a real store in memory, with clients on fake sockets. */
import { setImmediate, setTimeout } from 'node:timers/promises'
import { type DocumentStore, openStore } from '@weft/persistence'
import { type HeldStore, heldStore } from '@weft/persistence/testing'
import type { Logger } from '../../observe/logger.ts'
import { createRooms, type Rooms, type RoomsOptions } from '../room-registry.ts'
import { ManualClock } from './manual-clock.ts'
import { TestClient, type TestClientOptions } from './test-client.ts'

export interface LoggedLine {
  readonly level: string
  readonly message: string
}

export interface OpenRooms {
  readonly rooms: Rooms
  readonly store: DocumentStore
  readonly clock: ManualClock
  /** Warnings and errors. */
  readonly lines: readonly LoggedLine[]
  readonly join: (options?: TestClientOptions) => TestClient
  /**
   * Turns of the event loop, each a millisecond of the clock, until `holds`: what it waits for is progress, never time. After
   * twenty seconds of the clock it goes no faster than time does: a thread must be able to answer before its time is over.
   */
  readonly until: (holds: () => boolean | Promise<boolean>, what?: string) => Promise<void>
}

export async function openRooms(
  options: Partial<RoomsOptions> & { store?: DocumentStore } = {},
): Promise<OpenRooms> {
  const store = options.store ?? (await openStore({ kind: 'memory' }))
  const clock = new ManualClock()
  const lines: LoggedLine[] = []
  const keep = (level: string) => (_fields: unknown, message?: string) => {
    lines.push({ level, message: message ?? '' })
  }
  const logger: Logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: keep('warn'),
    error: keep('error'),
    fatal: keep('fatal'),
  }
  // Every tail is worth folding, so that tests need not write long ones.
  const limits = { idleTailRecords: 0, idleTailBytes: 0, ...options.limits }
  const rooms = createRooms({ clock, logger, ...options, limits, store })
  const until = (holds: () => boolean | Promise<boolean>, what?: string): Promise<void> =>
    turnsUntil(
      () => {
        clock.advance(1)
        return holds()
      },
      { atOnce: 20_000, what },
    )
  return { rooms, store, clock, lines, join: (client) => new TestClient(rooms, client), until }
}

/** The same over a store that commits when the test says so. */
export async function openHeldRooms(
  options: Partial<RoomsOptions> = {},
): Promise<OpenRooms & { held: HeldStore }> {
  const held = heldStore(await openStore({ kind: 'memory' }))
  return { held, ...(await openRooms({ ...options, store: held })) }
}

/** For what must not happen to have had its chance: longer than a commit takes that waits for nothing. */
export async function aFewTurns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await setImmediate()
}

/** Turns of the event loop until `holds`, while the clock stands still: for what another thread does. */
export function eventually(holds: () => boolean | Promise<boolean>, what?: string): Promise<void> {
  return turnsUntil(holds, { atOnce: 1_000, what })
}

/** With a planted fault what is waited for may never come (`e2e/mutation/mutants.ts`). */
const GIVE_UP_MS = process.env['WEFT_MUTANT'] === undefined ? 60_000 : 15_000

/** @param atOnce so many turns, and then one a millisecond: whoever is waited for that long needs the processor */
async function turnsUntil(
  holds: () => boolean | Promise<boolean>,
  { atOnce, what = 'it' }: { atOnce: number; what: string | undefined },
): Promise<void> {
  const giveUpAt = performance.now() + GIVE_UP_MS
  for (let turn = 0; !(await holds()); turn++) {
    if (performance.now() > giveUpAt) throw new Error(`waited in vain for ${what}`)
    await (turn < atOnce ? setImmediate() : setTimeout(1))
  }
}
