/**
 * What typed Markdown means, as pure functions over the text before the caret.
 *
 * Rule: only the character just typed, at the caret, may complete a pattern; what stood there before, was pasted or
 * came from somebody else never turns into anything. `shortcuts.ts` sees to that and applies the answer.
 */
import { CALLOUT_KINDS, type CalloutKind } from '@weft/document'
import type { CommandName } from '../element/api.ts'
import type { BlockCommand } from './surface.ts'

/** What a block is before the pattern, as far as patterns care. */
export type InputBlock = 'paragraph' | 'heading' | 'list' | 'quote' | 'other'

export interface BlockInput {
  readonly command: Exclude<BlockCommand, 'paragraph'> | Extract<CommandName, 'divider' | 'equation'>
  /** Characters at the start of the block that made up the pattern and go. */
  readonly length: number
  /** Of a check list item. */
  readonly checked?: boolean
  /** The number that a numbered item was given. */
  readonly start?: number
  /** Of a callout. */
  readonly kind?: CalloutKind
  /** Of code. */
  readonly language?: string
}

export interface InlineInput {
  readonly command: 'bold' | 'italic' | 'strike' | 'code'
  /** Where the opening mark starts, in the text before the caret. */
  readonly from: number
  /** Length of the opening mark, and of the closing one, which ends at the caret. */
  readonly mark: number
}

/**
 * @param before the block's text from its start to the caret, the typed character last.
 * @param after the block's text from the caret on.
 */
export function blockInput(block: InputBlock, before: string, after: string): BlockInput | undefined {
  switch (block) {
    case 'other':
      return undefined
    case 'list':
      return checkInput(before)
    case 'heading':
      return headingInput(before)
    case 'paragraph':
      return (
        headingInput(before) ??
        checkInput(before) ??
        listInput(before) ??
        calloutInput(before) ??
        wholeBlockInput(before, after)
      )
    case 'quote':
      // "> " has made a quote of it already.
      return alertInput(before)
  }
}

/** What Enter completes, at the end of `before`, which is all there is: a fence, whose language it ends. */
export function enterInput(block: InputBlock, before: string): BlockInput | undefined {
  const input = block === 'paragraph' ? wholeBlockInput(`${before} `, '') : undefined
  return input === undefined ? undefined : { ...input, length: before.length }
}

function headingInput(before: string): BlockInput | undefined {
  switch (before) {
    case '# ':
      return { command: 'heading-1', length: 2 }
    case '## ':
      return { command: 'heading-2', length: 3 }
    case '### ':
      return { command: 'heading-3', length: 4 }
    case '#### ':
      return { command: 'heading-4', length: 5 }
    default:
      return undefined
  }
}

function checkInput(before: string): BlockInput | undefined {
  const match = /^\[([ xX]?)\] $/.exec(before)
  if (match === null) return undefined
  return { command: 'check-list', length: before.length, checked: /x/i.test(match[1] ?? '') }
}

function listInput(before: string): BlockInput | undefined {
  if (/^[-*+] $/.test(before)) return { command: 'bullet-list', length: 2 }
  const number = /^(\d{1,3})[.)] $/.exec(before)?.[1]
  if (number !== undefined) return { command: 'numbered-list', length: before.length, start: Number(number) }
  if (before === '> ') return { command: 'quote', length: 2 }
  if (before === '>> ') return { command: 'toggle', length: 3 }
  return undefined
}

/** `!!! `, as static site generators have it. */
function calloutInput(before: string): BlockInput | undefined {
  if (before === '!!! ') return { command: 'callout', length: 4 }
  return alertInput(before)
}

/** `[!NOTE] `, as GitHub has it. */
function alertInput(before: string): BlockInput | undefined {
  const name = /^\[!(\w+)\] $/.exec(before)?.[1]?.toLowerCase()
  const kind = CALLOUT_KINDS.find((known) => known === name)
  return kind === undefined ? undefined : { command: 'callout', length: before.length, kind }
}

/** Patterns that must be all there is; the last two complete without a space. */
function wholeBlockInput(before: string, after: string): BlockInput | undefined {
  if (after !== '') return undefined
  const language = /^```([a-z0-9+#.-]{0,32}) $/i.exec(before)?.[1]
  if (language !== undefined) return { command: 'code-block', length: before.length, language }
  if (before === '---') return { command: 'divider', length: 3 }
  if (before === '$$') return { command: 'equation', length: 2 }
  return undefined
}

/** Longer marks first: `**` must not be read as two `*`. */
const INLINE = [
  { command: 'bold', mark: '**' },
  { command: 'bold', mark: '__' },
  { command: 'strike', mark: '~~' },
  { command: 'italic', mark: '*' },
  { command: 'italic', mark: '_' },
  { command: 'code', mark: '`' },
] as const

/** @param before the text before the caret within one run of text, the typed character last. */
export function inlineInput(before: string): InlineInput | undefined {
  for (const { command, mark } of INLINE) {
    if (!before.endsWith(mark)) continue
    const inner = before.slice(0, -mark.length)
    // In "**bold*" the star closes nothing yet: the second one will.
    const from = openingOf(inner, mark)
    if (from !== undefined) return { command, from, mark: mark.length }
    if (mark.length === 2) return undefined
  }
  return undefined
}

function openingOf(inner: string, mark: string): number | undefined {
  const character = mark.slice(0, 1)
  const from = inner.lastIndexOf(mark)
  if (from < 0) return undefined
  const content = inner.slice(from + mark.length)
  if (content === '' || /^\s|\s$/.test(content) || content.includes(character)) return undefined
  const previous = inner.slice(0, from).at(-1)
  if (previous === character) return undefined
  // "2*3*4" and "snake_case_name" are not emphasis; a bracket or a dash before it is fine.
  if (previous !== undefined && /[\p{L}\p{N}\\]/u.test(previous)) return undefined
  return from
}
