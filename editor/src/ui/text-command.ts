/**
 * A command that changes the text, by its name: what it does at the caret or to what is selected.
 *
 * Runs inside an update of the editor, whose steps of undo are its caller's business (`lexical-surface.ts`), as is
 * whether it would do anything (`formats.ts`). What was not given with the command is to be asked for, also by the caller.
 */
import {
  CALLOUT_KINDS,
  type InlineObject,
  NO_MARKS,
  readBlockShape,
  readColor,
  readDate,
} from '@weft/document'
import { $getSelection, $isRangeSelection, type LexicalEditor, type NodeKey } from 'lexical'
import {
  $firstNumbered,
  indent,
  insertColumns,
  outdent,
  setBlockKind,
  setHeading,
  setNumber,
  toggleChecked,
  toggleOpen,
} from '../block-commands.ts'
import { $createWeftTextNode, $isWeftTextNode, $setMarks, styleOfColors } from '../blocks/text-node.ts'
import { isVoidShape } from '../blocks/void-node.ts'
import { readFormatState } from '../format-state.ts'
import { setColor, setHighlight, setLink, toggleMark } from '../mark-commands.ts'
import { $insertObject, $insertVoid, insertDivider } from '../part-commands.ts'
import { deleteTable, insertTable } from '../table-commands.ts'
import type { TextCommand } from './command-kinds.ts'

/** Rows or columns of a new table: not more than can be looked over. */
const MOST_NEW_LINES = 20

const isNumber = (argument: string | undefined): argument is string => /^\d{1,9}$/.test(argument ?? '')

/** @returns the key of what is to be asked for, once it is on the screen; undefined when there is nothing to ask. */
export function runTextCommand(
  editor: LexicalEditor,
  command: TextCommand,
  argument: string | undefined,
): NodeKey | undefined {
  switch (command) {
    case 'paragraph':
    case 'quote':
    case 'toggle':
      setBlockKind(editor, command)
      return
    case 'callout':
      setBlockKind(editor, 'callout', { kind: CALLOUT_KINDS.find((kind) => kind === argument) ?? 'note' })
      return
    case 'callout-sign':
      setBlockKind(editor, 'callout', { emoji: argument ?? '' })
      return
    case 'restart-numbers':
      setNumber(editor, 1)
      return
    case 'continue-numbers':
      setNumber(editor, 0)
      return
    case 'start-numbers':
      if (argument === undefined) return $firstNumbered()?.getKey()
      if (isNumber(argument)) setNumber(editor, Number(argument))
      return
    case 'heading-1':
    case 'heading-2':
    case 'heading-3':
    case 'heading-4':
      setHeading(editor, command)
      return
    case 'bullet-list':
      setBlockKind(editor, 'bullet')
      return
    case 'numbered-list':
      setBlockKind(editor, 'numbered', isNumber(argument) ? { start: Number(argument) } : {})
      return
    case 'check-list':
      setBlockKind(editor, 'check')
      return
    case 'code-block':
      setBlockKind(editor, 'code', argument === undefined ? {} : { language: argument })
      return
    case 'divider':
      insertDivider(editor)
      return
    case 'columns-2':
    case 'columns-3':
      insertColumns(editor, Number(command.at(-1)))
      return
    case 'table': {
      const [rows, columns] = tableSize(argument)
      insertTable(editor, rows, columns)
      return
    }
    case 'delete-table':
      deleteTable(editor)
      return
    case 'image':
    case 'file':
    case 'embed':
      return insertVoid(command, 'url', argument)
    case 'equation':
      return insertVoid(command, 'latex', argument)
    case 'inline-equation':
      return insertObject({ type: 'equation', latex: argument ?? '' }, argument)
    case 'date':
      return insertObject({ type: 'date', date: readDate(argument ?? today()) }, argument ?? '')
    case 'mention':
      return insertObject({ type: 'mention', kind: 'person', ref: '', label: argument ?? '' }, argument)
    case 'edit-object':
      return readFormatState(editor).part ?? undefined
    case 'bold':
    case 'italic':
    case 'underline':
    case 'strike':
    case 'code':
      toggleMark(editor, command)
      return
    case 'link':
      linkWords(editor, argument)
      return
    case 'color':
      setColor(editor, readColor(argument) ?? null)
      return
    case 'highlight':
      setHighlight(editor, readColor(argument) ?? null)
      return
    case 'clear-format':
      editor.update($clearFormat)
      return
    case 'indent':
      indent(editor)
      return
    case 'outdent':
      outdent(editor)
      return
    case 'toggle-check':
      toggleChecked(editor)
      return
    case 'toggle-open':
      toggleOpen(editor)
      return
  }
}

/** @param name of the part that the argument is. */
function insertVoid(
  type: 'image' | 'file' | 'embed' | 'equation',
  name: string,
  argument: string | undefined,
): NodeKey | undefined {
  const given: Readonly<Record<string, unknown>> = { type, [name]: argument }
  const shape = readBlockShape((part) => given[part])
  const key = isVoidShape(shape) ? $insertVoid(shape) : undefined
  return argument === undefined ? key : undefined
}

function insertObject(object: InlineObject, argument: string | undefined): NodeKey | undefined {
  const key = $insertObject(object)
  return argument === undefined ? key : undefined
}

function linkWords(editor: LexicalEditor, address: string | undefined): void {
  const { hasRange, link } = readFormatState(editor)
  if (address === undefined || hasRange || link !== null) {
    setLink(editor, address ?? null)
    // Who has linked words goes on behind them: over a selection the next key would delete them.
    if (address !== undefined) editor.update($collapseToEnd)
    return
  }
  // Nothing to link: the address is the text.
  editor.update(() => {
    const selection = $getSelection()
    if ($isRangeSelection(selection))
      selection.insertNodes([$createWeftTextNode(address.replace(/^(mailto:|tel:)/, ''), { link: address })])
  })
}

/** @returns rows and columns; three of each unless it says otherwise, and never more than can be looked over. */
function tableSize(argument: string | undefined): [number, number] {
  const [, rows = '3', columns = '3'] = /^(\d{1,2})x(\d{1,2})$/.exec(argument ?? '') ?? []
  const bounded = (count: string): number => Math.min(Math.max(Number(count), 1), MOST_NEW_LINES)
  return [bounded(rows), bounded(columns)]
}

/** Where this person is. */
function today(): string {
  const now = new Date()
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}

function $collapseToEnd(): void {
  const selection = $getSelection()
  if (!$isRangeSelection(selection)) return
  const { key, offset, type } = selection.isBackward() ? selection.anchor : selection.focus
  selection.anchor.set(key, offset, type)
  selection.focus.set(key, offset, type)
}

function $clearFormat(): void {
  const selection = $getSelection()
  if (!$isRangeSelection(selection)) return
  if (!selection.isCollapsed())
    for (const node of selection.extract()) if ($isWeftTextNode(node)) $setMarks(node, NO_MARKS)
  selection.setFormat(0)
  if (selection.isCollapsed()) selection.setStyle(styleOfColors({ color: '', highlight: '' }))
}
