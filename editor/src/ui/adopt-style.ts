/** Gives a shadow root the style of a part that came later than the page. */
import type { CSSResult } from 'lit'

export function adoptStyle(root: ShadowRoot, { styleSheet }: CSSResult): void {
  if (styleSheet !== undefined && !root.adoptedStyleSheets.includes(styleSheet))
    root.adoptedStyleSheets.push(styleSheet)
}
