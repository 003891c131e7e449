/** The look of the list that "/" opens; for the editor's own shadow root. */
import { css } from 'lit'

export const slashStyle = css`
  .slash-menu {
    position: fixed;
    inset: auto;
    margin: 0;
    border: 1px solid var(--w-line);
    padding: 6px;
    width: 272px;
    max-height: min(276px, calc(50dvh - 40px));
    overflow-y: auto;
    overscroll-behavior: contain;
    border-radius: var(--w-radius-menu);
    background: var(--w-surface);
    color: var(--w-text);
    box-shadow: var(--w-shadow);
    font: 14px / 20px var(--w-font);
  }
  .slash-menu > * {
    display: flex;
    align-items: center;
    gap: 10px;
    min-height: var(--w-control);
    padding: 0 8px;
    border-radius: var(--w-radius);
    cursor: pointer;
  }
  .slash-menu [aria-selected='true'] {
    background: var(--w-hover);
  }
  .slash-menu .icon {
    color: var(--w-muted);
  }
  .slash-menu span {
    flex: 1;
  }
  .slash-menu kbd {
    color: var(--w-muted);
    font: inherit;
    font-size: 12px;
  }
  @media (pointer: coarse) {
    .slash-menu kbd {
      display: none;
    }
  }
  @media (forced-colors: active) {
    .slash-menu [aria-selected='true'] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
`
