/**
 * A block's element in the page.
 *
 * What it says, for the style sheet: `data-kind`, `data-indent` (when above 0), `data-column` (when it stands in one),
 * `data-checked` on check items, `data-language` on code, `data-callout` on callouts, `data-collapsed` on toggles,
 * (which of them is shown closed is `ui/group-marks.ts`'s matter), `data-start` on numbered items that start again. Which number an item has is `ui/list-numbers.ts`'s matter.
 */
import { type BlockShape, isVoid } from '@weft/document'

const LIST_ROLES: { readonly [type in BlockShape['type']]?: string } = {
  bullet: 'listitem',
  numbered: 'listitem',
  check: 'checkbox',
  callout: 'note',
  toggle: 'group',
}

export function tagOf(shape: BlockShape): string {
  switch (shape.type) {
    case 'heading':
      return `h${shape.level}`
    case 'quote':
      return 'blockquote'
    case 'code':
      return 'pre'
    case 'paragraph':
      return 'p'
    case 'divider':
      return 'hr'
    case 'bullet':
    case 'numbered':
    case 'check':
    case 'callout':
    case 'toggle':
    case 'table':
    case 'image':
    case 'file':
    case 'equation':
    case 'embed':
    case 'unknown':
      return 'div'
  }
}

/** Writes what differs, and takes away what the block no longer says. */
export function writeAttributes(dom: HTMLElement, shape: BlockShape, column: number): void {
  const { type, indent } = shape
  const start = type === 'numbered' ? shape.start : undefined
  const isItem = type === 'bullet' || type === 'numbered' || type === 'check'
  const attributes: Record<string, string | undefined> = {
    'data-kind': type,
    'data-indent': indent > 0 ? String(indent) : undefined,
    'data-column': column > 0 ? String(column) : undefined,
    'data-start': start === undefined ? undefined : String(start),
    'data-checked': type === 'check' ? String(shape.checked) : undefined,
    'data-language': type === 'code' && shape.language !== '' ? shape.language : undefined,
    'data-callout': type === 'callout' ? shape.kind : undefined,
    'data-emoji': type === 'callout' && shape.emoji !== '' ? shape.emoji : undefined,
    'data-collapsed': type === 'toggle' ? String(shape.collapsed) : undefined,
    'data-unknown': type === 'unknown' ? shape.name : undefined,
    role: LIST_ROLES[type],
    'aria-checked': type === 'check' ? String(shape.checked) : undefined,
    'aria-level': isItem ? String(indent + 1) : undefined,
    spellcheck: type === 'code' ? 'false' : undefined,
    contenteditable: isVoid(shape) ? 'false' : undefined,
  }
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) dom.removeAttribute(name)
    else if (dom.getAttribute(name) !== value) dom.setAttribute(name, value)
  }
}
