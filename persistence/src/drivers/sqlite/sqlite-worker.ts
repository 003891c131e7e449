/** The entry of both storage threads; which one this is, `workerData` says. */
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import type { StoreError } from '../../error.ts'
import type { Synchronous } from './connection.ts'
import { DATABASE_FILE } from './folder.ts'
import { Reader } from './reader.ts'
import { answerCalls, type WorkerMessage, wireError } from './worker-calls.ts'
import { Writer } from './writer.ts'

export type SqliteWorkerData =
  | { readonly role: 'writer'; readonly folder: string; readonly synchronous: Synchronous }
  | { readonly role: 'reader'; readonly folder: string }

/** What the thread that writes says once it is ready. */
export interface WriterReady {
  readonly epoch: string
  readonly findings: readonly string[]
}

function start(data: SqliteWorkerData): void {
  const port = parentPort
  if (port === null) throw new Error('this file runs in a worker thread')
  const tell = (message: WorkerMessage): void => port.postMessage(message)
  try {
    switch (data.role) {
      case 'writer': {
        const onFatal = (error: StoreError): void => tell({ kind: 'fatal', error: wireError(error) })
        const writer = new Writer({ folder: data.folder, synchronous: data.synchronous, onFatal })
        answerCalls(port, writer, () => writer.tidy())
        const { epoch, findings } = writer
        tell({ kind: 'ready', value: { epoch, findings } satisfies WriterReady })
        break
      }
      case 'reader': {
        const reader = new Reader(join(data.folder, DATABASE_FILE))
        answerCalls(port, reader, () => undefined)
        tell({ kind: 'ready', value: undefined })
        break
      }
    }
  } catch (error) {
    tell({ kind: 'refused', error: wireError(error) })
  }
}

start(workerData as SqliteWorkerData)
