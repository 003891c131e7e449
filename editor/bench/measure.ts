/**
 * What the binding itself costs in one document, apart from Lexical and from any page.
 *
 * "Share" is the time spent in the binding: for local edits its update listener, between Lexical's commit and the end of
 * the write into the flow; for remote ones its listeners of the document's transactions, less what Lexical takes for the
 * commit that they lead to. Lexical must be its production build, and what runs first is not counted.
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
  RootNode,
} from 'lexical'
import * as Y from 'yjs'
import { $pointAt, $setPoint } from '../src/binding/editor-block.ts'
import { $isBlockNode } from '../src/blocks/block-node.ts'
import { ApplyGate, createWeftCore, setBlockKind } from '../src/core.ts'

const WORDS = 'Sixty characters of text, more or less, stand in every block. '
/** Before those that count: what runs for the first time is compiled then. */
const WARM_UP = 30
const ROUNDS = 200

export interface Cost {
  readonly edit: string
  /** ms, sorted */
  readonly share: readonly number[]
  /** ms, sorted; with Lexical's part and Yjs's */
  readonly whole: readonly number[]
}

export interface BindingCosts {
  readonly blocks: number
  readonly openMs: number
  readonly costs: readonly Cost[]
  /** ms of a whole undo, sorted */
  readonly undo: readonly number[]
}

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

/** @throws when an edit changed nothing, or the editor shows something else than the document says in the end. */
export function measureBinding(blocks: number): BindingCosts {
  const doc = openDocument(blocks, 1)
  let writes = 0
  doc.on('afterTransaction', ({ changed }: Y.Transaction) => {
    if (changed.size > 0) writes += 1
  })
  const handling = timeListeners(doc)
  spareRootText()
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
  const openMs = performance.now() - opened
  const costs: Cost[] = []
  const take = (edit: string, share: readonly number[], whole: readonly number[]): void => {
    costs.push({ edit, share: sorted(share.slice(WARM_UP)), whole: sorted(whole.slice(WARM_UP)) })
  }

  const run = (name: string, edit: (index: number) => void): void => {
    const share: number[] = []
    const whole: number[] = []
    for (let index = 0; index < WARM_UP + ROUNDS; index += 1) {
      place(editor, Math.floor(((index + 1) / (WARM_UP + ROUNDS + 2)) * blocks))
      listeners.length = 0
      writes = 0
      const from = performance.now()
      edit(index)
      editor.update(() => {}, { discrete: true })
      whole.push(performance.now() - from)
      if (writes === 0) throw new Error(`${name}: round ${index} wrote nothing`)
      share.push(listeners.reduce((sum, time) => sum + time, 0))
    }
    take(name, share, whole)
  }

  run('a letter', () =>
    editor.update(() => {
      const selection = $getSelection()
      if ($isRangeSelection(selection)) selection.insertText('x')
    }),
  )
  run('five letters made bold', () => {
    editor.update(() => {
      const selection = $getSelection()
      if ($isRangeSelection(selection)) selection.focus.offset = Math.min(selection.anchor.offset + 5, 12)
    })
    editor.dispatchCommand(FORMAT_TEXT_COMMAND, 'bold')
  })
  run('Enter', () => editor.dispatchCommand(INSERT_PARAGRAPH_COMMAND, undefined))
  run('a block made a heading or a quote', (index) =>
    setBlockKind(editor, index % 2 === 0 ? 'heading' : 'quote'),
  )

  const remote = new Y.Doc()
  remote.clientID = 2
  Y.applyUpdate(remote, Y.encodeStateAsUpdate(doc))
  // What Lexical takes around the binding's callback and listener is not the binding's.
  let lexical = 0
  const update = editor.update.bind(editor)
  const timed: LexicalEditor['update'] = (change, options) => {
    listeners.length = 0
    const from = performance.now()
    let inside = 0
    update(() => {
      copyNodeMap(editor)
      const start = performance.now()
      change()
      inside += performance.now() - start
    }, options)
    const own = inside + listeners.reduce((sum, time) => sum + time, 0)
    lexical += performance.now() - from - own
  }
  editor.update = timed
  /** @param edit changes `count` places of the flow, told by their shares of its length. */
  const receive = (name: string, edit: (flow: Y.Text, at: number) => void, count = 1): void => {
    const share: number[] = []
    const whole: number[] = []
    for (let index = 0; index < WARM_UP + ROUNDS; index += 1) {
      const before = Y.encodeStateVector(remote)
      const flow = flowOf(remote)
      remote.transact(() => {
        for (let place = 0; place < count; place += 1)
          edit(flow, Math.floor((((index + 1) / (WARM_UP + ROUNDS + 2) + place) / count) * flow.length))
      })
      const received = Y.encodeStateAsUpdate(remote, before)
      lexical = 0
      handling.ms = 0
      writes = 0
      const from = performance.now()
      gate.run(() => Y.applyUpdate(doc, received))
      whole.push(performance.now() - from)
      share.push(handling.ms - lexical)
      if (writes === 0) throw new Error(`${name}: round ${index} changed nothing`)
    }
    take(name, share, whole)
  }
  receive('a letter of somebody else', (flow, at) => flow.insert(at, 'y', {}))
  receive('a letter of each of ten others', (flow, at) => flow.insert(at, 'z', {}), 10)
  receive('five letters made italic by somebody else', (flow, at) => flow.format(at, 5, { italic: true }))
  receive('Enter of somebody else', (flow, at) => {
    flow.insertEmbed(at, createMarker({ type: 'paragraph', indent: 0 }, `r${at}`))
  })
  const undo: number[] = []
  for (let index = 0; index < 20; index += 1) {
    const from = performance.now()
    binding.undo()
    undo.push(performance.now() - from)
  }
  if (binding.checkDrift()) throw new Error('the editor does not show what the document says')
  return { blocks, openMs, costs, undo: sorted(undo) }
}

type Listener = (...args: unknown[]) => void

/** Counts the time that everybody who listens to the document from now on takes. */
function timeListeners(doc: Y.Doc): { ms: number } {
  const handling = { ms: 0 }
  let depth = 0
  const timers = new Map<Listener, Listener>()
  const timerOf = (listener: Listener): Listener => {
    const timer: Listener = (...args) => {
      const from = performance.now()
      depth += 1
      try {
        listener(...args)
      } finally {
        depth -= 1
        // What one listener leads another to do is counted once.
        if (depth === 0) handling.ms += performance.now() - from
      }
    }
    timers.set(listener, timer)
    return timer
  }
  const on = doc.on.bind(doc) as (name: string, listener: Listener) => void
  const off = doc.off.bind(doc) as (name: string, listener: Listener) => void
  Object.assign(doc, {
    on: (name: string, listener: Listener) => on(name, timerOf(listener)),
    off(name: string, listener: Listener) {
      off(name, timers.get(listener) ?? listener)
      timers.delete(listener)
    },
  })
  return handling
}

/**
 * Without a page Lexical reads the text of the whole document twice for each update, for the sake of listeners that nobody
 * has registered; on one it has it from what it draws. Nothing else here asks the root for its text.
 */
function spareRootText(): void {
  Object.assign(RootNode.prototype, { getTextContent: () => '' })
}

/**
 * Lexical does so at the first write of an update, whoever writes, and it takes the longer the more nodes have changed since
 * it was last done: its own work, not that of who happens to be the first.
 */
function copyNodeMap({ _pendingEditorState: state }: LexicalEditor): void {
  if (state === null) throw new Error('there is no update going on')
  const nodes = state._nodeMap as unknown as { getNursery(): unknown }
  nodes.getNursery()
}

const sorted = (times: readonly number[]): number[] => times.toSorted((a, b) => a - b)

/** Puts the caret into the middle of a block. */
function place(editor: LexicalEditor, index: number): void {
  editor.update(
    () => {
      const block = $getRoot().getChildAtIndex(index)
      if (!$isBlockNode(block)) return
      const selection = block.select(0, 0)
      // On a page Lexical hears of it when the caret moves; here it would still be that of where the caret was before.
      selection.format = 0
      $setPoint(selection.anchor, $pointAt(block, 7))
      $setPoint(selection.focus, $pointAt(block, 7))
    },
    { discrete: true },
  )
}
