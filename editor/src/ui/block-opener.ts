/**
 * The button on the code block or callout under the pointer, or at the caret: it names the language, or lies over the
 * sign, and opens the picker for it.
 *
 * Rule: as other handles it is placed by measuring, in a layer over the text. What is picked is a command on the block
 * alone, so a selection that goes beyond it is given up for a caret in it.
 */
import {
  $getNearestNodeFromDOMNode,
  $getNodeByKey,
  $getSelection,
  $isRangeSelection,
  COMMAND_PRIORITY_HIGH,
  KEY_DOWN_COMMAND,
  type LexicalEditor,
  type LexicalNode,
  type NodeKey,
} from 'lexical'
import { html, type LitElement, render } from 'lit'
import { $isBlockNode, type TextBlockShape } from '../blocks/block-node.ts'
import { $selectedBlocks } from '../blocks/selected-blocks.ts'
import type { CalloutChoice } from './callout-menu.ts'
import { icon } from './icons.ts'
import { languageLabel } from './languages.ts'
import { listen } from './listen.ts'
import { PARTS } from './parts.ts'
import { type Moment, Planned } from './planned.ts'
import { openBeside } from './popover.ts'
import { setHidden } from './set-hidden.ts'
import type { Strings } from './strings.ts'
import type { Surface } from './surface.ts'

export interface BlockOpenerOptions {
  readonly editor: LexicalEditor
  readonly content: HTMLElement
  /** Positioned, beside the text and as large. */
  readonly layer: HTMLElement
  readonly root: ShadowRoot
  readonly surface: Surface
  readonly strings: Strings
  /** A picker could not be fetched. */
  readonly onMissing: () => void
}

type OpenedShape = Extract<TextBlockShape, { readonly type: 'code' | 'callout' }>

interface Opened {
  readonly key: NodeKey
  readonly shape: OpenedShape
  readonly element: HTMLElement
}

interface Picker extends LitElement {
  focusCurrent(): void
}

/** From the edges of a code block. */
const INSIDE_PX = 8

export class BlockOpener {
  readonly #options: BlockOpenerOptions
  readonly #button = document.createElement('button')
  readonly #undo: (() => void)[]
  #menu: Picker | undefined
  #hovered: HTMLElement | undefined
  #shown: Opened | undefined
  readonly #planned = new Planned(() => this.#place())

  constructor(options: BlockOpenerOptions) {
    this.#options = options
    const { layer, content, editor } = options
    const button = this.#button
    button.type = 'button'
    button.className = 'block-opener'
    button.hidden = true
    button.setAttribute('aria-haspopup', 'menu')
    button.setAttribute('aria-expanded', 'false')
    button.setAttribute('aria-keyshortcuts', 'Alt+F10')
    layer.append(button)
    const page = layer.closest<HTMLElement>('.page') ?? layer
    const resizes = new ResizeObserver(() => this.refresh())
    resizes.observe(content)
    this.#undo = [
      () => resizes.disconnect(),
      listen(page, 'pointermove', (event) => this.hover(event)),
      listen(page, 'pointerleave', () => this.#point(undefined)),
      // A press never takes the selection out of the text.
      listen(button, 'mousedown', (event) => event.preventDefault()),
      listen(button, 'click', (event) => {
        // A touch must not take the focus out of the text: the screen's keyboard would fold away.
        void this.#open(event.detail === 0 || matchMedia('(pointer: fine)').matches)
      }),
      editor.registerCommand(
        KEY_DOWN_COMMAND,
        (event) => {
          if (event.key !== 'F10' || !event.altKey || this.#atCaret() === undefined) return false
          event.preventDefault()
          this.#hovered = undefined
          this.#place()
          void this.#open(true)
          return true
        },
        COMMAND_PRIORITY_HIGH,
      ),
    ]
  }

  hover(event: PointerEvent): void {
    const [target] = event.composedPath()
    if (event.pointerType === 'touch' || !(target instanceof Element) || this.#button.contains(target)) return
    const block = target.closest<HTMLElement>('[data-kind=code], [data-kind=callout]')
    this.#point(block !== null && this.#options.content.contains(block) ? block : undefined)
  }

  /** The text, the caret or the layout has changed. Only what is seen has to be in its place in the same frame. */
  refresh(hidden: Moment = 'soon'): void {
    this.#planned.plan(this.#button.hidden ? hidden : 'in-frame')
  }

  close(): void {
    this.#planned.cancel()
    for (const undo of this.#undo) undo()
    this.#menu?.remove()
    this.#button.remove()
  }

  #point(block: HTMLElement | undefined): void {
    if (block === this.#hovered) return
    this.#hovered = block
    this.refresh()
  }

  #atCaret(): Opened | undefined {
    const { editor, root } = this.#options
    if (root.activeElement === null) return undefined
    return this.#opened(() => {
      const selection = $getSelection()
      return $isRangeSelection(selection) ? selection.focus.getNode() : null
    }, editor)
  }

  #opened($node: () => LexicalNode | null, editor: LexicalEditor): Opened | undefined {
    return editor.read(() => {
      let node = $node()
      while (node !== null && !$isBlockNode(node)) node = node.getParent()
      const shape = node?.getShape()
      const element = node === null ? null : editor.getElementByKey(node.getKey())
      if (node === null || element === null) return undefined
      if (shape?.type !== 'code' && shape?.type !== 'callout') return undefined
      return { key: node.getKey(), shape, element }
    })
  }

  #place(): void {
    const { editor } = this.#options
    const hovered = this.#hovered
    const isOpen = this.#menu?.matches(':popover-open') === true
    const under =
      hovered?.isConnected === true
        ? this.#opened(() => $getNearestNodeFromDOMNode(hovered), editor)
        : undefined
    if (!isOpen) this.#shown = editor.isEditable() ? (under ?? this.#atCaret()) : undefined
    const button = this.#button
    setHidden(button, this.#shown === undefined)
    if (this.#shown === undefined) return
    this.#name(this.#shown.shape)
    const { left, top } = this.#placeOn(this.#shown)
    const origin = this.#options.layer.getBoundingClientRect()
    button.style.transform = `translate(${Math.round(left - origin.left)}px, ${Math.round(top - origin.top)}px)`
  }

  #name(shape: OpenedShape): void {
    const { language, callout } = this.#options.strings
    const isCode = shape.type === 'code'
    const value = isCode ? languageLabel(shape.language) || language.plain : callout.kinds[shape.kind]
    const label = `${isCode ? language.title : callout.title}: ${value}`
    const button = this.#button
    button.classList.toggle('on-code', isCode)
    if (button.getAttribute('aria-label') === label) return
    button.setAttribute('aria-label', label)
    button.title = `${isCode ? language.title : callout.title} · Alt+F10`
    render(isCode ? html`<span>${value}</span>${icon('chevron-down')}` : '', button)
  }

  #placeOn({ element, shape }: Opened): { left: number; top: number } {
    const box = element.getBoundingClientRect()
    const { offsetWidth: width, offsetHeight: height } = this.#button
    const style = getComputedStyle(element)
    const isRtl = style.direction === 'rtl'
    if (shape.type === 'code') {
      // In a callout what is drawn is smaller than the block, and its padding larger by that.
      const inside = Number.parseFloat(style.paddingInlineEnd) - INSIDE_PX
      const left = isRtl ? box.left + inside : box.right - width - inside
      // In the middle of a single line, at the top of several.
      return { left, top: box.top + Math.min(INSIDE_PX, (box.height - height) / 2) }
    }
    const sign = getComputedStyle(element, '::before')
    const across = Number.parseFloat(sign.left) + Number.parseFloat(sign.width) / 2
    const down = Number.parseFloat(style.paddingTop) + Number.parseFloat(style.lineHeight) / 2
    return { left: box.left + across - width / 2, top: box.top + down - height / 2 }
  }

  async #open(takesFocus: boolean): Promise<void> {
    const opened = this.#shown
    if (opened === undefined) return
    if (this.#menu?.matches(':popover-open') === true) return this.#menu.hidePopover()
    const menu = await this.#picker(opened)
    if (menu === undefined) return this.#options.onMissing()
    await menu.updateComplete
    openBeside(menu, this.#button.getBoundingClientRect())
    if (takesFocus) menu.focusCurrent()
  }

  /** A new one each time, in the frame of the editor. */
  async #picker({ key, shape }: Opened): Promise<Picker | undefined> {
    const { strings, root } = this.#options
    this.#menu?.remove()
    let menu: Picker
    if (shape.type === 'code') {
      const part = await PARTS.languageMenu.get()
      if (part === undefined) return undefined
      const picker = document.createElement('weft-language-menu')
      picker.current = shape.language
      menu = picker
    } else {
      const part = await PARTS.calloutMenu.get()
      if (part === undefined) return undefined
      const picker = document.createElement('weft-callout-menu')
      Object.assign(picker, { kind: shape.kind, emoji: shape.emoji })
      menu = picker
    }
    Object.assign(menu, { strings })
    menu.popover = 'auto'
    menu.addEventListener('pick', (event) => {
      menu.hidePopover()
      const { detail } = event as CustomEvent<string | CalloutChoice | null>
      if (typeof detail === 'string') this.#run(key, 'code-block', detail)
      else if (detail !== null) this.#run(key, detail.command, detail.argument)
      this.#options.surface.focus()
    })
    menu.addEventListener('toggle', (event) => {
      const isOpen = event.newState === 'open'
      this.#button.setAttribute('aria-expanded', String(isOpen))
      if (!isOpen) this.refresh()
    })
    root.querySelector('.frame')?.append(menu)
    this.#menu = menu
    return menu
  }

  #run(key: NodeKey, command: 'code-block' | CalloutChoice['command'], argument: string): void {
    const { editor, surface } = this.#options
    editor.update(() => $goInto(key), { discrete: true })
    surface.exec(command, argument)
  }
}

/** The selection stays when it is in this block alone. */
function $goInto(key: NodeKey): void {
  const block = $getNodeByKey(key)
  const selected = $selectedBlocks()
  if ($isBlockNode(block) && !(selected.length === 1 && selected[0]?.is(block) === true)) block.selectEnd()
}
