/**
 * Lexical's own two bindings (`@lexical/yjs`), for the merge report, with the nodes and plugins of a rich-text editor
 * and put together as `@lexical/react` puts them together: `useYjsCollaboration`, `useYjsHistory` and their V2.
 */
import { $createCodeNode, CodeNode } from '@lexical/code-core'
import { createHeadlessEditor } from '@lexical/headless'
import { $toggleLink, LinkNode } from '@lexical/link'
import { INSERT_UNORDERED_LIST_COMMAND, ListItemNode, ListNode, registerList } from '@lexical/list'
import { $createHeadingNode, HeadingNode, QuoteNode, registerRichText } from '@lexical/rich-text'
import { $setBlocksType } from '@lexical/selection'
import {
  $createTableNodeWithDimensions,
  $deleteTableColumnAtSelection,
  $deleteTableRowAtSelection,
  $insertTableColumnAtSelection,
  $insertTableRowAtSelection,
  registerTablePlugin,
  TableCellNode,
  TableNode,
  TableRowNode,
} from '@lexical/table'
import {
  createBinding,
  createBindingV2__EXPERIMENTAL,
  createUndoManager,
  initLocalState,
  type Provider,
  syncLexicalUpdateToYjs,
  syncLexicalUpdateToYjsV2__EXPERIMENTAL,
  syncYjsChangesToLexical,
  syncYjsChangesToLexicalV2__EXPERIMENTAL,
  type UserState,
} from '@lexical/yjs'
import {
  $createParagraphNode,
  $getRoot,
  $getSelection,
  type ElementNode,
  INDENT_CONTENT_COMMAND,
  type LexicalEditor,
  OUTDENT_CONTENT_COMMAND,
  SKIP_COLLAB_TAG,
} from 'lexical'
import * as Y from 'yjs'
import { type Contestant, type Kind, NETWORK } from './contestant.ts'
import { $fillTable, type Dialect, lexicalPerson } from './lexical-person.ts'

/** What a binding hands out: the undo manager, and what to stop in the end. */
interface Tied {
  readonly undoManager: Y.UndoManager
  readonly untie: () => void
}

export const lexicalV1: Contestant = {
  name: 'lexical-v1',
  title: '@lexical/yjs v1',
  open: (client) => open(client, tieV1),
}

export const lexicalV2: Contestant = {
  name: 'lexical-v2',
  title: '@lexical/yjs v2 (experimental)',
  open: (client) => open(client, tieV2),
}

function open(client: number, tie: (editor: LexicalEditor, doc: Y.Doc) => Tied) {
  const doc = new Y.Doc()
  doc.clientID = client
  const errors: unknown[] = []
  const editor = createHeadlessEditor({
    namespace: `person ${client}`,
    nodes: [
      HeadingNode,
      QuoteNode,
      CodeNode,
      ListNode,
      ListItemNode,
      LinkNode,
      TableNode,
      TableRowNode,
      TableCellNode,
    ],
    onError: (error) => errors.push(error),
  })
  const { undoManager, untie } = tie(editor, doc)
  undoManager.captureTimeout = Number.POSITIVE_INFINITY
  const unregister = [registerRichText(editor), registerList(editor), registerTablePlugin(editor)]
  return lexicalPerson({
    editor,
    doc,
    errors,
    dialect: dialectOf(editor),
    receive: (update) => Y.applyUpdate(doc, update, NETWORK),
    undo: () => undoManager.undo(),
    pause: () => undoManager.stopCapturing(),
    close() {
      untie()
      for (const undo of unregister) undo()
      undoManager.destroy()
      doc.destroy()
    },
  })
}

function tieV1(editor: LexicalEditor, doc: Y.Doc): Tied {
  const provider = silentProvider()
  const binding = createBinding(editor, provider, 'main', doc, new Map([['main', doc]]))
  const root = binding.root.getSharedType()
  initLocalState(provider, 'person', '#000000', true, {})
  const observe = (events: Y.YEvent<Y.Text>[], { origin }: Y.Transaction): void => {
    if (origin !== binding)
      syncYjsChangesToLexical(binding, provider, events, origin instanceof Y.UndoManager)
  }
  // Yjs' type of a deep observer cannot say that all of a text's descendants are texts.
  root.observeDeep(observe as Parameters<typeof root.observeDeep>[0])
  const stop = editor.registerUpdateListener((update) => {
    if (update.tags.has(SKIP_COLLAB_TAG)) return
    syncLexicalUpdateToYjs(
      binding,
      provider,
      update.prevEditorState,
      update.editorState,
      update.dirtyElements,
      update.dirtyLeaves,
      update.normalizedNodes,
      update.tags,
    )
  })
  return { undoManager: createUndoManager(binding, root), untie: stop }
}

function tieV2(editor: LexicalEditor, doc: Y.Doc): Tied {
  const provider = silentProvider()
  const binding = createBindingV2__EXPERIMENTAL(editor, 'main', doc, new Map([['main', doc]]))
  initLocalState(provider, 'person', '#000000', true, {})
  const observe = (events: Y.YEvent<Y.XmlElement | Y.XmlText>[], transaction: Y.Transaction): void => {
    const { origin } = transaction
    if (origin === binding) return
    const isUndo = origin instanceof Y.UndoManager
    syncYjsChangesToLexicalV2__EXPERIMENTAL(binding, provider, events, transaction, isUndo)
  }
  binding.root.observeDeep(observe as Parameters<typeof binding.root.observeDeep>[0])
  const stop = editor.registerUpdateListener((update) => {
    if (update.tags.has(SKIP_COLLAB_TAG)) return
    syncLexicalUpdateToYjsV2__EXPERIMENTAL(
      binding,
      provider,
      update.prevEditorState,
      update.editorState,
      update.dirtyElements,
      update.dirtyLeaves,
      update.normalizedNodes,
      update.tags,
    )
  })
  return { undoManager: createUndoManager(binding, binding.root), untie: stop }
}

/** Keeps one's own caret, as the bindings ask of a provider, and knows of nobody else's. */
function silentProvider(): Provider {
  let own: UserState | null = null
  return {
    awareness: {
      getLocalState: () => own,
      getStates: () => new Map(),
      on() {},
      off() {},
      setLocalState(state) {
        own = state
      },
      setLocalStateField(field, value) {
        if (own !== null) own = { ...own, [field]: value }
      },
    },
    connect() {},
    disconnect() {},
    on() {},
    off() {},
  }
}

function dialectOf(editor: LexicalEditor): Dialect {
  return {
    $kindOf(block) {
      const { type, tag, listType, indent } = block.exportJSON() as unknown as Record<string, unknown>
      return JSON.stringify([type, tag, listType, indent])
    },
    setKind(kind) {
      if (kind === 'bullet') editor.dispatchCommand(INSERT_UNORDERED_LIST_COMMAND, undefined)
      else editor.update(() => $setBlocksType($getSelection(), () => $create(kind)))
    },
    link: (address) => editor.update(() => $toggleLink(address)),
    indent: () => editor.dispatchCommand(INDENT_CONTENT_COMMAND, undefined),
    outdent: () => editor.dispatchCommand(OUTDENT_CONTENT_COMMAND, undefined),
    writeTable: (rows) =>
      editor.update(() => {
        const table = $createTableNodeWithDimensions(rows.length, rows[0]?.length ?? 0, false)
        $fillTable(table, rows)
        $getRoot().clear().append(table, $createParagraphNode())
      }),
    addRow: () => editor.update(() => $insertTableRowAtSelection(true)),
    addColumn: () => editor.update(() => $insertTableColumnAtSelection(true)),
    deleteRow: () => editor.update(() => $deleteTableRowAtSelection()),
    deleteColumn: () => editor.update(() => $deleteTableColumnAtSelection()),
  }
}

function $create(kind: Exclude<Kind, 'bullet'>): ElementNode {
  switch (kind) {
    case 'paragraph':
      return $createParagraphNode()
    case 'heading':
      return $createHeadingNode('h2')
    case 'code':
      return $createCodeNode()
  }
}
