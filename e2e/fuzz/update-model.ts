/**
 * A Yjs update (V1) as plain data that can be bent anywhere and written down again, whether or not it still makes sense.
 *
 * Only reading demands a sound update. Writing follows the model to the letter: counts, flags and lengths that lie
 * are written as they are.
 *
 * @see https://github.com/yjs/yjs/blob/v13.6.33/src/structs/Item.js write
 */
import * as Y from 'yjs'
import { varText, varUint } from './bytes.ts'

export interface Id {
  client: number
  clock: number
}

export interface StructModel {
  /** Kind of content; 0 collected, 10 a hole. */
  kind: number
  /** Bits that are turned over in the first byte, and nowhere else. */
  flips: number
  /** Clocks it takes, as far as it says so itself: of kinds 0 and 10. */
  length: number
  origin: Id | undefined
  right: Id | undefined
  /** Of structs without either neighbour. */
  parent: Id | string | undefined
  key: string | undefined
  content: Uint8Array
}

export interface SectionModel {
  client: number
  clock: number
  structs: StructModel[]
  /** How many it says there are, when it lies. */
  says?: number
}

export interface DeletesModel {
  client: number
  ranges: [clock: number, length: number][]
  says?: number
}

export interface UpdateModel {
  sections: SectionModel[]
  deletes: DeletesModel[]
  saysSections?: number
  saysDeletes?: number
  /** Zero groups behind every number. */
  spare: number
}

/** @param update that Yjs has made */
export function readModel(update: Uint8Array): UpdateModel {
  const { structs, ds } = Y.decodeUpdate(update)
  const sections: SectionModel[] = []
  for (const struct of structs) {
    const { client, clock } = struct.id
    if (sections.at(-1)?.client !== client) sections.push({ client, clock, structs: [] })
    sections.at(-1)?.structs.push(modelOf(struct))
  }
  const deletes = [...ds.clients].map(([client, items]) => ({
    client,
    ranges: items.map(({ clock, len }): [number, number] => [clock, len]),
  }))
  return { sections, deletes, spare: 0 }
}

function modelOf(struct: Y.Item | Y.GC | Y.Skip): StructModel {
  const plain = { flips: 0, origin: undefined, right: undefined, parent: undefined, key: undefined }
  if (!(struct instanceof Y.Item)) {
    const kind = struct instanceof Y.GC ? 0 : 10
    return { ...plain, kind, length: struct.length, content: new Uint8Array() }
  }
  const encoder = new Y.UpdateEncoderV1()
  struct.content.write(encoder, 0)
  return {
    ...plain,
    kind: struct.content.getRef(),
    length: struct.length,
    origin: idOf(struct.origin),
    right: idOf(struct.rightOrigin),
    // As it was read, a parent is a name or an id; only integrating makes a type of it.
    parent: typeof struct.parent === 'string' ? struct.parent : idOf(struct.parent as Y.ID | null),
    key: struct.parentSub ?? undefined,
    content: encoder.toUint8Array(),
  }
}

const idOf = (id: Y.ID | null): Id | undefined =>
  id === null ? undefined : { client: id.client, clock: id.clock }

export function writeModel(model: UpdateModel): Uint8Array {
  const bytes: number[] = []
  const number = (value: number): void => void bytes.push(...varUint(value, model.spare))
  const id = ({ client, clock }: Id): void => {
    number(client)
    number(clock)
  }
  number(model.saysSections ?? model.sections.length)
  for (const { client, clock, structs, says } of model.sections) {
    number(says ?? structs.length)
    number(client)
    number(clock)
    for (const struct of structs) {
      bytes.push(firstByteOf(struct))
      if (struct.kind === 0 || struct.kind === 10) {
        number(struct.length)
        continue
      }
      if (struct.origin !== undefined) id(struct.origin)
      if (struct.right !== undefined) id(struct.right)
      if (struct.origin === undefined && struct.right === undefined) {
        number(typeof struct.parent === 'object' ? 0 : 1)
        if (typeof struct.parent === 'object') id(struct.parent)
        else bytes.push(...varText(struct.parent ?? ''))
        if (struct.key !== undefined) bytes.push(...varText(struct.key))
      }
      for (const byte of struct.content) bytes.push(byte)
    }
  }
  number(model.saysDeletes ?? model.deletes.length)
  for (const { client, ranges, says } of model.deletes) {
    number(client)
    number(says ?? ranges.length)
    for (const [clock, length] of ranges) {
      number(clock)
      number(length)
    }
  }
  return Uint8Array.from(bytes)
}

function firstByteOf({ kind, origin, right, key, flips }: StructModel): number {
  const neighbours = (origin === undefined ? 0 : 128) | (right === undefined ? 0 : 64)
  return ((kind & 31) | neighbours | (key === undefined ? 0 : 32)) ^ flips
}

/** Everywhere. Their order must stay what it was. */
export function renameClients(model: UpdateModel, rename: (client: number) => number): void {
  const of = (named: { client: number } | undefined): void => {
    if (named !== undefined) named.client = rename(named.client)
  }
  for (const section of model.sections) {
    of(section)
    for (const { origin, right, parent } of section.structs) {
      of(origin)
      of(right)
      if (typeof parent === 'object') of(parent)
    }
  }
  for (const deletes of model.deletes) of(deletes)
}
