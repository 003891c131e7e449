/** The three editors on trial. */
import { versionOf } from '../load/contestants.ts'
import { type Dialect, lexical, tiptap, weft } from './dialects.ts'

export type EditorName = 'weft' | 'lexical' | 'tiptap'

export interface EditorContestant {
  readonly name: EditorName
  readonly title: string
  readonly version: string
  readonly dialect: Dialect
}

export const EDITORS: readonly EditorContestant[] = [
  { name: 'weft', title: 'Weft', version: versionOf('@weft/editor', '@weft/editor'), dialect: weft },
  {
    name: 'lexical',
    title: 'Lexical playground (v2)',
    version: versionOf('@lexical/yjs'),
    dialect: lexical,
  },
  { name: 'tiptap', title: 'Tiptap 3', version: versionOf('@tiptap/core'), dialect: tiptap },
]
