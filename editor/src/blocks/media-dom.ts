/**
 * Pictures and files as elements, for blocks and for objects in a text.
 *
 * Rule: built node by node; an address is used only as the schema has read it, and the other site is not told from
 * where it was asked.
 */
import { type FileParts, type ImageParts, readAddress } from '@weft/document'
import type { ObjectLabels } from '../ui/strings.ts'

/** @returns '' for what only the document's server has, which keeps no files yet. */
export function webAddress(url: string): string {
  const address = readAddress(url)
  return address.startsWith('weft-file:') ? '' : address
}

/** A picture, or the card of a file where there is none to show. */
export function buildImage(parts: ImageParts, labels: ObjectLabels): HTMLElement {
  const address = webAddress(parts.url)
  if (address === '') return buildFile(parts, labels.image, labels)
  const image = document.createElement('img')
  image.src = address
  image.alt = parts.alt
  image.loading = 'lazy'
  image.decoding = 'async'
  image.referrerPolicy = 'no-referrer'
  image.draggable = false
  if (parts.width > 0) image.width = parts.width
  image.addEventListener(
    'error',
    () => image.replaceWith(buildFile({ ...parts, name: parts.alt || parts.name }, labels.image, labels)),
    { once: true },
  )
  return image
}

/** Name and size, as a link where there is an address. @param kind what it is called when it has no name. */
export function buildFile({ url, name, size }: FileParts, kind: string, labels: ObjectLabels): HTMLElement {
  const address = webAddress(url)
  const card = document.createElement(address === '' ? 'span' : 'a')
  card.className = 'card'
  if (card instanceof HTMLAnchorElement) setLink(card, address)
  card.append(span('card-name', name || lastPart(address) || kind))
  const about = [sizeOf(size), url.startsWith('weft-file:') ? labels.onServer : hostOf(address)]
  const detail = about.filter((part) => part !== '').join(' · ')
  if (detail !== '') card.append(span('card-detail', detail))
  return card
}

export function setLink(anchor: HTMLAnchorElement, address: string): void {
  anchor.href = address
  anchor.target = '_blank'
  anchor.rel = 'noopener noreferrer nofollow'
  anchor.draggable = false
}

export function span(className: string, text: string): HTMLElement {
  const element = document.createElement('span')
  element.className = className
  element.textContent = text
  return element
}

export function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host.replace(/^www\./, '') : ''
}

function lastPart(address: string): string {
  if (!URL.canParse(address)) return ''
  const part = new URL(address).pathname.split('/').findLast((each) => each !== '') ?? ''
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function sizeOf(bytes: number): string {
  if (bytes <= 0) return ''
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1)
  const amount = bytes / 1_000 ** power
  return `${amount < 10 && power > 0 ? amount.toFixed(1) : Math.round(amount)} ${units[power] ?? ''}`
}
