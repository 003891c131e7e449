/**
 * Keys, and Markdown as it is typed, on a Lexical editor. What they mean is in `keys.ts` and `markdown-input.ts`.
 *
 * Rule: typed Markdown takes effect as a step of its own, so one undo brings the typed characters back.
 */
import { OBJECT_CHARACTER } from '@weft/document'
import {
  $createRangeSelection,
  $getSelection,
  $isElementNode,
  $isRangeSelection,
  $isTextNode,
  $setSelection,
  COLLABORATION_TAG,
  COMMAND_PRIORITY_HIGH,
  CUT_TAG,
  type EditorState,
  HISTORIC_TAG,
  INSERT_PARAGRAPH_COMMAND,
  KEY_DOWN_COMMAND,
  KEY_TAB_COMMAND,
  type LexicalEditor,
  type LexicalNode,
  type NodeKey,
  PASTE_TAG,
  type PointType,
  type RangeSelection,
  TEXT_TYPE_TO_FORMAT,
  type TextNode,
} from 'lexical'
import { indent, outdent, setBlockKind, setHeading } from '../block-commands.ts'
import { $isBlockNode, type WeftBlockNode } from '../blocks/block-node.ts'
import { $holdersOf, $isHolder } from '../blocks/holders.ts'
import { $isObjectNode } from '../blocks/object-node.ts'
import { $textBlockOf } from '../blocks/selected-blocks.ts'
import type { CommandName } from '../element/api.ts'
import { $insertVoid, insertDivider } from '../part-commands.ts'
import { commandOfKey, isMac } from './keys.ts'
import type { History } from './lexical-surface.ts'
import {
  type BlockInput,
  blockInput,
  enterInput,
  type InlineInput,
  type InputBlock,
  inlineInput,
} from './markdown-input.ts'
import type { Surface } from './surface.ts'

export interface ShortcutOptions {
  readonly surface: Surface
  readonly history: History
  /** Mod+K: the card, which asks for an address. */
  readonly onLink: () => void
  /** What stands under the key is to be asked for. */
  readonly onEdit: (key: NodeKey) => void
  /** A "/" was typed that may ask for something. */
  readonly onSlash: () => void
}

/** Updates with one of these were not typed here and now. */
const NOT_TYPED = [COLLABORATION_TAG, HISTORIC_TAG, PASTE_TAG, CUT_TAG]

/** What Ctrl+Enter does, whichever of them can be done now. */
const CTRL_ENTER = ['toggle-check', 'toggle-open', 'edit-object'] as const

/** @returns its undo. */
export function registerShortcuts(editor: LexicalEditor, options: ShortcutOptions): () => void {
  const mac = isMac(navigator.platform)
  const undo = [
    editor.registerCommand(
      KEY_DOWN_COMMAND,
      (event) => {
        const command = event.isComposing ? undefined : commandOfKey(event, mac)
        if (command === undefined || !runKey(command, options)) return false
        event.preventDefault()
        return true
      },
      COMMAND_PRIORITY_HIGH,
    ),
    editor.registerCommand(
      INSERT_PARAGRAPH_COMMAND,
      () => {
        const caret = editor.isComposing() ? undefined : readCaret()
        const input = caret?.after === '' ? enterInput(caret.block, caret.before) : undefined
        if (input === undefined) return false
        queueMicrotask(() => applyPattern(editor, options, { kind: 'block', input }))
        return true
      },
      COMMAND_PRIORITY_HIGH,
    ),
    editor.registerCommand(KEY_TAB_COMMAND, (event) => tab(editor, event), COMMAND_PRIORITY_HIGH),
    editor.registerUpdateListener(({ editorState, prevEditorState, tags, dirtyLeaves }) => {
      if (dirtyLeaves.size === 0 || editor.isComposing() || NOT_TYPED.some((tag) => tags.has(tag))) return
      const pattern = typedPattern(prevEditorState, editorState)
      if (pattern === undefined) return
      // After the commit that is going on: its words must be in the document as a step before this one.
      queueMicrotask(() => {
        if (editor.getEditorState() !== editorState) return
        if (pattern.kind === 'slash') options.onSlash()
        else applyPattern(editor, options, pattern)
      })
    }),
  ]
  return () => {
    for (const each of undo) each()
  }
}

function runKey(command: CommandName, { surface, onLink }: ShortcutOptions): boolean {
  // Ctrl+Enter means a line of its own everywhere but in a check list and a toggle.
  if (command === 'toggle-check') return CTRL_ENTER.some((each) => surface.exec(each))
  if (command === 'link') {
    if (surface.now().enabled.has('link')) onLink()
    return true
  }
  // Taken even when it does nothing now: the browser's own idea of Ctrl+U or Ctrl+E is never wanted in a text.
  surface.exec(command)
  return true
}

/** In a list, a toggle or a callout it changes the depth, in code it is a character; anywhere else Tab leaves the text, as on every page. */
function tab(editor: LexicalEditor, event: KeyboardEvent): boolean {
  const selection = $getSelection()
  if (!$isRangeSelection(selection) || event.ctrlKey || event.altKey || event.metaKey) return false
  const block = $textBlockOf(selection.anchor.getNode())
  const kind = block?.getKind()
  if (kind === 'code' && !event.shiftKey) {
    event.preventDefault()
    selection.insertText('\t')
    return true
  }
  if (
    block === undefined ||
    !(kind === 'bullet' || kind === 'numbered' || kind === 'check' || $isInGroup(block))
  )
    return false
  // Shift+Tab at the outermost depth is the way out for somebody without a mouse.
  if (event.shiftKey && block.getIndent() === 0) return false
  event.preventDefault()
  if (event.shiftKey) outdent(editor)
  else indent(editor)
  return true
}

/** A toggle or callout, what they hold, and the block that Tab would put into one. */
function $isInGroup(block: LexicalNode): boolean {
  if ($isHolder(block) || $holdersOf(block).length > 0) return true
  const before = block.getPreviousSibling()
  return before !== null && ($isHolder(before) || $holdersOf(before).length > 0)
}

type Pattern =
  | { readonly kind: 'block'; readonly input: BlockInput }
  | { readonly kind: 'inline'; readonly input: InlineInput }
  | { readonly kind: 'slash' }

/** @returns what the one character typed between the two states has completed. */
function typedPattern(before: EditorState, after: EditorState): Pattern | undefined {
  const now = after.read(readCaret)
  // Most keys complete nothing; finding that out must not cost a second look at the older state.
  if (now === undefined || !/[ *_~`$/-]$/.test(now.before)) return undefined
  const old = before.read(readCaret)
  // In an empty block there was no text to have a caret in.
  if (old === undefined && now.before === '/' && now.after === '' && !now.literal) return { kind: 'slash' }
  if (old === undefined || old.key !== now.key || old.before !== now.before.slice(0, -1)) return undefined
  const block = blockInput(now.block, now.before, now.after)
  if (block !== undefined) return { kind: 'block', input: block }
  if (now.literal) return undefined
  if (/(^|\s)\/$/.test(now.before)) return { kind: 'slash' }
  const line = now.before.lastIndexOf('\n') + 1
  const inline = inlineInput(now.before.slice(line))
  return inline === undefined ? undefined : { kind: 'inline', input: { ...inline, from: inline.from + line } }
}

export interface Caret {
  readonly key: string
  readonly block: InputBlock
  readonly before: string
  readonly after: string
  /** Code, where marks are only characters. */
  readonly literal: boolean
}

/** Where the caret is among the words of its block. To be called while the editor is read. */
export function readCaret(): Caret | undefined {
  const selection = $getSelection()
  if (!$isRangeSelection(selection) || !selection.isCollapsed()) return undefined
  const node = selection.anchor.getNode()
  const block = $textBlockOf(node)
  if (block === undefined || !$isTextNode(node)) return undefined
  const text = $wordsOf(block)
  const at = $offsetIn(block, selection.anchor)
  const kind = block.getKind()
  return {
    key: block.getKey(),
    block: inputBlock(kind),
    before: text.slice(0, at),
    after: text.slice(at),
    literal: kind === 'code' || kind === 'unknown' || node.hasFormat('code'),
  }
}

/** In units: an object is one, whatever it shows. */
function $wordsOf(block: WeftBlockNode): string {
  const words = block
    .getChildren()
    .map((child) => ($isObjectNode(child) ? OBJECT_CHARACTER : child.getTextContent()))
  return words.join('')
}

function inputBlock(kind: ReturnType<WeftBlockNode['getKind']>): InputBlock {
  switch (kind) {
    case 'paragraph':
      return 'paragraph'
    case 'heading':
      return 'heading'
    case 'bullet':
    case 'numbered':
    case 'check':
      return 'list'
    case 'quote':
      return 'quote'
    case 'callout':
    case 'toggle':
    case 'code':
    case 'unknown':
      return 'other'
  }
}

function applyPattern(
  editor: LexicalEditor,
  { history, onEdit }: ShortcutOptions,
  pattern: Exclude<Pattern, { kind: 'slash' }>,
): void {
  let asked: NodeKey | undefined
  history.separate()
  editor.update(
    () => {
      if (pattern.kind === 'inline') return $applyInline(pattern.input)
      const block = $caretBlock()
      if (block !== undefined) $remove(block, 0, pattern.input.length)
      if (pattern.input.command === 'equation')
        asked = $insertVoid({ type: 'equation', indent: 0, latex: '' })
      else applyBlock(editor, pattern.input)
    },
    { discrete: true },
  )
  history.separate()
  if (asked !== undefined) onEdit(asked)
}

function applyBlock(editor: LexicalEditor, { command, checked, start, kind, language }: BlockInput): void {
  switch (command) {
    case 'heading-1':
    case 'heading-2':
    case 'heading-3':
    case 'heading-4':
      return setHeading(editor, command)
    case 'bullet-list':
      return setBlockKind(editor, 'bullet')
    case 'numbered-list':
      return setBlockKind(editor, 'numbered', { start: $isCountedOn(start) ? 0 : (start ?? 0) })
    case 'check-list':
      return setBlockKind(editor, 'check', { checked: checked ?? false })
    case 'quote':
    case 'toggle':
      return setBlockKind(editor, command)
    case 'callout':
      return setBlockKind(editor, 'callout', { kind: kind ?? 'note' })
    case 'code-block':
      return setBlockKind(editor, 'code', language === undefined ? {} : { language })
    case 'divider':
      return insertDivider(editor)
    case 'equation':
      // Asked for once it is there: `applyPattern` sees to that.
      return
  }
}

/** Whether a list item with this number would have it anyway. */
function $isCountedOn(start: number | undefined): boolean {
  const before = $caretBlock()?.getPreviousSibling()
  const isItem = $isBlockNode(before) && before.getKind() === 'numbered'
  return start === undefined || start === 1 || isItem
}

function $applyInline({ command, from, mark }: InlineInput): void {
  const block = $caretBlock()
  const selection = $getSelection()
  if (block === undefined || !$isRangeSelection(selection)) return
  const end = $offsetIn(block, selection.anchor)
  $remove(block, end - mark, end)
  $remove(block, from, from + mark)
  const content = $range(block, from, end - 2 * mark)
  if (content === undefined) return
  const format = command === 'strike' ? 'strikethrough' : command
  content.formatText(format)
  const behind = $getSelection()
  if (!$isRangeSelection(behind)) return
  const tail = behind.isBackward() ? behind.anchor : behind.focus
  behind.anchor.set(tail.key, tail.offset, tail.type)
  behind.focus.set(tail.key, tail.offset, tail.type)
  // What is typed after the closing mark is plain again.
  behind.setFormat(behind.format & ~(TEXT_TYPE_TO_FORMAT[format] ?? 0))
}

function $caretBlock(): WeftBlockNode | undefined {
  const selection = $getSelection()
  return $isRangeSelection(selection) ? $textBlockOf(selection.anchor.getNode()) : undefined
}

/** Takes away the `length` characters before the caret. */
export function $removeBefore(length: number): void {
  const selection = $getSelection()
  const block = $caretBlock()
  if (block === undefined || !$isRangeSelection(selection)) return
  const end = $offsetIn(block, selection.anchor)
  $remove(block, end - length, end)
}

function $remove(block: WeftBlockNode, from: number, to: number): void {
  $range(block, from, to)?.removeText()
}

/** Selects part of a block by offsets into its text. */
function $range(block: WeftBlockNode, from: number, to: number): RangeSelection | undefined {
  const start = $textAt(block, from, 'after')
  const end = $textAt(block, to, 'before')
  if (start === undefined || end === undefined) return undefined
  const selection = $createRangeSelection()
  selection.anchor.set(start.node.getKey(), start.offset, 'text')
  selection.focus.set(end.node.getKey(), end.offset, 'text')
  $setSelection(selection)
  return selection
}

/** @param side at a seam between two runs: the one that ends there, or the one that starts there. */
function $textAt(
  block: WeftBlockNode,
  offset: number,
  side: 'before' | 'after',
): { node: TextNode; offset: number } | undefined {
  let left = offset
  for (const child of block.getChildren()) {
    const size = child.getTextContentSize()
    if ($isTextNode(child) && (side === 'before' ? left <= size : left < size))
      return { node: child, offset: left }
    left -= size
  }
  return undefined
}

function $offsetIn(block: WeftBlockNode, point: PointType): number {
  const node = point.getNode()
  const children = $isElementNode(node)
    ? node.getChildren().slice(0, point.offset)
    : node.getPreviousSiblings()
  const before = children.reduce((sum, child) => sum + child.getTextContentSize(), 0)
  return node.is(block) ? before : before + point.offset
}
