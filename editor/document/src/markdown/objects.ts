/**
 * Inline objects and blocks without text as links and images: what Markdown has no words for stands in the address
 * or in the title, where readers that know nothing of Weft show something sensible.
 *
 * Rule: `readObject(printObject(x))` is `x`. `FORMATS.md` lists the forms.
 */
import { type InlineObject, readInline } from '../inline.ts'
import { readAddress } from '../values.ts'
import { escapeText, type InlinePlace, keepEdges, printDestination, printTitle } from './escape.ts'

const SCHEME = 'weft:'

/** @returns Markdown of one image or one link, or code between dollars for an equation. */
export function printObject(object: InlineObject, place: InlinePlace): string {
  switch (object.type) {
    case 'mention':
      return link(object.label, `${SCHEME}${object.kind}/${encode(object.ref)}`, '', place)
    case 'date':
      return link(object.date, `${SCHEME}date/${encode(object.date)}`, '', place)
    case 'unknown':
      return link(object.name, `${SCHEME}unknown/${encode(object.name)}`, '', place)
    case 'equation':
      return isSimpleCode(object.latex)
        ? `$\`${object.latex}\`$`
        : link('equation', `${SCHEME}equation/${encode(object.latex)}`, '', place)
    case 'file': {
      const { name, url, size } = object
      return link(name, url, size === 0 ? 'weft:file' : `weft:file ${size}`, place)
    }
    case 'image':
      return printImage(object, place)
  }
}

/** Whether `printObject` writes a link, which cannot stand in another one. */
export function isLinkForm(object: InlineObject): boolean {
  return object.type !== 'image'
}

/** @param latex no backtick, no line end, no edge that code would lose, nothing a cell would end at. */
function isSimpleCode(latex: string): boolean {
  return /^[^\s`|\\\p{Cc}](?:[^`|\n\t\p{Cc}]*[^\s`|\\\p{Cc}])?$/u.test(latex) && !latex.includes('$')
}

type ImageObject = Extract<InlineObject, { type: 'image' }>

export function printImage(
  { url, name, size, alt, width }: Omit<ImageObject, 'type'>,
  place: InlinePlace,
): string {
  const plain = size === 0 && width === 0 && !name.startsWith(SCHEME)
  const query = new URLSearchParams(
    Object.entries({ name, size, width })
      .filter(([, value]) => value !== '' && value !== 0)
      .map(([key, value]): [string, string] => [key, String(value)]),
  )
  const title = plain ? name : `weft:image ${query.toString()}`
  return `!${link(alt, url, title, place)}`
}

/** An embed: a link to what is embedded. */
export function printEmbed(url: string): string {
  return link(url, url, 'weft:embed', 'block')
}

/** @param label the link's text. @returns undefined for a link that is a link. */
export function readLinkObject(label: string, url: string, title: string): InlineObject | undefined {
  if (title === 'weft:file' || title.startsWith('weft:file ')) {
    if (url !== '' && readAddress(url) === '') return undefined
    return readInline({ type: 'file', url, name: label, size: Number(title.slice(10)) })
  }
  const [, kind, rest = ''] = /^weft:(person|document|date|unknown|equation)\/(.*)$/su.exec(url) ?? []
  const value = decode(rest)
  if (kind === undefined) return undefined
  if (kind === 'person' || kind === 'document')
    return readInline({ type: 'mention', kind, ref: value, label })
  if (kind === 'date') return readInline({ type: 'date', date: value })
  return kind === 'equation'
    ? readInline({ type: 'equation', latex: value })
    : { type: 'unknown', name: value.slice(0, 64) }
}

/** @returns undefined when the address is none that a document may hold. */
export function readImageObject(alt: string, url: string, title: string): ImageObject | undefined {
  if (url !== '' && readAddress(url) === '') return undefined
  const query = title.startsWith('weft:image ') ? new URLSearchParams(title.slice(11)) : undefined
  const image = readInline({
    type: 'image',
    url,
    alt: alt.slice(0, 1_000),
    name: query === undefined ? title.slice(0, 255) : (query.get('name') ?? ''),
    size: Number(query?.get('size') ?? 0),
    width: Number(query?.get('width') ?? 0),
  })
  return image.type === 'image' ? image : undefined
}

function link(label: string, url: string, title: string, place: InlinePlace): string {
  const text = keepEdges(escapeText(label, place === 'cell' ? place : 'block'))
  return `[${text}](${printDestination(url, place) || '<>'}${printTitle(title, place)})`
}

function encode(value: string): string {
  return encodeURIComponent(value.toWellFormed()).replaceAll(
    /[()*~!']/g,
    (found) => `%${found.charCodeAt(0).toString(16)}`,
  )
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    // Written by a person, not by us.
    return value
  }
}
