/**
 * Every distinct frame of a run, read once.
 *
 * A server sends the same bytes to dozens of people. Each person's copy is compared byte by byte with those
 * already read, which is some twenty times cheaper than reading it again, so the generator does not become the
 * bottleneck and still knows what each person was sent.
 */
import * as Y from 'yjs'
import { editThatRemoves, type Script } from './script.ts'
import type { Wire } from './wire.ts'

/** What a frame adds to a document; each list in the order of its clocks. */
export interface FrameContent {
  readonly kind: 'question' | 'state' | 'update' | 'other'
  /** Characters typed: clocks `from` to before `to`. */
  readonly typed: readonly { readonly writer: number; readonly from: number; readonly to: number }[]
  /** Edits that took a character back. */
  readonly removed: readonly { readonly writer: number; readonly edit: number }[]
  readonly hasSeed: boolean
  readonly update: Uint8Array | undefined
  /** What in it was never typed, in words. */
  readonly strange: string | undefined
}

export class FrameLog {
  private readonly contents: FrameContent[] = []
  private readonly bytes: Buffer[] = []
  /** The newest frame with a hash, and for each frame the one before it with the same. */
  private readonly newest = new Map<number, number>()
  private readonly previous: number[] = []
  private readonly wire: Wire
  private readonly script: Script

  constructor(wire: Wire, script: Script) {
    this.wire = wire
    this.script = script
  }

  /** @returns the frame's number, the same for the same bytes */
  recognise(frame: Buffer): number {
    const hash = hashOf(frame)
    const newest = this.newest.get(hash)
    for (let index = newest ?? -1; index >= 0; index = this.previous[index] ?? -1)
      if (this.bytes[index]?.equals(frame)) return index
    // A copy: the frame itself is a slice of a socket's buffer, which it would keep alive.
    const kept = Buffer.from(frame)
    this.newest.set(hash, this.bytes.length)
    this.previous.push(newest ?? -1)
    this.bytes.push(kept)
    return this.contents.push(read(kept, this.wire, this.script)) - 1
  }

  content(index: number): FrameContent {
    const content = this.contents[index]
    if (content === undefined) throw new RangeError(`no frame ${index}`)
    return content
  }

  get distinct(): number {
    return this.contents.length
  }
}

/** Of the length, the beginning and the end; what differs elsewhere only is told apart by comparing. */
function hashOf(frame: Buffer): number {
  const length = frame.length
  let hash = length
  const head = Math.min(length, 48)
  for (let i = 0; i < head; i++) hash = (Math.imul(hash, 31) + (frame[i] ?? 0)) | 0
  for (let i = Math.max(head, length - 16); i < length; i++)
    hash = (Math.imul(hash, 31) + (frame[i] ?? 0)) | 0
  return hash
}

function read(frame: Buffer, wire: Wire, script: Script): FrameContent {
  const incoming = wire.read(frame)
  if (incoming.kind === 'question' || incoming.kind === 'other')
    return {
      kind: incoming.kind,
      typed: [],
      removed: [],
      hasSeed: false,
      update: undefined,
      strange: undefined,
    }
  const { structs, ds } = Y.decodeUpdate(incoming.update)
  const typed: { writer: number; from: number; to: number }[] = []
  let hasSeed = false
  let strange: string | undefined
  for (const struct of structs) {
    const { id, length } = struct
    const writer = script.writerOf(id.client)
    if (id.client === script.seedClient) hasSeed = true
    // A skip says that something is missing here.
    if (writer === undefined || struct instanceof Y.Skip) continue
    const to = id.clock + length
    typed.push({ writer, from: id.clock, to })
    if (!isAsTyped(struct, script, writer))
      strange ??= `writer ${writer} did not type ${id.clock} to ${to} so`
  }
  typed.sort((a, b) => a.from - b.from)
  const removed: { writer: number; edit: number }[] = []
  for (const [client, ranges] of ds.clients) {
    const writer = script.writerOf(client)
    if (writer === undefined) continue
    for (const { clock, len } of ranges) {
      for (let at = clock; at < clock + len; at++) {
        const edit = editThatRemoves(at)
        if (edit !== undefined) removed.push({ writer, edit })
      }
    }
  }
  removed.sort((a, b) => a.edit - b.edit)
  return { kind: incoming.kind, typed, removed, hasSeed, update: incoming.update, strange }
}

function isAsTyped(struct: Y.Item | Y.GC, script: Script, writer: number): boolean {
  if (!(struct instanceof Y.Item)) return false
  const { clock } = struct.id
  if (struct.content instanceof Y.ContentString)
    return struct.content.str === script.letters(writer, clock, clock + struct.length)
  for (let at = clock; at < clock + struct.length; at++) if (editThatRemoves(at) === undefined) return false
  return struct.content instanceof Y.ContentDeleted
}
