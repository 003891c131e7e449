/**
 * What a format has no words for, written as attributes: `name="value"`, in a comment of Markdown or on an element.
 *
 * Rule: `readAttributes(printAttributes(x))` is `x`, whatever the values hold, and what is printed holds no `>`, no
 * `--`, no `|`, no line end and no control character: it ends neither its comment, nor its element, nor a table's cell.
 */

export type AttributeValue = string | number | boolean

export type Attributes = Readonly<Record<string, AttributeValue>>

const NUMBERS: ReadonlySet<string> = new Set([
  'level',
  'indent',
  'start',
  'size',
  'width',
  'column',
  'rows',
  'columns',
])

const FLAGS: ReadonlySet<string> = new Set(['checked', 'collapsed', 'headerRow', 'headerColumn'])

/** @param prefix stands before every name. @returns '' or attributes, each with a space before it. */
export function printAttributes(attributes: Attributes, prefix = ''): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${prefix}${kebab(name)}="${escapeAttribute(String(value))}"`)
    .join('')
}

/** Everything that could end a string, an element, a comment, a line or a cell becomes a character reference. */
export function escapeAttribute(text: string): string {
  return text.replaceAll(/["&<>|`]|--+|\p{Cc}|-$|\uFEFF/gu, (found) =>
    Array.from(found, (character) => `&#${character.codePointAt(0) ?? 0};`).join(''),
  )
}

/** Undoes `escapeAttribute`, and reads the few named references that people write. */
export function unescapeAttribute(text: string): string {
  return text.replaceAll(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos));/gi,
    (found, decimal, hex, name) => {
      if (name !== undefined) return NAMED[String(name).toLowerCase()] ?? found
      const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal)
      return code <= 0x10_ffff ? String.fromCodePoint(code) : found
    },
  )
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** @returns the attributes in `text` by their names as written, values decoded; a later one of a name is ignored. */
export function splitAttributes(text: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const [, name = '', double, single, bare] of text.matchAll(
    /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g,
  )) {
    if (!found.has(name)) found.set(name, unescapeAttribute(double ?? single ?? bare ?? ''))
  }
  return found
}

/** @param given names as printed, without the prefix. @returns values of the type that their names have. */
export function readAttributes(given: Iterable<readonly [string, string]>): Map<string, AttributeValue> {
  return new Map(
    [...given].map(([name, text]): [string, AttributeValue] => {
      const own = camel(name)
      if (NUMBERS.has(own)) return [own, /^\d{1,15}$/.test(text) ? Number(text) : 0]
      if (FLAGS.has(own)) return [own, text === 'true']
      return [own, text]
    }),
  )
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

function camel(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
