/**
 * The text on the screen: a Lexical editor in its contenteditable, bound to a session's document, with all that stands
 * around it while somebody writes: keys (`shortcuts.ts`), presses (`presses.ts`), handles, and others' carets.
 *
 * Built after the document is there, never before: an editor that starts empty could be taken for an empty document.
 */
import { registerRichText } from '@lexical/rich-text'
import {
  $createRangeSelection,
  $isRootNode,
  $setSelection,
  COLLABORATION_TAG,
  type LexicalEditor,
  type LexicalNode,
  type NodeKey,
  SKIP_SCROLL_INTO_VIEW_TAG,
} from 'lexical'
import { registerTableClipboard } from '../blocks/table-clipboard.ts'
import { createWeftCore, type WeftCore } from '../core.ts'
import { readParts, removeBlank, removePart, setParts } from '../part-commands.ts'
import { growTable } from '../table-commands.ts'
import { adoptSelection, followCaret, leaveFocus } from '../ui/adopt-selection.ts'
import type { Standing } from '../ui/carets.ts'
import { GroupMarks } from '../ui/group-marks.ts'
import { keepCaretVisible } from '../ui/keep-visible.ts'
import { LaidOut } from '../ui/laid-out.ts'
import { LateCarets } from '../ui/late-carets.ts'
import { LateHandles } from '../ui/late-handles.ts'
import { LexicalSurface, momentOf } from '../ui/lexical-surface.ts'
import { ListNumbers } from '../ui/list-numbers.ts'
import { listen } from '../ui/listen.ts'
import type { ObjectChoice } from '../ui/object-card.ts'
import { PARTS } from '../ui/parts.ts'
import { registerPasteLink } from '../ui/paste-link.ts'
import type { Moment } from '../ui/planned.ts'
import { registerPresses } from '../ui/presses.ts'
import { markSelected } from '../ui/selected-marks.ts'
import { registerShortcuts } from '../ui/shortcuts.ts'
import type { SlashMenu } from '../ui/slash-menu.ts'
import type { Strings } from '../ui/strings.ts'
import type { TableMenu } from '../ui/table-menu.ts'
import { $selectEnd, registerTableNavigation } from '../ui/table-navigation.ts'
import { registerTextDrop } from '../ui/text-drop.ts'
import { TEXT_CLASSES } from '../ui/text-style.ts'
import { historyOf, locate, selectionOf } from './bind-text.ts'
import { type RelativeSelection, readSelection } from './presence.ts'
import type { Session } from './session.ts'
import { ToldCaret } from './told-caret.ts'

export interface WritingOptions {
  readonly session: Session
  readonly root: ShadowRoot
  /** Empty; becomes the contenteditable. Stays the same element for as long as this lives. */
  readonly content: HTMLElement
  readonly layer: HTMLElement
  /** Positioned over the text: for what stands beside blocks. */
  readonly handles: HTMLElement
  readonly tableMenu: TableMenu
  readonly strings: Strings
  readonly editable: boolean
  readonly onLink: () => void
  /** What stands under the key is to be asked for, beside its element. */
  readonly onEdit: (key: NodeKey, element: HTMLElement) => void
  /** A part of the editor could not be fetched. */
  readonly onMissing: () => void
  readonly onFault: (cause: unknown) => void
  /** `isHolding` has changed. */
  readonly onHolding: () => void
}

/** After this long without a change the editor is compared with the document: long enough not to meet anybody typing. */
const DRIFT_CHECK_MS = 2_000

export class Writing {
  readonly surface: LexicalSurface
  readonly carets: LateCarets
  readonly #options: WritingOptions
  readonly #editor: LexicalEditor
  readonly #core: WeftCore
  readonly #groups: GroupMarks
  readonly #numbers: ListNumbers
  readonly #laidOut: LaidOut
  readonly #handles: LateHandles
  readonly #told: ToldCaret
  readonly #markSelected: () => void
  readonly #undo: (() => void)[] = []
  #slash: SlashMenu | undefined
  #driftCheck: ReturnType<typeof setTimeout> | undefined
  #wasHolding = false
  #isClosed = false

  constructor(options: WritingOptions) {
    this.#options = options
    const { session, content, layer, root } = options
    this.#core = createWeftCore({
      doc: session.doc,
      gate: session.gate,
      namespace: 'weft',
      theme: { ...TEXT_CLASSES, labels: options.strings.objects },
      editable: options.editable,
      onError: options.onFault,
      onDrift: options.onFault,
      onDrawn: (node, previous) => this.#drawn(node, previous),
    })
    this.#editor = this.#core.editor
    this.#told = new ToldCaret({ core: this.#core, session, content })
    this.#numbers = new ListNumbers(this.#editor)
    this.#markSelected = markSelected(this.#editor)
    this.#laidOut = new LaidOut({
      editor: this.#editor,
      content,
      onShown: () => this.carets.refresh(),
    })
    this.#undo.push(
      registerRichText(this.#editor),
      session.gate.register(() => adoptSelection(this.#editor)),
      followCaret(this.#editor),
      leaveFocus(this.#editor),
    )
    const history = historyOf(this.#core.binding)
    this.surface = new LexicalSurface(this.#editor, history, this.#core.binding, (key) => this.#edit(key))
    this.carets = new LateCarets({
      layer,
      content,
      root,
      reveal: (inside) => this.#laidOut.reveal(inside),
      read: () => this.#standings(),
      countOthers: () => session.people.filter(({ self }) => !self).length,
      onMissing: options.onMissing,
    })
    const { surface } = this
    this.#handles = new LateHandles({
      editor: this.#editor,
      surface,
      content,
      root,
      layer: options.handles,
      binding: this.#core.binding,
      label: options.strings.moveBlock,
      menu: options.tableMenu,
      strings: options.strings,
      onMissing: options.onMissing,
    })
    this.#undo.push(
      registerTableClipboard(this.#editor, (cell, rows, columns) =>
        growTable({ editor: this.#editor, binding: this.#core.binding }, cell, rows, columns),
      ),
      registerTableNavigation({
        editor: this.#editor,
        binding: this.#core.binding,
        root,
        openMenu: () => this.#handles.openTableMenu(),
      }),
      registerShortcuts(this.#editor, {
        surface: this.surface,
        history,
        onLink: options.onLink,
        onEdit: (key) => this.#edit(key),
        onSlash: () => void this.#openSlash(),
      }),
      registerPasteLink(this.#editor, this.surface),
      registerTextDrop(this.#editor),
      this.#editor.registerUpdateListener(({ tags, dirtyElements, dirtyLeaves }) => {
        this.#changed(momentOf(tags))
        if (dirtyElements.size + dirtyLeaves.size > 0) this.#checkDriftLater()
        if (!tags.has(COLLABORATION_TAG) && !tags.has(SKIP_SCROLL_INTO_VIEW_TAG)) this.#keepVisible()
      }),
      registerPresses({
        editor: this.#editor,
        content,
        labels: options.strings.objects,
        flip: (key) => this.#groups.flip(key),
        onEdit: (key) => this.#edit(key),
      }),
      listen(content, 'focus', () => this.#told.refresh()),
      // Before Tab leads out of the text: what is beside it goes by where the caret is.
      listen(content, 'keydown', ({ key }) => {
        if (key === 'Tab') adoptSelection(this.#editor)
      }),
    )
    content.contentEditable = String(options.editable)
    this.#editor.setRootElement(content)
    this.#groups = new GroupMarks(this.#editor)
    this.#changed()
  }

  /** Words stand on the screen that are not in the document yet, so nothing may call them saved. */
  get isHolding(): boolean {
    return this.#core.binding.isHolding
  }

  setEditable(editable: boolean): void {
    // The browser restyles the text when it is told what it knows already.
    if (editable === this.#editor.isEditable()) return
    this.#options.content.contentEditable = String(editable)
    this.#editor.setEditable(editable)
  }

  /** The selection, as places in the document; undefined when there is none, or the text has not the focus. */
  get place(): RelativeSelection | undefined {
    const { root, content } = this.#options
    return root.activeElement === content ? selectionOf(this.#core) : undefined
  }

  /** Selects it and takes the focus; at the end when what it hung on is not in this document. */
  focusAt(place: RelativeSelection): void {
    const { editor, binding } = this.#core
    const anchor = binding.fromRelative(place.anchor)
    const head = binding.fromRelative(place.head)
    if (anchor === null || head === null) return this.focusEnd()
    editor.update(
      () => {
        const selection = $createRangeSelection()
        selection.anchor.set(anchor.key, anchor.offset, anchor.type)
        selection.focus.set(head.key, head.offset, head.type)
        $setSelection(selection)
      },
      { discrete: true },
    )
    editor.focus()
  }

  /** Below the last line and beside the text a press goes to the end, as on paper. */
  focusEnd(): void {
    this.#editor.update($selectEnd, { discrete: true })
    this.#editor.focus()
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#driftCheck)
    this.#told.close()
    this.#groups.close()
    this.#numbers.close()
    this.#laidOut.close()
    this.#slash?.close()
    this.#handles.close()
    this.carets.close()
    this.surface.close()
    for (const undo of this.#undo) undo()
    this.#core.destroy()
    this.#editor.setRootElement(null)
    // What is typed where no editor is would be nowhere.
    this.#options.content.contentEditable = 'false'
  }

  #drawn(node: LexicalNode, previous: LexicalNode | null): void {
    if (previous === null) this.#numbers.drawn(node)
    // The root is drawn when all that is in it has been.
    if ($isRootNode(node)) this.#laidOut.settle()
  }

  #changed(moment: Moment = 'soon'): void {
    const { content } = this.#options
    // Counting them would walk through all.
    const only = content.firstElementChild === content.lastElementChild ? content.firstElementChild : null
    const empty = only?.tagName === 'P' && !only.hasAttribute('data-indent') && only.textContent === ''
    content.toggleAttribute('data-empty', empty)
    this.#markSelected()
    this.carets.refresh(moment)
    this.#handles.refresh(moment)
    this.#told.refresh(moment)
    const { isHolding } = this
    if (isHolding !== this.#wasHolding) this.#options.onHolding()
    this.#wasHolding = isHolding
  }

  #checkDriftLater(): void {
    clearTimeout(this.#driftCheck)
    this.#driftCheck = setTimeout(() => {
      if (this.#editor.isComposing()) this.#checkDriftLater()
      else this.#core.binding.checkDrift()
    }, DRIFT_CHECK_MS)
  }

  /** Only after what this person did: others never scroll anybody's view. */
  #keepVisible(): void {
    const { content, root } = this.#options
    if (root.activeElement !== content) return
    this.#handles.reveal()
    keepCaretVisible(root, content)
  }

  #standings(): readonly Standing[] {
    const { session } = this.#options
    const states = session.awareness.getStates()
    return session.people.map((person) => {
      const selection = person.self ? undefined : readSelection(states.get(person.clientId))
      return {
        person,
        selection: selection === undefined ? undefined : locate(this.#core, session.doc, selection),
      }
    })
  }

  #edit(key: NodeKey): void {
    const element = this.#editor.getElementByKey(key)
    if (element !== null) this.#options.onEdit(key, element)
  }

  /** Without the list a "/" is a character like any other: nobody is told that it could not be fetched. */
  async #openSlash(): Promise<void> {
    const part = await PARTS.slashMenu.get()
    if (part === undefined || this.#isClosed) return
    const { content, root, strings } = this.#options
    this.#slash?.close()
    this.#slash = new part.SlashMenu({ editor: this.#editor, surface: this.surface, content, root, strings })
  }

  /** What the card asks for, and the answer: a step of undo of its own. */
  partsOf(key: NodeKey): ReturnType<typeof readParts> {
    return readParts(this.#editor, key)
  }

  answer(key: NodeKey, choice: ObjectChoice): void {
    const { binding } = this.#core
    binding.separate()
    if (choice.kind === 'apply') setParts(this.#editor, key, choice.parts)
    if (choice.kind === 'remove') removePart(this.#editor, key)
    // It may have been put there a moment ago, to be asked for.
    else removeBlank(this.#editor, key)
    this.#editor.update(() => {}, { discrete: true, onUpdate: () => binding.separate() })
  }
}
