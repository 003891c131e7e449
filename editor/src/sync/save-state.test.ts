import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  initialSaveModel,
  leavingLoses,
  nextTickMs,
  QUIET_MS,
  reduceSave,
  type SaveEvent,
  type SaveHappening,
  type SaveModel,
  SILENT_MS,
  viewSave,
  waitingEdits,
} from './save-state.ts'
import { describeSaveState } from './save-state-text.ts'

const seed = process.env['SEED'] === undefined ? Date.now() : Number(process.env['SEED'])
const property = { seed, numRuns: 2_000 } // fast-check prints seed and path of a failure

/** The rules in their slowest and plainest form: what is known of every single edit. */
interface Edit {
  acked: boolean
  kept: boolean
}

interface Connection {
  asked: boolean
  step2: number | undefined
  /** What each message, from the first, carried, and when it was sent. */
  readonly messages: { readonly carried: readonly Edit[]; readonly atMs: number }[]
  /** Made, and not sent yet. */
  readonly held: Edit[]
}

/** Plays steps on the reducer as the provider would, and keeps the plain truth beside it. */
class World {
  model: SaveModel
  readonly edits: Edit[] = []
  readonly typed: Edit[] = []
  connection: Connection | undefined
  refused = false
  atMs = 0

  constructor() {
    this.model = initialSaveModel(0, 'loading')
  }

  say(happening: SaveHappening): void {
    const event: SaveEvent = { ...happening, atMs: this.atMs }
    this.model = reduceSave(this.model, event)
  }

  type(): void {
    const edit = { acked: false, kept: false }
    this.edits.push(edit)
    this.typed.push(edit)
    this.say({ kind: 'edited' })
    this.connection?.held.push(edit)
  }

  /** @param share of what is held that leaves, 0 to 1: the newest may have come while the message was made */
  send(share = 1): void {
    const { connection } = this
    const count = Math.ceil(share * (connection?.held.length ?? 0))
    if (connection === undefined || count === 0) return
    this.#send(connection.held.splice(0, count), false)
  }

  find(waiting: number): void {
    if (this.connection !== undefined) return // the provider loads before it connects
    for (let index = 0; index < waiting; index++) this.edits.push({ acked: false, kept: true })
    this.say({ kind: 'copy-loaded', found: waiting > 0, waiting })
  }

  open(): void {
    if (this.refused) return
    this.connection = { asked: false, step2: undefined, messages: [], held: [] }
    this.say({ kind: 'opened', confirms: true })
  }

  ask(): void {
    if (this.connection === undefined) return
    this.connection.asked = true
    this.say({ kind: 'asked' })
    this.send()
    this.#send([...this.edits], true)
  }

  #send(carried: readonly Edit[], step2: boolean): void {
    const { connection } = this
    if (connection === undefined) return
    connection.messages.push({ carried, atMs: this.atMs })
    if (step2) connection.step2 ??= connection.messages.length
    const edits = this.typed.length - connection.held.length
    this.say({ kind: 'sent', message: connection.messages.length, step2, edits })
  }

  /** @param share of what was sent, 0 to 1 */
  ack(share: number): void {
    const { connection } = this
    if (connection === undefined) return
    const { messages } = connection
    const count = Math.floor(share * messages.length)
    // What was sent in one millisecond is confirmed together, by the last message of it.
    const whole = messages.slice(0, count).filter(({ atMs }) => atMs !== messages[count]?.atMs)
    const first = connection.step2
    if (first !== undefined) {
      for (const { carried } of whole.slice(first - 1)) for (const edit of carried) edit.acked = true
    }
    this.say({ kind: 'durable', count })
  }

  keep(share: number): void {
    const through = Math.floor(share * this.typed.length)
    for (const edit of this.typed.slice(0, through)) edit.kept = true
    this.say({ kind: 'copy-kept', through })
  }

  lose(): void {
    for (const edit of this.typed) edit.kept = false
    this.say({ kind: 'copy-lost' })
  }

  close(): void {
    this.connection = undefined
    this.say({ kind: 'closed', reason: 'unreachable' })
  }

  refuse(): void {
    this.connection = undefined
    this.refused = true
    this.say({ kind: 'refused', refusal: { code: 4403, words: '' } })
  }

  goBack(): void {
    // Hello comes before anything of a connection is acknowledged.
    if (this.connection === undefined || this.connection.messages.length > 0) return
    for (const edit of this.edits) edit.acked = false
    this.say({ kind: 'server-went-back' })
  }
}

type Step = (world: World) => void

const share = fc.double({ min: 0, max: 1, noNaN: true })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Step>((world) => world.type()) },
  { weight: 3, arbitrary: fc.constant<Step>((world) => world.send()) },
  { weight: 3, arbitrary: share.map<Step>((part) => (world) => world.send(part)) },
  { weight: 3, arbitrary: fc.constant<Step>((world) => world.open()) },
  { weight: 3, arbitrary: fc.constant<Step>((world) => world.ask()) },
  { weight: 4, arbitrary: share.map<Step>((part) => (world) => world.ack(part)) },
  { weight: 2, arbitrary: fc.constant<Step>((world) => world.ack(1)) },
  { weight: 3, arbitrary: share.map<Step>((part) => (world) => world.keep(part)) },
  { weight: 2, arbitrary: fc.constant<Step>((world) => world.keep(1)) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 3 }).map<Step>((count) => (world) => world.find(count)) },
  { weight: 2, arbitrary: fc.constant<Step>((world) => world.close()) },
  { weight: 1, arbitrary: fc.constant<Step>((world) => world.say({ kind: 'synced' })) },
  { weight: 1, arbitrary: fc.constant<Step>((world) => world.goBack()) },
  { weight: 1, arbitrary: fc.constant<Step>((world) => world.lose()) },
  {
    weight: 1,
    arbitrary: fc.constant<Step>((world) => world.say({ kind: 'copy-failed', reason: 'full' })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('ok' as const, 'full' as const)
      .map<Step>((state) => (world) => world.say({ kind: 'storage', state })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(undefined, 'role' as const)
      .map<Step>((why) => (world) => world.say({ kind: 'barred', why })),
  },
)
/** Mostly an instant, sometimes long enough for a word to appear. */
const pauseMs = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constantFrom(QUIET_MS, SILENT_MS))
const life = fc.array(fc.tuple(step, pauseMs), { maxLength: 60, size: 'max' })

function live(steps: readonly (readonly [Step, number])[], check: (world: World) => void): void {
  const world = new World()
  for (const [run, afterMs] of steps) {
    run(world)
    check(world)
    world.atMs += afterMs
    world.say({ kind: 'tick' })
    check(world)
  }
}

describe('viewSave', () => {
  it('never says saved while an edit is not durable after a whole handshake', () => {
    fc.assert(
      fc.property(life, (steps) => {
        live(steps, (world) => {
          if (viewSave(world.model).kind !== 'saved') return
          expect(world.edits.every((edit) => edit.acked)).toBe(true)
        })
      }),
      property,
    )
  })

  it('never says on this device, with all that waits counted, before the last edit’s transaction has completed', () => {
    fc.assert(
      fc.property(life, (steps) => {
        live(steps, (world) => {
          const state = viewSave(world.model)
          if (state.kind !== 'on-device') return
          expect(state.edits).toBeGreaterThan(0)
          const waiting = world.edits.filter((edit) => !edit.acked)
          expect(waiting.every((edit) => edit.kept)).toBe(true)
          expect(state.edits).toBe(waiting.length)
        })
      }),
      property,
    )
  })

  it('warns of leaving exactly when an edit is neither on this device nor on the server', () => {
    fc.assert(
      fc.property(life, (steps) => {
        live(steps, (world) => {
          expect(leavingLoses(world.model)).toBe(world.edits.some((edit) => !edit.acked && !edit.kept))
          expect(waitingEdits(world.model)).toBe(world.edits.filter((edit) => !edit.acked).length)
        })
      }),
      property,
    )
  })

  it('says saved in the end, whatever happened, once a handshake is durable and nobody types', () => {
    fc.assert(
      fc.property(life, (steps) => {
        const world = new World()
        for (const [run, afterMs] of steps) {
          run(world)
          world.atMs += afterMs
        }
        fc.pre(!world.refused)
        world.close()
        world.open()
        world.ask()
        world.say({ kind: 'synced' })
        world.ack(1)
        world.atMs += QUIET_MS
        world.say({ kind: 'tick' })
        expect(viewSave(world.model)).toMatchObject({ kind: 'saved', connected: true })
      }),
      property,
    )
  })

  it('changes by time alone only at the moment nextTickMs names', () => {
    fc.assert(
      fc.property(life, pauseMs, (steps, waitMs) => {
        const world = new World()
        for (const [run, afterMs] of steps) {
          run(world)
          world.atMs += afterMs
          world.say({ kind: 'tick' })
        }
        const next = nextTickMs(world.model)
        const untilMs = next === undefined ? world.atMs + waitMs : next - 1
        const later = reduceSave(world.model, { kind: 'tick', atMs: untilMs })
        expect(viewSave(later)).toEqual(viewSave(world.model))
      }),
      property,
    )
  })

  it('still knows what is durable when thousands are sent in one millisecond', () => {
    const world = new World()
    world.open()
    world.ask()
    for (let index = 0; index < 5_000; index++) {
      world.type()
      world.send()
    }
    expect(world.model.link).toMatchObject({ marks: { length: 1 } })
    world.ack(0.5)
    expect(waitingEdits(world.model)).toBe(5_000)
    world.ack(1)
    expect(waitingEdits(world.model)).toBe(0)
  })

  it('does not take an acknowledgement of an update sent before our step 2 for its being stored', () => {
    const world = new World()
    world.find(0)
    world.type()
    world.open()
    world.type()
    world.send()
    world.ack(1)
    expect(waitingEdits(world.model)).toBe(2)
  })

  it('names full storage at once, and keeps saying so until the server takes it back', () => {
    const world = new World()
    world.open()
    world.ask()
    world.say({ kind: 'synced' })
    world.say({ kind: 'storage', state: 'full' })
    world.type()
    world.keep(1)
    expect(viewSave(world.model)).toMatchObject({ kind: 'not-saved', reason: 'storage-full', kept: true })
    world.say({ kind: 'storage', state: 'ok' })
    expect(viewSave(world.model)).toMatchObject({ kind: 'saving' })
  })

  it('says not saved when there is neither a server nor a local copy', () => {
    const world = new World()
    world.model = initialSaveModel(0, 'off')
    world.say({ kind: 'synced' })
    world.type()
    world.atMs += QUIET_MS
    world.say({ kind: 'tick' })
    expect(viewSave(world.model)).toMatchObject({
      kind: 'not-saved',
      reason: 'not-kept',
      kept: false,
      action: 'keep-open',
    })
  })

  it('says that a server does not answer when it has confirmed nothing for five seconds', () => {
    const world = new World()
    world.open()
    world.ask()
    world.say({ kind: 'synced' })
    world.type()
    world.send()
    world.keep(1)
    world.atMs += SILENT_MS - 1
    world.say({ kind: 'tick' })
    expect(viewSave(world.model)).toMatchObject({ kind: 'saving', shown: true })
    world.atMs += 1
    world.say({ kind: 'tick' })
    expect(viewSave(world.model)).toEqual({ kind: 'on-device', edits: 1, reason: 'no-answer' })
  })
})

describe('describeSaveState', () => {
  it('has words, without a gap, for every state', () => {
    fc.assert(
      fc.property(life, (steps) => {
        live(steps, (world) => {
          const { label, detail } = describeSaveState(viewSave(world.model))
          expect(label).not.toBe('')
          expect(`${label} ${detail}`).not.toContain('undefined')
          expect(detail).not.toMatch(/ {2}|^ | $/)
        })
      }),
      { ...property, numRuns: 200 },
    )
  })

  it('says Saved for nothing but the state saved', () => {
    fc.assert(
      fc.property(life, (steps) => {
        live(steps, (world) => {
          const state = viewSave(world.model)
          expect(describeSaveState(state).label === 'Saved').toBe(state.kind === 'saved')
        })
      }),
      { ...property, numRuns: 500 },
    )
  })

  it('counts one edit in the singular', () => {
    const words = (edits: number) =>
      describeSaveState({ kind: 'on-device', edits, reason: 'unreachable' }).label
    expect(words(1)).toBe('On this device, 1 edit waiting')
    expect(words(2)).toBe('On this device, 2 edits waiting')
  })

  it('does not say that edits are lost to somebody who has written none', () => {
    const refusal = { code: 4404, words: '' }
    const state = {
      kind: 'refused',
      refusal,
      edits: 0,
      kept: true,
      action: 'tell-administrator',
    } as const
    expect(describeSaveState(state).label).toBe('This document is in the trash or was deleted')
    expect(describeSaveState({ ...state, edits: 2 }).label).toBe('Not saved: in the trash or deleted')
  })
})
