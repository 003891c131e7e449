/** The look of what stands beside blocks (`handles.ts`); for the editor's own shadow root. */
import { css } from 'lit'

export const handleStyle = css`
  .block-handle {
    display: grid;
    place-items: center;
    width: 24px;
    height: 28px;
    color: var(--w-muted);
    cursor: grab;
    opacity: 0;
    transition: opacity var(--w-quick);
  }
  .block-handle.small {
    width: 12px;
    height: 22px;
  }
  .block-handle .icon {
    width: 18px;
    height: 18px;
    /* It is wider than a small handle: what lies beside the handle is the line's. */
    pointer-events: none;
  }
  /* Its dots keep off the first letter. */
  .block-handle.small .icon {
    width: 14px;
    height: 14px;
  }
  .block-handle:not(.shown) {
    pointer-events: none;
  }
  .block-handle.shown {
    opacity: 1;
  }
  .block-handle:hover {
    background: var(--w-hover);
    color: var(--w-text);
  }
  .block-handle:active {
    cursor: grabbing;
  }
  .drop-line {
    height: 3px;
    border-radius: 2px;
    background: var(--w-accent);
    pointer-events: none;
    forced-color-adjust: none;
  }
  .content .dragged {
    opacity: 0.4;
  }
  @media (hover: none) {
    .block-handle {
      display: none;
    }
  }

  .block-opener {
    display: flex;
    align-items: center;
    width: var(--w-control);
    height: var(--w-control);
    border-radius: var(--w-radius);
    color: var(--w-muted);
    cursor: pointer;
  }
  .block-opener:is(:hover, :focus-visible, [aria-expanded='true']) {
    background: color-mix(in srgb, var(--w-edge) 18%, transparent);
    color: var(--w-text);
  }
  .block-opener.on-code {
    gap: 4px;
    width: auto;
    max-width: 160px;
    padding: 0 4px 0 10px;
    background: var(--w-sunken);
    font-size: 13px;
  }
  .block-opener.on-code:dir(rtl) {
    padding: 0 10px 0 4px;
  }
  .block-opener.on-code:is(:hover, :focus-visible, [aria-expanded='true']) {
    background: color-mix(in srgb, var(--w-edge) 18%, var(--w-sunken));
  }
  .block-opener span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .block-opener .icon {
    width: 16px;
    height: 16px;
  }

  .table-opener {
    display: grid;
    place-items: center;
    width: 28px;
    height: 28px;
    border: 1px solid var(--w-line);
    background: var(--w-surface);
    color: var(--w-muted);
    cursor: pointer;
  }
  .table-opener:hover,
  .table-opener[aria-expanded='true'] {
    background: var(--w-hover);
    color: var(--w-text);
  }
  @media (pointer: coarse) {
    .table-opener {
      width: 44px;
      height: 36px;
    }
    /* What can be touched is larger than what is seen. */
    .table-opener::after {
      content: '';
      position: absolute;
      inset: -4px 0;
    }
  }
  .column-edge {
    width: 11px;
    cursor: col-resize;
    touch-action: none;
  }
  .column-edge::before {
    content: '';
    position: absolute;
    inset: 0 4px;
    background: var(--w-accent);
    opacity: 0;
    transition: opacity var(--w-quick);
  }
  .column-edge:is(:hover, .dragging)::before {
    opacity: 1;
  }
`
