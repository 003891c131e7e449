/**
 * What a toolbar, a menu or a key asks of the editor, and what it needs to know to show it.
 *
 * Each command is one editor update on the current selection and does nothing without one. None of them
 * moves text between blocks; undo and redo belong to the binding (`binding/binding.ts`).
 */
import {
  type BlockShape,
  type CalloutKind,
  type Color,
  type HeadingLevel,
  type InlineObject,
  MAX_INDENT,
  NO_MARKS,
  readBlockShape,
  readInline,
  safeLink,
  storedInline,
  TOGGLE_MARKS,
  type ToggleMark,
} from '@weft/document'
import {
  $createNodeSelection,
  $getNearestNodeFromDOMNode,
  $getNodeByKey,
  $getSelection,
  $isNodeSelection,
  $isRangeSelection,
  $isTextNode,
  $setSelection,
  FORMAT_TEXT_COMMAND,
  type LexicalEditor,
  type LexicalNode,
  type NodeKey,
  type RangeSelection,
  type TextFormatType,
  type TextNode,
} from 'lexical'
import { $paragraphBehind } from './blocks/block-keys.ts'
import { $isBlockNode, isTextShape, type TextBlockShape, type WeftBlockNode } from './blocks/block-node.ts'
import { $countColumns, $insertColumns } from './blocks/columns.ts'
import { $holdersOf, $isCollapsed } from './blocks/holders.ts'
import { $createObjectNode, $isObjectNode, sameStored } from './blocks/object-node.ts'
import {
  $isWeftTextNode,
  type ChosenColors,
  colorsOfStyle,
  formatOf,
  marksOf,
  styleOfColors,
  type WeftTextNode,
} from './blocks/text-node.ts'
import { $createVoidNode, $isVoidNode, isVoidShape, type VoidShape } from './blocks/void-node.ts'

/** A kind that `setBlockKind` can give; a divider is inserted instead. */
export type ChosenKind = Exclude<TextBlockShape['type'], 'unknown'>

/** What is left out stays as it is in a block that is of the kind already, and has its default in any other. */
export interface KindAttributes {
  /** Of a heading. */
  readonly level?: HeadingLevel
  /** The number a numbered list starts again with; 0 to count on. */
  readonly start?: number
  /** Of a check list item. */
  readonly checked?: boolean
  /** Of code. */
  readonly language?: string
  /** Of a callout. */
  readonly kind?: CalloutKind
  readonly emoji?: string
  /** Of a toggle. */
  readonly collapsed?: boolean
}

const FORMATS: { readonly [name in ToggleMark]: TextFormatType } = {
  bold: 'bold',
  italic: 'italic',
  underline: 'underline',
  strike: 'strikethrough',
  code: 'code',
}

/** Turns every selected block into `kind`; its indent stays. Placeholders stay what they are. */
export function setBlockKind(editor: LexicalEditor, kind: ChosenKind, attributes: KindAttributes = {}): void {
  editor.update(() => {
    for (const block of $selectedBlocks()) {
      const shape = shapeOf(kind, block.getShape(), attributes)
      if (block.getKind() !== 'unknown' && isTextShape(shape)) block.setShape(shape)
    }
  })
}

/** @param name `heading-2` is of level 2. */
export function setHeading(editor: LexicalEditor, name: `heading-${HeadingLevel}`): void {
  setBlockKind(editor, 'heading', { level: Number(name.at(-1)) as HeadingLevel })
}

/** On a caret it decides about what is typed next. Needs `registerRichText`, as every text format does. */
export function toggleMark(editor: LexicalEditor, mark: ToggleMark): void {
  editor.update(() => {
    const selection = $getSelection()
    // Lexical goes by what it remembers of the selection, which others' edits leave behind: what is selected decides.
    if ($isRangeSelection(selection) && !selection.isCollapsed())
      selection.setFormat($selectedFormat(selection))
    editor.dispatchCommand(FORMAT_TEXT_COMMAND, FORMATS[mark])
  })
}

/** What the toolbar shows as pressed: at a caret what typing would have. */
function marksOfSelection(selection: RangeSelection): Set<ToggleMark> {
  const format = selection.isCollapsed() ? selection.format : $selectedFormat(selection)
  return new Set(TOGGLE_MARKS.filter((mark) => (format & formatOf({ [mark]: true })) !== 0))
}

/** The formats that all the selected text has, or that typing at the caret would have. */
export function $selectedFormat(selection: RangeSelection): number {
  const [start, end] = selection.isBackward()
    ? [selection.focus, selection.anchor]
    : [selection.anchor, selection.focus]
  const isCovered = (node: TextNode): boolean =>
    selection.isCollapsed() ||
    !(
      (node.is(start.getNode()) && start.offset === node.getTextContentSize()) ||
      (node.is(end.getNode()) && end.offset === 0)
    )
  const formats = selection
    .getNodes()
    .filter($isTextNode)
    .filter(isCovered)
    .map((node) => node.getFormat())
  return formats.length === 0 ? selection.format : formats.reduce((all, format) => all & format)
}

/**
 * Links the selected text, or the whole link the caret is in.
 *
 * @param link null takes the link away.
 * @returns false, and nothing is changed, when the schema refuses the address.
 */
export function setLink(editor: LexicalEditor, link: string | null): boolean {
  const address = link === null ? '' : safeLink(link)
  if (address === undefined) return false
  editor.update(() => {
    const selection = $getSelection()
    if (!$isRangeSelection(selection)) return
    const nodes = selection.isCollapsed() ? $linkAround(selection) : selection.extract()
    for (const node of nodes) if ($isWeftTextNode(node)) node.setLink(address)
  })
  return true
}

/**
 * Colours the selected text; at a caret what is typed next.
 *
 * @param color null gives it the page's own again.
 */
export function setColor(editor: LexicalEditor, color: Color | null): void {
  paint(editor, { color: color ?? '' })
}

/** As `setColor`, for what is behind the text. */
export function setHighlight(editor: LexicalEditor, color: Color | null): void {
  paint(editor, { highlight: color ?? '' })
}

function paint(editor: LexicalEditor, { color, highlight }: Partial<ChosenColors>): void {
  editor.update(() => {
    const selection = $getSelection()
    if (!$isRangeSelection(selection)) return
    if (selection.isCollapsed()) {
      const now = $startOf(selection)
      const chosen = { color: color ?? now.color ?? '', highlight: highlight ?? now.highlight ?? '' } as const
      selection.setStyle(styleOfColors(chosen))
      return
    }
    for (const node of selection.extract().filter($isWeftTextNode)) {
      if (color !== undefined) node.setColor(color)
      if (highlight !== undefined) node.setHighlight(highlight)
    }
  })
}

export function indent(editor: LexicalEditor): void {
  changeIndent(editor, 1)
}

export function outdent(editor: LexicalEditor): void {
  changeIndent(editor, -1)
}

/** @param key the check list item; without it, the selected ones. */
export function toggleChecked(editor: LexicalEditor, key?: NodeKey): void {
  editor.update(() => {
    const blocks = $selectedBlocks().filter((block) => block.getKind() === 'check')
    const wanted = key === undefined ? blocks : $blockByKey(editor, key)
    const checked = !wanted.every((block) => isOn(block.getShape()))
    for (const block of wanted) block.setShape({ type: 'check', checked, indent: block.getIndent() })
  })
}

/** Opens the toggles of the selection, or closes them when all are open. */
export function toggleOpen(editor: LexicalEditor): void {
  editor.update(() => {
    const toggles = $selectedBlocks().filter((block) => block.getKind() === 'toggle')
    const collapsed = !toggles.some((block) => isOn(block.getShape()))
    for (const block of toggles) {
      block.setShape({ type: 'toggle', collapsed, indent: block.getIndent() })
      $leaveClosed(block)
    }
  })
}

/** A caret in what has just been closed goes to the words that are left of it. */
function $leaveClosed(toggle: WeftBlockNode): void {
  const selection = $getSelection()
  if (!$isCollapsed(toggle) || !$isRangeSelection(selection)) return
  const ends = [selection.anchor, selection.focus].map((point) => $blockOf(point.getNode()))
  if (ends.some((block) => block !== undefined && $holdersOf(block).some((holder) => holder.is(toggle))))
    toggle.selectEnd()
}

/** Ticks the check list item, or opens the toggle, whose box or triangle a click hit; or the other way round. */
export function toggleAt(editor: LexicalEditor, element: Element): void {
  editor.update(() => {
    const node = $getNearestNodeFromDOMNode(element)
    if (!$isBlockNode(node)) return
    const shape = node.getShape()
    if (shape.type === 'check') node.setShape({ ...shape, checked: !shape.checked })
    if (shape.type === 'toggle') $leaveClosed(node.setShape({ ...shape, collapsed: !shape.collapsed }))
  })
}

function isOn(shape: TextBlockShape): boolean {
  return (shape.type === 'check' && shape.checked) || (shape.type === 'toggle' && shape.collapsed)
}

/** A row of so many columns, with the caret in the first new one. */
export function insertColumns(editor: LexicalEditor, count: number): void {
  editor.update(() => {
    const block = $selectedBlocks().at(-1)
    if (block !== undefined) $insertColumns(block, count)
  })
}

/** Puts the selected blocks side by side with their neighbours. @param column from 1; 0 takes them out again. */
export function setColumn(editor: LexicalEditor, column: number): void {
  editor.update(() => {
    for (const block of $selectedBlocks()) if (block.getKind() !== 'unknown') block.setColumn(column)
  })
}

/**
 * Puts a block without text behind the block of the caret, or in its place when it is empty, and the caret behind it.
 *
 * @returns its key; undefined without a selection.
 */
export function $insertVoid(shape: VoidShape): NodeKey | undefined {
  const block = $selectedBlocks().at(-1)
  if (block === undefined) return undefined
  const indent = shape.type === 'divider' ? 0 : block.getIndent()
  const node = $createVoidNode({ ...shape, indent } as VoidShape).setColumn(block.getColumn())
  block.insertAfter(node, false)
  const next = node.getNextSibling()
  if (block.isEmpty() && block.getKind() === 'paragraph') {
    // The empty block moves behind instead of being replaced: it is the same block.
    node.insertAfter(block, false)
    block.selectStart()
  } else if ($isBlockNode(next)) next.selectStart()
  else $paragraphBehind(node)
  return node.getKey()
}

export function insertDivider(editor: LexicalEditor): void {
  editor.update(() => {
    $insertVoid({ type: 'divider', indent: 0 })
  })
}

/** Puts an inline object in the place of the selection. @returns its key; undefined without a selection. */
export function $insertObject(object: InlineObject): NodeKey | undefined {
  const selection = $getSelection()
  if (!$isRangeSelection(selection)) return undefined
  const node = $createObjectNode(storedInline(object))
  selection.insertNodes([node])
  return node.getKey()
}

/** The first of the selected numbered items starts again with this number, or counts on with 0. */
export function setNumber(editor: LexicalEditor, start: number): void {
  editor.update(() => {
    const item = $firstNumbered()
    if (item !== undefined) item.setShape(shapeOf('numbered', item.getShape(), { start }) as TextBlockShape)
  })
}

export function $firstNumbered(): WeftBlockNode | undefined {
  return $selectedBlocks().find((block) => block.getKind() === 'numbered')
}

type NumberedShape = Extract<TextBlockShape, { readonly type: 'numbered' }>

/** What can be edited of the block or object under `key`; undefined when there is nothing. */
export function readParts(
  editor: LexicalEditor,
  key: NodeKey,
): (VoidShape | NumberedShape | InlineObject) | undefined {
  return editor.read(() => {
    const node = $getNodeByKey(key)
    if ($isVoidNode(node)) return node.getShape()
    const shape = $isBlockNode(node) ? node.getShape() : undefined
    if (shape?.type === 'numbered') return shape
    return $isObjectNode(node) ? node.getObject() : undefined
  })
}

/** Changes parts of a block without text or of a numbered item, or puts another object in the place of an inline one. */
export function setParts(
  editor: LexicalEditor,
  key: NodeKey,
  parts: Readonly<Record<string, unknown>>,
): void {
  editor.update(() => {
    const node = $getNodeByKey(key)
    if ($isVoidNode(node)) {
      const given: Readonly<Record<string, unknown>> = { ...node.getShape(), ...parts }
      const shape = readBlockShape((name) => given[name])
      if (isVoidShape(shape)) node.setShape(shape)
    } else if ($isBlockNode(node)) {
      const start = typeof parts['start'] === 'number' ? parts['start'] : 0
      if (node.getKind() === 'numbered')
        node.setShape(shapeOf('numbered', node.getShape(), { start }) as TextBlockShape)
    } else if ($isObjectNode(node)) {
      const stored = node.getStored()
      const object = readInline({ ...(stored as object), ...parts })
      // Of a type of a later version only the name is known: written again, it would lose all else.
      if (object.type === 'unknown') return
      const wanted = storedInline(object)
      if (sameStored(stored, wanted)) return
      const made = node.replace($createObjectNode(wanted, node.getMarks()))
      const selection = $getSelection()
      // What was selected as a whole stays so: keys would go to what is no longer there.
      if ($isNodeSelection(selection) && selection.has(key)) {
        selection.delete(key)
        selection.add(made.getKey())
      }
    }
  })
}

/** Takes a block without text, or an inline object, away. */
export function removePart(editor: LexicalEditor, key: NodeKey): void {
  editor.update(() => {
    const node = $getNodeByKey(key)
    if (!$isVoidNode(node) && !$isObjectNode(node)) return
    if ($isVoidNode(node)) {
      const next = node.getNextSibling() ?? node.getPreviousSibling()
      if ($isBlockNode(next)) next.selectStart()
      else $paragraphBehind(node)
    }
    node.remove()
  })
}

/** Takes an object away that was put into the text and never said what it is. */
export function removeBlank(editor: LexicalEditor, key: NodeKey): void {
  editor.update(() => {
    const node = $getNodeByKey(key)
    const object = $isObjectNode(node) ? node.getObject() : undefined
    const isBlank =
      (object?.type === 'equation' && object.latex.trim() === '') ||
      (object?.type === 'mention' && object.label.trim() === '' && object.ref === '')
    if (isBlank) node?.remove()
  })
}

export interface FormatState {
  /** Of the block the selection starts in; null without a selection. */
  readonly block: TextBlockShape | VoidShape | null
  /** What is selected as a whole and can be edited by `edit-object`. */
  readonly part: NodeKey | null
  /** Marks that all the selected text has, or that typing would have. */
  readonly marks: ReadonlySet<ToggleMark>
  /** The address of the link under the selection's start; null outside a link. */
  readonly link: string | null
  /** Of the text at the selection's start, or of what is typed next; null for the page's own. */
  readonly color: Color | null
  readonly highlight: Color | null
  /** Whether text, not just a caret, is selected. */
  readonly hasRange: boolean
  /** Side by side where the selection ends; 0 where there are none. */
  readonly columns: number
  readonly canIndent: boolean
  readonly canOutdent: boolean
  readonly canUndo: boolean
  readonly canRedo: boolean
}

/** @param history the binding; without it nothing can be undone. */
export function readFormatState(
  editor: LexicalEditor,
  history?: { readonly canUndo: boolean; readonly canRedo: boolean },
): FormatState {
  const undo = { canUndo: history?.canUndo ?? false, canRedo: history?.canRedo ?? false }
  return editor.getEditorState().read(() => {
    const selection = $getSelection()
    const none = { part: null, link: null, color: null, highlight: null }
    const empty = { marks: new Set<ToggleMark>(), ...none, hasRange: false, columns: 0, ...undo }
    if ($isNodeSelection(selection)) {
      const [node] = selection.getNodes()
      const block = $isVoidNode(node) ? node.getShape() : null
      const isPart = $isObjectNode(node) || (block !== null && block.type !== 'divider')
      const part = isPart ? (node?.getKey() ?? null) : null
      return { block, canIndent: false, canOutdent: false, ...empty, part }
    }
    if (!$isRangeSelection(selection)) return { block: null, canIndent: false, canOutdent: false, ...empty }
    const blocks = $selectedBlocks()
    return {
      block: blocks[0]?.getShape() ?? null,
      part: null,
      marks: marksOfSelection(selection),
      ...$startOf(selection),
      hasRange: !selection.isCollapsed(),
      columns: $countColumns(blocks.at(-1) ?? null),
      canIndent: blocks.some((block) => block.getIndent() < MAX_INDENT),
      canOutdent: blocks.some((block) => block.getIndent() > 0),
      ...undo,
    }
  })
}

/** The text blocks the selection touches, in order; one it only reaches the start of is left out. */
export function $selectedBlocks(): WeftBlockNode[] {
  const selection = $getSelection()
  if (!$isRangeSelection(selection)) return []
  const blocks: WeftBlockNode[] = []
  for (const node of selection.getNodes()) {
    const block = $blockOf(node)
    if (block !== undefined && !blocks.some((known) => known.is(block))) blocks.push(block)
  }
  const end = selection.isBackward() ? selection.anchor : selection.focus
  const last = blocks.at(-1)
  if (blocks.length > 1 && last !== undefined && end.offset === 0) {
    const node = end.getNode()
    if (node.is(last) || node.is(last.getFirstDescendant())) blocks.pop()
  }
  return blocks
}

/** Selects a block without text, or an inline object, as a whole, as a click on it does. */
export function selectPart(editor: LexicalEditor, key: NodeKey): void {
  editor.update(() => {
    const selection = $createNodeSelection()
    selection.add(key)
    $setSelection(selection)
  })
}

function changeIndent(editor: LexicalEditor, by: 1 | -1): void {
  editor.update(() => {
    for (const block of $selectedBlocks()) {
      const wanted = Math.min(Math.max(block.getIndent() + by, 0), MAX_INDENT)
      if (wanted !== block.getIndent()) block.setIndent(wanted)
    }
  })
}

function shapeOf(kind: ChosenKind, from: TextBlockShape, attributes: KindAttributes): BlockShape {
  const given: Readonly<Record<string, unknown>> = { ...attributes, type: kind, indent: from.indent }
  const known: Readonly<Record<string, unknown>> = from.type === kind ? { ...from } : {}
  return readBlockShape((name) => given[name] ?? known[name])
}

function $blockByKey(editor: LexicalEditor, key: NodeKey): WeftBlockNode[] {
  const node = editor.getEditorState()._nodeMap.get(key)?.getLatest()
  return $isBlockNode(node) && node.getKind() === 'check' ? [node] : []
}

function $blockOf(node: LexicalNode): WeftBlockNode | undefined {
  for (let current: LexicalNode | null = node; current !== null; current = current.getParent())
    if ($isBlockNode(current)) return current
  return undefined
}

/** Link and colours of the text that the selection starts with, or that typing would have. */
function $startOf(selection: RangeSelection): Pick<FormatState, 'link' | 'color' | 'highlight'> {
  const point = selection.isBackward() ? selection.focus : selection.anchor
  const node = point.getNode()
  const { link = null, color = null, highlight = null } = $isWeftTextNode(node) ? marksOf(node) : NO_MARKS
  const chosen = selection.isCollapsed() ? colorsOfStyle(selection.style) : undefined
  if (chosen === undefined) return { link, color, highlight }
  return { link, color: chosen.color || null, highlight: chosen.highlight || null }
}

/** All runs of the link the caret stands in: its characters may differ in other marks. */
function $linkAround(selection: RangeSelection): WeftTextNode[] {
  const start = selection.anchor.getNode()
  if (!$isWeftTextNode(start) || start.getLink() === '') return []
  const link = start.getLink()
  const nodes = [start]
  const isSame = (node: LexicalNode | null): node is WeftTextNode =>
    $isWeftTextNode(node) && node.getLink() === link
  for (let node = start.getPreviousSibling(); isSame(node); node = node.getPreviousSibling()) nodes.push(node)
  for (let node = start.getNextSibling(); isSame(node); node = node.getNextSibling()) nodes.push(node)
  return nodes
}
