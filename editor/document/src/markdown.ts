/**
 * A document as Markdown (GitHub flavour).
 *
 * Rule: what is text in the document is text in the Markdown: everything a reader of Markdown could take for
 * syntax is escaped. Underline has no Markdown and is written as `<u>`. Reading it back is another file's matter.
 */
import type { BlockJson, DocumentJson, TextRun } from './flow.ts'
import type { Marks } from './marks.ts'
import { textOfBlock } from './text.ts'

export function printMarkdown(document: DocumentJson): string {
  const counters: number[] = []
  let text = ''
  let previous: BlockJson | undefined
  for (const block of document.blocks) {
    const number = countItem(counters, block)
    const printed = printBlock(block, number)
    if (previous !== undefined) text += isList(previous) && isList(block) ? '\n' : '\n\n'
    text += printed
    previous = block
  }
  return text === '' ? '' : `${text}\n`
}

/** @returns the number of a numbered item: items of the same indent count on until something else interrupts them. */
function countItem(counters: number[], { shape }: BlockJson): number {
  if (shape.type !== 'numbered') {
    counters.length = isListType(shape.type) ? Math.min(counters.length, shape.indent) : 0
    return 0
  }
  counters.length = Math.min(counters.length, shape.indent + 1)
  const number = (counters[shape.indent] ?? 0) + 1
  counters[shape.indent] = number
  return number
}

function printBlock(block: BlockJson, number: number): string {
  const { shape } = block
  const space = '    '.repeat(isList(block) ? shape.indent : 0)
  switch (shape.type) {
    case 'paragraph':
    case 'callout':
    case 'toggle':
    case 'table':
    case 'unknown':
      return escapeStart(printRuns(block.runs, '\\\n'))
    case 'heading':
      return `${'#'.repeat(shape.level)} ${printRuns(block.runs, ' ')}`.trimEnd()
    case 'bullet':
      return `${space}- ${item(block, space)}`.trimEnd()
    case 'numbered':
      return `${space}${number}. ${item(block, `${space} `)}`.trimEnd()
    case 'check':
      return `${space}- [${shape.checked ? 'x' : ' '}] ${item(block, space)}`.trimEnd()
    case 'quote':
      return `> ${escapeStart(printRuns(block.runs, '\\\n')).replaceAll('\n', '\n> ')}`.trimEnd()
    case 'code':
      return printCode(textOfBlock(block), shape.language)
    case 'divider':
      return '---'
    case 'image':
      return `![${escapeText(shape.alt)}](<${shape.url}>)`
    case 'file':
    case 'embed':
      return `<${shape.url}>`
    case 'equation':
      return `$$\n${shape.latex}\n$$`
  }
}

function item(block: BlockJson, space: string): string {
  return escapeStart(printRuns(block.runs, '\\\n')).replaceAll('\n', `\n${space}  `)
}

/** The fence is longer than any run of backticks inside. */
function printCode(text: string, language: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(Math.max(3, longest + 1))
  return `${fence}${language}\n${text}\n${fence}`
}

function printRuns(runs: readonly TextRun[], lineBreak: string): string {
  return runs.map(({ text, marks }) => printRun(text, marks, lineBreak)).join('')
}

/** Marks must not touch white space, or they are no marks: it goes outside. */
function printRun(text: string, marks: Marks, lineBreak: string): string {
  const [, before = '', inner = '', after = ''] = /^(\s*)(.*?)(\s*)$/su.exec(text) ?? []
  if (inner === '') return text.replaceAll('\n', lineBreak)
  let printed = marks.code === true ? printInlineCode(inner) : escapeText(inner)
  if (marks.strike === true) printed = `~~${printed}~~`
  if (marks.italic === true) printed = `*${printed}*`
  if (marks.bold === true) printed = `**${printed}**`
  if (marks.underline === true) printed = `<u>${printed}</u>`
  if (marks.link !== undefined)
    printed = `[${printed}](<${marks.link.replaceAll(/[<>\\]/g, encodeURIComponent)}>)`
  return `${before}${printed}${after}`.replaceAll('\n', lineBreak)
}

function printInlineCode(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  const space = longest > 0 ? ' ' : ''
  return `${fence}${space}${text.replaceAll('\n', ' ')}${space}${fence}`
}

function escapeText(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>~&|]/g, String.raw`\$&`)
}

/** What means something at the start of a line only. */
function escapeStart(text: string): string {
  return text
    .replaceAll(/^(\s*)(#{1,6}\s|[-+](?:\s|$)|-{3,}|={3,})/gm, String.raw`$1\$2`)
    .replaceAll(/^(\s*\d{1,9})([.)])/gm, String.raw`$1\$2`)
}

function isList({ shape }: BlockJson): boolean {
  return isListType(shape.type)
}

function isListType(type: BlockJson['shape']['type']): boolean {
  return type === 'bullet' || type === 'numbered' || type === 'check'
}
