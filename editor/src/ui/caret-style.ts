/** The look of others' carets: a 2 px bar, dashed when idle, with a flag that shows while it moves or is pointed at. */
import { css } from 'lit'

export const caretStyle = css`
  .carets {
    position: absolute;
    inset: 0;
    pointer-events: none;
  }
  .caret {
    position: absolute;
    left: 0;
    top: 0;
    width: 2px;
    border-radius: 1px;
    background: var(--person);
    z-index: 1;
  }
  .caret.idle {
    background: repeating-linear-gradient(to bottom, var(--person) 0 3px, transparent 3px 6px);
  }
  /* What the mouse finds: a knob, so that clicks beside the bar still reach the text. */
  .caret::before {
    content: '';
    position: absolute;
    left: -2px;
    top: -3px;
    width: 6px;
    height: 6px;
    border-radius: 50%;
    background: var(--person);
    pointer-events: auto;
  }
  .caret::after {
    content: '';
    position: absolute;
    left: -6px;
    top: -8px;
    width: 14px;
    height: 16px;
    pointer-events: auto;
  }
  .flag {
    position: absolute;
    left: -1px;
    bottom: 100%;
    max-width: 160px;
    padding: 1px 7px 2px;
    border-radius: 5px 5px 5px 1px;
    background: var(--person);
    color: #ffffff;
    font: 600 12px / 17px var(--w-font);
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
    opacity: 0;
    visibility: hidden;
    transition:
      opacity 160ms,
      visibility 160ms;
  }
  .leftward .flag {
    left: auto;
    right: -1px;
    border-radius: 5px 5px 1px 5px;
  }
  .below .flag {
    bottom: auto;
    top: 100%;
    border-radius: 1px 5px 5px 5px;
  }
  .caret.named .flag,
  .caret:hover .flag {
    opacity: 1;
    visibility: visible;
  }
  @media (prefers-reduced-motion: reduce) {
    .flag {
      transition: none;
    }
  }
  @media (forced-colors: active) {
    .caret,
    .caret::before,
    .flag {
      forced-color-adjust: none;
    }
  }
`
