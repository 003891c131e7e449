/**
 * Writes beside each numbered item which number it has: "3", "c" or "iii", by its depth.
 *
 * Rule: numbers are not stored; they follow from the blocks before (`itemCounter`, as every printed format counts). Only
 * where an item comes, goes, moves or changes its kind are they counted anew, and only what differs is written.
 * CSS counters would count by themselves, but they tie all blocks together: an Enter among 3,000 cost some 5 ms, and
 * the browser could not leave any block alone (`stretches.ts`).
 */
import { type BlockShape, itemCounter } from '@weft/document'
import type {
  EditorState,
  LexicalEditor,
  LexicalNode,
  NodeKey,
  NodeMap,
  UpdateListenerPayload,
} from 'lexical'
import { $isBlockNode, blockShape } from '../blocks/block-node.ts'
import { $isTableNode } from '../blocks/table-node.ts'
import { $isVoidNode } from '../blocks/void-node.ts'

/** For the style sheet. */
export const NUMBER = 'data-number'

export class ListNumbers {
  readonly #editor: LexicalEditor
  readonly #undo: () => void
  /** Lists of blocks that have elements without their numbers. */
  readonly #drawn = new Set<NodeKey>()

  constructor(editor: LexicalEditor) {
    this.#editor = editor
    this.#undo = editor.registerUpdateListener((payload) => this.#onUpdate(payload))
  }

  close(): void {
    this.#undo()
  }

  /** A node has a new element. To be called while the editor draws. */
  drawn(node: LexicalNode): void {
    if ($isBlockNode(node) && node.__parent !== null && blockShape(node).type === 'numbered')
      this.#drawn.add(node.__parent)
  }

  #onUpdate({ editorState, prevEditorState, dirtyElements }: UpdateListenerPayload): void {
    const lists = new Set(this.#drawn)
    this.#drawn.clear()
    const [nodes, before] = [editorState._nodeMap, prevEditorState._nodeMap]
    for (const key of dirtyElements.keys()) {
      const node = nodes.get(key)
      const old = before.get(key)
      if (node === old || isCountedAlike(node, old)) continue
      for (const each of [node, old]) if (isBlock(each) && each.__parent !== null) lists.add(each.__parent)
    }
    for (const key of lists) this.#count(editorState, key)
  }

  #count({ _nodeMap: nodes }: EditorState, list: NodeKey): void {
    const count = itemCounter()
    for (const node of blocksOf(nodes, list)) {
      const shape: BlockShape = $isBlockNode(node)
        ? blockShape(node)
        : { type: 'paragraph', indent: indentOf(node) }
      const { shown } = count(shape)
      if (shape.type !== 'numbered') continue
      const element = this.#editor.getElementByKey(node.__key)
      const label = numberLabel(shown, shape.indent)
      if (element !== null && element.getAttribute(NUMBER) !== label) element.setAttribute(NUMBER, label)
    }
  }
}

function* blocksOf(nodes: NodeMap, list: NodeKey): Iterable<LexicalNode> {
  const holder = nodes.get(list) as { readonly __first?: NodeKey | null } | undefined
  let key = holder?.__first ?? null
  while (key !== null) {
    const node = nodes.get(key)
    if (node === undefined) return
    yield node
    key = node.__next
  }
}

function isBlock(node: LexicalNode | undefined): node is LexicalNode {
  return $isBlockNode(node) || $isTableNode(node) || $isVoidNode(node)
}

function indentOf(node: LexicalNode): number {
  if ($isTableNode(node)) return node.__indent
  return $isVoidNode(node) ? node.__shape.indent : 0
}

/** Whether nothing after the block has another number for it. */
function isCountedAlike(a: LexicalNode | undefined, b: LexicalNode | undefined): boolean {
  if (a === undefined || b === undefined) return false
  if (a.__parent !== b.__parent || a.__prev !== b.__prev || a.__next !== b.__next) return false
  if (!$isBlockNode(a) || !$isBlockNode(b)) return indentOf(a) === indentOf(b)
  const [one, other] = [blockShape(a), blockShape(b)]
  if (one.indent !== other.indent || one.type !== other.type) return false
  return one.type !== 'numbered' || other.type !== 'numbered' || one.start === other.start
}

/** Digits, letters and Roman numerals, by turns. */
export function numberLabel(number: number, depth: number): string {
  switch (depth % 3) {
    case 1:
      return letters(number)
    case 2:
      return number < ROMAN_END ? roman(number) : String(number)
    default:
      return String(number)
  }
}

function letters(number: number): string {
  let label = ''
  for (let rest = number; rest > 0; rest = Math.floor((rest - 1) / 26))
    label = String.fromCodePoint(97 + ((rest - 1) % 26)) + label
  return label
}

/** There are no letters for more. */
const ROMAN_END = 4_000

const ROMAN: readonly (readonly [worth: number, letters: string])[] = [
  [1_000, 'm'],
  [900, 'cm'],
  [500, 'd'],
  [400, 'cd'],
  [100, 'c'],
  [90, 'xc'],
  [50, 'l'],
  [40, 'xl'],
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
]

function roman(number: number): string {
  let label = ''
  let rest = number
  for (const [worth, letters] of ROMAN) for (; rest >= worth; rest -= worth) label += letters
  return label
}
