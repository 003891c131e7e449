/** What a person can do to a document, by way of the editor's own commands and selection. */
import { CALLOUT_KINDS, COLORS, type HeadingLevel, type InlineObject, TOGGLE_MARKS } from '@weft/document'
import {
  $getRoot,
  $getSelection,
  $isElementNode,
  $isRangeSelection,
  $isTextNode,
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
import { $pointAt, $setPoint, offsetOfPoint, readBlock } from '../../src/binding/editor-block.ts'
import { $removeAcross, $selectionAcross } from '../../src/blocks/across-cells.ts'
import {
  $createBlockNode,
  $isBlockNode,
  type TextBlockShape,
  type WeftBlockNode,
} from '../../src/blocks/block-node.ts'
import { $createObjectNode, $isObjectNode } from '../../src/blocks/object-node.ts'
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
import { $selectedText, $wordsAround, $wordsIn, type Allowance, NOTHING, TRAVEL, these } from './allowance.ts'
import { witnessDeletion } from './caret-witness.ts'
import { type Client, dayOf, objectCharacter } from './client.ts'
import type { Random } from './random.ts'

export interface Context {
  readonly client: Client
  readonly random: Random
  /** Characters that nobody has used yet, some of them with filler that is everywhere before or behind them. */
  readonly take: (count: number) => string
  /** One character that nobody has used yet, and nothing else. */
  readonly takeOne: () => string
  /** Tells that this person writes text anew somewhere else. */
  readonly noteMove: (text: string) => void
  /** Whether the next editor update is committed at once. */
  readonly discrete: () => boolean
  /** Tells of something that is wrong already. */
  readonly complain: (wrong: string) => void
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

  kind(context: Context): Allowance {
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
    return NOTHING
  },

  indent(context: Context): Allowance {
    $inUpdate(context, () => $placeRange(context.random))
    if (context.random.chance(0.6)) indent(context.client.editor)
    else outdent(context.client.editor)
    return NOTHING
  },

  mark(context: Context): Allowance {
    $inUpdate(context, () => $placeRange(context.random))
    toggleMark(context.client.editor, context.random.pick(TOGGLE_MARKS))
    return NOTHING
  },

  link(context: Context): Allowance {
    const { client, random } = context
    $inUpdate(context, () => $placeRange(random))
    setLink(client.editor, random.chance(0.7) ? random.pick(LINKS) : null)
    return NOTHING
  },

  color(context: Context): Allowance {
    const { client, random } = context
    $inUpdate(context, () => $placeRange(random))
    const set = random.chance(0.5) ? setColor : setHighlight
    set(client.editor, random.chance(0.7) ? random.pick(COLORS) : null)
    return NOTHING
  },

  check(context: Context): Allowance {
    $inUpdate(context, () => $placeRange(context.random))
    toggleChecked(context.client.editor)
    return NOTHING
  },

  open(context: Context): Allowance {
    $inUpdate(context, () => $placeRange(context.random))
    toggleOpen(context.client.editor)
    return NOTHING
  },

  column(context: Context): Allowance {
    $inUpdate(context, () => $placeRange(context.random))
    setColumn(context.client.editor, context.random.whole(0, 3))
    return NOTHING
  },

  paste(context: Context): Allowance {
    const { client, random, take } = context
    const blocks = random.whole(1, 4)
    $inUpdate(context, () => (random.chance(0.5) ? $placeCaret(random) : $placeRange(random)))
    const allowance = selected(context)
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

  divider(context: Context): Allowance {
    $inUpdate(context, () => $placeCaret(context.random))
    insertDivider(context.client.editor)
    return NOTHING
  },

  void(context: Context): Allowance {
    $inUpdate(context, () => {
      $placeCaret(context.random)
      $insertVoid(randomVoid(context.random))
    })
    return NOTHING
  },

  object(context: Context): Allowance {
    const { random, takeOne } = context
    $inUpdate(context, () => {
      $placeCaret(random)
      const character = takeOne()
      const kind = random.pick(['person', 'document'] as const)
      const known: InlineObject[] = [
        { type: 'equation', latex: character },
        { type: 'mention', kind, ref: 'r', label: character },
        { type: 'date', date: dayOf(character) },
      ]
      if (random.chance(0.8)) $insertObject(random.pick(known))
      // As pasted from a page of a later version.
      else $getSelection()?.insertNodes([$createObjectNode({ type: `sparkle ${character}`, of: 'later' })])
    })
    return NOTHING
  },

  /** Changes a block without text, or puts another object in the place of one. */
  edit(context: Context): Allowance {
    const { client, random, takeOne } = context
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
    if ($isObjectNode(part)) {
      const character = takeOne()
      const object = client.peek(() => part.getObject())
      setParts(client.editor, part.getKey(), {
        latex: character,
        label: character,
        date: dayOf(character),
      })
      // What this version does not know is not its to change.
      return object.type === 'unknown' ? NOTHING : these(objectCharacter(object))
    }
    if (part !== undefined)
      setParts(client.editor, part.getKey(), random.pick([{ alt: 'a' }, { url: LINKS[1] }, { latex: 'y' }]))
    return NOTHING
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

  table({ client, random }: Context): Allowance {
    client.edit(() => $placeCaret(random), true)
    if (client.countTables() < MOST_TABLES) insertTable(client.editor, random.whole(1, 3), random.whole(1, 3))
    return NOTHING
  },

  /** As from another page: a table with words, one of its rows too short. */
  pasteTable(context: Context): Allowance {
    const { client, random, take } = context
    if (client.countTables() >= MOST_TABLES) return NOTHING
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
    return NOTHING
  },

  /** Rows and columns: added, moved, deleted. */
  tableEdit({ client, random }: Context): Allowance {
    client.edit(() => $placeCaret(random, undefined, true), true)
    const { editor, binding } = client
    const edit = random.pick(TABLE_EDITS)
    const line = edit === 'delete-row' ? 'row' : edit === 'delete-column' ? 'column' : undefined
    const allowance = line === undefined ? NOTHING : these(client.peek(() => $wordsAround(line)))
    editTable({ editor, binding, newId: client.newId }, edit)
    return allowance
  },

  cell({ client, random }: Context): Allowance {
    const { editor, binding } = client
    goToCell({ editor, binding, newId: client.newId }, random.chance(0.7) ? 1 : -1)
    return NOTHING
  },

  deleteTable({ client, random }: Context): Allowance {
    client.edit(() => $placeCaret(random, undefined, true), true)
    const allowance = these(client.peek(() => $wordsAround('table')))
    deleteTable(client.editor)
    return allowance
  },

  move({ client, random, noteMove }: Context): Allowance {
    client.commit()
    const blocks = client.editor.read(() => {
      const holder = random.pick($holders())
      return holder.getChildren().map((node) => ({
        key: node.getKey(),
        // The words of a table stay where they are, in its cells.
        text: $isTableNode(node) ? '' : $wordsIn(node),
      }))
    })
    const from = random.whole(0, blocks.length - 1)
    const to = Math.min(blocks.length - 1, from + random.whole(0, 1))
    const [first, last] = [blocks[from], blocks[to]]
    const before = blocks[random.whole(0, blocks.length)]?.key ?? null
    if (first === undefined || last === undefined) return NOTHING
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
    return NOTHING
  },

  blur(context: Context): Allowance {
    context.client.editor.dispatchCommand(BLUR_COMMAND, {} as FocusEvent)
    return NOTHING
  },

  undo(context: Context): Allowance {
    context.client.binding.undo()
    return TRAVEL
  },

  redo(context: Context): Allowance {
    context.client.binding.redo()
    return TRAVEL
  },
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

/** What goes when something is put in the place of the selection. */
function selected({ client }: Context): Allowance {
  return these(client.peek($selectedText))
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
  for (const character of context.take(context.random.whole(1, 6)))
    $inUpdate(context, () => {
      editor.dispatchCommand(CONTROLLED_TEXT_INSERTION_COMMAND, character)
    })
  return allowance
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
  const offset = wanted ?? $someOffset(random, block)
  const selection = block.select(0, 0)
  const point = $pointAt(block, offset)
  $setPoint(selection.anchor, point)
  $setPoint(selection.focus, point)
  return selection
}

/** Never in the middle of a character: nobody can put a caret there. */
function $someOffset(random: Random, block: WeftBlockNode): number {
  const text = block
    .getChildren()
    .map((child) => ($isTextNode(child) ? child.getTextContent() : '\uFFFC'))
    .join('')
  const offset = random.whole(0, text.length)
  return /[\uDC00-\uDFFF]/.test(text.charAt(offset)) ? offset - 1 : offset
}

function $placeRange(random: Random): RangeSelection | undefined {
  const blocks = $textBlocks()
  const selection = $placeCaret(random)
  if (selection === undefined) return undefined
  const anchor = selection.anchor.getNode()
  const index = blocks.findIndex((block) => block.is(anchor) || block.isParentOf(anchor))
  const other = blocks[Math.min(blocks.length - 1, index + (random.chance(0.6) ? 0 : random.whole(0, 3)))]
  if (other !== undefined) $setPoint(selection.focus, $pointAt(other, $someOffset(random, other)))
  return selection
}
