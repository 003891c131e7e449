/**
 * y-prosemirror, for the merge report, with ProseMirror's own commands for keys, lists and tables.
 *
 * There is no page: `View` stands in for ProseMirror's and does what the plugins need of it, which is to keep the
 * state, apply transactions and tell the plugins. Sync and undo plugin are the shipped ones. Compared once with
 * ProseMirror's own view on jsdom 26, 30 seeds of every scenario: each count was the same.
 */
import {
  baseKeymap,
  chainCommands,
  deleteSelection,
  joinBackward,
  selectAll,
  setBlockType,
  toggleMark,
} from 'prosemirror-commands'
import { Fragment, type Node, Schema, Slice } from 'prosemirror-model'
import { liftListItem, sinkListItem, splitListItem, wrapInList } from 'prosemirror-schema-list'
import {
  type Command,
  EditorState,
  type Plugin,
  type PluginView,
  TextSelection,
  type Transaction,
} from 'prosemirror-state'
import {
  addColumnAfter,
  addRowAfter,
  deleteColumn,
  deleteRow,
  tableEditing,
  tableNodes,
} from 'prosemirror-tables'
import type { EditorView } from 'prosemirror-view'
import { ySyncPlugin, yUndoPlugin, yUndoPluginKey } from 'y-prosemirror'
import * as Y from 'yjs'
import { type Contestant, type Kind, NETWORK, type Person, type Place } from './contestant.ts'

const schema = new Schema({
  nodes: {
    doc: { content: 'block+' },
    paragraph: { content: 'inline*', group: 'block' },
    heading: { content: 'inline*', group: 'block', attrs: { level: { default: 2 } } },
    code_block: { content: 'text*', group: 'block', marks: '', code: true },
    bullet_list: { content: 'list_item+', group: 'block' },
    list_item: { content: 'paragraph block*', defining: true },
    text: { group: 'inline' },
    ...tableNodes({ tableGroup: 'block', cellContent: 'block+', cellAttributes: {} }),
  },
  marks: {
    link: { attrs: { href: {} }, inclusive: false },
    strong: {},
  },
})
const { paragraph, heading, code_block, bullet_list, list_item, table, table_row, table_cell } = schema.nodes
const { link, strong } = schema.marks

class View {
  state: EditorState
  readonly #plugins: PluginView[] = []

  constructor(state: EditorState) {
    this.state = state
    for (const plugin of state.plugins as Plugin[]) {
      // The plugins ask a view for `state`, `dispatch` and `hasFocus` alone where there is no browser.
      const view = plugin.spec.view?.(this as unknown as EditorView)
      if (view !== undefined) this.#plugins.push(view)
    }
  }

  readonly dispatch = (transaction: Transaction): void => {
    const before = this.state
    this.state = before.apply(transaction)
    for (const plugin of this.#plugins) plugin.update?.(this as unknown as EditorView, before)
  }

  hasFocus(): boolean {
    return true
  }

  destroy(): void {
    for (const plugin of this.#plugins) plugin.destroy?.()
  }
}

export const yProsemirror: Contestant = {
  name: 'y-prosemirror',
  title: 'y-prosemirror',
  open(client) {
    const doc = new Y.Doc()
    doc.clientID = client
    const plugins = [ySyncPlugin(doc.getXmlFragment('prosemirror')), yUndoPlugin(), tableEditing()]
    const view = new View(EditorState.create({ schema, plugins }))
    const undoManager: Y.UndoManager = yUndoPluginKey.getState(view.state).undoManager
    undoManager.captureTimeout = Number.POSITIVE_INFINITY
    return personAt(view, doc, undoManager)
  },
}

function personAt(view: View, doc: Y.Doc, undoManager: Y.UndoManager): Person {
  const run = (command: Command): void => {
    command(view.state, view.dispatch)
  }
  const select = (from: Place, to: Place = from): void => {
    const { doc: shown, tr } = view.state
    view.dispatch(
      tr.setSelection(TextSelection.create(shown, positionOf(shown, from), positionOf(shown, to))),
    )
  }
  const insert = (text: string): void => {
    for (const character of text) view.dispatch(view.state.tr.insertText(character))
  }
  const show = (...blocks: Node[]): void => {
    const { tr } = view.state
    view.dispatch(tr.replaceWith(0, tr.doc.content.size, blocks))
  }
  const onBlock = (block: number, command: Command): void => {
    select({ block, offset: 0 })
    run(command)
  }
  return {
    doc,
    errors: [],
    screen: () => ({
      blocks: textBlocks(view.state.doc).map(({ node }) => node.textContent),
      whole: JSON.stringify(view.state.doc.toJSON()),
    }),
    write(blocks) {
      show(...blocks.map(({ text }) => paragraphOf(text)))
      for (const [block, { kind }] of blocks.entries())
        if (kind !== 'paragraph') onBlock(block, commandFor(kind))
      // Lists that were made one after the other are one list in the other contestants, too.
      joinLists(view)
      for (const [block, { indent }] of blocks.entries())
        for (let depth = 0; depth < indent; depth += 1) onBlock(block, sinkListItem(list_item))
    },
    writeTable(rows) {
      const cells = (row: readonly string[]): Node[] =>
        row.map((text) => table_cell.create(null, paragraphOf(text)))
      show(
        table.create(
          null,
          rows.map((row) => table_row.create(null, cells(row))),
        ),
        paragraphOf(''),
      )
    },
    type(at, text) {
      select(at)
      insert(text)
    },
    enter: (at) => {
      select(at)
      run(chainCommands(splitListItem(list_item), baseKeymap['Enter'] ?? (() => false)))
    },
    join: (block) => onBlock(block, joinBackward),
    erase(from, to) {
      select(from, to)
      run(deleteSelection)
    },
    retype(text) {
      run(selectAll)
      run(deleteSelection)
      insert(text)
    },
    setKind(from, to, kind) {
      select(from, to)
      run(commandFor(kind))
    },
    bold(from, to) {
      select(from, to)
      run(toggleMark(strong))
    },
    link(from, to) {
      select(from, to)
      run(toggleMark(link, { href: 'https://example.org/' }))
    },
    moveBefore(block, target) {
      const { doc: shown, tr } = view.state
      const moved = textBlocks(shown)[block]
      const before = textBlocks(shown)[target]
      if (moved === undefined || before === undefined) throw new Error('there is no such block')
      tr.delete(moved.at, moved.at + moved.node.nodeSize)
      view.dispatch(tr.insert(tr.mapping.map(before.at), moved.node))
    },
    paste(at, paragraphs) {
      select(at)
      const slice = Slice.maxOpen(Fragment.from(paragraphs.map(paragraphOf)))
      view.dispatch(view.state.tr.replaceSelection(slice).setMeta('paste', true))
    },
    indent: (block) => onBlock(block, sinkListItem(list_item)),
    outdent: (block) => onBlock(block, liftListItem(list_item)),
    addRow: (block) => onBlock(block, addRowAfter),
    addColumn: (block) => onBlock(block, addColumnAfter),
    deleteRow: (block) => onBlock(block, deleteRow),
    deleteColumn: (block) => onBlock(block, deleteColumn),
    undo: () => {
      undoManager.undo()
    },
    pause: () => undoManager.stopCapturing(),
    receive: (update) => Y.applyUpdate(doc, update, NETWORK),
    close() {
      view.destroy()
      doc.destroy()
    },
  }
}

function commandFor(kind: Kind): Command {
  switch (kind) {
    case 'paragraph':
      return setBlockType(paragraph)
    case 'heading':
      return setBlockType(heading)
    case 'code':
      return setBlockType(code_block)
    case 'bullet':
      return wrapInList(bullet_list)
  }
}

function joinLists(view: View): void {
  for (;;) {
    const { doc: shown, tr } = view.state
    let seam: number | undefined
    shown.forEach((node, offset, index) => {
      const isSeam = index > 0 && node.type === bullet_list && shown.child(index - 1).type === bullet_list
      if (isSeam) seam ??= offset
    })
    if (seam === undefined) return
    view.dispatch(tr.join(seam))
  }
}

function paragraphOf(text: string): Node {
  return paragraph.create(null, text === '' ? null : schema.text(text))
}

function textBlocks(shown: Node): { node: Node; at: number }[] {
  const blocks: { node: Node; at: number }[] = []
  shown.descendants((node, at) => {
    if (node.isTextblock) blocks.push({ node, at })
    return !node.isTextblock
  })
  return blocks
}

function positionOf(shown: Node, { block, offset }: Place): number {
  const found = textBlocks(shown)[block]
  if (found === undefined) throw new Error(`there is no block ${block}`)
  return found.at + 1 + Math.min(offset, found.node.content.size)
}
