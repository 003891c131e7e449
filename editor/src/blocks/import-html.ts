/**
 * What pasted HTML becomes: ours as it was, anybody else's as what it was meant to be.
 *
 * Rule: values are read by the schema, whoever wrote them; an element of no kind known here leaves its words.
 */
import { MAX_INDENT, readBlockShape } from '@weft/document'
import type { DOMConversionMap, DOMConversionOutput } from 'lexical'
import { $createBlockNode, isTextShape, type TextBlockShape } from './block-node.ts'
import { $createVoidNode } from './void-node.ts'

function convert(shape: TextBlockShape): () => { conversion: () => DOMConversionOutput; priority: 0 } {
  return () => ({ conversion: () => ({ node: $createBlockNode(shape) }), priority: 0 })
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
  const { kind, indent, start, checked, callout, emoji, collapsed } = element.dataset
  const values: Readonly<Record<string, unknown>> = {
    type: kind,
    indent: Number(indent),
    start: Number(start),
    checked: checked === 'true',
    kind: callout,
    emoji,
    collapsed: collapsed === 'true',
  }
  const shape = readBlockShape((name) => values[name])
  return isTextShape(shape) && shape.type !== 'unknown' ? { node: $createBlockNode(shape) } : null
}

export const IMPORT_HTML: DOMConversionMap = {
  p: convert({ type: 'paragraph', indent: 0 }),
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
  div: (element: HTMLElement) =>
    element.dataset['kind'] === undefined ? null : { conversion: convertDiv, priority: 1 },
}
