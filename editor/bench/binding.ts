/**
 * What the binding itself costs, apart from Lexical and from any page: time between Lexical's commit and the
 * end of the write into the flow, and between a remote transaction and the editor's update.
 *
 *   NODE_ENV=production node --conditions=weft:source editor/bench/binding.ts [blocks…]
 *
 * "share" is the time spent in the binding: the update listener for local edits; for remote ones, the whole
 * application less what Yjs takes on a document without an editor and less what Lexical takes for its commit.
 */
import { createHeadlessEditor } from '@lexical/headless'
import { registerRichText } from '@lexical/rich-text'
import { createMarker, flowOf } from '@weft/document'
import {
  $getRoot,
  $getSelection,
  $isRangeSelection,
  FORMAT_TEXT_COMMAND,
  INSERT_PARAGRAPH_COMMAND,
  type LexicalEditor,
} from 'lexical'
import * as Y from 'yjs'
import { $pointAt, $setPoint } from '../src/binding/editor-block.ts'
import { $isBlockNode } from '../src/blocks/block-node.ts'
import { ApplyGate, createWeftCore, setBlockKind } from '../src/core.ts'

const WORDS = 'Sixty characters of text, more or less, stand in every block. '
const ROUNDS = 60

function openDocument(blocks: number, client: number): Y.Doc {
  const doc = new Y.Doc()
  doc.clientID = client
  const flow = flowOf(doc)
  const delta: { insert: unknown; attributes?: Record<string, unknown> }[] = [{ insert: WORDS }]
  for (let index = 1; index < blocks; index += 1) {
    delta.push({ insert: createMarker({ type: 'paragraph', indent: 0 }, `b${index}`) })
    // Every tenth block has a bold word: after the first one Yjs finds nothing quickly any more.
    if (index % 10 === 0) delta.push({ insert: 'bold ', attributes: { bold: true } })
    delta.push({ insert: WORDS })
  }
  flow.applyDelta(delta, { sanitize: false })
  return doc
}

function summary(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (part: number): string => (sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(3).padStart(8)
  return `${at(0.5)} ${at(0.95)} ${at(0.999)}`
}

function bench(blocks: number): void {
  const doc = openDocument(blocks, 1)
  const gate = new ApplyGate()
  const listeners: number[] = []
  let started = 0
  const opened = performance.now()
  const { editor, binding } = createWeftCore({
    doc,
    gate,
    namespace: 'bench',
    onError: (error) => {
      throw error
    },
    create: (options) => {
      const made = createHeadlessEditor(options)
      // Registered before the binding's own listener: the clock starts when Lexical has finished.
      made.registerUpdateListener(() => {
        started = performance.now()
      })
      return made
    },
  })
  editor.registerUpdateListener(() => {
    listeners.push(performance.now() - started)
  })
  registerRichText(editor)
  console.log(`\n${blocks} blocks, opened in ${(performance.now() - opened).toFixed(0)} ms`)
  console.log('ms                      share: p50      p95      max   whole: p50      p95      max')

  const run = (name: string, edit: (index: number) => void): void => {
    const share: number[] = []
    const whole: number[] = []
    for (let index = 0; index < ROUNDS; index += 1) {
      place(editor, Math.floor(((index + 1) / (ROUNDS + 2)) * blocks))
      listeners.length = 0
      const from = performance.now()
      edit(index)
      editor.update(() => {}, { discrete: true })
      whole.push(performance.now() - from)
      share.push(listeners.reduce((sum, time) => sum + time, 0))
    }
    console.log(`${name.padEnd(24)} ${summary(share)}      ${summary(whole)}`)
  }

  run('type a character', () =>
    editor.update(() => {
      const selection = $getSelection()
      if ($isRangeSelection(selection)) selection.insertText('x')
    }),
  )
  run('bold five characters', () => {
    editor.update(() => {
      const selection = $getSelection()
      if ($isRangeSelection(selection)) selection.focus.offset = Math.min(selection.anchor.offset + 5, 12)
    })
    editor.dispatchCommand(FORMAT_TEXT_COMMAND, 'bold')
  })
  run('Enter', () => editor.dispatchCommand(INSERT_PARAGRAPH_COMMAND, undefined))
  run('heading', (index) => setBlockKind(editor, index % 2 === 0 ? 'heading' : 'quote'))

  const remote = new Y.Doc()
  remote.clientID = 2
  flowOf(remote)
  const bare = new Y.Doc()
  flowOf(bare)
  for (const other of [remote, bare]) Y.applyUpdate(other, Y.encodeStateAsUpdate(doc))
  // What Lexical takes around the binding's callback and listener is not the binding's.
  let lexical = 0
  const update = editor.update.bind(editor)
  const timed: LexicalEditor['update'] = (change, options) => {
    listeners.length = 0
    const from = performance.now()
    let inside = 0
    update(() => {
      const start = performance.now()
      change()
      inside += performance.now() - start
    }, options)
    const own = inside + listeners.reduce((sum, time) => sum + time, 0)
    lexical += performance.now() - from - own
  }
  editor.update = timed
  const receive = (name: string, edit: (flow: Y.Text, at: number) => void): void => {
    const share: number[] = []
    const whole: number[] = []
    for (let index = 0; index < ROUNDS; index += 1) {
      const before = Y.encodeStateVector(remote)
      edit(flowOf(remote), Math.floor(((index + 1) / (ROUNDS + 2)) * flowOf(remote).length))
      const update = Y.encodeStateAsUpdate(remote, before)
      const from = performance.now()
      Y.applyUpdate(bare, update)
      const alone = performance.now() - from
      lexical = 0
      const again = performance.now()
      gate.run(() => Y.applyUpdate(doc, update))
      const took = performance.now() - again
      whole.push(took)
      share.push(Math.max(0, took - alone - lexical))
    }
    console.log(`${name.padEnd(24)} ${summary(share)}      ${summary(whole)}`)
  }
  receive('remote: type', (flow, at) => flow.insert(at, 'y', {}))
  receive('remote: bold', (flow, at) => flow.format(at, 5, { italic: true }))
  receive('remote: Enter', (flow, at) => {
    flow.insertEmbed(at, createMarker({ type: 'paragraph', indent: 0 }, `r${at}`))
  })
  const undoTimes: number[] = []
  for (let index = 0; index < 20; index += 1) {
    const from = performance.now()
    binding.undo()
    undoTimes.push(performance.now() - from)
  }
  console.log(`${'undo (whole)'.padEnd(24)} ${''.padEnd(26)}      ${summary(undoTimes)}`)
  if (binding.checkDrift()) throw new Error('the editor does not show what the document says')
}

/** Puts the caret into the middle of a block. */
function place(editor: LexicalEditor, index: number): void {
  editor.update(
    () => {
      const block = $getRoot().getChildAtIndex(index)
      if (!$isBlockNode(block)) return
      const selection = block.select(0, 0)
      $setPoint(selection.anchor, $pointAt(block, 7))
      $setPoint(selection.focus, $pointAt(block, 7))
    },
    { discrete: true },
  )
}

const sizes = process.argv.slice(2).map(Number)
for (const blocks of sizes.length > 0 ? sizes : [1_000, 10_000]) bench(blocks)
