/** An inline object as an element in the text, as words, and as HTML for other programs. */
import { type InlineObject, type Marks, readInline } from '@weft/document'
import type { EditorConfig } from 'lexical'
import { ENGLISH, type ObjectLabels } from '../ui/strings.ts'
import { showMath } from './math.ts'
import { buildFile, buildImage, span, webAddress } from './media-dom.ts'

/** The words of the page's language, which come with the theme: Lexical hands nothing else to a node. */
export function labelsOf(config: EditorConfig): ObjectLabels {
  const { labels } = config.theme as { labels?: ObjectLabels }
  return labels ?? ENGLISH.objects
}

export function buildObject(object: InlineObject, marks: Marks, labels: ObjectLabels): HTMLElement {
  const dom = document.createElement('span')
  dom.dataset['object'] = object.type
  if (marks.color !== undefined) dom.dataset['color'] = marks.color
  if (marks.highlight !== undefined) dom.dataset['highlight'] = marks.highlight
  for (const mark of ['bold', 'italic', 'strike', 'underline'] as const)
    if (marks[mark] === true) dom.classList.add(mark)
  switch (object.type) {
    case 'mention':
      dom.dataset['mention'] = object.kind
      dom.textContent = `${object.kind === 'person' ? '@' : ''}${object.label || labels.mention}`
      break
    case 'date':
      dom.append(buildDate(object.date, labels))
      break
    case 'image':
      dom.append(buildImage(object, labels))
      break
    case 'file':
      dom.append(buildFile(object, labels.file, labels))
      break
    case 'equation':
      dom.setAttribute('role', 'math')
      dom.setAttribute('aria-label', object.latex || labels.equation)
      if (object.latex.trim() === '') dom.textContent = labels.equation
      else showMath(dom, object.latex, false)
      break
    case 'unknown':
      dom.textContent = object.name || labels.unknown
      break
  }
  return dom
}

/** What a copy as plain text says. */
export function wordsOf(object: InlineObject): string {
  switch (object.type) {
    case 'mention':
      return `${object.kind === 'person' ? '@' : ''}${object.label}`
    case 'date':
      return object.date
    case 'image':
      return object.alt || object.name
    case 'file':
      return object.name
    case 'equation':
      return object.latex
    case 'unknown':
      return ''
  }
}

/** As `printHtml` of `@weft/document` writes it: what it is in attributes, what others can show inside. */
export function exportObject(stored: unknown): HTMLElement {
  const object = readInline(stored)
  const dom = document.createElement('span')
  dom.dataset['object'] = ''
  if (typeof stored === 'object' && stored !== null)
    for (const [name, value] of Object.entries(stored))
      if (/^[a-z]+$/.test(name) && name !== 'object') dom.dataset[name] = String(value)
  if (object.type === 'image' && webAddress(object.url) !== '') {
    const image = document.createElement('img')
    image.src = webAddress(object.url)
    image.alt = object.alt
    dom.append(image)
  } else dom.textContent = wordsOf(object)
  return dom
}

function buildDate(date: string, labels: ObjectLabels): HTMLElement {
  if (date === '') return span('', labels.date)
  const time = document.createElement('time')
  time.dateTime = date
  const isDay = date.length === 10
  const options: Intl.DateTimeFormatOptions = isDay
    ? { dateStyle: 'medium', timeZone: 'UTC' }
    : { dateStyle: 'medium', timeStyle: 'short' }
  time.textContent = new Intl.DateTimeFormat(undefined, options).format(Date.parse(date))
  return time
}
