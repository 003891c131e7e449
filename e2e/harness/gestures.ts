/**
 * The smallest things a person does to the text of a page: places a caret, selects, pastes, presses a character.
 *
 * Rule: places are fractions of what is there, so that a seed means the same whatever others have written. Who has
 * placed a caret waits two frames, as nobody is faster: only then has the editor heard of it.
 */
import type { CommandName, WeftEditorApi } from '@weft/editor/element'
import type { CDPSession, Locator, Page } from 'playwright-core'

/** A block and a place in it, each from 0 to 1. */
export interface Place {
  readonly block: number
  readonly offset: number
  /** Only among the blocks in cells of tables, where there are any. */
  readonly isInTable?: boolean
}

export interface Selected {
  /** Counted characters in the selection. */
  readonly selected: string
  /** All counted characters on the screen. */
  readonly seen: string
  /** The focus is in the text and nothing is selected. */
  readonly isCaret: boolean
}

export const textOf = (page: Page): Locator => page.locator('weft-editor .content')

/** @param to of a selection: this many blocks further on; a caret when left out. */
export async function select(
  page: Page,
  from: Place,
  to?: { readonly blocks: number; readonly offset: number; readonly isBackward: boolean },
): Promise<Selected> {
  await textOf(page).evaluate(
    async (root: HTMLElement, [start, end]) => {
      const all = [...root.querySelectorAll('[data-kind]:not([data-kind=divider], [data-kind=table])')]
      const inTables = all.filter((one) => one.closest('td, th') !== null)
      const blocks = start.isInTable === true && inTables.length > 0 ? inTables : all
      const pointIn = (block: Element, fraction: number): [Node, number] => {
        const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT)
        let left = Math.round(fraction * (block.textContent ?? '').length)
        for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
          const { length } = node as Text
          if (left <= length) return [node, left]
          left -= length
        }
        return [block, 0]
      }
      const first = Math.min(blocks.length - 1, Math.floor(start.block * blocks.length))
      const block = blocks[first]
      if (block === undefined) return
      const anchor = pointIn(block, start.offset)
      const other = blocks[Math.min(blocks.length - 1, first + (end?.blocks ?? 0))] ?? block
      const focus = end === undefined ? anchor : pointIn(other, end.offset)
      block.scrollIntoView({ block: 'center' })
      root.focus({ preventScroll: true })
      const [one, two] = end?.isBackward === true ? [focus, anchor] : [anchor, focus]
      getSelection()?.setBaseAndExtent(...one, ...two)
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    },
    [from, to] as const,
  )
  return readSelection(page)
}

export function readSelection(page: Page): Promise<Selected> {
  return textOf(page).evaluate((root) => {
    const scope = root.getRootNode() as ShadowRoot
    const counted = (text: string): string => text.replaceAll(/[^\u4e00-\u9fff]/g, '')
    const seen = counted(root.textContent ?? '')
    const composed = getSelection()?.getComposedRanges({ shadowRoots: [scope] })[0]
    if (composed === undefined || !root.contains(composed.startContainer))
      return { selected: '', seen, isCaret: false }
    const range = document.createRange()
    range.setStart(composed.startContainer, composed.startOffset)
    range.setEnd(composed.endContainer, composed.endOffset)
    return {
      selected: counted(range.toString()),
      seen,
      isCaret: composed.collapsed && scope.activeElement === root,
    }
  })
}

/** Counted characters of the block of the caret, and of what it holds when it is a toggle or a callout. */
export function textOfBlock(page: Page): Promise<string> {
  return textOf(page).evaluate((root) => {
    const scope = root.getRootNode() as ShadowRoot
    const composed = getSelection()?.getComposedRanges({ shadowRoots: [scope] })[0]
    const at = composed?.startContainer
    const element = at instanceof Element ? at : at?.parentElement
    const block = element?.closest<HTMLElement>('[data-kind]')
    if (!block || !root.contains(block)) return ''
    const indentOf = (one: HTMLElement): number => Number(one.dataset['indent'] ?? 0)
    let text = block.textContent ?? ''
    for (let next = block.nextElementSibling; next instanceof HTMLElement; next = next.nextElementSibling) {
      if (indentOf(next) <= indentOf(block)) break
      text += next.textContent ?? ''
    }
    return text.replaceAll(/[^\u4e00-\u9fff]/g, '')
  })
}

/** Whether keys go to the text. */
/** Whether a table or something else without a caret in it is selected. */
export async function isSelectedWhole(page: Page): Promise<boolean> {
  return (await textOf(page).locator('.selected').count()) > 0
}

/** Counted characters of the table that the caret is in. */
export function textOfTable(page: Page): Promise<string> {
  return textOf(page).evaluate((root) => {
    const scope = root.getRootNode() as ShadowRoot
    const at = getSelection()?.getComposedRanges({ shadowRoots: [scope] })[0]?.startContainer
    const element = at instanceof Element ? at : at?.parentElement
    const table = element?.closest('[data-kind=table]')
    return (table?.textContent ?? '').replaceAll(/[^\u4e00-\u9fff]/g, '')
  })
}

export function isInText(page: Page): Promise<boolean> {
  return textOf(page).evaluate((root) => (root.getRootNode() as ShadowRoot).activeElement === root)
}

export function countTables(page: Page): Promise<number> {
  return textOf(page).evaluate((root) => root.querySelectorAll('[data-kind=table]').length)
}

/** Where the caret or the start of the selection is on the screen; undefined on an empty line. */
export function placeOfSelection(page: Page): Promise<{ x: number; y: number } | undefined> {
  return textOf(page).evaluate((root) => {
    const scope = root.getRootNode() as ShadowRoot
    const composed = getSelection()?.getComposedRanges({ shadowRoots: [scope] })[0]
    if (composed === undefined) return undefined
    const range = document.createRange()
    range.setStart(composed.startContainer, composed.startOffset)
    range.setEnd(composed.endContainer, composed.endOffset)
    const box = range.getClientRects()[0]
    if (box === undefined || box.height === 0) return undefined
    return { x: box.left + Math.min(4, box.width / 2), y: box.top + box.height / 2 }
  })
}

export async function paste(page: Page, mime: 'text/plain' | 'text/html', content: string): Promise<void> {
  await textOf(page).evaluate(
    (root, [format, data]) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData(format, data)
      root.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    },
    [mime, content] as const,
  )
}

export async function exec(page: Page, command: CommandName, argument?: string): Promise<void> {
  await page
    .locator('weft-editor')
    .evaluate((editor, [name, value]) => void (editor as unknown as WeftEditorApi).exec(name, value), [
      command,
      argument,
    ] as const)
}

/** Each a key of a layout that has this character. */
export async function pressCharacters(cdp: CDPSession, characters: string): Promise<void> {
  for (const key of characters) {
    await cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', key, text: key, unmodifiedText: key })
    await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', key })
  }
}

/** An input method's candidate changes; '' takes it back. */
export async function compose(cdp: CDPSession, candidate: string): Promise<void> {
  const end = candidate.length
  await cdp.send('Input.imeSetComposition', { text: candidate, selectionStart: end, selectionEnd: end })
}

export function frame(page: Page): Promise<void> {
  return page.evaluate(() => new Promise<void>((resolve) => requestAnimationFrame(() => resolve())))
}
