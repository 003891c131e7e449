/**
 * A snapshot in memory, once: the frame that every newcomer is sent is the buffer in which its bytes are kept.
 */
import type { Snapshot } from '@weft/persistence'
import { encodeUpdate } from '@weft/protocol'
import { Knowledge } from './knowledge.ts'
import { decodeSummary } from './summary.ts'
import { readOwnLayout } from './update-layout.ts'

export class HeldSnapshot {
  /** The last sequence whose content is contained. */
  readonly through: number
  /** An update message. */
  readonly frame: Uint8Array
  /** The stored bytes, a part of `frame`. */
  readonly bytes: Uint8Array
  readonly #summary: Uint8Array
  #knowledge: Knowledge | undefined

  /** @param snapshot its bytes are copied: as they are loaded they are part of a larger buffer. */
  constructor({ through, bytes, summary }: Snapshot) {
    this.through = through
    this.frame = encodeUpdate(bytes)
    this.bytes = this.frame.subarray(this.frame.length - bytes.length)
    this.#summary = new Uint8Array(summary)
  }

  get knowledge(): Knowledge {
    this.#knowledge ??= knowledgeOf({ through: this.through, bytes: this.bytes, summary: this.#summary })
    return this.#knowledge
  }

  get residentBytes(): number {
    return this.frame.length + this.#summary.length
  }
}

/** From its summary; from its bytes when there is none that can be read. */
export function knowledgeOf(snapshot: Snapshot): Knowledge {
  const summarised = decodeSummary(snapshot.summary)
  if (summarised !== undefined) return summarised
  const knowledge = new Knowledge()
  knowledge.add(readOwnLayout(snapshot.bytes))
  return knowledge
}
