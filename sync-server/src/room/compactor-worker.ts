/**
 * The only place in the server where a whole Yjs document is built, and it is dropped at once.
 *
 * A compaction is not believed: its bytes are decoded again and their content compared with that of the updates
 * they replace, as it was before anything was collected. Where it differs, as that of updates which contradict their order
 * may, they are put side by side as they are: larger, and nothing of them is lost.
 */
import { parentPort } from 'node:worker_threads'
import { applyUpdate, createDeleteSetFromStructStore, Doc, diffUpdate, encodeStateAsUpdate, tryGc } from 'yjs'
import { concatenate } from './compose.ts'
import { digestContent } from './content.ts'
import { Knowledge } from './knowledge.ts'
import { decodeSummary, encodeSummary } from './summary.ts'
import { readOwnLayout } from './update-layout.ts'
import type { WorkerReply } from './worker-calls.ts'

export type CompactorRequest =
  | {
      readonly kind: 'compact'
      /** The snapshot before, when there is one, then the tail. */
      readonly updates: readonly Uint8Array[]
      /** Of that snapshot; empty when there is none. */
      readonly summary: Uint8Array
      /** Who wrote each update of the tail. */
      readonly principals: readonly string[]
    }
  | { readonly kind: 'differ'; readonly update: Uint8Array; readonly vector: Uint8Array }

export interface Compacted {
  readonly bytes: Uint8Array
  /** Of a compaction what `decodeSummary` reads, otherwise empty. */
  readonly summary: Uint8Array
  /** Of a compaction, whether what is deleted was collected. */
  readonly isCollected: boolean
}

/** Nothing is collected; a whole document, so one at a time. */
function integrate(updates: readonly Uint8Array[]): Doc {
  const doc = new Doc({ gc: false })
  doc.transact(() => {
    for (const update of updates) applyUpdate(doc, update)
  })
  if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null)
    throw new Error('the stored updates lean on something that is not stored')
  return doc
}

/** The same document serves as the original and, once it has been looked at, as what is made smaller. */
function collect(updates: readonly Uint8Array[]): { content: string; bytes: Uint8Array } {
  const doc = integrate(updates)
  const content = digestContent(doc)
  tryGc(createDeleteSetFromStructStore(doc.store), doc.store, () => true)
  return { content, bytes: encodeStateAsUpdate(doc) }
}

function compact({ updates, summary, principals }: CompactorRequest & { kind: 'compact' }): Compacted {
  const { content, bytes: collected } = collect(updates)
  const isCollected = digestContent(integrate([collected])) === content
  const bytes = isCollected ? collected : putSideBySide(updates)
  const knowledge = new Knowledge()
  knowledge.add(readOwnLayout(bytes))
  // In the order of the log: the first owner stays.
  const before = decodeSummary(summary)
  if (before !== undefined) knowledge.owners.addAll(before.owners)
  const tail = updates.slice(updates.length - principals.length)
  for (const [index, update] of tail.entries())
    knowledge.owners.add(readOwnLayout(update), principals[index] ?? '')
  return { bytes, summary: encodeSummary(knowledge), isCollected }
}

/** @throws when what comes of it cannot be opened */
function putSideBySide(updates: readonly Uint8Array[]): Uint8Array {
  const bytes = concatenate(updates.map((update) => readOwnLayout(update)))
  integrate([bytes])
  return bytes
}

function answer(request: CompactorRequest): Compacted {
  switch (request.kind) {
    case 'compact':
      return compact(request)
    case 'differ':
      return {
        bytes: diffUpdate(request.update, request.vector),
        summary: new Uint8Array(0),
        isCollected: false,
      }
  }
}

const port = parentPort
port?.on('message', ({ id, request }: { id: number; request: CompactorRequest }) => {
  let reply: WorkerReply<Compacted>
  try {
    reply = { id, result: { ok: true, value: answer(request) } }
  } catch (error) {
    reply = { id, result: { ok: false, message: error instanceof Error ? error.message : String(error) } }
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
  port?.postMessage(reply)
})
