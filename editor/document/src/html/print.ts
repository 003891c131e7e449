/**
 * A document as HTML, so that `parseHtml` gives the same document back.
 *
 * Rule: safe by construction. Elements and attributes are those written in this file; everything a person wrote is
 * escaped; addresses come from the document's own readers (`values.ts`), which know the schemes that cannot run.
 * What HTML has no words for stands in `data-` attributes.
 */
import type { Attributes, AttributeValue } from '../attributes.ts'
import { printAttributes } from '../attributes.ts'
import type { BlockJson, CellJson, DocumentJson, TableJson, TextRun } from '../flow.ts'
import { type InlineObject, storedInline } from '../inline.ts'
import type { Marks } from '../marks.ts'
import { isListItem, type Nested, nest } from '../nesting.ts'
import { SCHEMA_VERSION, storedBlock } from '../schema.ts'
import { normalBlock } from '../value.ts'
import { readAddress, safeLink } from '../values.ts'

export function printHtml({ blocks }: Pick<DocumentJson, 'blocks'>): string {
  return `<div data-weft="${SCHEMA_VERSION}">\n${printSiblings(nest(blocks.map(normalBlock)))}</div>\n`
}

/** Neighbouring items of one kind share a list. */
function printSiblings(siblings: readonly Nested[]): string {
  let html = ''
  let open = ''
  for (const nested of siblings) {
    const { shape } = nested.block
    const list = !isListItem(shape.type) ? '' : shape.type === 'numbered' ? 'ol' : 'ul'
    if (list !== open) {
      if (open !== '') html += `</${open}>\n`
      if (list !== '') html += `<${list}>\n`
      open = list
    }
    html += `${printBlock(nested)}\n`
  }
  return open === '' ? html : `${html}</${open}>\n`
}

function printBlock({ block, depth, number, children }: Nested): string {
  const { shape } = block
  const text = printRuns(block.runs)
  const inner = children.length === 0 ? '' : `\n${printSiblings(children)}`
  const said = (natural: Attributes): string => dataOf(block, natural, depth)
  switch (shape.type) {
    case 'paragraph':
      return `<p${said({ type: 'paragraph' })}>${text}</p>`
    case 'heading':
      return `<h${shape.level}${said({ type: 'heading', level: shape.level })}>${text}</h${shape.level}>`
    case 'bullet':
      return `<li${said({ type: 'bullet' })}><p>${text}</p>${inner}</li>`
    case 'numbered':
      return `<li value="${number.shown}"${said({ type: 'numbered' })}><p>${text}</p>${inner}</li>`
    case 'check':
      return `<li${said({})}><p>${text}</p>${inner}</li>`
    case 'toggle':
      return `<li${said({})}><p>${text}</p>${inner}</li>`
    case 'quote':
      return `<blockquote${said({ type: 'quote' })}><p>${text}</p></blockquote>`
    case 'callout':
      return `<aside${said({ type: 'callout' })}><p>${text}</p>${inner}</aside>`
    case 'code':
      // The parser drops a line break right behind the start of the element.
      return `<pre${said({ type: 'code' })}>\n<code>${text}</code></pre>`
    case 'table':
      return printTable(block.table, said({ type: 'table' }))
    case 'image':
      return `<figure${said({})}>${imageOf(shape)}</figure>`
    case 'file':
      return `<p${said({})}>${linkOf(shape.url, shape.name)}</p>`
    case 'embed':
      return `<p${said({})}>${linkOf(shape.url, shape.url)}</p>`
    case 'divider':
      return `<hr${said({ type: 'divider' })}>`
    case 'equation':
      return `<p${said({})}><code>${escapeHtml(shape.latex)}</code></p>`
    case 'unknown':
      return `<p${said({})}>${text}</p>`
  }
}

/** What the element does not say of the block. */
function dataOf({ shape, column }: BlockJson, natural: Attributes, depth: number): string {
  const stored: Attributes = { ...storedBlock(shape), ...(column === undefined ? {} : { column }) }
  const own: Attributes = depth > 0 ? { ...natural, indent: depth } : natural
  const missing: Record<string, AttributeValue> = {}
  for (const [name, value] of Object.entries(stored)) if (own[name] !== value) missing[name] = value
  return printAttributes(missing, 'data-')
}

function printTable(table: TableJson | undefined, said: string): string {
  if (table === undefined) return `<table${said}></table>`
  const { headerRow, headerColumn, columns, rows } = table
  const flags = printAttributes(
    { ...(headerRow ? { headerRow } : {}), ...(headerColumn ? { headerColumn } : {}) },
    'data-',
  )
  const widths = columns
    .map(({ width }) => `<col${width > 0 ? printAttributes({ width }, 'data-') : ''}>`)
    .join('')
  const body = rows.map(({ cells }, y) => {
    const own = cells.map((cell, x) => printCell(cell, (headerRow && y === 0) || (headerColumn && x === 0)))
    return `<tr>${own.join('')}</tr>`
  })
  return `<table${said}${flags}><colgroup>${widths}</colgroup><tbody>\n${body.join('\n')}\n</tbody></table>`
}

function printCell({ blocks }: CellJson, isHeader: boolean): string {
  const name = isHeader ? 'th' : 'td'
  return `<${name}>${printSiblings(nest(blocks)).trimEnd()}</${name}>`
}

function printRuns(runs: readonly TextRun[]): string {
  return runs
    .map(({ text, marks, object }) =>
      withMarks(object === undefined ? escapeHtml(text) : printObject(object), marks),
    )
    .join('')
}

function withMarks(
  text: string,
  { bold, italic, underline, strike, code, color, highlight, link }: Marks,
): string {
  let html = text
  if (code === true) html = `<code>${html}</code>`
  if (color !== undefined) html = `<span data-color="${color}">${html}</span>`
  if (highlight !== undefined) html = `<mark data-color="${highlight}">${html}</mark>`
  if (underline === true) html = `<u>${html}</u>`
  if (strike === true) html = `<s>${html}</s>`
  if (italic === true) html = `<em>${html}</em>`
  if (bold === true) html = `<strong>${html}</strong>`
  const href = safeLink(link)
  return href === undefined ? html : `<a href="${escapeHtml(href)}" rel="noopener noreferrer">${html}</a>`
}

/** What it is stands on the element; what it holds is for readers that do not know it. */
function printObject(object: InlineObject): string {
  const stored = object.type === 'unknown' ? { type: object.name } : storedInline(object)
  const said = ` data-object="" ${printAttributes(stored, 'data-').trimStart()}`
  return `<span${said}>${shownAs(object)}</span>`
}

function shownAs(object: InlineObject): string {
  switch (object.type) {
    case 'mention':
      return escapeHtml(object.label)
    case 'date':
      return escapeHtml(object.date)
    case 'image':
      return imageOf(object)
    case 'file':
      return escapeHtml(object.name)
    case 'equation':
      return `<code>${escapeHtml(object.latex)}</code>`
    case 'unknown':
      return ''
  }
}

/** What a document's server keeps has no address outside of it. */
function imageOf({ url, alt }: { readonly url: string; readonly alt: string }): string {
  const own = safeLink(readAddress(url))
  return own === undefined ? escapeHtml(alt) : `<img src="${escapeHtml(own)}" alt="${escapeHtml(alt)}">`
}

function linkOf(url: string, label: string): string {
  const own = safeLink(url)
  const text = escapeHtml(label)
  return own === undefined ? text : `<a href="${escapeHtml(own)}" rel="noopener noreferrer">${text}</a>`
}

/** Line breaks become elements; everything that is syntax a reference. */
function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (found) => `&#${found.charCodeAt(0)};`).replaceAll('\n', '<br>')
}
