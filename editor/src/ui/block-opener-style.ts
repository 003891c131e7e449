/** The look of the button on a code block or a callout; for the editor's own shadow root. */
import { css } from 'lit'

export const openerStyle = css`
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
`
