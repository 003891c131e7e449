/**
 * Text that reads as itself in Markdown: whatever a reader of GitHub's flavour could take for syntax is escaped.
 *
 * Rule: what cannot be misread in its place stays as it is, so that prose stays prose (`snake_case`, `a < b`).
 */

/** Where inline text stands: cells have no lines and end at a pipe, headings end with their line. */
export type InlinePlace = 'block' | 'heading' | 'cell'

/** Line breaks stay: they are the caller's. */
export function escapeText(text: string, place: InlinePlace): string {
  const escaped = text
    .replaceAll(
      /[\\`*[\]~]|&(?=[#A-Za-z]|$)|<(?=[A-Za-z/!?]|$)|!$|!(?=\[)|\$(?=\$|$)|(?<=\$)\$/gm,
      String.raw`\$&`,
    )
    .replaceAll(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, String.raw`\_`)
    // Addresses become links by themselves where they look like some.
    .replaceAll(/(?<=https?):(?=\/)|(?<=www)\.|(?<=[\w.+-])@(?=[\w-])/gi, String.raw`\$&`)
    .replaceAll('\t', '&#9;')
    .replaceAll('\uFEFF', '&#xFEFF;')
  if (place === 'cell') return escaped.replaceAll('|', String.raw`\|`)
  return place === 'heading' ? escaped.replaceAll(/(?<![^\s#])#/g, String.raw`\#`) : escaped
}

/** What means something at the start of a line only. @param text what has been printed of a whole block. */
export function escapeLineStarts(text: string): string {
  return text
    .replaceAll(/^(#{1,6})(?=[ \t]|$)/gm, String.raw`\$1`)
    .replaceAll(/^([-+])(?=[ \t]|\\?$)/gm, String.raw`\$1`)
    .replaceAll(/^([->=:|+])(?=[-=:|+ \t]*\\?$)/gm, String.raw`\$1`)
    .replaceAll(/^>/gm, String.raw`\>`)
    .replaceAll(/^(\d{1,9})([.)])(?=[ \t]|\\?$)/gm, String.raw`$1\$2`)
}

/** White space that Markdown would drop, at the edges of a line. */
export function keepEdges(text: string): string {
  return text.replaceAll(/^ +| +$/gm, (spaces) => '&#32;'.repeat(spaces.length))
}

export function printDestination(url: string, place: InlinePlace): string {
  const own = /^[^\s()<>\\&*_`~[\]|\p{Cc}]+$/u.test(url)
    ? url
    : `<${url.replaceAll(/[\\<>&`*_~[\]]/g, String.raw`\$&`)}>`
  return place === 'cell' ? own.replaceAll('|', String.raw`\|`) : own
}

/** @returns '' for no title; else with a space before it. */
export function printTitle(title: string, place: InlinePlace): string {
  if (title === '') return ''
  const own = title.replaceAll(/[\\"&`*_~[\]<]/g, String.raw`\$&`)
  return ` "${place === 'cell' ? own.replaceAll('|', String.raw`\|`) : own}"`
}
