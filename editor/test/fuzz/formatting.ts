/** What blocks and words are made: kinds, marks, columns. */
import { CALLOUT_KINDS, COLORS, type HeadingLevel, TOGGLE_MARKS } from '@weft/document'
import { OLD_TYPES } from '../../document/test/schema-1.ts'
import {
  indent,
  outdent,
  setBlockKind,
  setColumn,
  toggleChecked,
  toggleOpen,
} from '../../src/block-commands.ts'
import { setColor, setHighlight, setLink, toggleMark } from '../../src/mark-commands.ts'
import { type Allowance, NOTHING } from './allowance.ts'
import { $inUpdate, type Context } from './context.ts'
import { $placeRange } from './placing.ts'

const KINDS = [
  'paragraph',
  'heading',
  'bullet',
  'numbered',
  'check',
  'quote',
  'callout',
  'toggle',
  'code',
] as const
const OLD_KINDS = KINDS.filter((kind) => OLD_TYPES.has(kind))
export const LINKS = ['https://example.org/a', 'https://example.org/b', 'mailto:a@example.org']

export const FORMATTING = {
  kind(context: Context): Allowance {
    const { client, random } = context
    $inUpdate(context, () => $placeRange(random))
    setBlockKind(client.editor, random.pick(client.isOlder ? OLD_KINDS : KINDS), {
      level: random.pick<HeadingLevel>([1, 2, 3, 4]),
      checked: random.chance(0.5),
      language: 'js',
      kind: random.pick(CALLOUT_KINDS),
      emoji: random.pick(['', '🪢']),
      collapsed: random.chance(0.5),
      ...(random.chance(0.5) ? { start: random.whole(0, 9) } : {}),
    })
    return NOTHING
  },

  indent(context: Context): Allowance {
    $inUpdate(context, () => $placeRange(context.random))
    if (context.random.chance(0.6)) indent(context.client.editor)
    else outdent(context.client.editor)
    return NOTHING
  },

  mark(context: Context): Allowance {
    $inUpdate(context, () => $placeRange(context.random))
    toggleMark(context.client.editor, context.random.pick(TOGGLE_MARKS))
    return NOTHING
  },

  link(context: Context): Allowance {
    const { client, random } = context
    $inUpdate(context, () => $placeRange(random))
    setLink(client.editor, random.chance(0.7) ? random.pick(LINKS) : null)
    return NOTHING
  },

  color(context: Context): Allowance {
    const { client, random } = context
    $inUpdate(context, () => $placeRange(random))
    const set = random.chance(0.5) ? setColor : setHighlight
    set(client.editor, random.chance(0.7) ? random.pick(COLORS) : null)
    return NOTHING
  },

  check(context: Context): Allowance {
    $inUpdate(context, () => $placeRange(context.random))
    toggleChecked(context.client.editor)
    return NOTHING
  },

  open(context: Context): Allowance {
    $inUpdate(context, () => $placeRange(context.random))
    toggleOpen(context.client.editor)
    return NOTHING
  },

  column(context: Context): Allowance {
    $inUpdate(context, () => $placeRange(context.random))
    setColumn(context.client.editor, context.random.whole(0, 3))
    return NOTHING
  },
}
