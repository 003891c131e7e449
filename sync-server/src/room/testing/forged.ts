/** Updates of one client, item by item, that say whatever a test wants said; written as Yjs writes them. */
import * as encoding from 'lib0/encoding'

type Id = readonly [client: number, clock: number]
type Place = { readonly root: string; readonly key?: string } | { readonly type: Id; readonly key?: string }

export class Forged {
  readonly #client: number
  readonly #items: Uint8Array[] = []
  readonly #deletes: [client: number, clock: number, length: number][] = []
  readonly #others: Forged[] = []
  #clock = 0

  constructor(client: number, clock = 0) {
    this.#client = client
    this.#clock = clock
  }

  text(text: string, at: Id | Place | undefined, right?: Id): this {
    return this.#item(4, at, right, (encoder) => encoding.writeVarString(encoder, text))
  }

  format(at: Id | Place, right?: Id): this {
    return this.#item(6, at, right, (encoder) => {
      encoding.writeVarString(encoder, 'bold')
      encoding.writeVarString(encoder, 'true')
    })
  }

  value(value: number, at: Id | Place | undefined, right?: Id): this {
    return this.#values([value], at, right)
  }

  values(values: readonly number[], at: Id | Place): this {
    return this.#values(values, at)
  }

  /** An array. */
  type(at: Id | Place): this {
    return this.#item(7, at, undefined, (encoder) => encoding.writeVarUint(encoder, 0))
  }

  /** What is left of something that was in a type which is gone. */
  collected(length: number): this {
    const encoder = encoding.createEncoder()
    encoding.writeUint8(encoder, 0)
    encoding.writeVarUint(encoder, length)
    this.#items.push(encoding.toUint8Array(encoder))
    return this
  }

  deleting(client: number, clock: number, length: number): this {
    this.#deletes.push([client, clock, length])
    return this
  }

  /** Instead of items of its own: those of others, whose clients descend. */
  with(...others: readonly Forged[]): this {
    this.#others.push(...others)
    return this
  }

  write(): Uint8Array {
    const sections = this.#others.length === 0 ? [this] : this.#others
    const encoder = encoding.createEncoder()
    encoding.writeVarUint(encoder, sections.length)
    for (const section of sections) section.#writeSection(encoder)
    encoding.writeVarUint(encoder, this.#deletes.length)
    for (const [client, clock, length] of this.#deletes)
      for (const number of [client, 1, clock, length]) encoding.writeVarUint(encoder, number)
    return encoding.toUint8Array(encoder)
  }

  #writeSection(encoder: encoding.Encoder): void {
    for (const number of [this.#items.length, this.#client, this.#clock])
      encoding.writeVarUint(encoder, number)
    for (const item of this.#items) encoding.writeUint8Array(encoder, item)
  }

  #values(values: readonly number[], at: Id | Place | undefined, right?: Id): this {
    return this.#item(8, at, right, (encoder) => {
      encoding.writeVarUint(encoder, values.length)
      for (const value of values) encoding.writeAny(encoder, value)
    })
  }

  #item(
    kind: number,
    at: Id | Place | undefined,
    right: Id | undefined,
    write: (encoder: encoding.Encoder) => void,
  ): this {
    const encoder = encoding.createEncoder()
    const origin = at !== undefined && 'length' in at ? at : undefined
    const place = at !== undefined && !('length' in at) ? at : undefined
    const neighbours = (origin === undefined ? 0 : 128) | (right === undefined ? 0 : 64)
    encoding.writeUint8(encoder, kind | neighbours | (place?.key === undefined ? 0 : 32))
    for (const id of [origin, right]) for (const number of id ?? []) encoding.writeVarUint(encoder, number)
    if (place !== undefined) {
      encoding.writeVarUint(encoder, 'root' in place ? 1 : 0)
      if ('root' in place) encoding.writeVarString(encoder, place.root)
      else for (const number of place.type) encoding.writeVarUint(encoder, number)
      if (place.key !== undefined) encoding.writeVarString(encoder, place.key)
    }
    write(encoder)
    this.#items.push(encoding.toUint8Array(encoder))
    return this
  }
}
