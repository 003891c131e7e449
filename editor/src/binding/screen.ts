/**
 * Makes the editor show what the flows say.
 *
 * Rule: what comes in changes only the blocks it concerns. The caret stays where it is in the text, the focus where it is
 * on the page, and nobody's view is scrolled.
 */
import {
  $addUpdateTag,
  $setSelection,
  COLLABORATION_TAG,
  HISTORIC_TAG,
  type LexicalEditor,
  SKIP_DOM_SELECTION_TAG,
  SKIP_SCROLL_INTO_VIEW_TAG,
} from 'lexical'
import type * as Y from 'yjs'
import type { FlowView } from './flow-view.ts'
import { type Holding, nodesOf } from './held.ts'
import { type Caret, caretOfState, followMoved, type Standing, standingsOf } from './places.ts'
import { $rewrite, entriesOf, isIdle } from './rewrite.ts'
import { $keepSelection, $select } from './selection.ts'
import { type Changed, isTabular, type Shown } from './shown.ts'
import type { NewTable } from './tables.ts'

export class Screen {
  readonly #editor: LexicalEditor
  readonly #doc: Y.Doc
  readonly #shown: Shown
  readonly #holding: Holding
  /** The selection before the transaction that is going on, so that it can be found again after it. */
  #caret: readonly [anchor: Standing, focus: Standing] | undefined

  constructor(editor: LexicalEditor, doc: Y.Doc, shown: Shown, holding: Holding) {
    this.#editor = editor
    this.#doc = doc
    this.#shown = shown
    this.#holding = holding
  }

  /** Where the caret is in the document now. */
  get caret(): Caret | undefined {
    return caretOfState(this.#shown, this.#editor.getEditorState())
  }

  /** Before a transaction of others. */
  noteCaret(): void {
    this.#caret = standingsOf(this.#shown, this.#editor.getEditorState())
  }

  /** After a transaction of others. */
  show(changed: Changed): void {
    const hasTables = isTabular(changed)
    const rewrites = changed.changes.map(({ view, change }) => ({
      view,
      change,
      rewrite: this.#holding.spare(view, view.rewriteOf(change)),
    }))
    // From the last to the first: each leaves what stands before it where it is.
    rewrites.reverse()
    if (rewrites.every(isIdle) && !hasTables) {
      for (const { view, change, rewrite } of rewrites)
        view.mirror.replace(change.from, change.to, entriesOf(rewrite.blocks))
      return
    }
    const [anchor, focus] = this.#caret?.map(followMoved) ?? []
    const caret = anchor === undefined || focus === undefined ? undefined : { anchor, focus }
    let isDone = false
    this.#editor.update(
      () => {
        for (const { view, change, rewrite } of rewrites) $rewrite(view, rewrite, change.from, change.to)
        if (hasTables) this.#$syncTables()
        this.#$keepSelection(caret)
        isDone = true
      },
      { discrete: true, tag: this.#quietTags(), skipTransforms: true },
    )
    if (!isDone && !this.#editor._updating) this.rebuild()
  }

  /** Shows the whole document anew, keeping the nodes that are right and the caret. */
  rebuild(caret = this.caret, made: readonly NewTable[] = []): void {
    const { root, tables } = this.#shown
    this.#editor.update(
      () => {
        for (const tag of this.#quietTags()) $addUpdateTag(tag)
        this.#$fill(root)
        tables.$adopt(made)
        this.#$syncTables()
        for (const view of tables.views) this.#$fill(view)
        this.#$keepSelection(caret)
      },
      { discrete: true, skipTransforms: true },
    )
  }

  /** @param made tables that were just written and do not know their ids yet. */
  syncTables(made: readonly NewTable[]): void {
    const state = this.#editor.getEditorState()
    const { caret } = this
    this.#editor.update(
      () => {
        // In a shadow root every update begins with the browser's selection, which may be behind by the last one.
        $setSelection(state._selection?.clone() ?? null)
        this.#shown.tables.$adopt(made)
        this.#$syncTables()
        this.#$keepSelection(caret)
      },
      { discrete: true, tag: this.#quietTags(), skipTransforms: true },
    )
  }

  /** @param isTravel of undo and redo: there the view goes where the caret goes. */
  select(caret: Caret, isTravel: boolean): void {
    this.#editor.update(() => $select(this.#shown, this.#doc, caret), {
      discrete: true,
      tag: isTravel ? [HISTORIC_TAG, COLLABORATION_TAG] : this.#quietTags(),
    })
  }

  #$fill(view: FlowView): void {
    const rewrite = this.#holding.spare(view, view.rewriteOfAll(nodesOf(this.#editor)))
    $rewrite(view, rewrite, 0, view.mirror.entries.length)
  }

  #$syncTables(): void {
    const { root, tables } = this.#shown
    if (tables.$sync(root, this.#holding.key, (view) => this.#$fill(view))) this.#holding.noteStale()
  }

  #$keepSelection(caret: Caret | undefined): void {
    // The composition's own caret belongs to the input method.
    const left = this.#holding.stale?.key
    $keepSelection(this.#shown, { doc: this.#doc, nodes: nodesOf(this.#editor), caret, left })
  }

  #quietTags(): string[] {
    const tags = [COLLABORATION_TAG, SKIP_SCROLL_INTO_VIEW_TAG]
    if (!hasFocus(this.#editor)) tags.push(SKIP_DOM_SELECTION_TAG)
    return tags
  }
}

function hasFocus(editor: LexicalEditor): boolean {
  const root = editor._rootElement
  if (root === null) return false
  const scope = root.getRootNode() as Document | ShadowRoot
  return scope.activeElement === root || root.contains(scope.activeElement)
}
