/** The look of the status pill and its panel. */
import { css } from 'lit'

export const statusStyle = css`
  :host {
    display: inline-flex;
    min-width: 0;
    font-family: var(--w-font);
    color: var(--w-text);
  }
  .pill {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-width: 0;
    height: 28px;
    padding: 0 10px 0 8px;
    border-radius: 14px;
    font-size: 13px;
    font-weight: 550;
    color: var(--w-muted);
    position: relative;
  }
  /* Taller to the finger than to the eye. */
  .pill::after {
    content: '';
    position: absolute;
    inset: calc((28px - var(--w-control)) / 2) 0;
  }
  .pill .icon {
    width: 18px;
    height: 18px;
  }
  .label {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
  }
  .pill:hover,
  .pill[aria-expanded='true'] {
    background: var(--w-hover);
  }
  .pill.saved {
    color: var(--w-saved);
  }
  .pill.warning {
    color: var(--w-warning);
    background: var(--w-warning-soft);
  }
  .pill.danger {
    color: var(--w-danger);
    background: var(--w-danger-soft);
  }
  .panel {
    position: fixed;
    inset: auto;
    margin: 0;
    border: 1px solid var(--w-line);
    padding: 16px;
    width: min(320px, calc(100vw - 16px));
    border-radius: var(--w-radius-menu);
    background: var(--w-surface);
    color: var(--w-text);
    box-shadow: var(--w-shadow);
    font-size: 14px;
    line-height: 1.45;
  }
  p {
    margin: 0;
  }
  .head {
    display: flex;
    gap: 8px;
    align-items: flex-start;
  }
  .head strong {
    font-weight: 600;
    line-height: 20px;
  }
  .head.saved .icon {
    color: var(--w-saved);
  }
  .head.warning .icon {
    color: var(--w-warning);
  }
  .head.danger .icon {
    color: var(--w-danger);
  }
  .detail {
    margin-top: 6px;
    color: var(--w-muted);
  }
  dl {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 6px 16px;
    margin: 14px 0 0;
    padding-top: 14px;
    border-top: 1px solid var(--w-line);
    font-size: 13px;
  }
  dt {
    color: var(--w-muted);
  }
  dd {
    margin: 0;
    text-align: end;
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
  }
  .hint {
    margin-top: 14px;
    padding-top: 12px;
    border-top: 1px solid var(--w-line);
    color: var(--w-muted);
    font-size: 13px;
  }
  @media (forced-colors: active) {
    .pill {
      border: 1px solid ButtonText;
    }
  }
`
