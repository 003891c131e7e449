/**
 * The bounds both sides keep, each with its unit and the reason for its number.
 */

export interface Limits {
  /** Bytes of one WebSocket frame. */
  readonly maxFrameBytes: number
  /** Bytes of one document's stored state. */
  readonly maxDocumentBytes: number
  /** Frames a client may send in a second, sustained. */
  readonly framesPerSecond: number
  /** Bytes a client may send in a second, sustained. */
  readonly bytesPerSecond: number
  /** Seconds of the two rates above that a client may send at once after a pause. */
  readonly burstSeconds: number
  /** Open sockets of one address. */
  readonly socketsPerAddress: number
  /** Bytes of a JSON request body. */
  readonly maxJsonBytes: number
  /** Bytes of one client's awareness state, as JSON. */
  readonly maxAwarenessBytes: number
}

export const LIMITS: Limits = {
  // A 20 MB document reconnecting with everything new would not fit; a pasted book does.
  maxFrameBytes: 16 * 1_048_576,
  // A browser tab that holds one needs about 12 times as much memory.
  maxDocumentBytes: 64 * 1_048_576,
  // A fast typist makes 15; a drag that moves a caret makes 60 more, times two tabs.
  framesPerSecond: 200,
  // A burst of five seconds lets a 10 MiB paste through at once.
  bytesPerSecond: 2 * 1_048_576,
  burstSeconds: 5,
  // A school behind one address.
  socketsPerAddress: 200,
  maxJsonBytes: 16 * 1_048_576,
  // A name, a colour and a selection take 300 bytes.
  maxAwarenessBytes: 16 * 1_024,
}
