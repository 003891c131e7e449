/**
 * Which of several equal letters was written or deleted: the one at the caret, and no other.
 *
 * The text alone does not say: "aa" with an "a" in the middle reads as with one at its end, until somebody writes between
 * them. In the document every letter is one of a kind; what was typed is new, and what was deleted is gone.
 */
import { type FlowPlace, flowOf, isPlaceAlive } from '@weft/document'
import { $getNodeByKey, $getSelection, $isRangeSelection } from 'lexical'
import { getState } from 'yjs'
import { $pointAt, offsetOfPoint, readBlock } from '../../src/binding/editor-block.ts'
import { $isBlockNode } from '../../src/blocks/block-node.ts'
import type { Client } from './client.ts'

interface Aim {
  readonly text: string
  readonly offset: number
  /** In the document: what stands before this offset. */
  readonly placeAt: (offset: number) => FlowPlace | null
}

/** Call it before somebody types. @returns to be called with what was typed: what is wrong, if anything. */
export function witnessTyping(client: Client): (typed: string) => string | undefined {
  const { doc } = client
  const start = getState(doc.store, doc.clientID)
  const wasPending = client.hasPending
  return (typed) => {
    if (wasPending || client.hasPending || client.binding.isHolding) return undefined
    const aim = aimOf(client)
    if (aim === undefined) return 'there is no caret behind what was typed'
    if (!aim.text.slice(0, aim.offset).endsWith(typed)) return `the caret is not behind ${typed}`
    for (let back = 0; back < typed.length; back += 1) {
      const item = aim.placeAt(aim.offset - back)?.item ?? null
      if (item?.client !== doc.clientID || item.clock < start)
        return `of ${typed} unit ${typed.length - back} was written somewhere else in ${aim.text}`
    }
    return undefined
  }
}

/** Call it with the caret in place. @returns to be called after a deletion: what is wrong, if anything. */
export function witnessDeletion(client: Client, isBackward: boolean): () => string | undefined {
  if (client.hasPending || client.binding.isHolding) return () => undefined
  const aim = aimOf(client)
  const place = aim?.placeAt(aim.offset + (isBackward ? 0 : 1)) ?? null
  return () => {
    if (client.hasPending || aim === undefined || place === null) return undefined
    return isPlaceAlive(flowOf(client.doc), place)
      ? `another than the character beside the caret was deleted in ${aim.text}`
      : undefined
  }
}

/** Where the caret is, in what is committed. */
function aimOf(client: Client): Aim | undefined {
  return client.peek(() => {
    const selection = $getSelection()
    if (!$isRangeSelection(selection) || !selection.isCollapsed()) return undefined
    const nodes = client.editor.getEditorState()._nodeMap
    const found = offsetOfPoint(nodes, selection.anchor)
    const block = found === undefined ? null : $getNodeByKey(found.key)
    if (found === undefined || !$isBlockNode(block)) return undefined
    const pointAt = (offset: number): FlowPlace | null =>
      client.binding.toRelative(client.peek(() => $pointAt(block, offset)))
    return { text: readBlock(nodes, block).text, offset: found.offset, placeAt: pointAt }
  })
}
