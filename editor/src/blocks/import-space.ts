/**
 * Spaces beside a picture or another inline object. Rich text takes two spaces for one when only such an element is between
 * them, so in `and <img> in the text` the picture would be pushed against `in`.
 */
import type { DOMConversion } from 'lexical'
import { $createWeftTextNode } from './text-node.ts'

const INLINE = new Set([
  'A',
  'ABBR',
  'B',
  'CODE',
  'DEL',
  'EM',
  'FONT',
  'I',
  'MARK',
  'S',
  'SMALL',
  'SPAN',
  'STRONG',
  'U',
])

/** @returns null for text that is beside no object, which is rich text's. */
export function spaceBesideObject(text: Node): DOMConversion | null {
  const { parentElement: parent } = text
  const [before, after] = [edgeOf(text.previousSibling, 'lastChild'), edgeOf(text.nextSibling, 'firstChild')]
  const content = text.textContent ?? ''
  if ((!isObject(before) && !isObject(after)) || content.trim() === '') return null
  if (parent === null || parent.closest('pre') !== null) return null
  const isInLine = INLINE.has(parent.tagName)
  const start = isSpaceKept(before, isInLine, /\s$/) ? ' ' : ''
  const end = isSpaceKept(after, isInLine, /^\s/) ? ' ' : ''
  const words = content.replace(/^\s+/, start).replace(/\s+$/, end).replaceAll(/\s+/g, ' ')
  return { conversion: () => ({ node: $createWeftTextNode(words) }), priority: 1 }
}

/** The part of what is beside that is really next to it. */
function edgeOf(beside: Node | null, side: 'firstChild' | 'lastChild'): Node | null {
  let edge = beside
  while (edge !== null && !isObject(edge) && edge[side] !== null) edge = edge[side]
  return edge
}

function isObject(node: Node | null): boolean {
  return node instanceof HTMLElement && (node.tagName === 'IMG' || node.dataset['object'] !== undefined)
}

/** @param space what the neighbour's words would have there, were this one the second of two spaces */
function isSpaceKept(beside: Node | null, isInLine: boolean, space: RegExp): boolean {
  if (beside === null) return isInLine
  return isObject(beside) || !space.test(beside.textContent ?? '')
}
