/** The client that everybody already has: y-websocket as published, in Node, with nothing of ours. */
import { WebSocket } from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'

export interface StockClient {
  readonly doc: Y.Doc
  readonly provider: WebsocketProvider
  close(): void
}

/**
 * @param server `http://host:port`
 * @param Provider of another version; this one when left out
 */
export function stockClient(
  server: string,
  documentId: string,
  Provider: typeof WebsocketProvider = WebsocketProvider,
): StockClient {
  const doc = new Y.Doc()
  const provider = new Provider(`${server.replace(/^http/, 'ws')}/sync`, documentId, doc, {
    WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
    disableBc: true,
  })
  return {
    doc,
    provider,
    close: () => {
      provider.destroy()
      doc.destroy()
    },
  }
}
