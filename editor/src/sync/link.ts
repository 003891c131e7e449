/**
 * y-websocket's provider as it is used here: it does the handshake and the relay, and nothing else.
 *
 * It never tries again by itself, never talks to other tabs, and applies nothing: what others wrote and where they
 * stand is handed to `arrivals.ts`, which applies it through the gate. The handshake asks what this document has, and
 * says that it has everything, so before it answers everything that has come is applied.
 */
import { SCHEMA_PARAMETER, SYNC } from '@weft/protocol'
import { createDecoder, readVarUint, readVarUint8Array } from 'lib0/decoding'
import { type Awareness, applyAwarenessUpdate } from 'y-protocols/awareness'
import { messageAwareness, messageSync, WebsocketProvider } from 'y-websocket'
import type * as Y from 'yjs'
import { Arrivals } from './arrivals.ts'
import type { Clock } from './clock.ts'
import { SyncError } from './error.ts'
import type { Frames } from './frames.ts'
import { forgetOthers, raiseOwn } from './presence-clocks.ts'

export interface LinkOptions {
  /** `http(s)://host[:port][/base]`. */
  readonly server: string
  readonly documentId: string
  readonly doc: Y.Doc
  readonly schema?: number
  readonly awareness: Awareness
  readonly gate: { run(apply: () => void): void }
  readonly clock: Clock
  readonly frames: Frames
  readonly Socket: typeof WebSocket
  readonly log?: (message: string, facts: Readonly<Record<string, unknown>>) => void
}

/** What happens on it. */
export interface LinkEvents {
  closed(code: number, words: string): void
  /** The server has sent everything that it had. */
  synced(): void
  /** @returns the vector of the server's step 1 as it is to be answered, as a sync message; undefined for no answer. */
  asked(stateVector: Uint8Array): Uint8Array | undefined
  /** A handshake message was dealt with, and the document is whole. */
  shaken(): void
}

export interface Link {
  /** Origin of the transactions that bring what others wrote. */
  readonly link: WebsocketProvider
  readonly arrivals: Arrivals
}

/** @throws {SyncError} `server-address`. */
export function openLink(options: LinkOptions, events: LinkEvents): Link {
  const { doc, documentId, server, schema, awareness, Socket } = options
  const link = new WebsocketProvider(syncAddress(server), documentId, doc, {
    connect: false,
    awareness,
    params: schema === undefined ? {} : { [SCHEMA_PARAMETER]: String(schema) },
    WebSocketPolyfill: Socket,
    // Through a BroadcastChannel another tab would show an edit that is on nobody's disk, and would
    // never offer it to the server itself. Tabs meet on the server, or in the local copy.
    disableBc: true,
    // Never asked to stop: when to try again, and when not, is decided by who is told of `closed`.
    shouldReconnect: () => true,
  })
  // There is no such channel, and what it would be told throws once Yjs has taken another client id.
  link.disconnectBc = () => undefined
  tellOfOwnOnly(link, awareness)
  link.on('connection-close', (event) => events.closed(event?.code ?? 1006, event?.reason ?? ''))
  link.on('status', ({ status }) => {
    if (status === 'connected') raiseOwn(awareness)
    if (status === 'disconnected') forgetOthers(awareness)
  })
  link.on('sync', (synced) => {
    if (synced) events.synced()
  })
  return { link, arrivals: gather(link, options, events) }
}

/**
 * y-websocket sends on whatever it hears of anybody, to the server it has just heard it from: with ten people in a room, nine
 * messages for each that somebody meant.
 */
function tellOfOwnOnly(link: WebsocketProvider, awareness: Awareness): void {
  const tell = link._awarenessUpdateHandler
  const own = awareness.clientID
  awareness.off('update', tell)
  // Under its name, so that it is taken off with the provider.
  link._awarenessUpdateHandler = ({ added, updated, removed }, origin) => {
    if ([...added, ...updated, ...removed].includes(own))
      tell({ added: [], updated: [own], removed: [] }, origin)
  }
  awareness.on('update', link._awarenessUpdateHandler)
}

/** Takes others' edits and places from y-websocket, which would apply each by itself. */
function gather(link: WebsocketProvider, options: LinkOptions, events: LinkEvents): Arrivals {
  const { doc, gate, frames, clock, awareness, log } = options
  const arrivals = new Arrivals({
    doc,
    gate,
    origin: link,
    frames,
    clock,
    presence: (update) => applyAwarenessUpdate(awareness, update, link),
    failed: (cause) => log?.('what others sent could not be applied', { cause }),
  })
  const original = link.messageHandlers[messageSync]
  link.messageHandlers[messageSync] = (encoder, decoder, ...message) => {
    const { pos } = decoder
    const kind = readVarUint(decoder)
    if (kind === SYNC.update) {
      arrivals.update(readVarUint8Array(decoder))
      return
    }
    if (kind === SYNC.step1) {
      arrivals.settle()
      gate.run(() => {})
      const question = events.asked(readVarUint8Array(decoder))
      if (question === undefined) return
      decoder = createDecoder(question)
    } else decoder.pos = pos
    arrivals.settle()
    gate.run(() => original?.(encoder, decoder, ...message))
    if (link.synced) events.shaken()
  }
  link.messageHandlers[messageAwareness] = (_encoder, decoder) =>
    arrivals.presence(readVarUint8Array(decoder))
  return arrivals
}

function syncAddress(server: string): string {
  const url = URL.canParse(server) ? new URL(server) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new SyncError('server-address', `"${server}" is not an http or https address`)
  const base = url.pathname.replace(/\/+$/, '')
  return `${url.protocol === 'https:' ? 'wss:' : 'ws:'}//${url.host}${base}/sync`
}
