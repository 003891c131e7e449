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
  /** Only among the blocks in cells of tables, or those of lists, where there are any. */
  readonly among?: 'cells' | 'items'
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
      // Nobody gets a caret into what is hidden, or has no text.
      const voids = ['table', 'divider', 'image', 'file', 'equation', 'embed']
      const all = [...root.querySelectorAll<HTMLElement>('[data-kind]')].filter(
        (one) => !voids.includes(one.dataset['kind'] ?? '') && one.checkVisibility(),
      )
      const isAmong = (one: HTMLElement): boolean =>
        start.among === 'cells'
          ? one.closest('td, th') !== null
          : ['bullet', 'numbered', 'check'].includes(one.dataset['kind'] ?? '')
      const wanted = start.among === undefined ? [] : all.filter(isAmong)
      const blocks = wanted.length > 0 ? wanted : all
      const pointIn = (block: Element, fraction: number): [Node, number] => {
        const texts: Text[] = []
        const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT)
        for (let node = walker.nextNode(); node !== null; node = walker.nextNode())
          if (node instanceof Text && node.parentElement?.closest('[data-object]') === null) texts.push(node)
        let left = Math.round(fraction * texts.reduce((sum, { length }) => sum + length, 0))
        for (const text of texts) {
          if (left <= text.length) return [text, left]
          left -= text.length
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

/** Whether keys go to the text. */
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

/** Whether this browser has a copy of the document. */
export function isKeptHere(page: Page): Promise<boolean> {
  return page.evaluate(
    (documentId) =>
      new Promise<boolean>((resolve, reject) => {
        const opening = indexedDB.open('weft')
        opening.addEventListener('error', () => reject(opening.error ?? new Error('no copies')))
        opening.addEventListener('success', () => {
          const keys = opening.result
            .transaction('updates')
            .objectStore('updates')
            .index('copy')
            .openKeyCursor()
          let isKept = false
          keys.addEventListener('success', () => {
            const cursor = keys.result
            isKept ||= cursor !== null && JSON.stringify(cursor.key).includes(documentId)
            if (cursor !== null && !isKept) return cursor.continue()
            opening.result.close()
            resolve(isKept)
          })
        })
      }),
    new URL(page.url()).pathname.split('/').at(-1) ?? '',
  )
}

/** Over the block of the caret; undefined where it cannot be seen. */
export function placeOfBlock(page: Page): Promise<{ x: number; y: number } | undefined> {
  return textOf(page).evaluate((root) => {
    const scope = root.getRootNode() as ShadowRoot
    const at = getSelection()?.getComposedRanges({ shadowRoots: [scope] })[0]?.startContainer
    const block = (at instanceof Element ? at : at?.parentElement)?.closest('[data-kind]')
    const box = block?.getBoundingClientRect()
    if (box === undefined || box.height === 0) return undefined
    return { x: box.left + Math.min(12, box.width / 2), y: box.top + Math.min(12, box.height / 2) }
  })
}

/** Where the box or the triangle of one of the check items and toggles is. @param fraction which of them, from 0 to 1 */
export function boxToPress(page: Page, fraction: number): Promise<{ x: number; y: number } | undefined> {
  return textOf(page).evaluate((root, part) => {
    const blocks = [...root.querySelectorAll('[data-kind=check], [data-kind=toggle]')].filter((one) =>
      one.checkVisibility(),
    )
    const block = blocks[Math.floor(part * blocks.length)]
    if (block === undefined) return undefined
    block.scrollIntoView({ block: 'center' })
    const box = block.getBoundingClientRect()
    const style = getComputedStyle(block)
    const [side, above] = [Number.parseFloat(style.paddingLeft), Number.parseFloat(style.paddingTop)]
    return { x: box.left + side - 16, y: box.top + above + 12 }
  }, fraction)
}

/** Counted characters of the blocks that are being dragged, and of all. */
export function draggedText(page: Page): Promise<{ selected: string; seen: string }> {
  return textOf(page).evaluate((root) => {
    const counted = (text: string): string => text.replaceAll(/[^\u4e00-\u9fff]/g, '')
    const dragged = [...root.querySelectorAll('.dragged')].map((one) => one.textContent ?? '')
    return { selected: counted(dragged.join('')), seen: counted(root.textContent ?? '') }
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

/** Lets go of what is dragged here from another window, as the browser itself does it. */
export async function drop(
  page: Page,
  { x, y }: { readonly x: number; readonly y: number },
  items: readonly { readonly mimeType: string; readonly data: string }[],
): Promise<void> {
  const cdp = await page.context().newCDPSession(page)
  const data = { items: [...items], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await cdp.send('Input.dispatchDragEvent', { type, x, y, data })
  await cdp.detach()
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
