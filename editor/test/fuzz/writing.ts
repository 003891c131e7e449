/** Text that is typed, composed, pasted and deleted. */
import {
  $getRoot,
  $getSelection,
  $isRangeSelection,
  $selectAll,
  $setCompositionKey,
  COMMAND_PRIORITY_LOW,
  CONTROLLED_TEXT_INSERTION_COMMAND,
  DELETE_CHARACTER_COMMAND,
  INSERT_LINE_BREAK_COMMAND,
  INSERT_PARAGRAPH_COMMAND,
  INSERT_TAB_COMMAND,
  type LexicalNode,
  PASTE_COMMAND,
  PASTE_TAG,
  REMOVE_TEXT_COMMAND,
} from 'lexical'
import { $pointAt, $setPoint, offsetOfPoint, readBlock } from '../../src/binding/editor-block.ts'
import { $createBlockNode, $isBlockNode, type TextBlockShape } from '../../src/blocks/block-node.ts'
import { $createWeftTextNode, $isWeftTextNode } from '../../src/blocks/text-node.ts'
import { $createVoidNode } from '../../src/blocks/void-node.ts'
import { $selectedText, $wordsIn, type Allowance, NOTHING, these } from './allowance.ts'
import { witnessDeletion } from './caret-witness.ts'
import { $inUpdate, type Context, selected } from './context.ts'
import { $placeCaret, $placeRange } from './placing.ts'
import type { Random } from './random.ts'

/** Node has none: code asks whether what is pasted is one. */
Object.assign(globalThis, { ClipboardEvent: class extends Event {} })

export const WRITING = {
  type(context: Context): Allowance {
    $inUpdate(context, () => $placeCaret(context.random))
    return typeAtCaret(context)
  },

  /** Goes on where the caret is, whatever others have done around it. */
  continue(context: Context): Allowance {
    return typeAtCaret(context)
  },

  backspace(context: Context): Allowance {
    $inUpdate(context, () => $placeCaret(context.random))
    return deleteCharacter(context, true)
  },

  deleteForward(context: Context): Allowance {
    $inUpdate(context, () => $placeCaret(context.random))
    return deleteCharacter(context, false)
  },

  deleteRange(context: Context): Allowance {
    $inUpdate(context, () => $placeRange(context.random))
    const allowance = selected(context)
    context.client.editor.dispatchCommand(REMOVE_TEXT_COMMAND, null)
    return allowance
  },

  enter(context: Context): Allowance {
    if (context.random.chance(0.7)) $inUpdate(context, () => $placeCaret(context.random))
    const allowance = selected(context)
    context.client.editor.dispatchCommand(INSERT_PARAGRAPH_COMMAND, undefined)
    return allowance
  },

  join(context: Context): Allowance {
    $inUpdate(context, () => $placeCaret(context.random, 0))
    return deleteCharacter(context, true)
  },

  paste(context: Context): Allowance {
    const { client, random, take } = context
    const blocks = random.whole(1, 4)
    $inUpdate(context, () => (random.chance(0.5) ? $placeCaret(random) : $placeRange(random)))
    const allowance = selected(context)
    const { editor } = client
    const stop = editor.registerCommand(
      PASTE_COMMAND,
      () => {
        const selection = $getSelection()
        if (!$isRangeSelection(selection)) return true
        const nodes: LexicalNode[] = []
        if (random.chance(0.3)) nodes.push($createWeftTextNode(take(random.whole(1, 4)), { italic: true }))
        else
          for (let count = 0; count < blocks; count += 1) {
            if (random.chance(0.1)) nodes.push($createVoidNode())
            const text = $createWeftTextNode(
              take(random.whole(1, 3)),
              random.chance(0.3) ? { bold: true } : {},
            )
            nodes.push($createBlockNode(randomShape(random)).append(text))
          }
        selection.insertNodes(nodes)
        return true
      },
      // As rich text: behind all that make room for a paste or may take it.
      COMMAND_PRIORITY_LOW,
    )
    client.edit(
      () => editor.dispatchCommand(PASTE_COMMAND, {} as ClipboardEvent),
      context.discrete(),
      PASTE_TAG,
    )
    stop()
    return allowance
  },

  retype(context: Context): Allowance {
    $inUpdate(context, () => $selectAll())
    return typeAtCaret(context)
  },

  clear(context: Context): Allowance {
    const allowance = these(context.client.peek(() => $wordsIn($getRoot())))
    $inUpdate(context, () => {
      $getRoot().clear()
    })
    return allowance
  },

  lineBreak(context: Context): Allowance {
    $inUpdate(context, () => $placeCaret(context.random))
    context.client.editor.dispatchCommand(INSERT_LINE_BREAK_COMMAND, false)
    return NOTHING
  },

  tab(context: Context): Allowance {
    $inUpdate(context, () => $placeCaret(context.random))
    context.client.editor.dispatchCommand(INSERT_TAB_COMMAND, undefined)
    return NOTHING
  },

  /** An input method starts to compose at the caret; see `composeOrEnd` for how it goes on. */
  compose(context: Context): Allowance {
    context.client.edit(() => {
      const node = $placeCaret(context.random)?.anchor.getNode()
      if ($isWeftTextNode(node)) $setCompositionKey(node.getKey())
    }, true)
    if (context.client.editor.isComposing()) composeAtCaret(context)
    return NOTHING
  },
}

/** Between the start and the end of a composition nothing else is done. */
export function composeOrEnd(context: Context, isEnd: boolean): Allowance {
  if (isEnd)
    context.client.edit(() => {
      $setCompositionKey(null)
    }, true)
  else composeAtCaret(context)
  return NOTHING
}

/** As the browser does it: the text of the node changes, and the caret with it. */
function composeAtCaret(context: Context): void {
  for (const character of context.take(context.random.whole(1, 3)))
    $inUpdate(context, () => {
      const selection = $getSelection()
      if (!$isRangeSelection(selection)) return
      const node = selection.anchor.getNode()
      if ($isWeftTextNode(node)) node.spliceText(selection.anchor.offset, 0, character, true)
    })
}

function typeAtCaret(context: Context): Allowance {
  const { editor } = context.client
  const allowance = selected(context)
  // A key is an event of its own, which finds what was selected before it committed.
  if (allowance !== NOTHING) context.client.commit()
  for (const character of context.take(context.random.whole(1, 6)))
    $inUpdate(context, () => {
      editor.dispatchCommand(CONTROLLED_TEXT_INSERTION_COMMAND, character)
    })
  return allowance
}

/**
 * Backspace or Delete. Between two blocks it is Lexical's own command; inside a block Lexical asks the page
 * where a character ends, and there is no page here.
 */
function deleteCharacter(context: Context, isBackward: boolean): Allowance {
  const isDeleted = witnessDeletion(context.client, isBackward)
  let isBetween = false
  let character = ''
  $inUpdate(context, () => {
    const selection = $getSelection()
    if (!$isRangeSelection(selection)) return
    const node = selection.anchor.getNode()
    const block = $isBlockNode(node) ? node : node.getParent()
    if (!$isBlockNode(block)) return
    const nodes = (context.client.editor._pendingEditorState ?? context.client.editor._editorState)._nodeMap
    const offset = offsetOfPoint(nodes, selection.anchor)?.offset ?? 0
    const text = readBlock(nodes, block).text
    const beside = isBackward ? text.slice(0, offset) : text.slice(offset)
    const unit = Array.from(beside).at(isBackward ? -1 : 0)
    if (unit !== undefined) {
      $setPoint(selection.focus, $pointAt(block, offset + (isBackward ? -unit.length : unit.length)))
      character = $selectedText()
      selection.removeText()
      return
    }
    const neighbour = isBackward ? block.getPreviousSibling() : block.getNextSibling()
    const isPlain = block.getKind() === 'paragraph' || block.getKind() === 'unknown'
    isBetween = neighbour !== null || (isBackward && !isPlain)
  })
  if (isBetween) context.client.editor.dispatchCommand(DELETE_CHARACTER_COMMAND, isBackward)
  const wrong = character === '' ? undefined : isDeleted()
  if (wrong !== undefined) context.complain(wrong)
  return these(character)
}

function randomShape(random: Random): TextBlockShape {
  const type = random.pick(['paragraph', 'bullet', 'quote'] as const)
  return { type, indent: random.whole(0, 2) }
}
