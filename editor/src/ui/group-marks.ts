/**
 * Shows which blocks belong together: what a callout holds stands in its box, what a closed toggle holds is hidden.
 *
 * Rule: only attributes on the elements that Lexical has made, only where they differ, and nothing is looked at but
 * the blocks that changed as long as none of them makes, moves or ends a group. A block is never hidden where this
 * person's caret is, so nobody types into what they do not see, whoever closed it.
 */
import { type BlockShape, holdersOf, PARAGRAPH, sameShape } from '@weft/document'
import {
  $getRoot,
  $getSelection,
  $isNodeSelection,
  $isRangeSelection,
  type EditorState,
  type LexicalEditor,
  type LexicalNode,
  type NodeKey,
  type UpdateListenerPayload,
} from 'lexical'
import { $isBlockNode, blockShape } from '../blocks/block-node.ts'
import { $isTableNode } from '../blocks/table-node.ts'
import { $isVoidNode } from '../blocks/void-node.ts'

export class GroupMarks {
  readonly #editor: LexicalEditor
  readonly #undo: () => void
  readonly #written = new WeakMap<HTMLElement, string>()
  /** Toggles that somebody who only reads has opened, or closed, for this page alone. */
  readonly #flipped = new Set<NodeKey>()
  #hasGroups = false
  #hasClosed = false
  /** The block the caret was in when the groups were last drawn. */
  #caret: NodeKey | undefined

  constructor(editor: LexicalEditor) {
    this.#editor = editor
    this.#undo = editor.registerUpdateListener((payload) => this.#onUpdate(payload))
    this.refresh()
  }

  close(): void {
    this.#undo()
  }

  /** Opens or closes a toggle for this page alone. */
  flip(key: NodeKey): void {
    if (!this.#flipped.delete(key)) this.#flipped.add(key)
    this.refresh()
  }

  /** Looks at every block. */
  refresh(): void {
    const state = this.#editor.getEditorState()
    const nodes = state.read(() => $getRoot().getChildren())
    const blocks = nodes.map((node) => ({ shape: shapeOf(node) }))
    this.#hasGroups = blocks.some(({ shape }) => isGroup(shape))
    if (!this.#hasGroups) this.#hasClosed = false
    this.#caret = caretBlock(state)
    const caret = nodes.findIndex((node) => node.__key === this.#caret)
    const marks = this.#hasGroups ? this.#marksOf(nodes, blocks, caret) : undefined
    for (const [index, node] of nodes.entries()) {
      const element = this.#editor.getElementByKey(node.__key)
      if (element !== null) this.#write(element, marks?.[index] ?? NO_MARK)
    }
  }

  #onUpdate({ editorState, prevEditorState, dirtyElements, dirtyLeaves }: UpdateListenerPayload): void {
    const changed = [...dirtyElements.keys(), ...dirtyLeaves].filter((key) => key !== 'root')
    const isOther = changed.some((key) => {
      const [now, before] = [shapeIn(editorState, key), shapeIn(prevEditorState, key)]
      if (now === undefined && before === undefined) return false
      if (!this.#hasGroups) return now !== undefined && isGroup(now)
      return now === undefined || before === undefined || !sameShape(now, before)
    })
    const isMoved =
      this.#hasGroups && editorState._nodeMap.get('root') !== prevEditorState._nodeMap.get('root')
    const isElsewhere = this.#hasClosed && caretBlock(editorState) !== this.#caret
    if (isOther || isMoved || isElsewhere) this.refresh()
  }

  #marksOf(
    nodes: readonly LexicalNode[],
    blocks: readonly { readonly shape: BlockShape }[],
    caret: number,
  ): Mark[] {
    const holders = holdersOf(blocks)
    const spared = new Set<number>()
    for (let index = holders[caret] ?? -1; index >= 0; index = holders[index] ?? -1) spared.add(index)
    const closed = blocks.map(({ shape }, index) => {
      const isFlipped = this.#flipped.has(nodes[index]?.__key ?? '')
      return shape.type === 'toggle' && shape.collapsed !== isFlipped && !spared.has(index)
    })
    this.#hasClosed = closed.includes(true) || spared.size > 0
    const hidden: boolean[] = []
    const boxes: number[] = []
    for (const [index, holder] of holders.entries()) {
      hidden.push(holder >= 0 && (hidden[holder] === true || closed[holder] === true))
      const outer = boxes[holder] ?? -1
      boxes.push(outer < 0 && blocks[index]?.shape.type === 'callout' ? index : outer)
    }
    const ends = new Map<number, number>()
    for (const [index, box] of boxes.entries()) if (box >= 0 && hidden[index] !== true) ends.set(box, index)
    return blocks.map(({ shape }, index) => {
      const box = boxes[index] ?? -1
      const callout = blocks[box]?.shape
      if (box < 0 && hidden[index] !== true && shape.type !== 'toggle') return NO_MARK
      return {
        hidden: hidden[index] === true,
        open: shape.type === 'toggle' ? closed[index] !== true : undefined,
        box: callout?.type === 'callout' ? callout.kind : undefined,
        base: callout?.indent ?? 0,
        indent: shape.indent,
        isStart: box === index,
        isEnd: ends.get(box) === index,
      }
    })
  }

  #write(element: HTMLElement, mark: Mark): void {
    const state = mark === NO_MARK ? '' : JSON.stringify(mark)
    if ((this.#written.get(element) ?? '') === state) return
    this.#written.set(element, state)
    element.toggleAttribute('data-folded', mark.hidden)
    element.toggleAttribute('data-box-start', mark.isStart)
    element.toggleAttribute('data-box-end', mark.isEnd)
    setOrRemove(element, 'data-box', mark.box)
    setOrRemove(element, 'data-base', mark.box === undefined ? undefined : String(mark.base))
    setOrRemove(element, 'data-open', mark.open === undefined ? undefined : String(mark.open))
    if (mark.open !== undefined) element.setAttribute('aria-expanded', String(mark.open))
    if (mark.box === undefined) {
      element.style.removeProperty('--base')
      element.style.removeProperty('--indent')
    } else {
      element.style.setProperty('--base', String(mark.base))
      // Half a step of air on the box's left; the sign of a callout stands in the other half and the next. A column that
      // is not a row's first has its distance already (`column-rows.ts`).
      element.style.setProperty('--indent', `calc(${mark.indent - mark.base + 0.5} - var(--shift, 0))`)
    }
  }
}

interface Mark {
  readonly hidden: boolean
  /** Of a toggle. */
  readonly open: boolean | undefined
  /** The kind of the outermost callout the block stands in, itself included. */
  readonly box: string | undefined
  /** That callout's indent. */
  readonly base: number
  readonly indent: number
  /** Whether the box begins with it. */
  readonly isStart: boolean
  /** Whether the box ends behind it. */
  readonly isEnd: boolean
}

const NO_MARK: Mark = {
  hidden: false,
  open: undefined,
  box: undefined,
  base: 0,
  indent: 0,
  isStart: false,
  isEnd: false,
}

function setOrRemove(element: HTMLElement, name: string, value: string | undefined): void {
  if (value === undefined) element.removeAttribute(name)
  else element.setAttribute(name, value)
}

function isGroup(shape: BlockShape): boolean {
  return shape.type === 'toggle' || shape.type === 'callout'
}

/** Of any version of a top-level node. */
function shapeOf(node: LexicalNode): BlockShape {
  if ($isBlockNode(node)) return blockShape(node)
  if ($isTableNode(node)) return { type: 'table', indent: node.__indent }
  return $isVoidNode(node) ? node.__shape : PARAGRAPH
}

function shapeIn(state: EditorState, key: NodeKey): BlockShape | undefined {
  const node = state._nodeMap.get(key)
  return node === undefined || node.__parent !== 'root' ? undefined : shapeOf(node)
}

function caretBlock(state: EditorState): NodeKey | undefined {
  return state.read(() => {
    const selection = $getSelection()
    if ($isNodeSelection(selection)) return selection.getNodes()[0]?.getTopLevelElement()?.getKey()
    if (!$isRangeSelection(selection)) return undefined
    return selection.focus.getNode().getTopLevelElement()?.getKey()
  })
}
