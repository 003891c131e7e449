/**
 * What stands in every page, the same for all editors, and takes the times there.
 *
 * A key's time runs from the timestamp of its `keydown` to the end of the frame that shows what it did: after the
 * scripts of that frame, its style, layout and paint. Whether it is shown is asked of the page before the frame is
 * painted; a key that is not shown by then waits for the next one. Only the block typed into is looked at, so that
 * looking costs the same in every editor and next to nothing.
 */
export type Gesture = 'type' | 'enter' | 'format'

export interface Probe {
  /** Resolves with the milliseconds since the navigation, once the block that starts with `last` is painted. */
  opened(last: string): Promise<number>
  /**
   * Puts the block that starts with `start` into the middle of the window.
   *
   * @returns where to click: the middle of `word`, or the end of the block
   */
  show(start: string, word?: string): { x: number; y: number }
  /** Times keys from here on, in the block that starts with `start`. */
  watch(gesture: Gesture, start: string): void
  /** @returns a time for each key that was shown until now, and how many have had no effect */
  taken(): { readonly ms: readonly number[]; readonly lost: number }
  selected(): string
  /** The caret is in the block that starts with `start`. */
  isCaretIn(start: string): boolean
  /** The words of every block on the screen. */
  read(): string[]
}

declare global {
  interface Window {
    probe: Probe
  }
}

/** Runs in the page, before anything else of it: it must not refer to anything outside of itself. */
export function installProbe(): void {
  const content = (): HTMLElement | null =>
    document.querySelector<HTMLElement>('[contenteditable="true"]') ??
    document.querySelector('weft-editor')?.shadowRoot?.querySelector<HTMLElement>('.content') ??
    null

  /** Calls back when the frame in which `before` was run has been painted. */
  function afterFrame(before: () => void, after: () => void): void {
    requestAnimationFrame(() => {
      before()
      const channel = new MessageChannel()
      channel.port1.addEventListener('message', () => {
        channel.port1.close()
        after()
      })
      channel.port1.start()
      channel.port2.postMessage(undefined)
    })
  }

  function blockThatStarts(start: string): HTMLElement {
    for (const child of content()?.children ?? [])
      if (child.textContent?.startsWith(start)) return child as HTMLElement
    throw new Error(`no block starts with "${start}"`)
  }

  /** y-prosemirror puts others' carets, with their names, into the text. */
  function wordsOf(block: HTMLElement): string {
    if (block.querySelector('.ProseMirror-yjs-cursor') === null) return block.textContent ?? ''
    const copy = block.cloneNode(true) as HTMLElement
    for (const caret of copy.querySelectorAll('.ProseMirror-yjs-cursor')) caret.remove()
    return copy.textContent ?? ''
  }

  let target: HTMLElement | undefined
  /** How many of the keys that wait are shown now. */
  let shownOf: (waiting: number) => number = () => 0
  let changes: MutationObserver | undefined
  let waiting: number[] = []
  let ms: number[] = []
  let lost = 0
  /** Whether a key that has done nothing until its frame never will. */
  let isImmediate = false
  let isFrameAsked = false

  function watchFrames(): void {
    if (isFrameAsked) return
    isFrameAsked = true
    let shown: readonly number[] = []
    afterFrame(
      () => {
        isFrameAsked = false
        const count = shownOf(waiting.length)
        shown = waiting.slice(0, count)
        waiting = waiting.slice(count)
        if (isImmediate) {
          lost += waiting.length
          waiting = []
        }
        if (waiting.length > 0) watchFrames()
      },
      () => {
        const now = performance.now()
        ms.push(...shown.map((pressedMs) => now - pressedMs))
      },
    )
  }

  addEventListener(
    'keydown',
    (event) => {
      if (target === undefined || event.key === 'Control') return
      waiting.push(event.timeStamp)
      watchFrames()
    },
    true,
  )

  window.probe = {
    opened: (last) =>
      new Promise((resolve) => {
        const timer = setInterval(() => {
          if (content()?.lastElementChild?.textContent?.startsWith(last) !== true) return
          clearInterval(timer)
          const painted = (): void =>
            afterFrame(
              () => {},
              () => {
                const seen = content()?.lastElementChild?.checkVisibility() === true
                if (seen) resolve(performance.now())
                else painted()
              },
            )
          painted()
        }, 4)
      }),
    show(start, word) {
      const block = blockThatStarts(start)
      block.scrollIntoView({ block: 'center', behavior: 'instant' })
      const range = document.createRange()
      range.selectNodeContents(block)
      const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT)
      for (let text = walker.nextNode(); text !== null; text = walker.nextNode()) {
        const at = word === undefined ? -1 : (text.textContent?.indexOf(word) ?? -1)
        if (at < 0) continue
        range.setStart(text, at)
        range.setEnd(text, at + (word?.length ?? 0))
      }
      const box = [...range.getClientRects()].at(-1) ?? block.getBoundingClientRect()
      return {
        x: word === undefined ? box.right - 2 : (box.left + box.right) / 2,
        y: (box.top + box.bottom) / 2,
      }
    },
    watch(gesture, start) {
      target = blockThatStarts(start)
      let block = target
      waiting = []
      ms = []
      lost = 0
      // A letter that others' edits have delayed comes later; a word that is not bold yet would not become so.
      isImmediate = gesture === 'format'
      // Enter: which of the two is the new block differs from editor to editor; nobody else makes any.
      const size = (): number => {
        if (gesture !== 'type') return content()?.childElementCount ?? 0
        // Others' edits make some editors draw a block anew.
        if (!block.isConnected) block = blockThatStarts(start)
        return block.textContent?.length ?? 0
      }
      let known = size()
      const isBold = (): boolean => block.querySelector('strong, b, .bold') !== null
      let wasBold = isBold()
      let hasChanged = false
      changes?.disconnect()
      changes = new MutationObserver(() => {
        hasChanged = true
      })
      if (gesture === 'format')
        changes.observe(block, { subtree: true, childList: true, attributes: true, characterData: true })
      shownOf = (count) => {
        if (gesture === 'format') {
          if (!hasChanged) return 0
          hasChanged = false
          // Twice in one frame, the word is as it was.
          const isChanged = isBold() !== wasBold
          wasBold = isBold()
          return count % 2 === Number(isChanged) ? count : count - 1
        }
        const grown = Math.min(count, size() - known)
        known += grown
        return grown
      }
    },
    taken: () => ({ ms, lost }),
    selected() {
      const root = content()?.getRootNode() as
        | (ShadowRoot & { getSelection?: () => Selection | null })
        | undefined
      return (root?.getSelection?.() ?? getSelection())?.toString() ?? ''
    },
    isCaretIn(start) {
      const root = content()?.getRootNode()
      const [range] =
        (root instanceof ShadowRoot && getSelection()?.getComposedRanges?.({ shadowRoots: [root] })) || []
      const node = range?.startContainer ?? getSelection()?.anchorNode
      return node !== null && node !== undefined && blockThatStarts(start).contains(node)
    },
    read: () =>
      [...(content()?.querySelectorAll<HTMLElement>('p, h1, h2, h3, li, [data-kind]') ?? [])]
        .filter((block) => block.querySelector('p, li') === null)
        .map(wordsOf),
  }
}
