/**
 * How tables look, on the page and in print.
 *
 * Rule: in a cell blocks look as they do on the page: `inCells` widens the rules for blocks instead of repeating them.
 * A column without a width of its own takes an even share of the page and never less than can be read; what is wider
 * than the page scrolls inside the block. So a column that is dragged moves its own edge and no other.
 */
import { type CSSResult, css, unsafeCSS } from 'lit'

/** The rules of a style sheet for blocks of the page, for blocks in cells, too. */
export function inCells({ cssText }: CSSResult): CSSResult {
  return unsafeCSS(cssText.replaceAll('.content > ', ':is(.content, .cell) > '))
}

export const tableStyle = css`
  .content > [data-kind='table'] {
    margin-block: 14px;
    padding-inline-start: calc(var(--indent, 0) * var(--step)) !important;
    padding-block: 0;
  }
  .content > [data-kind='table']:first-child {
    margin-block-start: 4px;
  }
  .scroll {
    container-type: inline-size;
    overflow-x: auto;
    overscroll-behavior-x: contain;
    scrollbar-width: thin;
    scrollbar-color: color-mix(in srgb, var(--w-edge) 60%, transparent) transparent;
    --rule: color-mix(in srgb, var(--w-edge) 32%, var(--w-line));
  }
  .scroll > table {
    --even: max(120px, calc((100cqw - 2px) / var(--columns, 1)));
    box-sizing: content-box;
    table-layout: fixed;
    width: calc(var(--fixed, 0px) + var(--free, 0) * var(--even));
    border: 1px solid var(--rule);
    border-radius: 8px;
    border-collapse: separate;
    border-spacing: 0;
    font-size: 15.5px;
  }
  .scroll col {
    width: var(--even);
  }
  .cell {
    box-sizing: border-box;
    padding: 4px 10px;
    border: 0 solid var(--rule);
    border-inline-end-width: 1px;
    border-block-end-width: 1px;
    font-weight: inherit;
    text-align: start;
    vertical-align: top;
    --step: 24px;
  }
  .cell:last-child {
    border-inline-end-width: 0;
  }
  /* Lexical puts one beside a line without text; in a cell it would be an empty line. */
  .cell > br {
    display: none;
  }
  tr:last-of-type > .cell {
    border-block-end-width: 0;
  }
  th.cell {
    background: var(--w-sunken);
    font-weight: 600;
  }
  tr:first-of-type > .cell:first-child {
    border-start-start-radius: 7px;
  }
  tr:first-of-type > .cell:last-child {
    border-start-end-radius: 7px;
  }
  tr:last-of-type > .cell:first-child {
    border-end-start-radius: 7px;
  }
  tr:last-of-type > .cell:last-child {
    border-end-end-radius: 7px;
  }
  .cell > p + p {
    margin-top: 2px;
  }
  .cell > :is(h1, h2, h3, h4) {
    margin-block: 8px 2px;
  }
  .cell > :first-child {
    margin-top: 0;
  }
  .cell > h1 {
    font-size: 22px;
  }
  .cell > h2 {
    font-size: 19px;
  }
  .cell > h3 {
    font-size: 17px;
  }
  .cell > h4 {
    font-size: 15.5px;
  }
  .cell > pre {
    padding: 8px 10px !important;
    font-size: 13.5px;
  }

  /* A table that shows no grid says why, in words. */
  .content > [data-role='reference'] {
    --table-words: var(--table-reference);
  }
  .content > [data-role='orphan'] {
    --table-words: var(--table-orphan);
    --table-tone: var(--w-warning);
  }
  .content > [data-role]:not([data-role='grid'])::before {
    content: var(--table-words, var(--table-empty));
    display: block;
    color: var(--table-tone, var(--w-muted));
    font-size: 14px;
    line-height: 20px;
    white-space: normal;
  }
  .content > [data-role='orphan']::before {
    margin-block-end: 6px;
  }
  .content > :is([data-role='empty'], [data-role='reference']) {
    padding: 10px 14px !important;
    border: 1px dashed var(--w-edge);
    border-radius: 8px;
    cursor: default;
  }
  :is([data-role='empty'], [data-role='reference']) > .scroll {
    display: none;
  }
  .content > [data-kind='table'].selected {
    border-radius: 8px;
    box-shadow: 0 0 0 2px var(--w-accent);
  }

  @media print {
    .scroll {
      overflow: visible;
      container-type: normal;
    }
    .scroll > table {
      width: 100%;
    }
    .scroll col {
      width: auto !important;
    }
    .cell {
      print-color-adjust: exact;
    }
    tr {
      break-inside: avoid;
    }
  }
  @media (forced-colors: active) {
    .scroll > table,
    .cell {
      border-color: CanvasText;
    }
    .content > [data-kind='table'].selected {
      outline: 2px solid Highlight;
    }
  }
`
