/** The real HTTP side over a real store in memory, asked without a socket; what rooms are told is written down. */
import { type DocumentStore, openStore } from '@weft/persistence'
import type { Hono } from 'hono'
import { createGate } from '../src/access/gate.ts'
import { createApp } from '../src/app.ts'
import { configOf } from '../src/config.ts'
import type { Pages } from '../src/http/static.ts'
import { createLogger } from '../src/observe/logger.ts'

export const OWN = 'http://127.0.0.1:8787'

export interface AskOptions {
  readonly headers?: Record<string, string>
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: unknown
}

export interface OpenedApp {
  readonly app: Hono
  readonly store: DocumentStore
  /** What rooms were told, in order. */
  readonly told: readonly unknown[][]
  /** Asks as a program on this machine does: right Host, no Origin. */
  readonly ask: (method: string, path: string, options?: AskOptions) => Promise<Response>
}

export async function openApp(
  options: {
    readonly settings?: Parameters<typeof configOf>[0]
    readonly pages?: Pages
    readonly isDraining?: () => boolean
    readonly store?: DocumentStore
  } = {},
): Promise<OpenedApp> {
  const config = configOf(options.settings)
  const store = options.store ?? (await openStore({ kind: 'memory' }))
  const told: unknown[][] = []
  const app = createApp({
    config,
    store,
    rooms: {
      notify: (...args) => void told.push(['notify', ...args]),
      closeDocument: (...args) => void told.push(['close', ...args]),
    },
    gate: createGate(config),
    logger: createLogger('silent'),
    isDraining: options.isDraining ?? (() => false),
    pages: options.pages ?? new Map(),
    metrics: async () => ({ contentType: 'text/plain', text: async () => 'weft_rooms 0' }),
  })
  return {
    app,
    store,
    told,
    async ask(method, path, { headers = {}, body } = {}) {
      const url = `${OWN}${path}`
      const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
      const json: Record<string, string> = body === undefined ? {} : { 'Content-Type': 'application/json' }
      return app.request(url, { method, headers: { Host: '127.0.0.1:8787', ...json, ...headers }, ...sent })
    },
  }
}

/** The fields of a JSON answer. */
export async function fields(response: Response): Promise<Record<string, unknown>> {
  return (await response.json()) as Record<string, unknown>
}

/** The code of a refusal. */
export async function refusalOf(response: Response): Promise<string> {
  const { error } = (await response.json()) as {
    error: { code: string; message: string; retryable: boolean }
  }
  if (typeof error.message !== 'string' || error.message === '' || typeof error.retryable !== 'boolean')
    throw new Error(`not an error of this API: ${JSON.stringify(error)}`)
  return error.code
}
