/**
 * How the blocks look that are more than a line of text: callouts, toggles, columns, and the ones without text.
 *
 * Rule: as in `text-style.ts`: a block draws inside its own box. What a callout or a toggle holds is told by attributes
 * that are put on the elements from outside (`group-marks.ts`), never by nesting.
 */
import type { CalloutKind } from '@weft/document'
import { type CSSResult, css, unsafeCSS } from 'lit'

const TONES: { readonly [kind in CalloutKind]: string } = {
  note: 'var(--w-accent)',
  tip: 'var(--w-saved)',
  important: 'light-dark(#6f36b6, #c8a3ff)',
  warning: 'var(--w-warning)',
  caution: 'var(--w-danger)',
}

/** For a style sheet: the colour of a callout's sign. */
export function calloutTone(kind: CalloutKind): string {
  return TONES[kind]
}

/** Of the sign of a callout, and of the outermost callout's box around it. */
function toneRules(): CSSResult {
  const rules = Object.entries(TONES).map(
    ([kind, tone]) =>
      `.content > [data-callout='${kind}'] { --tone: ${tone}; } .content > [data-box='${kind}'], .content::part(box-${kind}) { --box-tone: ${tone}; }`,
  )
  return unsafeCSS(rules.join('\n'))
}

export const blockStyle = css`
  .content > h4 {
    font-weight: 650;
    font-size: 17px;
    line-height: 1.45;
    margin-top: 16px;
    margin-bottom: 2px;
    text-wrap: pretty;
  }

  /* A callout's box is drawn by every block in it, so they touch: their distances are inside. */
  ${toneRules()}
  .content > [data-box],
  .content::part(box) {
    --tint: color-mix(in srgb, var(--box-tone) 8%, var(--w-background));
  }
  .content > [data-box] {
    margin-block: 0;
    margin-inline-start: calc(var(--base, 0) * var(--step));
    padding-block: 4px;
    padding-inline-end: 16px !important;
    background: var(--tint);
    print-color-adjust: exact;
  }
  .content > [data-kind='callout'] {
    padding-inline-start: calc((var(--indent, 0) + 1) * var(--step)) !important;
  }
  .content > [data-box-start] {
    margin-top: 10px;
    padding-top: 12px;
    border-start-start-radius: 8px;
    border-start-end-radius: 8px;
  }
  .content > [data-box-end] {
    margin-bottom: 10px;
    padding-bottom: 12px;
    border-end-start-radius: 8px;
    border-end-end-radius: 8px;
  }
  .content > [data-kind='callout']::before {
    content: 'i';
    position: absolute;
    inset-inline-start: calc(var(--indent, 0) * var(--step) - 2px);
    width: 20px;
    height: 20px;
    margin-top: 3px;
    border-radius: 50%;
    background: var(--tone);
    color: var(--w-background);
    font: 700 13px / 20px var(--w-font);
    text-align: center;
  }
  .content > [data-callout='tip']::before {
    content: '✓';
  }
  .content > :is([data-callout='important'], [data-callout='warning'], [data-callout='caution'])::before {
    content: '!';
  }
  .content > [data-callout='warning']::before {
    border-radius: 6px;
  }
  .content > [data-callout='caution']::before {
    border-radius: 3px;
  }
  .content > [data-callout][data-emoji]::before {
    content: attr(data-emoji);
    background: none;
    color: var(--w-text);
    font-size: 17px;
  }
  .content > pre[data-box] {
    isolation: isolate;
    margin-inline-start: calc(var(--base, 0) * var(--step));
    padding: 18px 32px 18px calc(var(--indent) * var(--step) + 16px) !important;
    background: var(--tint);
    box-shadow: none;
    border-radius: 0;
  }
  .content > pre[data-box]::before {
    content: '';
    position: absolute;
    z-index: -1;
    inset-block: 4px;
    inset-inline: calc(var(--indent) * var(--step)) 16px;
    border-radius: 8px;
    background: var(--w-background);
  }
  .content > pre[data-box-end] {
    padding-bottom: 26px !important;
    border-end-start-radius: 8px;
    border-end-end-radius: 8px;
  }
  .content > pre[data-box-end]::before {
    inset-block-end: 12px;
  }

  /* Columns begin at the same height; side by side they are by column-rows.ts, where a box is around a row, too. */
  .content > [data-head] {
    margin-top: 0;
  }
  .content::part(box) {
    background: var(--tint);
    print-color-adjust: exact;
  }

  .content > [data-kind='toggle'] {
    padding-inline-start: calc((var(--indent, 0) + 1) * var(--step)) !important;
  }
  .content > [data-kind='toggle']::before {
    content: '';
    position: absolute;
    inset-inline-start: calc(var(--indent, 0) * var(--step) + 1px);
    inset-block-start: calc(3px + 0.8em - 10px);
    width: 20px;
    height: 20px;
    background: var(--w-muted);
    clip-path: polygon(35% 25%, 70% 50%, 35% 75%);
    cursor: pointer;
    transform: rotate(90deg);
    transition: transform var(--w-quick);
  }
  .content > [data-kind='toggle']:hover::before {
    background: var(--w-text);
  }
  .content > [data-open='false']::before {
    transform: none;
  }
  .content > [data-open='false']:dir(rtl)::before {
    transform: rotate(180deg);
  }
  @media not print {
    .content > [data-folded] {
      display: none;
    }
  }
  @media (forced-colors: active) {
    .content > [data-kind='toggle']::before {
      forced-color-adjust: none;
      background: CanvasText;
    }
    .content > [data-box] {
      border-inline-start: 3px solid CanvasText;
    }
  }
`
