/**
 * Markdown (GitHub's flavour) as a document: what `printMarkdown` writes, and what people and programs write.
 *
 * Rule: total; every text has a document. `parseMarkdown(printMarkdown(d))` is `d` but for ids. What a document has
 * no place for (alignment of columns, comments, footnotes' links) is left out; words never are.
 *
 * CommonMark itself is left to micromark, which follows the specification's tests: a parser of our own would differ.
 */
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { type AttributeValue, readAttributes, splitAttributes } from '../attributes.ts'
import type { BlockJson, CellJson, DocumentJson, TableJson, TextRun } from '../flow.ts'
import { itemCounter } from '../nesting.ts'
import { MAX_INDENT, readBlockShape, readColumn } from '../schema.ts'
import { normalDocument, numbered } from '../value.ts'
import { readWhole } from '../values.ts'
import { type FlowNode, type Inline, type InlinePart, parseInline, type Source } from './parse-inline.ts'

type ListNode = Extract<FlowNode, { type: 'list' }>
type TableNode = Extract<FlowNode, { type: 'table' }>
type Given = ReadonlyMap<string, AttributeValue>

/** Footnotes are text: a document has no place for them. */
const EXTENSIONS = [
  gfm(),
  { disable: { null: ['gfmFootnoteDefinition', 'gfmFootnoteCall', 'gfmPotentialFootnoteCall'] } },
]

// Without the transforms, which look for addresses in text that says by escapes that it holds none.
const TREE_EXTENSIONS = gfmFromMarkdown().map((extension) => ({ ...extension, transforms: [] }))

export function parseMarkdown(markdown: string): DocumentJson {
  const text = markdown.replaceAll(/\r\n?/g, '\n')
  const root = fromMarkdown(text, { extensions: EXTENSIONS, mdastExtensions: TREE_EXTENSIONS })
  const definitions = new Map<string, { url: string; title: string }>()
  for (const node of root.children)
    if (node.type === 'definition' && !definitions.has(node.identifier))
      definitions.set(node.identifier, { url: node.url, title: node.title ?? '' })
  const reader = new BlockReader({ text, definitions })
  reader.readAll(root.children, 0, 'paragraph')
  return normalDocument({ blocks: numbered(reader.blocks) })
}

class BlockReader {
  readonly blocks: BlockJson[] = []
  readonly #source: Source
  readonly #count = itemCounter()
  /** What a comment said about the next block. */
  #given: Given = new Map()

  constructor(source: Source) {
    this.#source = source
  }

  readAll(nodes: readonly FlowNode[], depth: number, plain: 'paragraph' | 'quote'): void {
    for (const node of nodes) this.#read(node, depth, plain)
  }

  #read(node: FlowNode, depth: number, plain: 'paragraph' | 'quote'): void {
    if (node.type === 'paragraph') this.#readParagraph(node.children, depth, plain)
    else if (node.type === 'heading')
      this.#add({ type: 'heading', level: Math.min(node.depth, 4) }, depth, this.#inline(node.children))
    else if (node.type === 'code') this.#readCode(node.value, node.lang ?? '', depth)
    else if (node.type === 'thematicBreak') this.#add({ type: 'divider' }, depth, [])
    else if (node.type === 'blockquote') this.#readQuote(node.children, depth)
    else if (node.type === 'list') this.#readList(node, depth)
    else if (node.type === 'table') this.#readTable(node, depth)
    else if (node.type === 'html') this.#readHtml(node.value, depth, plain)
  }

  #readParagraph(children: readonly Inline[], depth: number, plain: 'paragraph' | 'quote'): void {
    const [only, another] = children
    if (only?.type === 'link' && another === undefined && only.title === 'weft:embed')
      return this.#add({ type: 'embed', url: only.url }, depth, [])
    const runs = this.#inline(children)
    const object = runs.length === 1 ? runs[0]?.object : undefined
    const marked = Object.keys(runs[0]?.marks ?? {}).length > 0
    if (plain === 'paragraph' && !marked && (object?.type === 'image' || object?.type === 'file'))
      return this.#add({ ...object }, depth, runs)
    this.#add({ type: plain }, depth, runs)
  }

  #readCode(text: string, language: string, depth: number): void {
    const isCode = this.#given.get('type') === 'code'
    if (
      language === 'math' &&
      !isCode &&
      readBlockShape((name) => (name === 'type' ? 'equation' : text)).type === 'equation'
    ) {
      return this.#add({ type: 'equation', latex: text }, depth, [])
    }
    this.#add({ type: 'code', language }, depth, [{ text, marks: {} }])
  }

  #readQuote(children: readonly FlowNode[], depth: number): void {
    const [first, ...rest] = children
    const from = first?.position?.start.offset ?? 0
    const [head, name] =
      /^\[!(note|tip|important|warning|caution)\][ \t]*(?=\n|$)/i.exec(
        this.#source.text.slice(from, from + 40),
      ) ?? []
    if (first?.type !== 'paragraph' || head === undefined || name === undefined) {
      if (children.length === 0) this.#add({ type: 'quote' }, depth, [])
      return this.readAll(children, depth, 'quote')
    }
    const [text, ...others] = first.children
    const behind = text?.type === 'text' ? text.value.replace(/^\[![a-z]+\][ \t]*\n?/i, '') : ''
    const inline: Inline[] = [...(behind === '' ? [] : [{ type: 'text' as const, value: behind }]), ...others]
    this.#add({ type: 'callout', kind: name.toLowerCase() }, depth, this.#inline(inline))
    this.readAll(rest, depth + 1, 'paragraph')
  }

  #readList(node: ListNode, depth: number): void {
    let number = node.start ?? 1
    for (const { children, checked } of node.children) {
      const [first, ...others] = children
      const own = first === undefined ? undefined : inlineOf(first)
      const runs = own === undefined ? [] : this.#inline(own)
      const type = typeof checked === 'boolean' ? 'check' : node.ordered === true ? 'numbered' : 'bullet'
      this.#add({ type, number, checked: checked === true }, depth, runs)
      number += 1
      this.readAll(own === undefined ? children : others, depth + 1, 'paragraph')
    }
  }

  #readTable(node: TableNode, depth: number): void {
    const width = node.children[0]?.children.length ?? 0
    const widths = String(this.#given.get('widths') ?? '').split(' ')
    const table: TableJson = {
      id: '',
      headerRow: this.#given.get('headerRow') !== false,
      headerColumn: this.#given.get('headerColumn') === true,
      columns: Array.from({ length: width }, (_, index) => ({
        id: '',
        width: readWhole(Number(widths[index]), 16, 4_096),
      })),
      rows: node.children.map((row) => ({
        id: '',
        cells: Array.from({ length: width }, (_, index) => this.#cell(row.children[index]?.children ?? [])),
      })),
    }
    this.#add({ type: 'table' }, depth, [], table)
  }

  #cell(children: readonly Inline[]): CellJson {
    return {
      blocks: parseInline(children, this.#source).map(({ attributes, runs }) =>
        blockOf(attributes, runs.runs()),
      ),
    }
  }

  #readHtml(html: string, depth: number, plain: 'paragraph' | 'quote'): void {
    const comment = /^<!--(.*?)-->\s*$/s.exec(html)
    if (comment !== null) {
      const [, own] = /^ weft(?= )(.*)$/s.exec(comment[1] ?? '') ?? []
      if (own !== undefined) this.#given = readAttributes(splitAttributes(own))
      return
    }
    const nodes = inlineOf({ type: 'html', value: html }) ?? []
    this.#add({ type: plain }, depth, this.#inline(nodes))
  }

  #inline(nodes: readonly Inline[]): TextRun[] {
    return parseInline(nodes, this.#source).flatMap(({ runs }: InlinePart) => runs.runs())
  }

  /** @param natural what the Markdown alone says; a comment's word goes before. */
  #add(
    natural: Record<string, AttributeValue>,
    depth: number,
    runs: readonly TextRun[],
    table?: TableJson,
  ): void {
    const { number, ...rest } = natural
    const own = new Map<string, AttributeValue>(
      Object.entries({ indent: Math.min(depth, MAX_INDENT), ...rest }),
    )
    for (const [name, value] of this.#given) own.set(name, value)
    const given = this.#given
    this.#given = new Map()
    const counted = this.#count(readBlockShape((name) => own.get(name)))
    if (
      own.get('type') === 'numbered' &&
      number !== undefined &&
      counted.counted !== number &&
      !given.has('start')
    ) {
      own.set('start', number)
      this.#count.restart(Number(number))
    }
    const block = blockOf(own, runs)
    const isTable = block.shape.type === 'table'
    this.blocks.push(isTable ? { ...block, table: table ?? emptyTable(own) } : block)
  }
}

/** What a block's node has for text; elements on lines of their own are text with elements in it. */
function inlineOf(node: FlowNode): readonly Inline[] | undefined {
  if (node.type === 'paragraph') return node.children
  if (node.type !== 'html' || node.value.startsWith('<!--')) return undefined
  return node.value
    .split(/(<!--.*?-->|<\/?[a-z][^>]*>|\n)/is)
    .filter((piece) => piece !== '')
    .map((value): Inline => {
      if (value === '\n') return { type: 'break' }
      return value.startsWith('<') ? { type: 'html', value } : { type: 'text', value }
    })
}

function blockOf(attributes: Given, runs: readonly TextRun[]): BlockJson {
  const column = readColumn(attributes.get('column'))
  return {
    id: '',
    shape: readBlockShape((name) => attributes.get(name)),
    runs,
    ...(column > 0 ? { column } : {}),
  }
}

/** Without rows or without columns, which Markdown cannot draw. */
function emptyTable(given: Given): TableJson {
  const many = (name: string): number => Math.min(Number(given.get(name) ?? 0) || 0, 1_000)
  const widths = String(given.get('widths') ?? '').split(' ')
  return {
    id: '',
    headerRow: given.get('headerRow') === true,
    headerColumn: given.get('headerColumn') === true,
    columns: Array.from({ length: many('columns') }, (_, index) => ({
      id: '',
      width: readWhole(Number(widths[index]), 16, 4_096),
    })),
    rows: Array.from({ length: many('rows') }, () => ({ id: '', cells: [] })),
  }
}
