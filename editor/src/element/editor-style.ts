/** The frame of `<weft-editor>`: bar, page, gutters, and what is shown before there is a document. */
import { css } from 'lit'

export const editorStyle = css`
  :host {
    display: block;
    position: relative;
    background: var(--w-background);
    color: var(--w-text);
    font-family: var(--w-font);
    --w-measure: var(--weft-measure, 720px);
    --w-gutter: var(--weft-gutter, 56px);
  }
  :host([hidden]) {
    display: none;
  }
  .frame {
    display: flex;
    flex-direction: column;
    min-height: inherit;
    box-sizing: border-box;
  }
  .bar {
    position: sticky;
    z-index: 3;
    background: var(--w-background);
  }
  .bar.top {
    top: var(--weft-bar-top, 0px);
    border-bottom: 1px solid var(--w-line);
  }
  .bar.bottom {
    order: 1;
    bottom: 0;
    margin-top: auto;
    padding-bottom: env(safe-area-inset-bottom, 0px);
    border-top: 1px solid var(--w-line);
    transform: translateY(calc(-1 * var(--keyboard, 0px)));
  }
  /* The rest comes with what shows it, floating.ts. */
  .bar.floating {
    position: fixed;
    visibility: hidden;
  }
  weft-toolbar {
    /* The first sign stands above the first letter. */
    --weft-bar-padding: max(8px, calc(var(--w-gutter) - 10px));
    max-width: calc(var(--w-measure) + 2 * var(--w-gutter));
    margin-inline: auto;
  }
  .page {
    flex: 1;
    box-sizing: border-box;
    width: 100%;
    max-width: calc(var(--w-measure) + 2 * var(--w-gutter));
    margin-inline: auto;
    padding: 36px var(--w-gutter) var(--weft-page-end, 96px);
    cursor: text;
  }
  .sheet {
    position: relative;
  }
  .readonly .page {
    cursor: auto;
  }

  /* What stands beside blocks, placed by measuring. */
  .handles {
    position: absolute;
    inset: 0;
    pointer-events: none;
  }
  .handles > * {
    position: absolute;
    left: 0;
    top: 0;
    pointer-events: auto;
  }

  .skeleton {
    position: absolute;
    inset: 0 0 auto;
    display: grid;
    gap: 14px;
    opacity: 0;
    /* A document that opens at once never shows it. */
    animation: appear 200ms 180ms forwards;
  }
  .skeleton i {
    height: 14px;
    border-radius: 7px;
    background: var(--w-hover);
  }
  .skeleton i:first-child {
    height: 26px;
    border-radius: 8px;
    width: 52%;
    margin-bottom: 10px;
  }
  .skeleton i:last-child {
    width: 64%;
  }
  @keyframes appear {
    to {
      opacity: 1;
    }
  }
  .said {
    margin: 0;
    padding: 14px 16px;
    border-radius: 8px;
    background: var(--w-sunken);
    color: var(--w-text);
    font-size: 15px;
    line-height: 1.5;
    cursor: auto;
  }

  @media (max-width: 719.98px) {
    :host {
      --w-gutter: var(--weft-gutter, 20px);
    }
    .page {
      padding-block-start: 20px;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .skeleton {
      animation-duration: 0ms;
    }
  }
  @media print {
    .bar,
    .carets,
    .handles {
      display: none !important;
    }
    .page {
      padding: 0;
      max-width: none;
    }
  }
`
