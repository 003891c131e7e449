/** Weft's own binding, for the merge report. */
import { createHeadlessEditor } from '@lexical/headless'
import { registerRichText } from '@lexical/rich-text'
import { $getRoot } from 'lexical'
import * as Y from 'yjs'
import { $isBlockNode } from '../../src/blocks/block-node.ts'
import { $isTableNode } from '../../src/blocks/table-node.ts'
import {
  ApplyGate,
  createWeftCore,
  editTable,
  indent,
  insertTable,
  outdent,
  setBlockKind,
  setLink,
} from '../../src/core.ts'
import { type Contestant, NETWORK } from './contestant.ts'
import { $fillTable, lexicalPerson } from './lexical-person.ts'

export const weft: Contestant = {
  name: 'weft',
  title: 'Weft',
  open(client) {
    const doc = new Y.Doc()
    doc.clientID = client
    const gate = new ApplyGate()
    const errors: unknown[] = []
    let ids = 0
    const newId = (): string => {
      ids += 1
      return `${client}-${ids}`
    }
    const core = createWeftCore({
      doc,
      gate,
      namespace: `person ${client}`,
      undoCaptureMs: Number.POSITIVE_INFINITY,
      newId,
      onError: (error) => errors.push(error),
      onDrift: (drift) => errors.push(new Error(`drift at block ${drift.block}`)),
      create: createHeadlessEditor,
    })
    const { editor, binding } = core
    const unregister = registerRichText(editor)
    const table = { editor, binding, newId }
    return lexicalPerson({
      editor,
      doc,
      errors,
      dialect: {
        $kindOf: (block) => ($isBlockNode(block) ? JSON.stringify(block.getShape()) : block.getType()),
        setKind: (kind) => setBlockKind(editor, kind),
        link: (address) => setLink(editor, address),
        indent: () => indent(editor),
        outdent: () => outdent(editor),
        writeTable(rows) {
          editor.update(() => $getRoot().selectStart(), { discrete: true })
          insertTable(editor, rows.length, rows[0]?.length)
          editor.update(() =>
            $getRoot()
              .getChildren()
              .filter($isTableNode)
              .forEach((node) => $fillTable(node, rows)),
          )
        },
        addRow: () => editTable(table, 'row-below'),
        addColumn: () => editTable(table, 'column-after'),
        deleteRow: () => editTable(table, 'delete-row'),
        deleteColumn: () => editTable(table, 'delete-column'),
      },
      receive: (update) => gate.run(() => Y.applyUpdate(doc, update, NETWORK)),
      undo: () => binding.undo(),
      pause: () => binding.separate(),
      close() {
        core.destroy()
        unregister()
        doc.destroy()
      },
    })
  },
}
