/** The product's own provider in Node, on a document without an editor: over sockets that a test may watch. */
import { ApplyGate, WeftProvider } from '@weft/editor/core'
import { WebSocket } from 'ws'
import type * as Y from 'yjs'

export interface HeadlessProviderOptions {
  /** `http://host:port` */
  readonly server: string
  readonly documentId: string
  readonly doc: Y.Doc
  /** The document is guarded by this version of the schema. */
  readonly schema?: number
  /** From 0 up to 1: spreads the attempts to come back. */
  readonly random: () => number
  /** Called with every socket that it opens. */
  readonly opened: (socket: WebSocket) => void
  /** @returns its undo */
  readonly onOnline?: (run: () => void) => () => void
}

/** @returns one that makes no attempt before it is told to connect */
export function headlessProvider(options: HeadlessProviderOptions): WeftProvider {
  const { server, documentId, doc, random, opened } = options
  class WatchedSocket extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, { perMessageDeflate: false })
      opened(this)
    }
  }
  const none = () => () => {}
  return new WeftProvider({
    server,
    documentId,
    doc,
    ...(options.schema === undefined ? {} : { schema: options.schema }),
    gate: new ApplyGate(),
    WebSocketImpl: WatchedSocket,
    random,
    page: { onHidden: none, onShown: none, onOnline: options.onOnline ?? none },
    connect: false,
  })
}
