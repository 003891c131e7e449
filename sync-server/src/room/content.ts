/**
 * Whether two Yjs documents say the same: not whether their state vectors are equal, which a forged or lost edit
 * can leave so, but whether every root type holds the same visible content in the same order.
 */
import { createHash } from 'node:crypto'
import {
  ContentAny,
  ContentBinary,
  ContentDeleted,
  ContentDoc,
  ContentEmbed,
  ContentFormat,
  ContentJSON,
  ContentString,
  ContentType,
  type Doc,
  type ID,
  type Item,
} from 'yjs'

type AnyType = Doc['share'] extends Map<string, infer Type> ? Type : never

export function sameContent(a: Doc, b: Doc): boolean {
  return describe(a) === describe(b)
}

/**
 * Equal for documents that say the same, so that two need not be held at once.
 *
 * @param isLeftOut of a type within a type, by the item that holds it: that it is there is told, not what is in it
 */
export function digestContent(doc: Doc, isLeftOut?: IsLeftOut): string {
  return createHash('sha256').update(describe(doc, isLeftOut)).digest('base64')
}

type IsLeftOut = (id: ID) => boolean

/** One string, so that documents of any shape can be compared. */
function describe(doc: Doc, isLeftOut: IsLeftOut = () => false): string {
  const roots = [...doc.share].sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify(
    roots.map(([name, type]) => [name, describeType(type, isLeftOut)]).filter(([, type]) => type !== ''),
  )
}

/** Empty for a type without content: a root that was only named is not content. */
function describeType(type: AnyType, isLeftOut: IsLeftOut): string {
  const children: string[] = []
  // Formats are compared as what they do to what follows: replicas tidy marks without effect at different moments.
  const formats = new Map<string, string>()
  let format = ''
  // One run for text of one format: how it was cut into items does not matter.
  let run = { format, text: '' }
  const endRun = (): void => {
    if (run.text !== '') children.push(`${run.format} "${run.text}`)
    run = { format, text: '' }
  }
  for (let item = type._start; item !== null; item = item.right) {
    if (item.deleted) continue
    if (item.content instanceof ContentFormat) {
      const { key, value } = item.content
      if (value === null) formats.delete(key)
      else formats.set(key, json(value))
      format = formats.size === 0 ? '' : JSON.stringify([...formats].sort(([a], [b]) => (a < b ? -1 : 1)))
    } else if (item.content instanceof ContentString) {
      if (run.format !== format) endRun()
      run.text += item.content.str
    } else {
      endRun()
      for (const child of describeItem(item, isLeftOut)) children.push(`${format} ${child}`)
    }
  }
  endRun()
  const entries = [...type._map]
    .filter(([, item]) => !item.deleted)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => [key, describeItem(item, isLeftOut)])
  return children.length === 0 && entries.length === 0 ? '' : JSON.stringify([children, entries])
}

/** A list; how many values one item holds does not matter. */
function describeItem(item: Item, isLeftOut: IsLeftOut): string[] {
  const { content } = item
  if (content instanceof ContentString) return [content.str]
  if (content instanceof ContentType) {
    const { type } = content
    const inside = isLeftOut(item.id) ? 'left out' : describeType(type, isLeftOut)
    return [`${type.constructor.name} ${nameOf(type)} ${inside}`]
  }
  if (content instanceof ContentAny) return content.arr.map(json)
  if (content instanceof ContentJSON) return content.arr.map(json)
  if (content instanceof ContentEmbed) return [`embed ${json(content.embed)}`]
  if (content instanceof ContentBinary) return [`binary ${Buffer.from(content.content).toString('base64')}`]
  if (content instanceof ContentDoc) return [`document ${content.doc.guid} ${json(content.opts)}`]
  if (content instanceof ContentFormat || content instanceof ContentDeleted) return []
  throw new Error('content of a kind that this version of Yjs does not have')
}

function nameOf(type: AnyType): string {
  if ('nodeName' in type) return String(type.nodeName)
  return 'hookName' in type ? String(type.hookName) : ''
}

/** With what JSON leaves out. */
function json(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) => {
      if (inner === undefined) return { undefined: true }
      if (typeof inner === 'bigint') return { bigint: String(inner) }
      if (inner instanceof Uint8Array) return { bytes: Buffer.from(inner).toString('base64') }
      if (typeof inner === 'number' && !Number.isFinite(inner)) return { number: String(inner) }
      return inner
    }) ?? 'undefined'
  )
}
