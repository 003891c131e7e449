/**
 * The Lexical playground's collaboration set-up (v2), without its toolbar: rich text, lists, links, code and tables over
 * `CollaborationPluginV2__EXPERIMENTAL`, y-websocket, everybody's carets.
 */
import { LexicalCollaboration } from '@lexical/react/LexicalCollaborationContext'
import { CollaborationPluginV2__EXPERIMENTAL } from '@lexical/react/LexicalCollaborationPlugin'
import { LexicalComposer } from '@lexical/react/LexicalComposer'
import { ContentEditable } from '@lexical/react/LexicalContentEditable'
import { LexicalErrorBoundary } from '@lexical/react/LexicalErrorBoundary'
import { LinkPlugin } from '@lexical/react/LexicalLinkPlugin'
import { ListPlugin } from '@lexical/react/LexicalListPlugin'
import { RichTextPlugin } from '@lexical/react/LexicalRichTextPlugin'
import { TablePlugin } from '@lexical/react/LexicalTablePlugin'
import type { Provider } from '@lexical/yjs'
import { createElement as h } from 'react'
import { createRoot } from 'react-dom/client'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { LEXICAL_NODES } from '../lexical-nodes.ts'
import { asked } from './asked.ts'

const { server, documentId } = asked()
const doc = new Y.Doc()
const provider = new WebsocketProvider(server, documentId, doc, { connect: false, disableBc: true })

createRoot(document.querySelector('main') ?? document.body).render(
  h(
    LexicalCollaboration,
    null,
    h(
      LexicalComposer,
      {
        initialConfig: {
          editorState: null,
          namespace: 'speed',
          nodes: LEXICAL_NODES,
          theme: { text: { bold: 'bold' } },
          onError: (error: Error) => {
            throw error
          },
        },
      },
      h(RichTextPlugin, {
        contentEditable: h(ContentEditable),
        ErrorBoundary: LexicalErrorBoundary,
      }),
      h(ListPlugin),
      h(LinkPlugin),
      h(TablePlugin),
      h(CollaborationPluginV2__EXPERIMENTAL, {
        id: documentId,
        doc,
        // As the playground does: y-websocket's types and the plugin's do not know of each other.
        provider: provider as unknown as Provider,
        username: 'Ada',
        selectionHighlight: true,
      }),
    ),
  ),
)
