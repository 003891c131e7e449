/** Weft's own binding, for the merge report. */
import { createHeadlessEditor } from '@lexical/headless'
import { registerRichText } from '@lexical/rich-text'
import * as Y from 'yjs'
import { $isBlockNode } from '../../src/blocks/block-node.ts'
import { ApplyGate, createWeftCore, indent, outdent, setBlockKind, setLink } from '../../src/core.ts'
import { type Contestant, NETWORK } from './contestant.ts'
import { lexicalPerson } from './lexical-person.ts'

const noTables = (): never => {
  throw new Error('Weft has no tables yet')
}

export const weft: Contestant = {
  name: 'weft',
  title: 'Weft',
  hasTables: false,
  open(client) {
    const doc = new Y.Doc()
    doc.clientID = client
    const gate = new ApplyGate()
    const errors: unknown[] = []
    let ids = 0
    const core = createWeftCore({
      doc,
      gate,
      namespace: `person ${client}`,
      undoCaptureMs: Number.POSITIVE_INFINITY,
      newId() {
        ids += 1
        return `${client}.${ids}`
      },
      onError: (error) => errors.push(error),
      onDrift: (drift) => errors.push(new Error(`drift at block ${drift.block}`)),
      create: createHeadlessEditor,
    })
    const { editor, binding } = core
    const unregister = registerRichText(editor)
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
        $writeTable: noTables,
        $addRow: noTables,
        $addColumn: noTables,
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
