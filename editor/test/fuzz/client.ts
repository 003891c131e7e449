/** One person of a fuzz run: a document, an editor without a page, and what is under way to and from them. */
import { createHeadlessEditor } from '@lexical/headless'
import { registerRichText } from '@lexical/rich-text'
import { type BlockShape, flowOf, readDocument } from '@weft/document'
import { $setCompositionKey, type LexicalEditor, type NodeMap } from 'lexical'
import * as Y from 'yjs'
import { type EditorBlock, readBlock } from '../../src/binding/editor-block.ts'
import { ApplyGate, createWeftCore, type WeftCore } from '../../src/core.ts'

/** The origin of what came from others. */
const NETWORK = { name: 'network' }

export interface ClientOptions {
  readonly index: number
  readonly captureMs: number
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

  get hasPending(): boolean {
    return this.editor._pendingEditorState !== null
  }

  /** What is on the screen, edits that are not committed yet included. */
  shown(): EditorBlock[] {
    const nodes = (this.editor._pendingEditorState ?? this.editor._editorState)._nodeMap
    return topLevel(nodes).map((key) => {
      const node = nodes.get(key)
      if (node === undefined) throw new Error(`no node ${key}`)
      return readBlock(nodes, node)
    })
  }

  text(): string {
    return this.shown()
      .map(({ text }) => text)
      .join('\u2029')
  }

  editorJson(): string {
    return contentJson(this.shown())
  }

  documentJson(): string {
    return documentContent(this.doc)
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
      undoCaptureMs: this.#options.captureMs,
    })
    registerRichText(core.editor)
    return core
  }
}

export function documentContent(doc: Y.Doc): string {
  const { blocks } = readDocument(flowOf(doc))
  return JSON.stringify(blocks.map(({ shape, column = 0, runs }) => ({ ...sorted(shape), column, runs })))
}

function contentJson(blocks: readonly EditorBlock[]): string {
  return JSON.stringify(
    blocks.map(({ shape, column, text, runs }) => {
      let from = 0
      return {
        ...sorted(shape),
        column,
        runs: runs.map(({ length, marks }) => {
          const run = { text: text.slice(from, from + length), marks }
          from += length
          return run
        }),
      }
    }),
  )
}

/** The order of a shape's attributes says nothing. */
function sorted(shape: BlockShape): object {
  return Object.fromEntries(Object.entries(shape).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function topLevel(nodes: NodeMap): string[] {
  const keys: string[] = []
  const root = nodes.get('root') as unknown as { __first: string | null } | undefined
  for (let key = root?.__first ?? null; key !== null; key = nodes.get(key)?.__next ?? null) keys.push(key)
  return keys
}
