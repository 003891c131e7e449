/**
 * The text of one block as Markdown.
 *
 * Rule: marks that Markdown can delimit where they stand are delimited (`**bold**`); wherever its rules about
 * neighbouring white space, letters and asterisks could read it otherwise, and for marks it does not know, an element
 * says the same (`<strong>`, `<u>`). So what is printed reads back as it was, to the character.
 */

import { escapeAttribute } from '../attributes.ts'
import type { TextRun } from '../flow.ts'
import type { MarkName, Marks } from '../marks.ts'
import { escapeLineStarts, escapeText, type InlinePlace, keepEdges, printDestination } from './escape.ts'
import { isLinkForm, printObject } from './objects.ts'

type GroupMark = Exclude<MarkName, 'code'>

type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'open' | 'close'; readonly group: Group }

interface Group {
  readonly mark: GroupMark
  readonly value: string | true
  /** Of a link: whether one of the objects in it is a link itself. */
  readonly holdsLink: boolean
  delimited: boolean
}

/** Outer ones first, where two reach equally far. */
const GROUP_MARKS: readonly GroupMark[] = [
  'link',
  'bold',
  'italic',
  'strike',
  'underline',
  'highlight',
  'color',
]

const DELIMITERS: Partial<Record<GroupMark, string>> = { bold: '**', italic: '*', strike: '~~' }

const ELEMENTS: Record<GroupMark, string> = {
  bold: 'strong',
  italic: 'em',
  strike: 's',
  underline: 'u',
  highlight: 'mark',
  color: 'span',
  link: 'a',
}

export function printInline(runs: readonly TextRun[], place: InlinePlace): string {
  const pieces: Piece[] = []
  collect(runs, new Set(), place, pieces)
  chooseDelimiters(pieces)
  const text = keepEdges(pieces.map((piece) => textOf(piece, place)).join(''))
  // A break at an edge, or next to another, would be none.
  const lines = text.replaceAll(/\n/g, (_, at: number) => {
    const isInner = at > 0 && at < text.length - 1 && text[at - 1] !== '\n' && text[at + 1] !== '\n'
    return place === 'block' && isInner ? '\\\n' : '<br>'
  })
  return place === 'block' ? escapeLineStarts(lines) : lines
}

/** Of the marks that open at a run, the one that reaches furthest is outermost. */
function collect(
  runs: readonly TextRun[],
  open: ReadonlySet<GroupMark>,
  place: InlinePlace,
  into: Piece[],
): void {
  for (let index = 0; index < runs.length; ) {
    const run = runs[index]
    if (run === undefined) return
    let reach = 0
    let furthest: GroupMark | undefined
    for (const mark of GROUP_MARKS) {
      const value = run.marks[mark]
      if (value === undefined || open.has(mark)) continue
      let end = index + 1
      while (end < runs.length && runs[end]?.marks[mark] === value) end += 1
      if (end - index > reach) {
        reach = end - index
        furthest = mark
      }
    }
    if (furthest === undefined) {
      into.push({ kind: 'text', text: printLeaf(run, place) })
      index += 1
      continue
    }
    const inner = runs.slice(index, index + reach)
    const holdsLink = inner.some(({ object }) => object !== undefined && isLinkForm(object))
    const group: Group = { mark: furthest, value: run.marks[furthest] ?? true, holdsLink, delimited: false }
    into.push({ kind: 'open', group })
    collect(inner, new Set([...open, furthest]), place, into)
    into.push({ kind: 'close', group })
    index += reach
  }
}

function printLeaf({ text, marks, object }: TextRun, place: InlinePlace): string {
  if (object === undefined) return marks.code === true ? printCode(text, place) : escapeText(text, place)
  const printed = printObject(object, place)
  return marks.code === true ? `<code>${printed}</code>` : printed
}

/** Code in backticks takes everything as it is, but for line ends and, in a cell, pipes. */
function printCode(text: string, place: InlinePlace): string {
  if (/[\n\t]/.test(text) || (place === 'cell' && /[|\\]/.test(text)))
    return `<code>${escapeText(text, place)}</code>`
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  const padded = /^`|`$|^ .* $/su.test(text) && !/^ +$/.test(text) ? ` ${text} ` : text
  return `${fence}${padded}${fence}`
}

/**
 * A delimiter may stand where Markdown takes it for what it is meant to be: an opening one before, a closing one
 * behind something that is no white space, and punctuation inside only next to white space or punctuation outside.
 */
function chooseDelimiters(pieces: readonly Piece[]): void {
  for (const [index, piece] of pieces.entries()) {
    if (piece.kind !== 'open' || DELIMITERS[piece.group.mark] === undefined) continue
    const end = pieces.findIndex(
      (other, at) => at > index && other.kind === 'close' && other.group === piece.group,
    )
    const outside = edge(pieces, index - 1, 'end')
    const behind = edge(pieces, end + 1, 'start')
    const first = edge(pieces, index + 1, 'start')
    const last = edge(pieces, end - 1, 'end')
    const before = pieces[index - 1]
    // `*a***b**` could be read in more than one way.
    const touches = before?.kind === 'close' && before.group.delimited
    piece.group.delimited = !touches && flanks(outside, first) && flanks(behind, last)
  }
}

function flanks(outside: string, inside: string): boolean {
  if (isSpace(inside)) return false
  return isLetter(inside) || isSpace(outside) || isPunctuation(outside)
}

/** The character that a piece shows to its neighbour; '' for none. */
function edge(pieces: readonly Piece[], index: number, side: 'start' | 'end'): string {
  const piece = pieces[index]
  if (piece === undefined) return ''
  // Elements, brackets and delimiters are punctuation all.
  if (piece.kind !== 'text') return '*'
  return (side === 'start' ? piece.text.at(0) : piece.text.at(-1)) ?? ''
}

function isSpace(character: string): boolean {
  return character === '' || /\s/u.test(character)
}

/** Halves of characters beyond the basic plane are classed differently by different readers: they are neither. */
function isPunctuation(character: string): boolean {
  return /^[\p{P}\p{S}]$/u.test(character)
}

function isLetter(character: string): boolean {
  return /^[\p{L}\p{N}]$/u.test(character)
}

function textOf(piece: Piece, place: InlinePlace): string {
  if (piece.kind === 'text') return piece.text
  const { mark, value, holdsLink, delimited } = piece.group
  const opens = piece.kind === 'open'
  if (delimited) return DELIMITERS[mark] ?? ''
  if (mark === 'link' && !holdsLink) return opens ? '[' : `](${printDestination(String(value), place)})`
  return opens ? `<${ELEMENTS[mark]}${attributeOf(mark, value)}>` : `</${ELEMENTS[mark]}>`
}

function attributeOf(mark: GroupMark, value: Marks[GroupMark]): string {
  if (mark === 'link') return ` href="${escapeAttribute(String(value))}"`
  return mark === 'color' || mark === 'highlight' ? ` data-color="${String(value)}"` : ''
}
