/**
 * A driver that fails, hangs and tears by seed, and otherwise does what the one below it does.
 *
 * Whatever it refuses it has not done. A commit that tears keeps what some documents appended and refuses what the
 * others did, in the middle of a batch; what one document appends it never keeps in part. Whoever asks again until it
 * works must end with a store that keeps every promise: that is what the contract suite is run against.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Append, AppendOutcome, Driver, Fold } from '../driver.ts'
import { StoreError } from '../error.ts'
import { randomFrom } from './random.ts'

export interface DriverFaults {
  readonly seed: number
  /** Share of the calls, 0 to 1, that are refused with `unavailable` or `full`. */
  readonly failRate: number
  /** Share of the commits of several appends that are kept in part. */
  readonly tearRate: number
  /** Share of the calls that hang for up to `maxHangTurns` turns of the event loop. */
  readonly hangRate: number
  readonly maxHangTurns: number
}

/** How often each has happened: a run in which one has not shows nothing of it. */
export interface FaultCounts {
  failed: number
  torn: number
  hung: number
}

export interface FaultyDriver extends Driver {
  readonly faults: Readonly<FaultCounts>
}

export function faultyDriver(inner: Driver, options: DriverFaults): FaultyDriver {
  const random = randomFrom(options.seed)
  const faults: FaultCounts = { failed: 0, torn: 0, hung: 0 }

  function refusal(): StoreError {
    faults.failed += 1
    const code = random() < 0.5 ? 'full' : 'unavailable'
    return new StoreError(code, `${code}, as the test wished`)
  }

  async function bent<Result>(work: () => Promise<Result>): Promise<Result> {
    if (random() < options.hangRate) {
      faults.hung += 1
      const turns = 1 + Math.floor(random() * options.maxHangTurns)
      for (let turn = 0; turn < turns; turn += 1) await nextTurn()
    }
    if (random() < options.failRate) throw refusal()
    return work()
  }

  async function append(batch: readonly Append[], at: number): Promise<readonly AppendOutcome[]> {
    const documents = [...new Set(batch.map(({ documentId }) => documentId))]
    if (batch.length < 2 || random() >= options.tearRate) return inner.append(batch, at)
    faults.torn += 1
    // Up to some append of each document: those behind it fail with it, as the contract says.
    const kept = new Map(documents.map((id) => [id, Math.floor(random() * (batch.length + 1))]))
    const isKept = ({ documentId }: Append, index: number): boolean => index < (kept.get(documentId) ?? 0)
    const outcomes = await inner.append(batch.filter(isKept), at)
    let next = 0
    return batch.map((one, index) => {
      const outcome = isKept(one, index) ? outcomes[next++] : undefined
      return outcome ?? { kind: 'failed', error: refusal() }
    })
  }

  return {
    epoch: inner.epoch,
    faults,
    append: (batch, at) => bent(() => append(batch, at)),
    load: (documentId) => bent(() => inner.load(documentId)),
    readLog: (documentId, range) => bent(() => inner.readLog(documentId, range)),
    extent: (documentId) => bent(() => inner.extent(documentId)),
    soundSnapshot: (documentId) => bent(() => inner.soundSnapshot(documentId)),
    readSegments: (documentId, fromSeq, limit) => bent(() => inner.readSegments(documentId, fromSeq, limit)),
    fold: (fold: Fold) => bent(() => inner.fold(fold)),
    insertDocument: (document) => bent(() => inner.insertDocument(document)),
    findDocument: (documentId) => bent(() => inner.findDocument(documentId)),
    listDocuments: (query) => bent(() => inner.listDocuments(query)),
    changeDocument: (documentId, change) => bent(() => inner.changeDocument(documentId, change)),
    removeDocument: (documentId) => bent(() => inner.removeDocument(documentId)),
    probe: () => bent(() => inner.probe()),
    onFatal: (listener) => inner.onFatal(listener),
    close: () => inner.close(),
  }
}
