/**
 * HTML as a document: what `printHtml` writes, and what other programs write.
 *
 * Rule: an allow-list. Known elements become blocks, marks and objects; of any other element the text stays, and of
 * those whose text nobody reads (scripts, styles, frames) nothing. No attribute is looked at but the few named here, and
 * addresses pass the document's own readers. What is built is a value, so no markup survives to run anywhere.
 *
 * parse5 reads as browsers do, broken markup included: what it sees is what a browser would.
 */
import { type DefaultTreeAdapterMap, parseFragment } from 'parse5'
import { type AttributeValue, readAttributes } from '../attributes.ts'
import type { BlockJson, CellJson, DocumentJson, TableJson } from '../flow.ts'
import { readInline } from '../inline.ts'
import { type Marks, readColor } from '../marks.ts'
import { itemCounter } from '../nesting.ts'
import { isVoid, MAX_INDENT, readBlockShape, readColumn } from '../schema.ts'
import { normalDocument, numbered, RunBuilder } from '../value.ts'
import { MAX_NAME_LENGTH, readAddress, readWhole, safeLink } from '../values.ts'

type Node = DefaultTreeAdapterMap['childNode']
type Element = DefaultTreeAdapterMap['element']
type Values = Map<string, AttributeValue>

/** Deeper elements are left out: nobody writes them, and a stack has an end. */
const MAX_DEPTH = 200

const SILENT: ReadonlySet<string> = new Set(
  'script style template head title noscript iframe object embed svg math select textarea audio video canvas'.split(
    ' ',
  ),
)

const PLAIN_BLOCKS: ReadonlySet<string> = new Set(
  'address article body center dd details div dl dt fieldset footer form header html main nav ol section summary tbody td tfoot th thead tr ul'.split(
    ' ',
  ),
)

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

interface Context {
  readonly marks: Marks
  readonly indent: number
  readonly depth: number
  /** What a paragraph is here. */
  readonly plain: 'paragraph' | 'quote'
  /** Whether white space counts: in our own output, and in `pre`. */
  readonly keeps: boolean
  /** Whether the tables' flags are said, as in our own output. */
  readonly isOwn: boolean
  readonly inCell: boolean
  readonly list: 'bullet' | 'numbered'
  /** Of the next item of a numbered list that starts with another number than 1. */
  readonly start?: number
}

const OUTERMOST: Context = {
  marks: {},
  indent: 0,
  depth: 0,
  plain: 'paragraph',
  keeps: false,
  isOwn: false,
  inCell: false,
  list: 'bullet',
}

export function parseHtml(html: string): DocumentJson {
  const reader = new HtmlReader()
  reader.readAll(parseFragment(html).childNodes, OUTERMOST)
  return normalDocument({ blocks: numbered(reader.finish()) })
}

class HtmlReader {
  readonly #blocks: BlockJson[] = []
  readonly #count = itemCounter()
  #open: { readonly values: Values; readonly number: number; runs: RunBuilder } | undefined
  /** White space that is written only if something follows it in its block. */
  #space: Marks | undefined

  readAll(nodes: readonly Node[], context: Context): void {
    for (const node of nodes) {
      if (node.nodeName === '#text' && 'value' in node) this.#readText(node.value, context)
      else if ('tagName' in node && context.depth < MAX_DEPTH)
        this.#readElement(node, { ...context, depth: context.depth + 1 })
    }
  }

  finish(): BlockJson[] {
    this.#close()
    return this.#blocks
  }

  #readText(text: string, context: Context): void {
    if (this.#open === undefined && /^\s*$/.test(text)) return
    if (context.keeps) return this.#runs(context).push(text, context.marks)
    const words = text.replaceAll(/[ \t\n\f\r]+/g, ' ')
    const runs = this.#runs(context)
    if (words.startsWith(' ')) this.#space ??= context.marks
    if (words.trim() === '') return
    if (this.#space !== undefined && !runs.isEmpty) runs.push(' ', this.#space)
    runs.push(words.replaceAll(/^ | $/g, ''), context.marks)
    this.#space = words.endsWith(' ') ? context.marks : undefined
  }

  #runs(context: Context): RunBuilder {
    if (this.#open === undefined) this.#start({ type: context.plain }, context)
    return this.#open?.runs ?? new RunBuilder()
  }

  #readElement(element: Element, context: Context): void {
    const name = element.tagName
    if (SILENT.has(name)) return
    const attributes = new Map(element.attrs.map((attribute) => [attribute.name, attribute.value]))
    const inner = attributes.has('data-weft') ? { ...context, keeps: true, isOwn: true } : context
    if (attributes.has('data-object'))
      return this.#runs(inner).pushObject(readInline(Object.fromEntries(dataOf(attributes))), inner.marks)
    if (name === 'br') return this.#runs(inner).push('\n', inner.marks)
    if (name === 'img') return this.#readImage(attributes, inner)
    if (this.#readBlock(element, name, attributes, inner)) return
    if (PLAIN_BLOCKS.has(name)) {
      const list = name === 'ol' ? 'numbered' : name === 'ul' ? 'bullet' : inner.list
      this.#close()
      if (name === 'ol' || name === 'ul') this.#readList(element, attributes, { ...inner, list })
      else this.readAll(element.childNodes, inner)
      return this.#close()
    }
    this.readAll(element.childNodes, { ...inner, marks: { ...inner.marks, ...marksOf(name, attributes) } })
  }

  /** @returns false when the element is no block of its own. */
  #readBlock(
    element: Element,
    name: string,
    attributes: ReadonlyMap<string, string>,
    context: Context,
  ): boolean {
    const { childNodes } = element
    const data = dataOf(attributes)
    const deeper = { ...context, indent: context.indent + 1, plain: 'paragraph' as const }
    if (name === 'table' && !context.inCell) {
      this.#add({ type: 'table' }, data, context, readTable(element, data, context))
    } else if (name === 'hr') {
      this.#add({ type: 'divider' }, data, context)
    } else if (context.isOwn && isVoid(readBlockShape((own) => data.get(own)))) {
      this.#add({}, data, context)
    } else if (name === 'p') {
      // The first paragraph of an item or a quote is its text.
      const isFirst = this.#open !== undefined && this.#open.runs.isEmpty && data.size === 0
      if (!isFirst) this.#start({ type: context.plain }, context, data)
      this.readAll(childNodes, context)
      this.#close()
    } else if (/^h[1-6]$/.test(name)) {
      this.#start({ type: 'heading', level: Math.min(Number(name.slice(1)), 4) }, context, data)
      this.readAll(childNodes, context)
      this.#close()
    } else if (name === 'li') {
      this.#start(
        { type: context.list },
        context,
        data,
        readWhole(Number(attributes.get('value') ?? context.start ?? 0), 1, 999_999),
      )
      this.readAll(childNodes, deeper)
      this.#close()
    } else if (name === 'blockquote') {
      this.#close()
      if (context.isOwn) this.#start({ type: 'quote' }, context, data)
      this.readAll(childNodes, { ...context, plain: 'quote' })
      this.#close()
    } else if (name === 'aside') {
      this.#start({ type: 'callout' }, context, data)
      this.readAll(childNodes, deeper)
      this.#close()
    } else if (name === 'pre') {
      this.#readCode(element, data, context)
    } else return false
    return true
  }

  #readCode({ childNodes }: Element, data: Values, context: Context): void {
    const code = childNodes.find((node): node is Element => 'tagName' in node && node.tagName === 'code')
    const named = code?.attrs.find(({ name }) => name === 'class')?.value ?? ''
    const [, language = ''] = /(?:^|\s)lang(?:uage)?-([\w+#.-]+)/.exec(named) ?? []
    this.#start({ type: 'code', ...(context.isOwn ? {} : { language }) }, context, data)
    const nodes = childNodes.flatMap((node) => (node === code ? code.childNodes : [node]))
    this.readAll(nodes, { ...context, keeps: true })
    this.#close()
  }

  #readList({ childNodes }: Element, attributes: ReadonlyMap<string, string>, context: Context): void {
    let start = Number(attributes.get('start') ?? 1)
    for (const node of childNodes) {
      this.readAll([node], { ...context, ...(context.list === 'numbered' ? { start } : {}) })
      if ('tagName' in node && node.tagName === 'li') start += 1
    }
  }

  #readImage(attributes: ReadonlyMap<string, string>, context: Context): void {
    const url = readAddress(attributes.get('src') ?? '')
    const alt = (attributes.get('alt') ?? '').slice(0, MAX_NAME_LENGTH)
    if (url === '') this.#readText(alt, context)
    else
      this.#runs(context).pushObject(
        readInline({ type: 'image', url, alt: alt.replaceAll(/\p{Cc}/gu, ' ') }),
        context.marks,
      )
  }

  #start(
    natural: Record<string, AttributeValue>,
    context: Context,
    data: Values = new Map(),
    number = 0,
  ): void {
    this.#close()
    this.#space = undefined
    const values = new Map([
      ...Object.entries({ indent: Math.min(context.indent, MAX_INDENT), ...natural }),
      ...data,
    ])
    this.#open = { values, number, runs: new RunBuilder() }
  }

  #close(): void {
    const open = this.#open
    this.#open = undefined
    this.#space = undefined
    if (open === undefined) return
    const { values, number, runs } = open
    const { counted } = this.#count(readBlockShape((name) => values.get(name)))
    if (values.get('type') === 'numbered' && number > 0 && number !== counted && !values.has('start')) {
      values.set('start', number)
      this.#count.restart(number)
    }
    this.#blocks.push({ ...blockOf(values), runs: runs.runs() })
  }

  #add(natural: Record<string, AttributeValue>, data: Values, context: Context, table?: TableJson): void {
    this.#start(natural, context, data)
    this.#close()
    const last = this.#blocks.pop()
    if (last !== undefined) this.#blocks.push(table === undefined ? last : { ...last, table })
  }
}

function blockOf(values: Values): BlockJson {
  return {
    id: '',
    shape: readBlockShape((name) => values.get(name)),
    runs: [],
    column: readColumn(values.get('column')),
  }
}

function readTable(element: Element, data: Values, context: Context): TableJson {
  const rows = within(element, ['tr']).map((row) => within(row, ['td', 'th']))
  const said = within(element, ['col']).map(
    ({ attrs }) => attrs.find(({ name }) => name === 'data-width')?.value ?? '0',
  )
  const width = context.isOwn ? said.length : Math.max(0, ...rows.map((cells) => cells.length))
  const isHeader = (cells: readonly (Element | undefined)[]): boolean =>
    cells.length > 0 && cells.every((cell) => cell?.tagName === 'th')
  const inside = {
    ...OUTERMOST,
    keeps: context.keeps,
    isOwn: context.isOwn,
    inCell: true,
    depth: context.depth + 1,
  }
  return {
    id: '',
    headerRow: context.isOwn ? data.get('headerRow') === true : isHeader(rows[0] ?? []),
    headerColumn: context.isOwn
      ? data.get('headerColumn') === true
      : isHeader(rows.slice(1).map(([cell]) => cell)),
    columns: Array.from({ length: width }, (_, x) => ({
      id: '',
      width: readWhole(Number(said[x] ?? 0), 16, 4_096),
    })),
    rows: rows.map((cells) => ({
      id: '',
      cells: Array.from({ length: width }, (_, x): CellJson => {
        const reader = new HtmlReader()
        reader.readAll(cells[x]?.childNodes ?? [], inside)
        return { blocks: reader.finish() }
      }),
    })),
  }
}

/** The elements of these names in the table itself, not in tables within it. */
function within(element: Element, names: readonly string[]): Element[] {
  return element.childNodes.flatMap((node) => {
    if (!('tagName' in node)) return []
    if (names.includes(node.tagName)) return [node]
    return ['thead', 'tbody', 'tfoot', 'colgroup'].includes(node.tagName) ? within(node, names) : []
  })
}

function dataOf(attributes: ReadonlyMap<string, string>): Values {
  const own = [...attributes].filter(
    ([name]) => name.startsWith('data-') && name !== 'data-weft' && name !== 'data-object',
  )
  return readAttributes(own.map(([name, value]) => [name.slice(5), value] as const))
}

function marksOf(name: string, attributes: ReadonlyMap<string, string>): Marks {
  const known = MARK_ELEMENTS[name]
  if (known !== undefined) return known
  const color = readColor(attributes.get('data-color'))
  if (name === 'mark') return { highlight: color ?? 'yellow' }
  if (name === 'span') return color === undefined ? {} : { color }
  const link = name === 'a' ? safeLink(attributes.get('href')?.trim()) : undefined
  return link === undefined ? {} : { link }
}
