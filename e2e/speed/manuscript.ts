/** The text that every editor is given: a mix of blocks as people write them, by seed, so that all have the same. */
import { seededRandom } from '../load/plan.ts'

export interface Run {
  readonly text: string
  readonly bold?: boolean
  readonly link?: string
}

export interface TextBlock {
  readonly kind: 'paragraph' | 'heading' | 'bullet'
  readonly runs: readonly Run[]
}

/** Starts the block in the middle that is typed into; nobody else writes there. */
export const MINE = 'Here one person writes:'
/** The block before it, a word of which is formatted; nobody else writes there, either. */
export const FORMATTED = 'Here wonderful words are made bold and plain again.'
export const WORD = 'wonderful'
/** The last block: when it is shown, all of them are. */
export const LAST = 'Here the document ends.'

/** Of a list one to six items stand together; every third paragraph has a bold word, every fifth a link. */
export function manuscript(blocks: number, seed = 7): readonly TextBlock[] {
  const random = seededRandom(seed)
  const made: TextBlock[] = []
  const middle = Math.floor(blocks / 2)
  let items = 0
  while (made.length < blocks) {
    const at = made.length
    if (at === middle - 1) made.push(paragraph(FORMATTED))
    else if (at === middle) made.push(paragraph(MINE))
    else if (at === blocks - 1) made.push(paragraph(LAST))
    else if (items > 0) {
      items--
      made.push({ kind: 'bullet', runs: [{ text: sentence(random, 30, 90) }] })
    } else {
      const chance = random()
      if (chance < 0.1) made.push({ kind: 'heading', runs: [{ text: sentence(random, 15, 50) }] })
      else if (chance < 0.2) items = 1 + Math.floor(random() * 6)
      else made.push({ kind: 'paragraph', runs: prose(random, at) })
    }
  }
  return made
}

export const textOf = ({ runs }: TextBlock): string => runs.map(({ text }) => text).join('')

function paragraph(text: string): TextBlock {
  return { kind: 'paragraph', runs: [{ text }] }
}

function prose(random: () => number, at: number): Run[] {
  const runs: Run[] = [{ text: sentence(random, 60, 160) }]
  if (at % 3 === 0)
    runs.push({ text: ` ${word(random)}`, bold: true }, { text: ` ${sentence(random, 20, 60)}` })
  if (at % 5 === 0)
    runs.push({ text: ' ' }, { text: word(random), link: `https://example.com/${at}` }, { text: '.' })
  return runs
}

function sentence(random: () => number, least: number, most: number): string {
  const length = least + random() * (most - least)
  let text = word(random)
  while (text.length < length) text += ` ${word(random)}`
  return text
}

function word(random: () => number): string {
  let letters = ''
  for (let left = 2 + Math.floor(random() * 8); left > 0; left--)
    letters += String.fromCodePoint(97 + Math.floor(random() * 26))
  return letters
}
