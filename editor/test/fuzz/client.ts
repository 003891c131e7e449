/** One person of a fuzz run: a document, an editor without a page, and what is under way to and from them. */
import { createHeadlessEditor } from '@lexical/headless'
import { registerRichText } from '@lexical/rich-text'
import {
  type BlockJson,
  type BlockShape,
  blocksJson,
  flowOf,
  type InlineObject,
  readDocument,
  readInline,
  readSegments,
  type TextRun,
  textRuns,
} from '@weft/document'
import {
  $isRangeSelection,
  $setCompositionKey,
  type LexicalEditor,
  type LexicalNode,
  type NodeMap,
} from 'lexical'
import * as Y from 'yjs'
import { OLD_TYPES } from '../../document/test/schema-1.ts'
import { readBlock } from '../../src/binding/editor-block.ts'
import { knownBy, renderKnown } from '../../src/binding/known-blocks.ts'
import { $isCellNode, $isTableNode } from '../../src/blocks/table-node.ts'
import { ApplyGate, type Binding, createWeftCore, type WeftCore } from '../../src/core.ts'

const knowsOld = (type: BlockShape['type']): boolean => OLD_TYPES.has(type)

/** The origin of what came from others. */
const NETWORK = { name: 'network' }

export interface ClientOptions {
  readonly index: number
  readonly captureMs: number
  /** Knows the blocks of schema 1 only. */
  readonly isOlder: boolean
  readonly newId: () => string
  readonly onUpdate: (from: Client, update: Uint8Array) => void
}

export class Client {
  readonly index: number
  readonly errors: unknown[] = []
  isOffline = false
  doc: Y.Doc
  gate = new ApplyGate()
  #core: WeftCore
  readonly #options: ClientOptions
  #lives = 0

  constructor(options: ClientOptions) {
    this.index = options.index
    this.#options = options
    this.doc = this.#openDoc()
    this.#core = this.#openCore()
  }

  get editor(): LexicalEditor {
    return this.#core.editor
  }

  get binding(): WeftCore['binding'] {
    return this.#core.binding
  }

  receive(update: Uint8Array): void {
    this.gate.run(() => Y.applyUpdate(this.doc, update, NETWORK))
  }

  /** Closes the page and opens it again from what was kept of the document. */
  reload(): void {
    this.#core.destroy()
    const kept = Y.encodeStateAsUpdate(this.doc)
    this.doc = this.#openDoc()
    this.gate = new ApplyGate()
    Y.applyUpdate(this.doc, kept, NETWORK)
    this.#core = this.#openCore()
  }

  edit(change: () => void, discrete: boolean, tag?: string): void {
    this.editor.update(change, {
      ...(discrete ? { discrete: true as const } : {}),
      ...(tag === undefined ? {} : { tag }),
    })
  }

  commit(): void {
    this.editor.update(() => {}, { discrete: true })
  }

  /** Ends what an input method is composing, and commits. */
  endComposition(): void {
    this.edit(() => {
      $setCompositionKey(null)
    }, true)
  }

  /** Reads what is on the screen, edits that are not committed yet included, and commits nothing. */
  peek<T>(read: () => T): T {
    const { editor } = this
    return (editor._pendingEditorState ?? editor._editorState).read(read, { editor })
  }

  get hasPending(): boolean {
    return this.editor._pendingEditorState !== null
  }

  /** What is on the screen, edits that are not committed yet included. */
  shown(): Shown[] {
    const nodes = (this.editor._pendingEditorState ?? this.editor._editorState)._nodeMap
    return shownIn(this.binding, nodes, nodes.get('root'))
  }

  countTables(): number {
    return this.shown().filter(({ table }) => table !== undefined).length
  }

  get newId(): () => string {
    return this.#options.newId
  }

  /** Tells cells apart: where the caret is, by what holds its block. */
  caretHolder(): string {
    const state = this.editor._pendingEditorState ?? this.editor._editorState
    const selection = state._selection
    if (!$isRangeSelection(selection)) return ''
    let node = state._nodeMap.get(selection.anchor.key)
    while (node !== undefined && !$isCellNode(node) && node.__parent !== null)
      node = state._nodeMap.get(node.__parent)
    return node?.__key ?? ''
  }

  text(): string {
    return textOfShown(this.shown()).join('\u2029')
  }

  editorJson(): string {
    return JSON.stringify(this.shown())
  }

  documentJson(): string {
    if (!this.isOlder) return documentContent(this.doc)
    const known = knownBy(false, knowsOld)
    return JSON.stringify(blocksJson(renderKnown(readSegments(flowOf(this.doc)), known)).map(shownOf))
  }

  get isOlder(): boolean {
    return this.#options.isOlder
  }

  /** Blocks that are not this person's to remove, by their markers. */
  foreign(): unknown[] {
    const isForeign = ({ type }: BlockShape): boolean =>
      type === 'unknown' || (this.isOlder && !OLD_TYPES.has(type))
    return readSegments(flowOf(this.doc)).flatMap(({ marker, shape }) =>
      marker !== null && isForeign(shape) ? [marker] : [],
    )
  }

  close(): void {
    this.#core.destroy()
    this.doc.destroy()
  }

  #openDoc(): Y.Doc {
    const doc = new Y.Doc()
    this.#lives += 1
    doc.clientID = this.#lives * 100 + this.index + 1
    flowOf(doc)
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== NETWORK) this.#options.onUpdate(this, update)
    })
    return doc
  }

  #openCore(): WeftCore {
    const core = createWeftCore({
      doc: this.doc,
      gate: this.gate,
      namespace: `client ${this.index}`,
      onError: (error) => this.errors.push(error),
      onDrift: (drift) => this.errors.push(new Error(`drift at block ${drift.block}`)),
      create: createHeadlessEditor,
      newId: this.#options.newId,
      ...(this.isOlder ? { knows: knowsOld } : {}),
      undoCaptureMs: this.#options.captureMs,
    })
    registerRichText(core.editor)
    return core
  }
}

/** A block in a form in which a document and an editor can be compared. */
export interface Shown {
  /** As its marker says; undefined before it has one. */
  readonly id: string | undefined
  readonly shape: object
  readonly runs: readonly TextRun[]
  readonly table?: {
    readonly head: object
    readonly rows: readonly (readonly (readonly Shown[])[])[]
  }
}

export function documentContent(doc: Y.Doc): string {
  return JSON.stringify(readDocument(flowOf(doc)).blocks.map(shownOf))
}

/** All that a document says, as `Client.text` of somebody who knows everything. */
export function documentText(doc: Y.Doc): string {
  return textOfShown(readDocument(flowOf(doc)).blocks.map(shownOf)).join('\u2029')
}

function shownOf({ id, shape, column = 0, runs, table }: BlockJson): Shown {
  // The table that has lost its marker is no block; several blocks may say the same id (rule 7 of `MODEL.md`).
  const [said] = id.split('~')
  const own = { id: said, shape: sorted({ ...shape, column }), runs }
  if (table === undefined) return own
  const { headerRow, headerColumn, columns, rows } = table
  const head = { headerRow, headerColumn, columns }
  return {
    ...own,
    table: { head, rows: rows.map(({ cells }) => cells.map(({ blocks }) => blocks.map(shownOf))) },
  }
}

function shownIn(binding: Binding, nodes: NodeMap, holder: LexicalNode | undefined): Shown[] {
  return childrenOf(nodes, holder).map((node) => {
    const { shape, column, text, runs, objects } = readBlock(nodes, node)
    const read = objects.map(({ offset, stored }) => ({ offset, object: readInline(stored) }))
    const own = {
      id: binding.blockId(node.__key) ?? ($isTableNode(node) ? node.__head.table : undefined),
      shape: sorted({ ...shape, column }),
      runs: textRuns({ text, runs, objects: read }),
    }
    if (!$isTableNode(node) || node.__head.role === 'reference') return own
    const { headerRow, headerColumn, columns } = node.__head
    const rows = childrenOf(nodes, node).map((row) =>
      childrenOf(nodes, row).map((cell) => shownIn(binding, nodes, cell)),
    )
    return { ...own, table: { head: { headerRow, headerColumn, columns }, rows } }
  })
}

/** Before the text of every block in a table. */
export const IN_TABLE = '\u2028'

/** The texts of all blocks in the order of the screen. */
export function textOfShown(blocks: readonly Shown[]): string[] {
  return blocks.flatMap(({ runs, table }) => [
    runs.map(wordsOf).join(''),
    ...(table?.rows.flat().flatMap((cell) => textOfShown(cell).map((text) => `${IN_TABLE}${text}`)) ?? []),
  ])
}

/** An inline object as the one character that it holds. */
export function wordsOf({ text, object }: TextRun): string {
  return object === undefined ? text : objectCharacter(object)
}

/** What an object holds in a fuzz run: one character that nothing else has. */
export function objectCharacter(object: InlineObject): string {
  switch (object.type) {
    case 'equation':
      return object.latex
    case 'mention':
      return object.label
    case 'date':
      return String.fromCharCode(Math.round(Date.parse(object.date) / DAY_MS))
    case 'unknown':
      return object.name.at(-1) ?? ''
    case 'image':
    case 'file':
      return ''
  }
}

const DAY_MS = 86_400_000

/** The day that stands for a character. */
export function dayOf(character: string): string {
  return new Date(character.charCodeAt(0) * DAY_MS).toISOString().slice(0, 10)
}

/** The order of a shape's attributes says nothing. */
function sorted(shape: object): object {
  return Object.fromEntries(Object.entries(shape).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function childrenOf(nodes: NodeMap, holder: LexicalNode | undefined): LexicalNode[] {
  const children: LexicalNode[] = []
  const first = (holder as unknown as { __first?: string | null } | undefined)?.__first ?? null
  for (let key = first; key !== null; ) {
    const node = nodes.get(key)
    if (node === undefined) throw new Error(`no node ${key}`)
    children.push(node)
    key = node.__next
  }
  return children
}
