/**
 * How the text looks: type, blocks, marks, lists and boxes.
 *
 * Rule: everything a block draws stays inside its own box, so that a block can be contained without cutting its list
 * marker off. Numbers come from `list-numbers.ts`. No selector on a block asks for its
 * neighbours (`+`, `~`, `:has`): one that does makes the browser restyle every block whenever one is made or goes, 50 ms
 * of work for an Enter among 3,000 blocks.
 *
 * There is no `content-visibility: auto` on blocks, on purpose. Measured in Chromium with 10,000 blocks: a key took
 * 73 to 184 ms with it and 32 without, a paste of them all 5 s and 1.3 to 2.2 s; the browser asks each block
 * in each frame whether it is near the screen, and that costs more than laying out lines that have not changed. Boxes of 32 have it (`stretches.ts`).
 */

import type { EditorThemeClasses } from 'lexical'
import { type CSSResult, css, unsafeCSS } from 'lit'
import { colorRules } from './palette.ts'

/** Lexical puts these on the text it draws. */
export const TEXT_CLASSES: EditorThemeClasses = {
  text: {
    bold: 'bold',
    italic: 'italic',
    underline: 'underline',
    strikethrough: 'strike',
    underlineStrikethrough: 'underline-strike',
    code: 'code',
  },
}

const DEPTHS = [1, 2, 3, 4, 5, 6, 7, 8]

function indentRules(): CSSResult {
  const rules = DEPTHS.map((depth) => `.content > [data-indent='${depth}'] { --indent: ${depth}; }`)
  // Said, because a block in a cell would have its table's.
  return unsafeCSS(`.content > :not([data-indent]) { --indent: 0; } ${rules.join(' ')}`)
}

export const textStyle = css`
  .content {
    position: relative;
    outline: none;
    min-height: 1.6em;
    font: 400 17px / 1.6 var(--w-font);
    color: var(--w-text);
    caret-color: var(--w-text);
    overflow-wrap: anywhere;
    white-space: pre-wrap;
    tab-size: 4;
    font-kerning: normal;
    text-rendering: optimizeLegibility;
    --step: 28px;
  }
  .content ::selection,
  .content::selection {
    background: var(--w-selection);
  }
  ${indentRules()}
  .content > * {
    /* Each a layer of its own, which the browser paints once and uses again: half the painting for a key. */
    position: relative;
    margin: 0;
    padding-block: 3px;
    padding-inline: calc(var(--indent, 0) * var(--step)) 0 !important;
  }
  .content > h1,
  .content > h2,
  .content > h3 {
    font-weight: 650;
    text-wrap: pretty;
  }
  .content > h1 {
    font-size: 30px;
    line-height: 1.25;
    letter-spacing: -0.018em;
    margin-top: 32px;
    margin-bottom: 6px;
  }
  .content > h2 {
    font-size: 24px;
    line-height: 1.3;
    letter-spacing: -0.012em;
    margin-top: 26px;
    margin-bottom: 4px;
  }
  .content > h3 {
    font-size: 20px;
    line-height: 1.35;
    letter-spacing: -0.006em;
    margin-top: 20px;
    margin-bottom: 2px;
  }
  .content > p {
    margin-top: 6px;
  }
  .content > :first-child {
    margin-top: 0;
  }

  /* Lists: the marker stands in the block's own padding. */
  .content > [data-kind='bullet'],
  .content > [data-kind='numbered'],
  .content > [data-kind='check'] {
    padding-inline-start: calc((var(--indent, 0) + 1) * var(--step)) !important;
  }
  .content > [data-kind='bullet']::before,
  .content > [data-kind='numbered']::before,
  .content > [data-kind='check']::before {
    position: absolute;
    inset-inline-start: calc(var(--indent, 0) * var(--step));
    box-sizing: border-box;
  }
  .content > [data-kind='bullet']::before {
    content: '';
    inset-block-start: calc(3px + 0.8em - 3px);
    width: 6px;
    height: 6px;
    margin-inline-start: 9px;
    border: 1.5px solid currentColor;
    border-radius: 50%;
    background: currentColor;
  }
  .content > [data-kind='bullet']:is([data-indent='1'], [data-indent='4'], [data-indent='7'])::before {
    background: none;
  }
  .content > [data-kind='bullet']:is([data-indent='2'], [data-indent='5'], [data-indent='8'])::before {
    border-radius: 1px;
  }
  .content > [data-kind='numbered']::before {
    content: attr(data-number) '.';
    width: calc(var(--step) - 7px);
    text-align: end;
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
    color: var(--w-muted);
    /* "100." grows to the left, into the gutter of the page, rather than over the words. */
    direction: inherit;
    display: flex;
    justify-content: flex-end;
  }
  .content > [data-kind='check']::before {
    content: '';
    inset-block-start: calc(3px + 0.8em - 9px);
    width: 18px;
    height: 18px;
    margin-inline-start: 1px;
    border: 1.5px solid var(--w-edge);
    border-radius: 5px;
    cursor: pointer;
    transition: background-color var(--w-quick);
  }
  .content > [data-kind='check']:hover::before {
    border-color: var(--w-accent);
  }
  .content > [data-checked='true']::before {
    background: var(--w-accent);
    border-color: var(--w-accent);
  }
  .content > [data-checked='true']::after {
    content: '';
    position: absolute;
    inset-inline-start: calc(var(--indent, 0) * var(--step) + 7.25px);
    inset-block-start: calc(3px + 0.8em - 6px);
    box-sizing: border-box;
    width: 5.5px;
    height: 10px;
    border: solid var(--w-on-accent);
    border-width: 0 2px 2px 0;
    transform: rotate(45deg);
    pointer-events: none;
  }
  .content > [data-checked='true'] {
    color: var(--w-muted);
    text-decoration: line-through;
    text-decoration-color: color-mix(in srgb, currentColor 60%, transparent);
  }

  /* Quotes touch, so that one of several blocks shows one bar: their distances are inside. */
  .content > blockquote {
    padding-block: 6px;
    padding-inline-start: calc(var(--indent, 0) * var(--step) + 20px) !important;
    color: color-mix(in srgb, var(--w-text) 78%, var(--w-background));
  }
  .content > blockquote::before {
    content: '';
    position: absolute;
    inset-block: 0;
    inset-inline-start: calc(var(--indent, 0) * var(--step));
    width: 3px;
    background: color-mix(in srgb, var(--w-edge) 60%, transparent);
  }
  .content > pre {
    margin-block: 10px;
    margin-inline-start: calc(var(--indent, 0) * var(--step));
    padding: 14px 16px !important;
    border-radius: 8px;
    background: var(--w-sunken);
    box-shadow: inset 0 0 0 1px var(--w-line);
    font: 400 14.5px / 1.6 var(--w-mono);
    font-variant-ligatures: none;
    white-space: pre-wrap;
  }
  .content > hr {
    display: block;
    border: 0;
    margin: 8px 0;
    padding: 12px 0 !important;
    cursor: default;
    border-radius: var(--w-radius);
  }
  .content > hr::before {
    content: '';
    display: block;
    height: 1px;
    background: var(--w-edge);
    opacity: 0.5;
  }
  .content > [data-unknown] {
    margin-block: 8px;
    padding: 10px 14px !important;
    border: 1px dashed var(--w-edge);
    border-radius: 8px;
    color: var(--w-muted);
  }

  .content .bold {
    font-weight: 650;
  }
  .content .italic {
    font-style: italic;
  }
  .content .underline {
    text-decoration: underline;
    text-decoration-thickness: from-font;
    text-underline-offset: 0.16em;
  }
  .content .strike {
    text-decoration: line-through;
  }
  .content .underline-strike {
    text-decoration: underline line-through;
    text-underline-offset: 0.16em;
  }
  .content code {
    font: inherit;
  }
  .content .code {
    font-family: var(--w-mono);
    font-size: 0.853em;
    font-variant-ligatures: none;
    padding: 0.14em 0.34em;
    border-radius: 4px;
    background: color-mix(in srgb, var(--w-edge) 17%, transparent);
    box-decoration-break: clone;
    -webkit-box-decoration-break: clone;
  }
  .content pre .code {
    padding: 0;
    font-size: inherit;
    background: none;
  }
  ${colorRules('.content')}
  .content [data-highlight] {
    border-radius: 3px;
    box-decoration-break: clone;
    -webkit-box-decoration-break: clone;
    /* Printers leave backgrounds out unless asked. */
    print-color-adjust: exact;
  }
  .content a {
    color: var(--w-accent);
    text-decoration: underline;
    text-decoration-thickness: 1px;
    text-decoration-color: color-mix(in srgb, currentColor 45%, transparent);
    text-underline-offset: 0.16em;
    cursor: text;
  }
  .content a:hover {
    text-decoration-color: currentColor;
  }
  .following .content a,
  .content[contenteditable='false'] a {
    cursor: pointer;
  }
  .content[data-empty] > :first-child::after {
    content: var(--placeholder, '');
    position: absolute;
    inset-block-start: 3px;
    inset-inline-start: 0;
    color: var(--w-muted);
    opacity: 0.8;
    pointer-events: none;
    white-space: nowrap;
  }

  @media (max-width: 719.98px) {
    .content > h1 {
      font-size: 27px;
    }
    .content > h2 {
      font-size: 22px;
    }
    .content > h3 {
      font-size: 19px;
    }
  }
  @media (forced-colors: active) {
    .content > [data-kind='bullet']::before,
    .content > blockquote::before,
    .content > hr::before {
      background: CanvasText;
      opacity: 1;
    }
    .content > [data-checked='true']::before {
      forced-color-adjust: none;
      background: Highlight;
      border-color: Highlight;
    }
    .content > [data-checked='true']::after {
      border-color: HighlightText;
    }
    .content > pre {
      border: 1px solid CanvasText;
    }
  }
`
