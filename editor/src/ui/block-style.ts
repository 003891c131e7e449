/**
 * How the blocks look that are more than a line of text: callouts, toggles, columns, and the ones without text.
 *
 * Rule: as in `text-style.ts`: a block draws inside its own box. What a callout or a toggle holds is told by attributes
 * that are put on the elements from outside (`groups.ts`), never by nesting.
 */
import { css } from 'lit'

export const blockStyle = css`
  .content > h4 {
    font-weight: 650;
    font-size: 17px;
    line-height: 1.45;
    margin-top: 16px;
    margin-bottom: 2px;
    text-wrap: pretty;
  }
  .content > [data-callout] {
    --tone: var(--w-accent);
    --tint: color-mix(in srgb, var(--tone) 9%, var(--w-background));
    background: var(--tint);
  }
  .content > [data-callout='tip'] {
    --tone: var(--w-saved);
  }
  .content > [data-callout='important'] {
    --tone: light-dark(#7a3fc4, #c39bff);
  }
  .content > [data-callout='warning'] {
    --tone: var(--w-warning);
  }
  .content > [data-callout='caution'] {
    --tone: var(--w-danger);
  }
  .content > [data-kind='callout'] {
    margin-block: 8px;
    border-radius: 8px;
    padding-block: 12px;
    padding-inline: calc((var(--indent, 0) + 1.5) * var(--step)) 16px !important;
  }
  .content > [data-kind='callout']::before {
    content: 'i';
    position: absolute;
    inset-inline-start: calc((var(--indent, 0) + 0.5) * var(--step));
    color: var(--tone);
    font-weight: 700;
  }
  .content > [data-kind='callout'][data-emoji]::before {
    content: attr(data-emoji);
  }
  .content > [data-kind='toggle'] {
    padding-inline-start: calc((var(--indent, 0) + 1) * var(--step)) !important;
  }
  .content > [data-kind='toggle']::before {
    content: '';
    position: absolute;
    inset-inline-start: calc(var(--indent, 0) * var(--step) + 8px);
    inset-block-start: calc(3px + 0.8em - 5px);
    width: 9px;
    height: 10px;
    background: var(--w-muted);
    clip-path: polygon(0 0, 100% 50%, 0 100%);
    cursor: pointer;
    transform: rotate(90deg);
    transition: transform var(--w-quick);
  }
  .content > [data-collapsed='true']::before {
    transform: none;
  }
`
