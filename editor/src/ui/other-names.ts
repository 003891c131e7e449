/** By what else a command is found than by its name, words in lower case. */
import type { CommandName } from '../element/api.ts'

export type OtherNames = Readonly<Partial<Record<CommandName, string>>>

export const ENGLISH_OTHER_NAMES: OtherNames = {
  paragraph: 'paragraph plain',
  'heading-1': 'h1 title',
  'heading-2': 'h2 section',
  'heading-3': 'h3',
  'heading-4': 'h4',
  'bullet-list': 'ul points',
  'numbered-list': 'ol ordered',
  'check-list': 'todo task tick',
  quote: 'citation',
  callout: 'note tip warning info',
  toggle: 'details fold',
  'code-block': 'source program',
  divider: 'line rule hr',
  'columns-2': 'columns side by side layout',
  'columns-3': 'columns side by side layout',
  table: 'grid rows columns',
  image: 'picture photo',
  file: 'attachment',
  embed: 'video',
  equation: 'formula math latex',
  'inline-equation': 'formula math latex',
  date: 'day today',
  mention: 'person name @',
}
