/**
 * A document as Markdown (GitHub's flavour), so that `parseMarkdown` gives the same document back.
 *
 * Rule: each block is written as what Markdown has nearest to it, and a comment before it (`<!-- weft … -->`) says
 * what that leaves out. `FORMATS.md` lists the conventions.
 */
import { type Attributes, type AttributeValue, printAttributes } from '../attributes.ts'
import type { BlockJson, CellJson, DocumentJson, TableJson } from '../flow.ts'
import { isListItem, type Nested, nest } from '../nesting.ts'
import { PARAGRAPH, storedBlock } from '../schema.ts'
import { textOfBlock } from '../text.ts'
import { normalBlock } from '../value.ts'
import { printEmbed, printImage, printObject } from './objects.ts'
import { printInline } from './print-inline.ts'

/** What stands for an empty paragraph, which Markdown has not. */
const EMPTY = '<p></p>'

export function printMarkdown({ blocks }: Pick<DocumentJson, 'blocks'>): string {
  const own = blocks.map(normalBlock)
  const [first] = own
  if (own.length <= 1 && (first === undefined || (isPlain(first) && first.runs.length === 0))) return ''
  const text = printSiblings(nest(own))
  return text === '' ? '' : `${text}\n`
}

interface Printed {
  readonly text: string
  /** What this Markdown alone reads as. */
  readonly natural: Attributes
  /** What tells lists apart: one that differs from the one before needs a line between. */
  readonly list?: string
}

function printSiblings(siblings: readonly Nested[]): string {
  let text = ''
  let list: string | undefined
  let next = 0
  for (const nested of siblings) {
    const flip = list === '.' && nested.number.shown !== next
    const printed = printNested(nested, flip ? ')' : list === ')' && nested.number.shown === next ? ')' : '.')
    const comment = commentOf(nested.block, printed.natural)
    const tight =
      printed.list !== undefined && printed.list === list && comment === '' && !/(?:>|^)$/.test(text)
    if (text !== '') text += tight ? '\n' : '\n\n'
    text += comment + printed.text
    list = printed.list
    next = nested.number.shown + 1
  }
  return text
}

function printNested({ block, depth, number, children }: Nested, delimiter: string): Printed {
  const { shape } = block
  const natural = { type: shape.type, ...(depth > 0 ? { indent: depth } : {}) }
  const inline = printInline(block.runs, 'block')
  if (isListItem(shape.type)) {
    const marker = shape.type === 'numbered' ? `${number.shown}${delimiter} ` : '- '
    const box = shape.type === 'check' ? `[${shape.checked ? 'x' : ' '}] ` : ''
    const own = inline === '' && (box !== '' || children.length > 0) ? EMPTY : inline
    const inner = withChildren(box + own, children, inline !== '')
    const start = shape.type === 'numbered' && number.shown !== number.counted ? { start: number.shown } : {}
    const checked = shape.type === 'check' && shape.checked ? { checked: true } : {}
    return {
      text: withoutTrail(`${marker}${hang(inner, ' '.repeat(marker.length))}`),
      natural: { ...natural, type: shape.type === 'toggle' ? 'bullet' : shape.type, ...start, ...checked },
      list: shape.type === 'numbered' ? delimiter : '-',
    }
  }
  switch (shape.type) {
    case 'heading': {
      const text = withoutTrail(`${'#'.repeat(shape.level)} ${printInline(block.runs, 'heading')}`)
      return { text, natural: { ...natural, level: shape.level } }
    }
    case 'quote':
      return { text: `> ${hang(inline === '' ? EMPTY : inline, '> ')}`, natural }
    case 'callout': {
      const head = `[!${shape.kind.toUpperCase()}]${inline === '' ? '' : `\n${inline}`}`
      return {
        text: `> ${hang(withChildren(head, children, false), '> ')}`,
        natural: { ...natural, kind: shape.kind },
      }
    }
    case 'code':
      if (block.runs.some(({ marks, object }) => object !== undefined || Object.keys(marks).length > 0)) break
      return {
        text: fenced(textOfBlock(block), shape.language),
        natural:
          shape.language === 'math'
            ? { ...natural, type: 'equation' }
            : { ...natural, ...(shape.language === '' ? {} : { language: shape.language }) },
      }
    case 'equation':
      return { text: fenced(shape.latex, 'math'), natural: { ...natural, latex: shape.latex } }
    case 'divider':
      return { text: '---', natural }
    case 'table':
      return block.table === undefined || block.table.columns.length === 0 || block.table.rows.length === 0
        ? { text: EMPTY, natural: { ...natural, type: 'paragraph' } }
        : { text: printTable(block.table), natural: { ...natural, headerRow: true } }
    case 'image': {
      const { url, name, size, alt, width } = shape
      return {
        text: printImage(shape, 'block'),
        natural: { ...natural, ...given({ url, name, size, alt, width }) },
      }
    }
    case 'file': {
      const { url, name, size } = shape
      const text = printObject({ type: 'file', url, name, size }, 'block')
      return { text, natural: { ...natural, ...given({ url, name, size }) } }
    }
    case 'embed':
      return { text: printEmbed(shape.url), natural: { ...natural, ...given({ url: shape.url }) } }
    case 'paragraph':
    case 'unknown':
    case 'bullet':
    case 'numbered':
    case 'check':
    case 'toggle':
      break
  }
  // One picture or one file alone would read as a block of its own.
  const [only, another] = block.runs
  const alone = another === undefined && (only?.object?.type === 'image' || only?.object?.type === 'file')
  return {
    text: inline === '' ? EMPTY : inline,
    natural: { ...natural, type: alone ? 'image' : 'paragraph' },
  }
}

function withChildren(own: string, children: readonly Nested[], tight: boolean): string {
  if (children.length === 0) return own
  const text = printSiblings(children)
  // A list may follow its item at once; an empty item, or one that starts with another number than 1, may not.
  return `${own}${tight && /^(?:-|1\.) \S/.test(text) ? '\n' : '\n\n'}${text}`
}

/** The first line stands behind what opens a block, the others behind `prefix`. */
function hang(text: string, prefix: string): string {
  return text.replaceAll(
    /\n(?=([^\n])?)/g,
    (_, next: unknown) => `\n${next === undefined ? prefix.trimEnd() : prefix}`,
  )
}

/** What opens an empty block ends with a space. */
function withoutTrail(text: string): string {
  return text.replace(/ $/, '')
}

/** The fence is longer than any run of backticks inside. */
function fenced(text: string, language: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(Math.max(3, longest + 1))
  return `${fence}${language}\n${text}\n${fence}`
}

/** What `natural` does not say of the block; '' when it says all. */
function commentOf(block: BlockJson, natural: Attributes): string {
  const stored = attributesOf(block)
  const missing: Record<string, AttributeValue> = {}
  for (const name of new Set([...Object.keys(stored), ...Object.keys(natural)]))
    if (stored[name] !== natural[name]) missing[name] = stored[name] ?? ''
  const printed = printAttributes(missing)
  return printed === '' ? '' : `<!-- weft${printed} -->\n`
}

function attributesOf({ shape, column, table }: BlockJson): Attributes {
  const widths = table?.columns.map(({ width }) => width) ?? []
  return {
    ...storedBlock(shape),
    ...(column === undefined ? {} : { column }),
    ...(table?.headerRow === true ? { headerRow: true } : {}),
    ...(table?.headerColumn === true ? { headerColumn: true } : {}),
    ...(widths.some((width) => width > 0) ? { widths: widths.join(' ') } : {}),
    ...(table !== undefined && widths.length === 0 ? { rows: table.rows.length } : {}),
    ...(table !== undefined && table.rows.length === 0 ? { columns: widths.length } : {}),
  }
}

function given(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== '' && value !== 0))
}

function printTable({ columns, rows }: TableJson): string {
  const lines = rows.map(({ cells }) => `| ${cells.map(printCell).join(' | ')} |`)
  lines.splice(1, 0, `| ${columns.map(() => '---').join(' | ')} |`)
  return lines.join('\n')
}

/** One plain paragraph is its text; anything else is written as elements, each with what it is. */
function printCell({ blocks }: CellJson): string {
  const [only, another] = blocks
  if (only !== undefined && another === undefined && isPlain(only)) return printInline(only.runs, 'cell')
  return blocks
    .map((block) => {
      const { type, ...rest } = attributesOf(block)
      const attributes = { ...(type === 'paragraph' ? {} : { type: type ?? '' }), ...rest }
      return `<p${printAttributes(attributes, 'data-')}>${printInline(block.runs, 'cell')}</p>`
    })
    .join('')
}

function isPlain({ shape, column }: BlockJson): boolean {
  return shape.type === PARAGRAPH.type && shape.indent === 0 && column === undefined
}
