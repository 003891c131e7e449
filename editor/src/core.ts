/**
 * The editor without a page: a Lexical editor bound to a document. It runs in Node and in a browser alike.
 *
 * Rule: nobody writes initial content. An empty document is one empty paragraph on every screen.
 */
import {
  type CreateEditorArgs,
  createEditor,
  type EditorThemeClasses,
  type LexicalEditor,
  type LexicalNode,
} from 'lexical'
import type * as Y from 'yjs'
import type { ApplyGate } from './apply-gate.ts'
import { bindFlow } from './binding/binding.ts'
import type { Binding, BindingOptions, Drift } from './binding/contract.ts'
import { registerBlockKeys } from './blocks/block-keys.ts'
import { IMPORT_HTML } from './blocks/import-html.ts'
import { WEFT_NODES } from './blocks/index.ts'
import { dropRootRule } from './blocks/root-words.ts'
import { registerTableKeys } from './blocks/table-keys.ts'
import { registerTableShape } from './blocks/table-shape.ts'
import { registerTypeBehind } from './blocks/type-behind.ts'

export { ApplyGate } from './apply-gate.ts'
export { bindFlow } from './binding/binding.ts'
export type { Binding, BindingOptions, Drift, RelativePlace } from './binding/contract.ts'
export type { EditorPoint } from './binding/places.ts'
export * from './block-commands.ts'
export type { ChosenKind, KindAttributes } from './blocks/chosen-kind.ts'
export { WEFT_NODES } from './blocks/index.ts'
export { $selectedBlocks } from './blocks/selected-blocks.ts'
export { $selectedFormat } from './blocks/selected-text.ts'
export * from './format-state.ts'
export * from './mark-commands.ts'
export * from './part-commands.ts'
export * from './sync/index.ts'
export * from './table-commands.ts'

export interface CoreOptions {
  readonly doc: Y.Doc
  /** The one through which the provider and the local copy of this document go. */
  readonly gate: ApplyGate
  /** Tells editors apart on one page, in Lexical's messages and on the clipboard. */
  readonly namespace: string
  readonly theme?: EditorThemeClasses
  /** Told of every defect; the editor goes on from what the document says. */
  readonly onError: (error: unknown) => void
  readonly onDrift?: (drift: Drift) => void
  /** Makes the Lexical editor; `createHeadlessEditor` of `@lexical/headless` where there is no page. */
  readonly create?: (options: CreateEditorArgs) => LexicalEditor
  readonly editable?: boolean
  /** Told of every node that has been drawn, while the editor draws; a node that had an element before comes with it. */
  readonly onDrawn?: (node: LexicalNode, previous: LexicalNode | null) => void
  /** @see BindingOptions.knows */
  readonly knows?: BindingOptions['knows']
  /** @see BindingOptions.newId */
  readonly newId?: () => string
  /** @see BindingOptions.undoCaptureMs */
  readonly undoCaptureMs?: number
}

export interface WeftCore {
  readonly editor: LexicalEditor
  readonly binding: Binding
  /** Writes what is pending and lets go of the document. Safe to call twice. */
  destroy(): void
}

/** Register rich text keys (`registerRichText`) on the editor yourself, after this. */
export function createWeftCore(options: CoreOptions): WeftCore {
  const { doc, gate, onError, onDrawn } = options
  const create = options.create ?? createEditor
  const editor = create({
    namespace: options.namespace,
    nodes: [...WEFT_NODES],
    html: { import: IMPORT_HTML },
    onError,
    editable: options.editable ?? true,
    ...(options.theme === undefined ? {} : { theme: options.theme }),
    ...(onDrawn === undefined ? {} : { dom: { $decorateDOM: onDrawn } }),
  })
  dropRootRule(editor)
  const undo = [
    registerBlockKeys(editor),
    registerTypeBehind(editor),
    registerTableShape(editor),
    registerTableKeys(editor),
  ]
  const binding = bindFlow({
    editor,
    doc,
    gate,
    onError,
    ...(options.onDrift === undefined ? {} : { onDrift: options.onDrift }),
    ...(options.knows === undefined ? {} : { knows: options.knows }),
    ...(options.newId === undefined ? {} : { newId: options.newId }),
    ...(options.undoCaptureMs === undefined ? {} : { undoCaptureMs: options.undoCaptureMs }),
  })
  return {
    editor,
    binding,
    destroy() {
      binding.destroy()
      for (const unregister of undo) unregister()
    },
  }
}
