/**
 * What is laid out however far away it is: where the selection is, and where a key is about to lead.
 *
 * Rule: before the browser is told of a selection, and before it looks for its way, not after. All else that is far from the
 * screen is `stretches.ts`'s business.
 */
import {
  $getSelection,
  $isRangeSelection,
  COMMAND_PRIORITY_CRITICAL,
  type LexicalEditor,
  SELECTION_CHANGE_COMMAND,
} from 'lexical'
import { listen } from './listen.ts'
import { canStretch, Stretches } from './stretches.ts'

/** With Ctrl or Cmd to an end of the text, on one system or another. */
const FAR_KEYS: ReadonlySet<string> = new Set(['Home', 'End', 'ArrowUp', 'ArrowDown'])
const PAGE_KEYS: ReadonlySet<string> = new Set(['PageUp', 'PageDown'])

export interface LaidOutOptions {
  readonly editor: LexicalEditor
  readonly content: HTMLElement
  /** What was far away has come into view. */
  readonly onShown: () => void
}

export class LaidOut {
  readonly #options: LaidOutOptions
  readonly #stretches: Stretches | undefined
  readonly #undo: readonly (() => void)[]

  constructor(options: LaidOutOptions) {
    this.#options = options
    const { editor, content, onShown } = options
    if (canStretch()) this.#stretches = new Stretches({ content, onShown })
    this.#undo = [
      editor.registerCommand(
        SELECTION_CHANGE_COMMAND,
        () => {
          this.#holdSelected()
          return false
        },
        COMMAND_PRIORITY_CRITICAL,
      ),
      listen(content, 'keydown', this.#keyDown),
    ]
  }

  /** Lays out a block that is about to be shown. */
  reveal(inside: Element): void {
    this.#stretches?.reveal(inside)
  }

  /** All blocks have been drawn. To be called while the editor draws. */
  settle(): void {
    if (this.#stretches === undefined) return
    this.#stretches.settle()
    this.#holdSelected()
  }

  close(): void {
    for (const undo of this.#undo) undo()
    this.#stretches?.close()
  }

  #holdSelected(others: readonly (Node | null)[] = [], reach: 'arrow' | 'page' = 'arrow'): void {
    const selection = $getSelection()
    // Where the browser's caret is when the editor has none, it was before.
    if (selection === null && others.length === 0) return
    const ends = $isRangeSelection(selection)
      ? [selection.anchor, selection.focus].map((point) => point.getNode())
      : (selection?.getNodes().slice(0, 1) ?? [])
    const { editor } = this.#options
    const blocks = ends.map((node) => editor.getElementByKey(node.getTopLevelElement()?.getKey() ?? ''))
    this.#stretches?.hold(
      [...blocks, ...others].filter((block) => block !== null),
      reach,
    )
  }

  /** The browser finds its way only where something is laid out: before it turns a page or goes to an end of the text, that is. */
  readonly #keyDown = ({ key, ctrlKey, metaKey }: KeyboardEvent): void => {
    const { editor, content } = this.#options
    const ends = (ctrlKey || metaKey) && FAR_KEYS.has(key) ? [content.firstChild, content.lastChild] : []
    if (ends.length > 0 || PAGE_KEYS.has(key))
      editor.getEditorState().read(() => this.#holdSelected(ends, 'page'))
  }
}
