/** The look of the toolbar: one row, scrolling sideways where it is too long, fading where there is more. */
import { css } from 'lit'
import { colorRules } from './palette.ts'

export const toolbarStyle = css`
  :host {
    display: block;
    color: var(--w-text);
    font-family: var(--w-font);
  }
  .bar {
    display: flex;
    align-items: center;
    gap: 2px;
    height: max(44px, calc(var(--w-control) + 4px));
    padding: 0 var(--weft-bar-padding, 8px);
    overflow-x: auto;
    overscroll-behavior-x: contain;
    scrollbar-width: none;
    --left: 0px;
    --right: 0px;
  }
  .bar.more-left {
    --left: 28px;
  }
  .bar.more-right {
    --right: 28px;
  }
  .bar.more-left,
  .bar.more-right {
    mask-image: linear-gradient(
      to right,
      transparent,
      #000 var(--left),
      #000 calc(100% - var(--right)),
      transparent
    );
  }
  .group {
    display: flex;
    gap: 2px;
    flex: none;
  }
  .end {
    margin-inline-start: auto;
    padding-inline-start: 8px;
  }
  .rule {
    flex: none;
    width: 1px;
    height: 20px;
    margin: 0 6px;
    background: var(--w-line);
  }
  .tool,
  .kind {
    flex: none;
    display: flex;
    align-items: center;
    justify-content: center;
    height: var(--w-control);
    min-width: var(--w-control);
    transition: background-color var(--w-quick);
  }
  .kind {
    gap: 6px;
    padding: 0 4px 0 8px;
    font-weight: 550;
  }
  .kind:dir(rtl) {
    padding: 0 8px 0 4px;
  }
  .kind-name {
    min-width: 100px;
    text-align: start;
    white-space: nowrap;
  }
  .kind .icon:last-child {
    width: 16px;
    height: 16px;
    color: var(--w-muted);
  }
  .color {
    position: relative;
    padding: 2px;
    border-radius: 4px;
  }
  .color::after {
    content: '';
    position: absolute;
    inset: auto 4px 3px;
    height: 3px;
    border-radius: 2px;
    background: currentColor;
  }
  ${colorRules('.tool')}
  :is([data-command='indent'], [data-command='outdent']):dir(rtl) .icon {
    transform: scaleX(-1);
  }
  .tool:hover,
  .kind:hover,
  .kind[aria-expanded='true'] {
    background: var(--w-hover);
  }
  .tool[aria-pressed='true'] {
    background: var(--w-accent-soft);
    color: var(--w-accent);
  }
  [aria-disabled='true'] {
    cursor: default;
    color: color-mix(in srgb, var(--w-muted) 55%, transparent);
    background: none !important;
  }
  :focus-visible {
    outline-offset: -2px;
  }
  :host([placement='floating']) .kind-name {
    display: none;
  }
  @media (max-width: 719.98px) {
    .kind-name {
      min-width: 0;
    }
  }
  @media (forced-colors: active) {
    .tool[aria-pressed='true'] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
    [aria-disabled='true'] {
      color: GrayText;
    }
  }
`
