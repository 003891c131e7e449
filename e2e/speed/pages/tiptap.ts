/** Tiptap 3 as its documentation sets up collaboration: starter kit, Collaboration, and everybody's carets. */
import { Editor, Extension } from '@tiptap/core'
import { Collaboration } from '@tiptap/extension-collaboration'
import { StarterKit } from '@tiptap/starter-kit'
import { yCursorPlugin } from '@tiptap/y-tiptap'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { asked } from './asked.ts'

const { server, documentId } = asked()
const document_ = new Y.Doc()
const provider = new WebsocketProvider(server, documentId, document_, { disableBc: true })

/** What `@tiptap/extension-collaboration-caret` does. */
const Carets = Extension.create({
  name: 'carets',
  addProseMirrorPlugins: () => [yCursorPlugin(provider.awareness)],
})

provider.awareness.setLocalStateField('user', { name: 'Ada', color: '#7a4fbf' })
const editor = new Editor({
  extensions: [
    StarterKit.configure({ undoRedo: false }),
    Collaboration.configure({ document: document_ }),
    Carets,
  ],
})
editor.mount(document.querySelector('main') ?? document.body)
