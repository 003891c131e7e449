/**
 * What pasted HTML becomes: ours as it was, anybody else's as what it was meant to be.
 *
 * Rule: values are read by the schema, whoever wrote them; an element of no kind known here leaves its words.
 */
import {
  MAX_ALT_LENGTH,
  MAX_INDENT,
  MAX_WIDTH,
  MIN_WIDTH,
  readAddress,
  readBlockShape,
  readColumn,
  readLine,
  readWhole,
  storedInline,
} from '@weft/document'
import type { DOMConversion, DOMConversionMap, DOMConversionOutput, LexicalNode } from 'lexical'
import { $createBlockNode, $isBlockNode, isTextShape, type TextBlockShape } from './block-node.ts'
import { spaceBesideObject } from './import-space.ts'
import { $createObjectNode, pastedObject } from './object-node.ts'
import { $createWeftTextNode } from './text-node.ts'
import { $createVoidNode, $isVoidNode, isVoidShape } from './void-node.ts'

/** An element of this kind, with what our own say besides: indent, column, language. */
function convert(shape: TextBlockShape): () => DOMConversion {
  const conversion = (element: HTMLElement): DOMConversionOutput =>
    blockOf({ ...shape, ...valuesOf(element), type: shape.type }) ?? { node: null }
  return () => ({ conversion, priority: 0 })
}

/** An item's depth and kind come from the lists around it; the lists themselves leave no node. */
function convertItem(element: HTMLElement): DOMConversionOutput {
  let depth = -1
  let kind: 'bullet' | 'numbered' | undefined
  for (let parent = element.parentElement; parent !== null; parent = parent.parentElement) {
    if (parent.tagName !== 'UL' && parent.tagName !== 'OL') continue
    depth += 1
    kind ??= parent.tagName === 'OL' ? 'numbered' : 'bullet'
  }
  const indent = Math.min(Math.max(depth, 0), MAX_INDENT)
  const box = element.querySelector(':scope > input[type=checkbox], :scope > label > input[type=checkbox]')
  if (box !== null)
    return { node: $createBlockNode({ type: 'check', indent, checked: box.hasAttribute('checked') }) }
  return { node: $createBlockNode({ type: kind ?? 'bullet', indent }) }
}

/** Our own `div`s carry what they are; any other `div` is no block of ours. */
function convertDiv(element: HTMLElement): DOMConversionOutput | null {
  const { kind, callout } = element.dataset
  return blockOf({ ...valuesOf(element), type: kind, kind: callout })
}

/** What a callout or a toggle holds comes behind it, one step deeper. */
function convertAside(element: HTMLElement): DOMConversionOutput {
  return { node: null, after: (children) => $hold(children, calloutOf(element)) }
}

function calloutOf(element: HTMLElement): TextBlockShape {
  const shape = readBlockShape((name) => (name === 'type' ? 'callout' : valuesOf(element)[name]))
  return isTextShape(shape) ? shape : { type: 'paragraph', indent: 0 }
}

function convertDetails(element: HTMLElement): DOMConversionOutput {
  const collapsed = element instanceof HTMLDetailsElement && !element.open
  return { node: null, after: (children) => $hold(children, { type: 'toggle', indent: 0, collapsed }) }
}

/** The first block, or the words before it, become the holder itself. */
function $hold(children: LexicalNode[], shape: TextBlockShape): LexicalNode[] {
  const words = children.findIndex((child) => $isBlockNode(child) || $isVoidNode(child))
  const inline = words < 0 ? children : children.slice(0, words)
  const blocks = words < 0 ? [] : children.slice(words)
  const isSpace = inline.every((node) => node.getTextContent().trim() === '')
  const [first] = blocks
  const takes = isSpace && $isBlockNode(first)
  const holder = takes ? first.setShape(shape) : $createBlockNode(shape).append(...(isSpace ? [] : inline))
  const held = takes ? blocks.slice(1) : blocks
  for (const block of held) $indent(block)
  return [holder, ...held]
}

function $indent(block: LexicalNode): void {
  if ($isBlockNode(block)) block.setIndent(block.getIndent() + 1)
  if (!$isVoidNode(block)) return
  const shape = block.getShape()
  if (shape.type !== 'divider') block.setShape({ ...shape, indent: Math.min(shape.indent + 1, MAX_INDENT) })
}

/** `data-type` on any element: a block without text, as this editor and `printHtml` write it. */
function voidOf(element: HTMLElement): DOMConversion | null {
  const values = valuesOf(element)
  const shape = readBlockShape((name) => values[name])
  if (!isVoidShape(shape)) return null
  const column = readColumn(values['column'])
  return {
    conversion: () => ({ node: $createVoidNode(shape).setColumn(column), after: () => [] }),
    priority: 2,
  }
}

/** A picture that stands alone is a block, one among words an object in the text. */
function convertImage(element: HTMLElement): DOMConversionOutput {
  const width = readWhole(Number(element.getAttribute('width')), MIN_WIDTH, MAX_WIDTH)
  const url = readAddress(element.getAttribute('src'))
  const alt = readLine(element.getAttribute('alt'), MAX_ALT_LENGTH)
  if (url === '') return { node: alt === '' ? null : $createWeftTextNode(alt) }
  const parts = { type: 'image', url, name: '', size: 0, alt, width } as const
  const isAmongWords =
    (element.closest('p, li, h1, h2, h3, h4, h5, h6, blockquote')?.textContent ?? '').trim() !== ''
  return {
    node: isAmongWords ? $createObjectNode(storedInline(parts)) : $createVoidNode({ ...parts, indent: 0 }),
  }
}

/** An inline object, as this editor and `printHtml` write it. */
function convertObject(element: HTMLElement): DOMConversionOutput {
  const { object: _, ...stored } = valuesOf(element)
  return { node: $createObjectNode(pastedObject(stored)), after: () => [] }
}

/** @returns null when they say nothing that a block with text could be. */
function blockOf(values: Readonly<Record<string, unknown>>): DOMConversionOutput | null {
  const shape = readBlockShape((name) => values[name])
  if (!isTextShape(shape) || shape.type === 'unknown') return null
  return { node: $createBlockNode(shape).setColumn(readColumn(values['column'])) }
}

const NUMBERS: ReadonlySet<string> = new Set(['level', 'indent', 'start', 'size', 'width', 'column'])

/** An element's `data-` attributes, as values of the type that their names have. */
function valuesOf({ dataset }: HTMLElement): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(dataset).map(([name, text]) => {
      if (NUMBERS.has(name)) return [name, Number(text)]
      return [name, name === 'checked' || name === 'collapsed' ? text === 'true' : text]
    }),
  )
}

export const IMPORT_HTML: DOMConversionMap = {
  '#text': spaceBesideObject,
  p: (element: HTMLElement) => voidOf(element) ?? convert({ type: 'paragraph', indent: 0 })(),
  h1: convert({ type: 'heading', level: 1, indent: 0 }),
  h2: convert({ type: 'heading', level: 2, indent: 0 }),
  h3: convert({ type: 'heading', level: 3, indent: 0 }),
  h4: convert({ type: 'heading', level: 4, indent: 0 }),
  h5: convert({ type: 'heading', level: 4, indent: 0 }),
  h6: convert({ type: 'heading', level: 4, indent: 0 }),
  blockquote: convert({ type: 'quote', indent: 0 }),
  pre: convert({ type: 'code', language: '', indent: 0 }),
  hr: () => ({ conversion: () => ({ node: $createVoidNode() }), priority: 0 }),
  li: () => ({ conversion: convertItem, priority: 0 }),
  figure: voidOf,
  aside: () => ({ conversion: convertAside, priority: 1 }),
  details: () => ({ conversion: convertDetails, priority: 1 }),
  summary: convert({ type: 'paragraph', indent: 0 }),
  img: () => ({ conversion: convertImage, priority: 1 }),
  span: (element: HTMLElement) =>
    element.dataset['object'] === undefined ? null : { conversion: convertObject, priority: 3 },
  div: (element: HTMLElement) =>
    element.dataset['kind'] === undefined ? null : { conversion: convertDiv, priority: 1 },
}
