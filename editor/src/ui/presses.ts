/**
 * What a press in the text does beyond putting the caret there: boxes and signs are controls, links are followed, and
 * what has no text is selected as a whole, or asked for by a second press.
 */
import { $getNearestNodeFromDOMNode, type LexicalEditor, type NodeKey } from 'lexical'
import { toggleAt } from '../block-commands.ts'
import { PLAY_ACTION, play } from '../blocks/void-dom.ts'
import { readParts, selectPart } from '../part-commands.ts'
import { linkAddress } from './link-address.ts'
import { listen } from './listen.ts'
import type { Strings } from './strings.ts'

export interface PressOptions {
  readonly editor: LexicalEditor
  readonly content: HTMLElement
  readonly labels: Strings['objects']
  /** Opens or closes a toggle for this page alone. */
  readonly flip: (key: NodeKey) => void
  /** What stands under the key is to be asked for. */
  readonly onEdit: (key: NodeKey) => void
}

/** What is selected as a whole: blocks without text, and objects in the text. */
const WHOLE =
  ':is(hr, [data-kind=image], [data-kind=file], [data-kind=equation], [data-kind=embed]), [data-object]'

/** @returns its undo. */
export function registerPresses({ editor, content, labels, flip, onEdit }: PressOptions): () => void {
  const keyOf = (element: HTMLElement): NodeKey =>
    editor.read(() => $getNearestNodeFromDOMNode(element)?.getKey() ?? '')

  const click = (event: MouseEvent): void => {
    const { target } = event
    if (!(target instanceof Element)) return
    const action = target.closest<HTMLElement>('[data-action]')
    if (action !== null) return act(action)
    const link = target.closest('a')
    if (link === null) return
    event.preventDefault()
    if (editor.isEditable() && !event.ctrlKey && !event.metaKey) return
    const address = linkAddress(link.getAttribute('href') ?? '')
    if (address !== undefined) open(address, '_blank', 'noopener,noreferrer')
  }

  /** A press on a button inside a block without text. */
  const act = (button: HTMLElement): void => {
    const part = button.closest<HTMLElement>(WHOLE)
    if (part === null) return
    const key = keyOf(part)
    const parts = readParts(editor, key)
    if (button.dataset['action'] === PLAY_ACTION && parts?.type === 'embed') play(part, parts, labels)
    else if (editor.isEditable()) onEdit(key)
  }

  const press = (event: PointerEvent): void => {
    const { target } = event
    if (!(target instanceof HTMLElement) || event.button !== 0) return
    const { kind } = target.dataset
    if (!editor.isEditable()) {
      // Who only reads may look inside.
      if (kind === 'toggle' && isOnBox(target, event)) flip(keyOf(target))
      return
    }
    if ((kind === 'check' || kind === 'toggle') && isOnBox(target, event)) {
      // The box is a control: pressing it neither moves the caret nor opens the screen's keyboard.
      event.preventDefault()
      toggleAt(editor, target)
    }
    const table = target.closest<HTMLElement>('[data-kind="table"]:not([data-role="grid"])')
    const isWhole = table !== null && table.querySelector('td, th') === null
    const part = isWhole ? table : target.closest<HTMLElement>(WHOLE)
    if (part === null || target.closest('button, iframe') !== null) return
    event.preventDefault()
    editor.getRootElement()?.focus({ preventScroll: true })
    selectPart(editor, keyOf(part))
  }

  const pressTwice = ({ target }: MouseEvent): void => {
    const part = target instanceof Element ? target.closest<HTMLElement>(WHOLE) : null
    if (part !== null && editor.isEditable()) onEdit(keyOf(part))
  }

  const undo = [
    listen(content, 'click', click),
    listen(content, 'pointerdown', press),
    listen(content, 'dblclick', pressTwice),
  ]
  return () => {
    for (const each of undo) each()
  }
}

/** The box stands in the padding before the text. */
function isOnBox(block: HTMLElement, event: PointerEvent): boolean {
  const box = block.getBoundingClientRect()
  const style = getComputedStyle(block)
  const fromStart = style.direction === 'rtl' ? box.right - event.clientX : event.clientX - box.left
  const padding = Number.parseFloat(style.direction === 'rtl' ? style.paddingRight : style.paddingLeft)
  return fromStart < padding && fromStart > padding - 34
}
