/**
 * Every word of the editor's own controls, but for those that only searches look at (`other-names.ts`). What a translation
 * replaces, whole, and nothing else.
 */
import type { CalloutKind, Color } from '@weft/document'
import type { CommandName } from '../element/api.ts'
import type { FieldName } from './object-fields.ts'

/** Of what stands in a document without being text. */
export interface ObjectLabels {
  readonly image: string
  readonly file: string
  readonly equation: string
  readonly embed: string
  readonly mention: string
  readonly date: string
  readonly unknown: string
  /** Where a file is that only the document's server has. */
  readonly onServer: string
  readonly edit: string
  readonly remove: string
  readonly fields: Readonly<Record<FieldName, string>>
  /** Why an answer was not taken, where there is more to say than that. */
  readonly refused: Readonly<Partial<Record<FieldName, string>>>
  readonly notTaken: string
  readonly play: (site: string) => string
}

export interface Strings {
  readonly commands: Readonly<Record<CommandName, string>>
  readonly colors: Readonly<Record<Color, string>>
  readonly objects: ObjectLabels
  readonly toolbar: string
  readonly blockKind: string
  readonly insert: string
  readonly colorMenu: string
  readonly plainColor: string
  readonly language: {
    readonly title: string
    readonly find: string
    readonly plain: string
    readonly use: (name: string) => string
    readonly none: string
  }
  readonly callout: {
    readonly title: string
    readonly kinds: Readonly<Record<CalloutKind, string>>
    readonly signs: string
    readonly ownSign: string
  }
  readonly editorLabel: string
  readonly opening: string
  readonly moveBlock: string
  readonly table: {
    readonly menu: string
    /** Instead of the grid of a table without rows, a further mention of a table, and above one that lost its place. */
    readonly empty: string
    readonly reference: string
    readonly orphan: string
  }
  readonly link: {
    readonly title: string
    readonly text: string
    readonly address: string
    readonly apply: string
    readonly remove: string
    readonly open: string
    readonly close: string
    readonly refused: string
  }
  readonly status: {
    readonly title: string
    readonly transport: string
    readonly connected: string
    readonly disconnected: string
    readonly server: string
    readonly administrator: string
    readonly roundTrip: string
    readonly lastAck: string
    readonly queue: string
    readonly none: string
    readonly ago: (seconds: number) => string
    readonly edits: (count: number) => string
    readonly local: string
    readonly localDetail: string
    readonly composing: { readonly label: string; readonly detail: string }
  }
  readonly presence: {
    readonly label: (count: number) => string
    readonly you: (name: string) => string
    readonly idle: (name: string) => string
    readonly more: (count: number) => string
    readonly goTo: (name: string) => string
  }
  readonly errors: {
    readonly address: string
    readonly editor: string
    /** A part of the editor cannot be fetched. */
    readonly part: string
  }
}

export const ENGLISH: Strings = {
  commands: {
    paragraph: 'Text',
    'heading-1': 'Heading 1',
    'heading-2': 'Heading 2',
    'heading-3': 'Heading 3',
    'heading-4': 'Heading 4',
    'bullet-list': 'Bulleted list',
    'numbered-list': 'Numbered list',
    'check-list': 'Check list',
    quote: 'Quote',
    callout: 'Callout',
    'callout-sign': 'Sign of the callout',
    toggle: 'Toggle',
    'code-block': 'Code block',
    'restart-numbers': 'Start again at 1',
    'continue-numbers': 'Count on',
    'start-numbers': 'Start at…',
    divider: 'Divider',
    'columns-2': '2 columns',
    'columns-3': '3 columns',
    table: 'Table',
    image: 'Image',
    file: 'File',
    equation: 'Equation',
    embed: 'Embed',
    'inline-equation': 'Equation in the text',
    date: 'Date',
    mention: 'Mention',
    'edit-object': 'Edit',
    bold: 'Bold',
    italic: 'Italic',
    underline: 'Underline',
    strike: 'Strikethrough',
    code: 'Code',
    link: 'Link',
    color: 'Text colour',
    highlight: 'Highlight',
    'clear-format': 'Clear formatting',
    indent: 'Indent',
    outdent: 'Outdent',
    'toggle-check': 'Tick or untick',
    'toggle-open': 'Open or close',
    'move-up': 'Move up',
    'move-down': 'Move down',
    'beside-above': 'Put beside the block above',
    'out-of-columns': 'Take out of columns',
    'row-above': 'Insert row above',
    'row-below': 'Insert row below',
    'move-row-up': 'Move row up',
    'move-row-down': 'Move row down',
    'delete-row': 'Delete row',
    'column-before': 'Insert column before',
    'column-after': 'Insert column after',
    'move-column-left': 'Move column to the left',
    'move-column-right': 'Move column to the right',
    'delete-column': 'Delete column',
    'header-row': 'Header row',
    'header-column': 'Header column',
    'delete-table': 'Delete table',
    undo: 'Undo',
    redo: 'Redo',
  },
  colors: {
    gray: 'Grey',
    brown: 'Brown',
    red: 'Red',
    orange: 'Orange',
    yellow: 'Yellow',
    green: 'Green',
    blue: 'Blue',
    purple: 'Purple',
    pink: 'Pink',
  },
  objects: {
    image: 'Image',
    file: 'File',
    equation: 'Equation',
    embed: 'Embed',
    mention: 'Mention',
    date: 'Date',
    unknown: 'Something newer than this editor',
    onServer: 'kept by the server',
    edit: 'Edit',
    remove: 'Delete',
    fields: {
      url: 'Address',
      alt: 'Description, for those who cannot see it',
      name: 'Name',
      width: 'Width in pixels',
      latex: 'Formula, in LaTeX',
      date: 'Day',
      label: 'Name',
      start: 'Number to start with',
    },
    refused: {
      url: 'Only web addresses, https:// or http://, are shown.',
      width: 'A whole number from 16 to 4096.',
      start: 'A whole number from 1 to 999999.',
    },
    notTaken: 'This is too long, or has characters that cannot be kept.',
    play: (site) => `Play on ${site}`,
  },
  toolbar: 'Formatting',
  blockKind: 'Kind of block',
  insert: 'Insert',
  colorMenu: 'Colours of the text',
  plainColor: 'None',
  language: {
    title: 'Language',
    find: 'Find a language',
    plain: 'Plain text',
    use: (name) => `Use “${name}”`,
    none: 'Letters, digits and + # . - only.',
  },
  callout: {
    title: 'Kind of callout',
    kinds: { note: 'Note', tip: 'Tip', important: 'Important', warning: 'Warning', caution: 'Caution' },
    signs: 'Sign',
    ownSign: 'The sign of its kind',
  },
  editorLabel: 'Document',
  opening: 'Opening the document',
  moveBlock: 'Move block',
  table: {
    menu: 'Rows and columns',
    empty: 'This table has no rows.',
    reference: 'This table is shown above.',
    orphan: 'This table was deleted while somebody was writing in it. Their words are kept here.',
  },
  link: {
    title: 'Link',
    text: 'Text',
    address: 'Paste or type an address',
    apply: 'Apply',
    remove: 'Remove link',
    open: 'Open link',
    close: 'Close',
    refused: 'Only web, mail and telephone addresses can be links.',
  },
  status: {
    title: 'How this document is saved',
    transport: 'Connection',
    connected: 'Live, by WebSocket',
    disconnected: 'Not connected',
    server: 'Server',
    administrator:
      'If this does not pass, tell whoever runs the server: name this page, the time, and what stands above.',
    roundTrip: 'Round trip',
    lastAck: 'Last confirmed',
    queue: 'Waiting here',
    none: '–',
    ago: (seconds) =>
      seconds < 2 ? 'just now' : seconds < 120 ? `${seconds} s ago` : `${Math.round(seconds / 60)} min ago`,
    edits: (count) => (count === 0 ? 'Nothing' : `${count} ${count === 1 ? 'edit' : 'edits'}`),
    local: 'Not shared',
    localDetail: 'This text lives on this page only. Nothing is sent or kept.',
    composing: {
      label: 'Editing',
      detail: 'The word you are composing is sent once it is finished.',
    },
  },
  presence: {
    label: (count) => (count === 1 ? 'One person here' : `${count} people here`),
    you: (name) => `${name} (you)`,
    idle: (name) => `${name} (away)`,
    more: (count) => `${count} more`,
    goTo: (name) => `Go to ${name}`,
  },
  errors: {
    address: 'This address names no document. It looks like https://host/d/name.',
    editor: 'The editor had a fault and was set up anew from the document.',
    part: 'This cannot be opened: a part of the editor could not be fetched. What you write is not affected. Try again once the server can be reached.',
  },
}
