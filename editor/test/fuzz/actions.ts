/** What a person can do to a document, by way of the editor's own commands and selection. */
import { CALLOUT_KINDS, COLORS, type HeadingLevel, TOGGLE_MARKS } from '@weft/document'
import {
  $getRoot,
  $getSelection,
  $isElementNode,
  $isRangeSelection,
  $selectAll,
  $setCompositionKey,
  BLUR_COMMAND,
  CONTROLLED_TEXT_INSERTION_COMMAND,
  DELETE_CHARACTER_COMMAND,
  type ElementNode,
  INSERT_LINE_BREAK_COMMAND,
  INSERT_PARAGRAPH_COMMAND,
  INSERT_TAB_COMMAND,
  type LexicalNode,
  PASTE_TAG,
  type RangeSelection,
  REMOVE_TEXT_COMMAND,
} from 'lexical'
import { $pointAt, $setPoint, offsetOfPoint } from '../../src/binding/editor-block.ts'
import { $removeAcross, $selectionAcross } from '../../src/blocks/across-cells.ts'
import {
  $createBlockNode,
  $isBlockNode,
  type TextBlockShape,
  type WeftBlockNode,
} from '../../src/blocks/block-node.ts'
import { $isObjectNode } from '../../src/blocks/object-node.ts'
import {
  $createCellNode,
  $createRowNode,
  $createTableNode,
  $isCellNode,
  $isRowNode,
  $isTableNode,
} from '../../src/blocks/table-node.ts'
import { $createWeftTextNode, $isWeftTextNode } from '../../src/blocks/text-node.ts'
import { $createVoidNode, $isVoidNode, type VoidShape } from '../../src/blocks/void-node.ts'
import {
  $insertObject,
  $insertVoid,
  indent,
  insertDivider,
  outdent,
  setBlockKind,
  setColor,
  setColumn,
  setHighlight,
  setLink,
  setParts,
  toggleChecked,
  toggleMark,
  toggleOpen,
} from '../../src/commands.ts'
import { deleteTable, editTable, goToCell, insertTable, TABLE_EDITS } from '../../src/table-commands.ts'
import type { Client } from './client.ts'
import type { Random } from './random.ts'

export interface Context {
  readonly client: Client
  readonly random: Random
  /** Characters that nobody has used yet. */
  readonly take: (count: number) => string
  /** Tells that this person writes text anew somewhere else. */
  readonly noteMove: (text: string) => void
  /** Whether the next editor update is committed at once. */
  readonly discrete: () => boolean
}

export type ActionName = keyof typeof ACTIONS

const KINDS = [
  'paragraph',
  'heading',
  'bullet',
  'numbered',
  'check',
  'quote',
  'callout',
  'toggle',
  'code',
] as const
const OLD_KINDS = ['paragraph', 'heading', 'bullet', 'numbered', 'check', 'quote', 'code'] as const
const LINKS = ['https://example.org/a', 'https://example.org/b', 'mailto:a@example.org']

/** More would leave each too few words. */
const MOST_TABLES = 3

/** How often each is done, relative to the others. */
const WEIGHTS: { readonly [name in ActionName]: number } = {
  type: 30,
  continue: 22,
  backspace: 7,
  deleteForward: 3,
  deleteRange: 6,
  enter: 10,
  join: 6,
  kind: 8,
  indent: 3,
  mark: 8,
  link: 3,
  color: 3,
  check: 2,
  open: 1,
  column: 2,
  paste: 3,
  retype: 1,
  clear: 0.5,
  divider: 2,
  void: 2,
  object: 4,
  edit: 3,
  lineBreak: 3,
  tab: 1,
  compose: 3,
  blur: 2,
  table: 3,
  pasteTable: 1,
  tableEdit: 8,
  cell: 2,
  deleteTable: 0.7,
  move: 6,
  undo: 8,
  redo: 4,
}

/** What an editor of schema 1 has no command for. */
const NEWER: ReadonlySet<ActionName> = new Set([
  'color',
  'open',
  'column',
  'table',
  'pasteTable',
  'tableEdit',
  'cell',
  'deleteTable',
  'object',
  'void',
])

/** @param isOlder of an editor of schema 1. */
export function pickAction(random: Random, isOlder = false): ActionName {
  const names = (Object.keys(WEIGHTS) as ActionName[]).filter((name) => !isOlder || !NEWER.has(name))
  let left = random.next() * names.reduce((sum, name) => sum + WEIGHTS[name], 0)
  for (const name of names) {
    left -= WEIGHTS[name]
    if (left <= 0) return name
  }
  return 'type'
}

export const ACTIONS = {
  type(context: Context): void {
    $inUpdate(context, () => $placeCaret(context.random))
    typeAtCaret(context)
  },

  /** Goes on where the caret is, whatever others have done around it. */
  continue(context: Context): void {
    typeAtCaret(context)
  },

  backspace(context: Context): void {
    $inUpdate(context, () => $placeCaret(context.random))
    deleteCharacter(context, true)
  },

  deleteForward(context: Context): void {
    $inUpdate(context, () => $placeCaret(context.random))
    deleteCharacter(context, false)
  },

  deleteRange(context: Context): void {
    $inUpdate(context, () => $placeRange(context.random))
    context.client.editor.dispatchCommand(REMOVE_TEXT_COMMAND, null)
  },

  enter(context: Context): void {
    if (context.random.chance(0.7)) $inUpdate(context, () => $placeCaret(context.random))
    context.client.editor.dispatchCommand(INSERT_PARAGRAPH_COMMAND, undefined)
  },

  join(context: Context): void {
    $inUpdate(context, () => $placeCaret(context.random, 0))
    deleteCharacter(context, true)
  },

  kind(context: Context): void {
    const { client, random } = context
    $inUpdate(context, () => $placeRange(random))
    setBlockKind(client.editor, random.pick(client.isOlder ? OLD_KINDS : KINDS), {
      level: random.pick<HeadingLevel>([1, 2, 3, 4]),
      checked: random.chance(0.5),
      language: 'js',
      kind: random.pick(CALLOUT_KINDS),
      emoji: random.pick(['', '🪢']),
      collapsed: random.chance(0.5),
      ...(random.chance(0.5) ? { start: random.whole(0, 9) } : {}),
    })
  },

  indent(context: Context): void {
    $inUpdate(context, () => $placeRange(context.random))
    if (context.random.chance(0.6)) indent(context.client.editor)
    else outdent(context.client.editor)
  },

  mark(context: Context): void {
    $inUpdate(context, () => $placeRange(context.random))
    toggleMark(context.client.editor, context.random.pick(TOGGLE_MARKS))
  },

  link(context: Context): void {
    const { client, random } = context
    $inUpdate(context, () => $placeRange(random))
    setLink(client.editor, random.chance(0.7) ? random.pick(LINKS) : null)
  },

  color(context: Context): void {
    const { client, random } = context
    $inUpdate(context, () => $placeRange(random))
    const set = random.chance(0.5) ? setColor : setHighlight
    set(client.editor, random.chance(0.7) ? random.pick(COLORS) : null)
  },

  check(context: Context): void {
    $inUpdate(context, () => $placeRange(context.random))
    toggleChecked(context.client.editor)
  },

  open(context: Context): void {
    $inUpdate(context, () => $placeRange(context.random))
    toggleOpen(context.client.editor)
  },

  column(context: Context): void {
    $inUpdate(context, () => $placeRange(context.random))
    setColumn(context.client.editor, context.random.whole(0, 3))
  },

  paste(context: Context): void {
    const { client, random, take } = context
    const blocks = random.whole(1, 4)
    $inUpdate(context, () => (random.chance(0.5) ? $placeCaret(random) : $placeRange(random)))
    client.edit(
      () => {
        const across = $selectionAcross()
        if (across !== undefined) $removeAcross(across)
        const selection = $getSelection()
        if (!$isRangeSelection(selection)) return
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
      },
      context.discrete(),
      PASTE_TAG,
    )
  },

  retype(context: Context): void {
    $inUpdate(context, () => $selectAll())
    typeAtCaret(context)
  },

  clear(context: Context): void {
    $inUpdate(context, () => {
      $getRoot().clear()
    })
  },

  divider(context: Context): void {
    $inUpdate(context, () => $placeCaret(context.random))
    insertDivider(context.client.editor)
  },

  void(context: Context): void {
    $inUpdate(context, () => {
      $placeCaret(context.random)
      $insertVoid(randomVoid(context.random))
    })
  },

  object(context: Context): void {
    $inUpdate(context, () => {
      $placeCaret(context.random)
      $insertObject({ type: 'equation', latex: context.take(1) })
    })
  },

  /** Changes a block without text, or puts another object in the place of one. */
  edit(context: Context): void {
    const { client, random, take } = context
    const parts: LexicalNode[] = []
    $inUpdate(context, () => {
      for (const node of $getRoot().getChildren())
        parts.push(
          ...($isVoidNode(node)
            ? [node]
            : $isBlockNode(node)
              ? node.getChildren().filter($isObjectNode)
              : []),
        )
    })
    const part = parts.length === 0 ? undefined : random.pick(parts)
    if ($isObjectNode(part)) setParts(client.editor, part.getKey(), { latex: take(1) })
    else if (part !== undefined)
      setParts(client.editor, part.getKey(), random.pick([{ alt: 'a' }, { url: LINKS[1] }, { latex: 'y' }]))
  },

  lineBreak(context: Context): void {
    $inUpdate(context, () => $placeCaret(context.random))
    context.client.editor.dispatchCommand(INSERT_LINE_BREAK_COMMAND, false)
  },

  tab(context: Context): void {
    $inUpdate(context, () => $placeCaret(context.random))
    context.client.editor.dispatchCommand(INSERT_TAB_COMMAND, undefined)
  },

  /** An input method starts to compose at the caret; see `composeOrEnd` for how it goes on. */
  compose(context: Context): void {
    context.client.edit(() => {
      const node = $placeCaret(context.random)?.anchor.getNode()
      if ($isWeftTextNode(node)) $setCompositionKey(node.getKey())
    }, true)
    if (context.client.editor.isComposing()) composeAtCaret(context)
  },

  table({ client, random }: Context): void {
    client.edit(() => $placeCaret(random), true)
    if (client.countTables() < MOST_TABLES) insertTable(client.editor, random.whole(1, 3), random.whole(1, 3))
  },

  /** As from another page: a table with words, one of its rows too short. */
  pasteTable(context: Context): void {
    const { client, random, take } = context
    if (client.countTables() >= MOST_TABLES) return
    $inUpdate(context, () => $placeCaret(random))
    client.edit(
      () => {
        const selection = $getSelection()
        const cell = (): LexicalNode =>
          $createCellNode().append($createBlockNode().append($createWeftTextNode(take(random.whole(1, 2)))))
        const rows = [$createRowNode().append(cell(), cell()), $createRowNode().append(cell())]
        if ($isRangeSelection(selection)) selection.insertNodes([$createTableNode().append(...rows)])
      },
      context.discrete(),
      PASTE_TAG,
    )
  },

  /** Rows and columns: added, moved, deleted. */
  tableEdit({ client, random }: Context): void {
    client.edit(() => $placeCaret(random, undefined, true), true)
    const { editor, binding } = client
    editTable({ editor, binding, newId: client.newId }, random.pick(TABLE_EDITS))
  },

  cell({ client, random }: Context): void {
    const { editor, binding } = client
    goToCell({ editor, binding, newId: client.newId }, random.chance(0.7) ? 1 : -1)
  },

  deleteTable({ client, random }: Context): void {
    client.edit(() => $placeCaret(random, undefined, true), true)
    deleteTable(client.editor)
  },

  move({ client, random, noteMove }: Context): void {
    client.commit()
    const blocks = client.editor.read(() => {
      const holder = random.pick($holders())
      return holder.getChildren().map((node) => ({
        key: node.getKey(),
        // The words of a table stay where they are, in its cells.
        text: $isTableNode(node) ? '' : node.getTextContent(),
      }))
    })
    const from = random.whole(0, blocks.length - 1)
    const to = Math.min(blocks.length - 1, from + random.whole(0, 1))
    const [first, last] = [blocks[from], blocks[to]]
    const before = blocks[random.whole(0, blocks.length)]?.key ?? null
    if (first === undefined || last === undefined) return
    // Text that stands behind a block without text and has no marker of its own goes with it.
    const tail = blocks[to + 1]
    const idOf = (key: string): string | undefined => client.binding.blockId(key)
    const end = tail !== undefined && idOf(tail.key) === idOf(last.key) ? to + 2 : to + 1
    if (client.binding.moveBlocks(first.key, last.key, before))
      noteMove(
        blocks
          .slice(from, end)
          .map(({ text }) => text)
          .join(''),
      )
  },

  blur(context: Context): void {
    context.client.editor.dispatchCommand(BLUR_COMMAND, {} as FocusEvent)
  },

  undo(context: Context): void {
    context.client.binding.undo()
  },

  redo(context: Context): void {
    context.client.binding.redo()
  },
}

/**
 * Backspace or Delete. Between two blocks it is Lexical's own command; inside a block Lexical asks the page
 * where a character ends, and there is no page here.
 */
function deleteCharacter(context: Context, isBackward: boolean): void {
  let isBetween = false
  $inUpdate(context, () => {
    const selection = $getSelection()
    if (!$isRangeSelection(selection)) return
    const node = selection.anchor.getNode()
    const block = $isBlockNode(node) ? node : node.getParent()
    if (!$isBlockNode(block)) return
    const nodes = (context.client.editor._pendingEditorState ?? context.client.editor._editorState)._nodeMap
    const offset = offsetOfPoint(nodes, selection.anchor)?.offset ?? 0
    const target = isBackward ? offset - 1 : offset + 1
    if (target >= 0 && target <= block.getTextContentSize()) {
      $setPoint(selection.focus, $pointAt(block, target))
      selection.removeText()
      return
    }
    const neighbour = isBackward ? block.getPreviousSibling() : block.getNextSibling()
    const isPlain = block.getKind() === 'paragraph' || block.getKind() === 'unknown'
    isBetween = neighbour !== null || (isBackward && !isPlain)
  })
  if (isBetween) context.client.editor.dispatchCommand(DELETE_CHARACTER_COMMAND, isBackward)
}

/** Between the start and the end of a composition nothing else is done. */
export function composeOrEnd(context: Context, isEnd: boolean): void {
  if (isEnd)
    context.client.edit(() => {
      $setCompositionKey(null)
    }, true)
  else composeAtCaret(context)
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

function typeAtCaret(context: Context): void {
  const { editor } = context.client
  for (const character of context.take(context.random.whole(1, 6)))
    $inUpdate(context, () => {
      editor.dispatchCommand(CONTROLLED_TEXT_INSERTION_COMMAND, character)
    })
}

function $inUpdate({ client, discrete }: Context, change: () => void): void {
  client.edit(change, discrete())
}

function randomVoid(random: Random): VoidShape {
  const [url = ''] = LINKS
  return random.pick<VoidShape>([
    { type: 'image', indent: 0, url, name: 'n', size: 3, alt: '', width: 0 },
    { type: 'file', indent: 0, url, name: '', size: 0 },
    { type: 'equation', indent: 0, latex: 'x' },
    { type: 'embed', indent: 0, url },
  ])
}

function randomShape(random: Random): TextBlockShape {
  const type = random.pick(['paragraph', 'bullet', 'quote'] as const)
  return { type, indent: random.whole(0, 2) }
}

/** The root, and all cells. */
function $holders(): ElementNode[] {
  const cells = $getRoot()
    .getChildren()
    .filter($isTableNode)
    .flatMap((table) => table.getChildren().filter($isRowNode))
    .flatMap((row) => row.getChildren().filter($isCellNode))
  return [$getRoot(), ...cells]
}

/** Blocks with text, in the order of the screen. */
function $textBlocks(node: ElementNode = $getRoot()): WeftBlockNode[] {
  return node
    .getChildren()
    .flatMap((child) => ($isBlockNode(child) ? [child] : $isElementNode(child) ? $textBlocks(child) : []))
}

/**
 * @param wanted where in the block; anywhere when left out.
 * @param isInTable only there, where there is one.
 */
function $placeCaret(random: Random, wanted?: number, isInTable = false): RangeSelection | undefined {
  const blocks = $textBlocks()
  const inTables = blocks.filter((block) => $isCellNode(block.getParent()))
  const choice = isInTable && inTables.length > 0 ? inTables : blocks
  if (choice.length === 0) return undefined
  const block = random.pick(choice)
  const offset = wanted ?? random.whole(0, block.getTextContentSize())
  const selection = block.select(0, 0)
  const point = $pointAt(block, offset)
  $setPoint(selection.anchor, point)
  $setPoint(selection.focus, point)
  return selection
}

function $placeRange(random: Random): RangeSelection | undefined {
  const blocks = $textBlocks()
  const selection = $placeCaret(random)
  if (selection === undefined) return undefined
  const anchor = selection.anchor.getNode()
  const index = blocks.findIndex((block) => block.is(anchor) || block.isParentOf(anchor))
  const other = blocks[Math.min(blocks.length - 1, index + (random.chance(0.6) ? 0 : random.whole(0, 3)))]
  if (other !== undefined)
    $setPoint(selection.focus, $pointAt(other, random.whole(0, other.getTextContentSize())))
  return selection
}
