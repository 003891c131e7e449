/**
 * What of a picture, a file, a formula, an embed, a date, a mention or a numbered item can be edited, and what an answer means.
 *
 * Rule: pure; the schema decides what is taken, and what it would not take is refused with its field's name, never dropped.
 */
import {
  MAX_ALT_LENGTH,
  MAX_NAME_LENGTH,
  MAX_START,
  MAX_WIDTH,
  MIN_WIDTH,
  readAddress,
  readDate,
  readLatex,
  readLine,
  readWhole,
} from '@weft/document'

export type FieldName = 'url' | 'alt' | 'name' | 'width' | 'latex' | 'date' | 'label' | 'start'

export type Fields = Readonly<Partial<Record<FieldName, string>>>

export type EditableType = 'image' | 'file' | 'equation' | 'embed' | 'date' | 'mention' | 'numbered'

const FIELDS: { readonly [type in EditableType]: readonly FieldName[] } = {
  image: ['url', 'alt', 'width'],
  file: ['url', 'name'],
  equation: ['latex'],
  embed: ['url'],
  date: ['date'],
  mention: ['label'],
  numbered: ['start'],
}

export function fieldsOf(type: string): readonly FieldName[] {
  return Object.hasOwn(FIELDS, type) ? FIELDS[type as EditableType] : []
}

/** @param parts of a block or an object. */
export function valuesOf(type: string, parts: object): Fields {
  const known = parts as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    fieldsOf(type).map((name) => {
      const value = known[name]
      if (typeof value === 'number' && value > 0) return [name, String(value)]
      return [name, typeof value === 'string' ? value : '']
    }),
  )
}

/** The parts that an answer says, or the field the schema would not take. */
export type Answer =
  | { readonly kind: 'parts'; readonly parts: Readonly<Record<string, string | number>> }
  | { readonly kind: 'refused'; readonly field: FieldName }

export function answerOf(type: string, fields: Fields): Answer {
  const parts: Record<string, string | number> = {}
  for (const name of fieldsOf(type)) {
    const said = (fields[name] ?? '').trim()
    const value = READERS[name](said)
    if (said !== '' && (value === '' || value === 0)) return { kind: 'refused', field: name }
    parts[name] = value
  }
  return { kind: 'parts', parts }
}

const READERS: { readonly [name in FieldName]: (said: string) => string | number } = {
  // "example.org/cat.png" is what people type.
  url: (said) =>
    readAddress(said) || (/^[\w-]+(\.[\w-]+)+([/?#]|$)/.test(said) ? readAddress(`https://${said}`) : ''),
  alt: (said) => readLine(said, MAX_ALT_LENGTH),
  name: (said) => readLine(said, MAX_NAME_LENGTH),
  label: (said) => readLine(said, MAX_NAME_LENGTH),
  width: (said) => readWhole(Number(said), MIN_WIDTH, MAX_WIDTH),
  start: (said) => readWhole(Number(said), 1, MAX_START),
  latex: readLatex,
  date: readDate,
}
