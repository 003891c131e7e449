/**
 * The text of one block, from the nodes that `mdast-util-from-markdown` makes of it.
 *
 * Rule: elements that say a mark are marks; every other tag is text, as it stands. Addresses that a document may not
 * hold leave their text behind. Nothing else of HTML comes through, so nothing can run.
 */
import type { fromMarkdown } from 'mdast-util-from-markdown'
import { readAttributes, splitAttributes } from '../attributes.ts'
import { type Marks, readColor } from '../marks.ts'
import { RunBuilder } from '../value.ts'
import { safeLink } from '../values.ts'
import { readImageObject, readLinkObject } from './objects.ts'

type Root = ReturnType<typeof fromMarkdown>
export type FlowNode = Root['children'][number]
export type Inline = Extract<FlowNode, { type: 'paragraph' }>['children'][number]

/** What a document's references point at, and its text, for what the nodes do not say. */
export interface Source {
  readonly text: string
  readonly definitions: ReadonlyMap<string, { readonly url: string; readonly title: string }>
}

/** A piece of a cell between `<p>` and `</p>`, with what the element says of it. */
export interface InlinePart {
  readonly attributes: ReadonlyMap<string, string | number | boolean>
  readonly runs: RunBuilder
}

const MARK_ELEMENTS: Readonly<Record<string, Marks>> = {
  b: { bold: true },
  strong: { bold: true },
  i: { italic: true },
  em: { italic: true },
  u: { underline: true },
  ins: { underline: true },
  s: { strike: true },
  del: { strike: true },
  strike: { strike: true },
  code: { code: true },
  kbd: { code: true },
}

/** @returns at least one part; more only for a cell whose blocks are told apart. */
export function parseInline(nodes: readonly Inline[], source: Source): InlinePart[] {
  const reader = new InlineReader(source)
  reader.read(nodes, {})
  return reader.parts
}

class InlineReader {
  readonly parts: InlinePart[] = [{ attributes: new Map(), runs: new RunBuilder() }]
  readonly #source: Source
  readonly #open: { readonly name: string; readonly marks: Marks }[] = []
  #isFirst = true

  constructor(source: Source) {
    this.#source = source
  }

  get #runs(): RunBuilder {
    return this.parts.at(-1)?.runs ?? new RunBuilder()
  }

  read(nodes: readonly Inline[], outer: Marks): void {
    for (const [index, node] of nodes.entries())
      this.#readNode(node, outer, nodes[index - 1], nodes[index + 1])
  }

  #readNode(node: Inline, outer: Marks, before: Inline | undefined, behind: Inline | undefined): void {
    switch (node.type) {
      case 'text': {
        let { value } = node
        if (behind !== undefined && this.#isEquation(behind)) value = value.slice(0, -1)
        if (before !== undefined && this.#isEquation(before)) value = value.slice(1)
        // The end of a line in the source is no line break.
        this.#push(value.replaceAll('\n', ' '), outer)
        break
      }
      case 'strong':
        this.read(node.children, { ...outer, bold: true })
        break
      case 'emphasis':
        this.read(node.children, { ...outer, italic: true })
        break
      case 'delete':
        this.read(node.children, { ...outer, strike: true })
        break
      case 'inlineCode':
        if (this.#isEquation(node))
          this.#runs.pushObject({ type: 'equation', latex: node.value }, this.#marks(outer))
        else this.#push(node.value, { ...outer, code: true })
        break
      case 'break':
        this.#push('\n', outer)
        break
      case 'html':
        this.#readTag(node.value, outer)
        break
      case 'link':
        this.#readLink(node.children, node.url, node.title ?? '', outer)
        break
      case 'linkReference': {
        const found = this.#source.definitions.get(node.identifier)
        if (found !== undefined) this.#readLink(node.children, found.url, found.title, outer)
        break
      }
      case 'image':
        this.#readImage(node.alt ?? '', node.url, node.title ?? '', outer)
        break
      case 'imageReference': {
        const found = this.#source.definitions.get(node.identifier)
        this.#readImage(node.alt ?? '', found?.url ?? '', found?.title ?? '', outer)
        break
      }
      case 'footnoteReference':
        break
    }
  }

  #marks(outer: Marks): Marks {
    return Object.assign({}, outer, ...this.#open.map(({ marks }) => marks)) as Marks
  }

  #push(text: string, outer: Marks): void {
    this.#runs.push(text, this.#marks(outer))
  }

  /** Code between dollars; a dollar that is escaped is one. */
  #isEquation(node: Inline): boolean {
    if (node.type !== 'inlineCode' || node.position === undefined) return false
    const { text } = this.#source
    const from = node.position.start.offset ?? 0
    const to = node.position.end.offset ?? 0
    return text[from - 1] === '$' && text[from - 2] !== '\\' && text[to] === '$' && text.startsWith('`', from)
  }

  #readLink(children: readonly Inline[], url: string, title: string, outer: Marks): void {
    const object = readLinkObject(plainText(children), url, title)
    const link = safeLink(url)
    if (object !== undefined) this.#runs.pushObject(object, this.#marks(outer))
    else this.read(children, link === undefined ? outer : { ...outer, link })
  }

  #readImage(alt: string, url: string, title: string, outer: Marks): void {
    const image = readImageObject(alt, url, title)
    if (image === undefined) this.#push(alt, outer)
    else this.#runs.pushObject(image, this.#marks(outer))
  }

  #readTag(html: string, outer: Marks): void {
    const [, slash = '', tag = '', rest = ''] = /^<(\/?)([a-z][a-z\d]*)\b([^>]*?)\/?>$/is.exec(html) ?? []
    const name = tag.toLowerCase()
    if (html.startsWith('<!--')) return
    if (name === 'br') return this.#push('\n', outer)
    if (name === 'p') return slash === '' ? this.#startPart(rest) : undefined
    const marks = MARK_ELEMENTS[name] ?? marksOf(name, splitAttributes(rest))
    if (marks === undefined) return this.#push(html, outer)
    if (slash === '') this.#open.push({ name, marks })
    else {
      const at = this.#open.findLastIndex((open) => open.name === name)
      if (at >= 0) this.#open.splice(at, 1)
    }
  }

  #startPart(rest: string): void {
    const own = [...splitAttributes(rest)].filter(([name]) => name.startsWith('data-'))
    const attributes = readAttributes(own.map(([name, value]) => [name.slice(5), value] as const))
    if (this.#isFirst && this.#runs.isEmpty) this.parts.pop()
    this.#isFirst = false
    this.parts.push({ attributes, runs: new RunBuilder() })
  }
}

function marksOf(name: string, attributes: ReadonlyMap<string, string>): Marks | undefined {
  const color = readColor(attributes.get('data-color'))
  if (name === 'mark') return { highlight: color ?? 'yellow' }
  if (name === 'span') return color === undefined ? {} : { color }
  if (name !== 'a') return undefined
  const link = safeLink(attributes.get('href'))
  return link === undefined ? {} : { link }
}

function plainText(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => {
      if ('children' in node) return plainText(node.children)
      return 'value' in node ? node.value : ''
    })
    .join('')
}
