/**
 * The browser's selection as a range, also inside a shadow root, where `getSelection()` alone sees only the host.
 */

/** @returns undefined when nothing in `root` is selected. */
export function selectedRange(root: ShadowRoot): Range | undefined {
  const selection = getSelection()
  if (selection === null || selection.rangeCount === 0) return undefined
  const composed = selection.getComposedRanges?.({ shadowRoots: [root] })[0] ?? selection.getRangeAt(0)
  if (composed.startContainer.getRootNode() !== root) return undefined
  const range = document.createRange()
  range.setStart(composed.startContainer, composed.startOffset)
  range.setEnd(composed.endContainer, composed.endOffset)
  return range
}

/** Where a card about the selection belongs; a caret on an empty line measures as nothing, so its line is taken. */
export function boxOf(range: Range): DOMRect {
  const box = range.getBoundingClientRect()
  if (box.height > 0) return box
  const { startContainer: node } = range
  const element = node instanceof Element ? node : node.parentElement
  return element?.getBoundingClientRect() ?? box
}
