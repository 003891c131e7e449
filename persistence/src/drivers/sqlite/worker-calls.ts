/**
 * Calls to an object in another thread, answered in the order they were made.
 *
 * Bytes travel in a `packed` property of an argument or an answer, and only there: its buffer changes threads without
 * a copy. Errors keep their code, message and stack.
 */
import type { MessagePort, Worker } from 'node:worker_threads'
import { StoreError, type StoreErrorCode } from '../../error.ts'
import type { Packed } from './pack.ts'

interface WireError {
  /** Undefined for a bug. */
  readonly code: StoreErrorCode | undefined
  readonly message: string
  readonly stack: string | undefined
}

interface CallMessage {
  readonly id: number
  readonly name: string
  readonly argument: unknown
}

export type WorkerMessage =
  | { readonly kind: 'ready'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly error: WireError }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: WireError }
  | { readonly kind: 'fatal'; readonly error: WireError }

type Method = (argument: never) => unknown
type MethodName<Target> = {
  [Name in keyof Target]: Target[Name] extends Method ? Name : never
}[keyof Target] &
  string
type ArgumentOf<Target, Name extends keyof Target> = Target[Name] extends (
  argument: infer Argument,
) => unknown
  ? Argument
  : never
type AnswerOf<Target, Name extends keyof Target> = Target[Name] extends (argument: never) => infer Answer
  ? Answer
  : never

interface Pending {
  readonly resolve: (value: never) => void
  readonly reject: (error: Error) => void
}

/** The calling side. `onEnd` is called once, when the worker ends or gives up by itself. */
export class WorkerCalls<Target> {
  readonly #worker: Worker
  readonly #onEnd: (error: StoreError) => void
  readonly #pending = new Map<number, Pending>()
  #ended: StoreError | undefined
  #lastId = 0

  constructor(worker: Worker, onEnd: (error: StoreError) => void) {
    this.#worker = worker
    this.#onEnd = onEnd
  }

  /** What the worker says once it is ready. @throws {StoreError} why it is not going to be. */
  ready(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#pending.set(0, { resolve, reject })
      this.#worker.on('message', (message: WorkerMessage) => this.#receive(message))
      this.#worker.on('error', (cause) =>
        this.#end(new StoreError('closed', `the storage thread failed: ${String(cause)}`, cause)),
      )
      this.#worker.on('exit', () => this.#end(new StoreError('closed', 'the storage thread ended')))
    })
  }

  call<Name extends MethodName<Target>>(
    name: Name,
    argument: ArgumentOf<Target, Name>,
  ): Promise<AnswerOf<Target, Name>> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended)
    this.#lastId += 1
    const id = this.#lastId
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject })
      const message: CallMessage = { id, name, argument }
      this.#worker.postMessage(message, transferOf(argument))
    })
  }

  /** Ends the thread at once; calls that are under way fail with `closed`. */
  async terminate(): Promise<void> {
    this.#ended ??= new StoreError('closed', 'the store is closed')
    this.#rejectPending(this.#ended)
    await this.#worker.terminate()
  }

  #receive(message: WorkerMessage): void {
    switch (message.kind) {
      case 'ready':
        this.#take(0)?.resolve(message.value as never)
        break
      case 'refused':
        this.#take(0)?.reject(errorFrom(message.error))
        break
      case 'answer':
        this.#take(message.id)?.resolve(message.value as never)
        break
      case 'failure':
        this.#take(message.id)?.reject(errorFrom(message.error))
        break
      case 'fatal':
        this.#end(errorFrom(message.error))
        break
    }
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    return pending
  }

  #end(error: Error): void {
    if (this.#ended !== undefined) return
    const ended = error instanceof StoreError ? error : new StoreError('closed', error.message, error)
    this.#ended = ended
    this.#rejectPending(ended)
    this.#onEnd(ended)
  }

  #rejectPending(error: StoreError): void {
    for (const { reject } of this.#pending.values()) reject(error)
    this.#pending.clear()
  }
}

/** The answering side: runs each call on `target`, then `afterAnswer` once the answer is out. */
export function answerCalls(port: MessagePort, target: object, afterAnswer: () => void): void {
  const methods = target as Record<string, Method>
  port.on('message', ({ id, name, argument }: CallMessage) => {
    try {
      const value = methods[name]?.call(target, argument as never)
      port.postMessage({ kind: 'answer', id, value } satisfies WorkerMessage, transferOf(value))
    } catch (error) {
      port.postMessage({ kind: 'failure', id, error: wireError(error) } satisfies WorkerMessage)
    }
    afterAnswer()
  })
}

export function wireError(error: unknown): WireError {
  if (!(error instanceof Error)) return { code: undefined, message: String(error), stack: undefined }
  const code = error instanceof StoreError ? error.code : undefined
  return { code, message: error.message, stack: error.stack }
}

function errorFrom({ code, message, stack }: WireError): Error {
  const error = code === undefined ? new Error(message) : new StoreError(code, message)
  if (stack !== undefined) error.stack = stack
  return error
}

function transferOf(value: unknown): ArrayBuffer[] {
  if (typeof value !== 'object' || value === null || !('packed' in value)) return []
  return [(value.packed as Packed).buffer]
}
