/**
 * How each editor says the same text in Yjs: written once, before anybody opens it, and typed into by people elsewhere.
 *
 * The peers' own code writes their documents. What people elsewhere type is a character put into one of Yjs' texts, and
 * where their caret stands is told as each editor tells it.
 */
import { createHeadlessEditor } from '@lexical/headless'
import { $createLinkNode } from '@lexical/link'
import { $createListItemNode, $createListNode, $isListNode } from '@lexical/list'
import { $createHeadingNode } from '@lexical/rich-text'
import {
  createBindingV2__EXPERIMENTAL,
  type Provider,
  syncLexicalUpdateToYjsV2__EXPERIMENTAL,
} from '@lexical/yjs'
import { getSchema } from '@tiptap/core'
import { StarterKit } from '@tiptap/starter-kit'
import { prosemirrorJSONToYXmlFragment } from '@tiptap/y-tiptap'
import { type BlockJson, flowOf, readSegments, SCHEMA_VERSION, writeDocument } from '@weft/document'
import { $createParagraphNode, $createTextNode, $getRoot, type ElementNode } from 'lexical'
import * as Y from 'yjs'
import { LEXICAL_NODES } from './lexical-nodes.ts'
import { FORMATTED, MINE, type Run, type TextBlock } from './manuscript.ts'

export interface Dialect {
  /** Makes an empty `doc` say these blocks. */
  write(doc: Y.Doc, blocks: readonly TextBlock[]): void
  /** Somewhere inside a block, but not in those of the person on the page. @param random from 0 to below 1 */
  placeIn(doc: Y.Doc, random: () => number): Y.RelativePosition
  /** What others are told of somebody with the caret there. */
  presence(person: { readonly name: string; readonly color: string }, place: unknown): Record<string, unknown>
  /** The words of each block. */
  read(doc: Y.Doc): string[]
}

const isMine = (text: string): boolean => text.startsWith(MINE) || text.startsWith(FORMATTED)

// Weft: one text, blocks are markers in it

export const weft: Dialect = {
  write(doc, blocks) {
    let ids = 0
    const newId = (): string => `b${++ids}`
    const made = blocks.map((block) => weftBlock(block, newId()))
    doc.transact(() => writeDocument(doc, { schema: SCHEMA_VERSION, blocks: made }, newId))
  },
  placeIn(doc, random) {
    const flow = flowOf(doc)
    const segments = readSegments(flow)
    for (;;) {
      const chosen = Math.floor(random() * segments.length)
      const { text = '' } = segments[chosen] ?? {}
      if (text === '' || isMine(text)) continue
      let index = 1 + Math.floor(random() * text.length)
      for (const { marker, text } of segments.slice(0, chosen))
        index += text.length + (marker === null ? 0 : 1)
      if (segments[chosen]?.marker === null) index -= 1
      return Y.createRelativePositionFromTypeIndex(flow, index, -1)
    }
  },
  presence: ({ name, color }, place) => ({
    user: { id: name, name, color },
    cursor: { anchor: place, head: place },
    idle: false,
  }),
  read: (doc) => readSegments(flowOf(doc)).flatMap(({ text, hidden }) => (hidden ? [] : [text])),
}

function weftBlock({ kind, runs }: TextBlock, id: string): BlockJson {
  const shape =
    kind === 'heading' ? ({ type: kind, level: 2, indent: 0 } as const) : ({ type: kind, indent: 0 } as const)
  const marksOf = ({ bold, link }: Run) => ({
    ...(bold === true ? { bold } : {}),
    ...(link === undefined ? {} : { link }),
  })
  return { id, shape, runs: runs.map((run) => ({ text: run.text, marks: marksOf(run) })) }
}

// The peers: elements of XML with texts in them

export const lexical: Dialect = {
  write(doc, blocks) {
    const failures: unknown[] = []
    const editor = createHeadlessEditor({
      namespace: 'speed',
      nodes: LEXICAL_NODES,
      onError: (error) => failures.push(error),
    })
    const binding = createBindingV2__EXPERIMENTAL(editor, 'main', doc, new Map([['main', doc]]))
    editor.registerUpdateListener((update) =>
      syncLexicalUpdateToYjsV2__EXPERIMENTAL(
        binding,
        nobody,
        update.prevEditorState,
        update.editorState,
        update.dirtyElements,
        update.dirtyLeaves,
        update.normalizedNodes,
        update.tags,
      ),
    )
    editor.update(() => $writeLexical(blocks), { discrete: true })
    if (failures.length > 0) throw failures[0]
  },
  placeIn: (doc, random) => placeInXml(doc.get('root-v2', Y.XmlElement), random),
  presence: ({ name, color }, place) => ({
    anchorPos: place,
    focusPos: place,
    focusing: true,
    name,
    color,
    awarenessData: {},
  }),
  read: (doc) => readXml(doc.get('root-v2', Y.XmlElement)),
}

function $writeLexical(blocks: readonly TextBlock[]): void {
  const root = $getRoot()
  for (const { kind, runs } of blocks) {
    const block = $lexicalBlock(kind)
    for (const { text, bold, link } of runs) {
      const words = $createTextNode(text)
      if (bold === true) words.toggleFormat('bold')
      block.append(link === undefined ? words : $createLinkNode(link).append(words))
    }
    const last = root.getLastChild()
    if (kind !== 'bullet') root.append(block)
    else if ($isListNode(last)) last.append(block)
    else root.append($createListNode('bullet').append(block))
  }
}

function $lexicalBlock(kind: TextBlock['kind']): ElementNode {
  switch (kind) {
    case 'paragraph':
      return $createParagraphNode()
    case 'heading':
      return $createHeadingNode('h2')
    case 'bullet':
      return $createListItemNode()
  }
}

/** The binding asks for somebody whose caret it can tell others of. */
const nobody = {
  awareness: { getLocalState: () => null, getStates: () => new Map(), on() {}, off() {}, setLocalState() {} },
  connect() {},
  disconnect() {},
  on() {},
  off() {},
} as unknown as Provider

export const tiptap: Dialect = {
  write(doc, blocks) {
    const schema = getSchema([StarterKit.configure({ undoRedo: false })])
    prosemirrorJSONToYXmlFragment(
      schema,
      { type: 'doc', content: tiptapBlocks(blocks) },
      doc.getXmlFragment('default'),
    )
  },
  placeIn: (doc, random) => placeInXml(doc.getXmlFragment('default'), random),
  presence: ({ name, color }, place) => ({ user: { name, color }, cursor: { anchor: place, head: place } }),
  read: (doc) => readXml(doc.getXmlFragment('default')),
}

interface TiptapNode {
  readonly type: string
  readonly attrs?: Record<string, unknown>
  readonly content: unknown[]
}

function tiptapBlocks(blocks: readonly TextBlock[]): TiptapNode[] {
  const made: TiptapNode[] = []
  for (const { kind, runs } of blocks) {
    const content = runs.map(({ text, bold, link }) => ({
      type: 'text',
      text,
      marks: [
        ...(bold === true ? [{ type: 'bold' }] : []),
        ...(link === undefined ? [] : [{ type: 'link', attrs: { href: link } }]),
      ],
    }))
    const last = made.at(-1)
    const item = { type: 'listItem', content: [{ type: 'paragraph', content }] }
    if (kind === 'heading') made.push({ type: 'heading', attrs: { level: 2 }, content })
    else if (kind === 'paragraph') made.push({ type: 'paragraph', content })
    else if (last?.type === 'bulletList') last.content.push(item)
    else made.push({ type: 'bulletList', content: [item] })
  }
  return made
}

function placeInXml(root: Y.XmlFragment, random: () => number): Y.RelativePosition {
  const blocks = root.toArray()
  for (;;) {
    const block = blocks[Math.floor(random() * blocks.length)]
    const texts = block instanceof Y.XmlElement ? [...textsIn(block)] : []
    const text = texts[Math.floor(random() * texts.length)]
    if (text === undefined || text.length === 0 || isMine(wordsOf(text))) continue
    return Y.createRelativePositionFromTypeIndex(text, 1 + Math.floor(random() * text.length), -1)
  }
}

function* textsIn(element: Y.XmlFragment): Generator<Y.XmlText> {
  for (const child of element.toArray()) {
    if (child instanceof Y.XmlText) yield child
    else if (child instanceof Y.XmlElement) yield* textsIn(child)
  }
}

/** Each text of the smallest elements that hold any: list items are blocks like others, a link belongs to its block. */
function readXml(root: Y.XmlFragment): string[] {
  return root.toArray().flatMap((child) => {
    if (!(child instanceof Y.XmlElement)) return []
    if (['bulletList', 'listItem', 'list'].includes(child.nodeName)) return readXml(child)
    return [[...textsIn(child)].map(wordsOf).join('')]
  })
}

/** Without its marks, which `toString` would print as tags. */
const wordsOf = (text: Y.XmlText): string =>
  (text.toDelta() as { insert: unknown }[])
    .map(({ insert }) => (typeof insert === 'string' ? insert : ''))
    .join('')
