/** Two or more people with an editor each and no network: what they wrote meets when the test says so. */
import { createHeadlessEditor } from '@lexical/headless'
import { registerRichText } from '@lexical/rich-text'
import { type BlockJson, flowOf, readDocument } from '@weft/document'
import {
  $getRoot,
  $getSelection,
  $isRangeSelection,
  CONTROLLED_TEXT_INSERTION_COMMAND,
  INSERT_PARAGRAPH_COMMAND,
  type LexicalEditor,
} from 'lexical'
import * as Y from 'yjs'
import { $pointAt, $setPoint, offsetOfPoint } from '../src/binding/editor-block.ts'
import { $isBlockNode } from '../src/blocks/block-node.ts'
import { ApplyGate, type Binding, createWeftCore, type Drift } from '../src/core.ts'

/** The origin of what came from others. */
const NETWORK = { name: 'network' }

/** In the editor: the index of a block, and how far into it. */
export interface Place {
  readonly block: number
  readonly offset: number
}

export interface Person {
  readonly doc: Y.Doc
  readonly gate: ApplyGate
  readonly editor: LexicalEditor
  readonly binding: Binding
  /** What the binding has reported. */
  readonly drifts: readonly Drift[]
  /** Puts the caret, or a selection to `to`, at an offset of a block. */
  at(block: number, offset: number, to?: { block: number; offset: number }): Person
  type(text: string): Person
  enter(): Person
  /** Deletes what is selected. */
  erase(): Person
  /** Does something in one committed update. */
  edit(change: () => void): Person
  /** Commits what a command left pending. */
  commit(): Person
  /** The document as `kind text`, a mark as its initial before the text in brackets. */
  lines(): string[]
  /** Where the selection starts; undefined without one. */
  caret(): Place | undefined
  /** Both ends of the selection, as they were put. */
  selected(): { readonly anchor: Place; readonly focus: Place } | undefined
}

/** @param count of people; each has a client id of its own, from 1, in this order. */
export function people(count: number): Person[] {
  return Array.from({ length: count }, (_, index) => openPerson(index + 1))
}

/** Everybody gets what everybody has. */
export function meet(...everybody: readonly Person[]): void {
  // Twice: what Yjs tidies on arrival has to arrive, too.
  for (let round = 0; round < 2; round += 1)
    for (const from of everybody)
      for (const to of everybody) {
        if (from === to) continue
        from.commit()
        const update = Y.encodeStateAsUpdate(from.doc, Y.encodeStateVector(to.doc))
        to.gate.run(() => Y.applyUpdate(to.doc, update, NETWORK))
      }
}

export function openPerson(client: number): Person {
  const doc = new Y.Doc()
  doc.clientID = client
  const gate = new ApplyGate()
  const drifts: Drift[] = []
  let ids = 0
  const { editor, binding } = createWeftCore({
    doc,
    gate,
    onDrift: (drift) => drifts.push(drift),
    namespace: `person ${client}`,
    undoCaptureMs: 0,
    newId: () => {
      ids += 1
      return `${client}-${ids}`
    },
    onError: (error) => {
      throw error
    },
    create: createHeadlessEditor,
  })
  registerRichText(editor)
  const person: Person = {
    doc,
    gate,
    editor,
    binding,
    drifts,
    at(block, offset, to = { block, offset }) {
      return person.edit(() => {
        const blocks = $getRoot().getChildren()
        const [start, end] = [blocks[block], blocks[to.block]]
        if (!$isBlockNode(start) || !$isBlockNode(end)) throw new Error('no such block')
        const selection = start.select(0, 0)
        $setPoint(selection.anchor, $pointAt(start, offset))
        $setPoint(selection.focus, $pointAt(end, to.offset))
      })
    },
    type: (text) =>
      person.edit(() => {
        rangeSelection()
        editor.dispatchCommand(CONTROLLED_TEXT_INSERTION_COMMAND, text)
      }),
    enter() {
      editor.dispatchCommand(INSERT_PARAGRAPH_COMMAND, undefined)
      return person.commit()
    },
    erase: () => person.edit(() => rangeSelection().removeText()),
    edit(change) {
      editor.update(change, { discrete: true })
      return person
    },
    commit: () => person.edit(() => {}),
    lines: () => readDocument(flowOf(doc)).blocks.map(lineOf),
    caret: () => person.selected()?.anchor,
    selected() {
      const state = editor.getEditorState()
      return state.read(() => {
        const selection = $getSelection()
        if (!$isRangeSelection(selection)) return undefined
        const [anchor, focus] = [selection.anchor, selection.focus].map((point) => {
          const found = offsetOfPoint(state._nodeMap, point)
          if (found === undefined) return undefined
          return { block: $getRoot().getChildrenKeys().indexOf(found.key), offset: found.offset }
        })
        return anchor === undefined || focus === undefined ? undefined : { anchor, focus }
      })
    },
  }
  return person
}

function rangeSelection(): NonNullable<ReturnType<typeof $getSelection>> & {
  removeText(): void
} {
  const selection = $getSelection()
  if (!$isRangeSelection(selection)) throw new Error('no selection')
  return selection
}

function lineOf({ shape, runs }: BlockJson): string {
  const level = shape.type === 'heading' ? String(shape.level) : ''
  const text = runs.map(({ text, marks }) => {
    const names = Object.keys(marks)
    return names.length === 0 ? text : `[${names.join(' ')}: ${text}]`
  })
  return `${shape.type}${level}${'>'.repeat(shape.indent)} ${text.join('')}`.trimEnd()
}
