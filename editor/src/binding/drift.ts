/**
 * Whether the editor still shows what the document says, and where the caret is in the document when it does not.
 *
 * Rule: nothing here trusts the mirror, which may be what is wrong; the screen and the document are read anew.
 */
import { type FlowPlace, placeAt } from '@weft/document'
import { $isRangeSelection, type EditorState, type NodeMap } from 'lexical'
import type { Drift } from './contract.ts'
import { diff, type Edit } from './diff.ts'
import { offsetOfPoint, sameContent } from './editor-block.ts'
import type { Caret, EditorPoint, Views } from './places.ts'
import type { Shown } from './shown.ts'

/** @returns undefined when every flow is shown as it is, and every table with its rows and columns. */
export function driftOf({ all, root, tables }: Shown, nodes: NodeMap): Drift | undefined {
  for (const view of all) {
    const shown = view.shown(nodes)
    const wanted = view.wanted()
    for (let index = 0; index < Math.max(shown.length, wanted.length); index += 1) {
      const [block, want] = [shown[index], wanted[index]]
      if (block !== undefined && want !== undefined && sameContent(block, want)) continue
      return { block: index, blocks: { editor: shown.length, document: wanted.length } }
    }
  }
  if (tables.isRight(nodes)) return undefined
  const blocks = root.mirror.entries.length
  return { block: 0, blocks: { editor: blocks, document: blocks } }
}

/**
 * Both ends of the selection, each behind the character that it stands behind on the screen; where that is none of the
 * document's, behind the one before.
 */
export function caretInDrift(views: Views, state: EditorState): Caret | undefined {
  const { _selection: selection, _nodeMap: nodes } = state
  if (!$isRangeSelection(selection)) return undefined
  const anchor = placeInDrift(views, nodes, selection.anchor)
  const focus = selection.isCollapsed() ? anchor : placeInDrift(views, nodes, selection.focus)
  return anchor === undefined || focus === undefined ? undefined : { anchor, focus }
}

function placeInDrift(views: Views, nodes: NodeMap, point: EditorPoint): FlowPlace | undefined {
  const found = offsetOfPoint(nodes, point)
  const holder = found === undefined ? undefined : nodes.get(found.key)?.__parent
  const view = holder === undefined || holder === null ? undefined : views.viewOfContainer(holder)
  if (found === undefined || view === undefined) return undefined
  const shown = view.shown(nodes)
  const wanted = view.wanted()
  const index = shown.findIndex(({ key }) => key === found.key)
  const before = shown.slice(0, index).map(({ text }) => text)
  const caret = tokensOf([...before, shown[index]?.text.slice(0, found.offset) ?? '']).length
  const edits = diff(tokensOf(wanted.map(({ text }) => text)), tokensOf(shown.map(({ text }) => text)), caret)
  let left = Math.max(behindKept(edits, caret), 1)
  for (const { segment, text } of wanted) {
    const characters = Array.from(text)
    const own = left - 1
    if (own <= characters.length) return placeAt(view.flow, segment, characters.slice(0, own).join('').length)
    left -= 1 + characters.length
  }
  return undefined
}

/** The start of a block: no code point. */
const BLOCK = -1

function tokensOf(texts: readonly string[]): number[] {
  return texts.flatMap((text) => [BLOCK, ...Array.from(text, (character) => character.codePointAt(0) ?? 0)])
}

/** How many tokens of the document stand before the caret: those through the last one that is on the screen before it. */
function behindKept(edits: readonly Edit[], caret: number): number {
  let [inDocument, onScreen, behind] = [0, 0, 0]
  for (const { kind, count } of edits) {
    if (onScreen >= caret) break
    if (kind === 'keep') behind = inDocument + Math.min(count, caret - onScreen)
    if (kind !== 'insert') inDocument += count
    if (kind !== 'remove') onScreen += count
  }
  return behind
}
