/**
 * A title that I may be typing while somebody else renames the document. Pure.
 *
 * Rules: what I am typing is never replaced under my hands; what the server says is shown as soon as I am not typing;
 * a save that fails keeps my words in the field, and the next save takes them along.
 */

/** As in the API: longer titles are refused there, so the field does not let them be typed. */
export const MAX_TITLE_LENGTH = 200

export type TitleDraft =
  | { readonly kind: 'settled'; readonly title: string }
  /** `server` is the title to return to on Escape. */
  | { readonly kind: 'typing'; readonly text: string; readonly server: string }
  | { readonly kind: 'saving'; readonly text: string; readonly server: string }

export type TitleEvent =
  | { readonly kind: 'typed'; readonly text: string }
  /** Enter, the focus left, or a pause: time to save. */
  | { readonly kind: 'committed' }
  | { readonly kind: 'cancelled' }
  /** From the list, from the server's hello, or because somebody renamed it. */
  | { readonly kind: 'told'; readonly title: string }
  | { readonly kind: 'saved'; readonly title: string }
  | { readonly kind: 'failed' }

/** What the field shows. */
export function shownTitle(draft: TitleDraft): string {
  return draft.kind === 'settled' ? draft.title : draft.text
}

export function reduceTitle(draft: TitleDraft, event: TitleEvent): TitleDraft {
  switch (event.kind) {
    case 'typed':
      return { kind: 'typing', text: event.text, server: serverTitle(draft) }
    case 'committed':
      if (draft.kind !== 'typing') return draft
      return cleanTitle(draft.text) === draft.server
        ? { kind: 'settled', title: draft.server }
        : { kind: 'saving', text: cleanTitle(draft.text), server: draft.server }
    case 'cancelled':
      return { kind: 'settled', title: serverTitle(draft) }
    case 'told':
      return draft.kind === 'settled'
        ? { kind: 'settled', title: event.title }
        : { ...draft, server: event.title }
    case 'saved':
      // Typed on while it was saved: the new words are still to be saved.
      return draft.kind === 'typing'
        ? { ...draft, server: event.title }
        : { kind: 'settled', title: event.title }
    case 'failed':
      return draft.kind === 'saving' ? { kind: 'typing', text: draft.text, server: draft.server } : draft
  }
}

/** One line, no spaces at the ends. */
export function cleanTitle(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, MAX_TITLE_LENGTH).trimEnd()
}

function serverTitle(draft: TitleDraft): string {
  return draft.kind === 'settled' ? draft.title : draft.server
}
