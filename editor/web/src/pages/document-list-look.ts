/** Layout of the list: one column of 840 px; below 720 px the time goes under the title. */
import { css } from 'lit'

export const listLook = css`
  .page {
    max-width: 880px;
    margin: 0 auto;
    padding: 40px 20px 96px;
  }
  .head {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 16px;
    min-height: 44px;
    margin-bottom: 16px;
  }
  h1 {
    font-size: 30px;
    font-weight: 650;
    line-height: 1.2;
    letter-spacing: -0.015em;
  }
  .create {
    min-height: max(36px, var(--weft-control));
    padding: 0 16px 0 12px;
  }
  .explain {
    margin-bottom: 24px;
    color: var(--weft-muted);
  }

  .search {
    position: relative;
    margin-bottom: 28px;
  }
  .search > svg {
    position: absolute;
    inset: 0 auto 0 14px;
    margin: auto 0;
    color: var(--weft-muted);
    pointer-events: none;
  }
  .search input {
    height: 44px;
    padding: 0 48px 0 42px;
    border-color: transparent;
    border-radius: 10px;
    background: var(--weft-sunken);
    appearance: none;
  }
  .search input:hover {
    border-color: var(--weft-line-strong);
  }
  .search input::-webkit-search-cancel-button {
    appearance: none;
  }
  .search kbd {
    position: absolute;
    inset: 0 14px 0 auto;
    height: 20px;
    margin: auto 0;
    pointer-events: none;
  }
  .search:focus-within kbd {
    visibility: hidden;
  }
  .search .clear {
    position: absolute;
    inset: 0 0 0 auto;
    width: 44px;
    height: 44px;
    color: var(--weft-muted);
  }
  app-notice {
    margin-bottom: 24px;
  }
  app-notice .button {
    color: inherit;
  }

  section + section {
    margin-top: 28px;
  }
  /* Swatches stand in line with the page's name; the ground under a row reaches beyond. */
  ul {
    margin: 0 -12px;
  }
  h2 {
    margin: 0 0 4px;
    color: var(--weft-muted);
    font-size: 13px;
    font-weight: 600;
  }

  li {
    position: relative;
    display: flex;
    align-items: center;
    border-radius: 10px;
  }
  li:hover,
  li:focus-within {
    background: var(--weft-sunken);
  }
  li + li::before {
    content: '';
    position: absolute;
    inset: 0 12px auto 62px;
    border-top: 1px solid var(--weft-line);
  }
  li:hover::before,
  li:focus-within::before,
  li:hover + li::before,
  li:focus-within + li::before {
    visibility: hidden;
  }
  .open {
    flex: 1;
    display: flex;
    align-items: center;
    gap: 14px;
    min-width: 0;
    min-height: 60px;
    padding: 10px 8px 10px 12px;
    border-radius: 10px;
  }
  .open:focus-visible {
    outline-offset: -2px;
  }
  .what {
    flex: 1;
    display: flex;
    align-items: center;
    gap: 4px 16px;
    min-width: 0;
  }
  .title {
    flex: 1;
    overflow: hidden;
    font-size: 16px;
    font-weight: 550;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .untitled {
    color: var(--weft-muted);
    font-weight: 450;
  }
  .when {
    display: flex;
    align-items: center;
    gap: 10px;
    color: var(--weft-muted);
    font-size: 14px;
    white-space: nowrap;
  }
  .kind {
    padding: 1px 8px;
    border: 1px solid var(--weft-line-strong);
    border-radius: 99px;
    font-size: 12px;
    font-weight: 500;
  }
  .narrow {
    display: none;
  }
  app-menu {
    margin-right: 12px;
  }

  .foot {
    display: flex;
    align-items: center;
    gap: 12px;
    margin: 24px 0 0;
    font-size: 14px;
  }
  @media (max-width: 719px) {
    .page {
      padding: 24px 16px 96px;
    }
    h1 {
      font-size: 26px;
    }
    .wide,
    .search kbd {
      display: none;
    }
    .narrow {
      display: inline;
    }
    ul {
      margin: 0 -8px;
    }
    .open {
      min-height: 68px;
      padding-left: 8px;
    }
    li + li::before {
      left: 58px;
    }
    .what {
      flex-direction: column;
      align-items: stretch;
      gap: 1px;
    }
    .title {
      flex: none;
    }
    .when {
      flex-direction: row-reverse;
      justify-content: flex-end;
      font-size: 13px;
    }
    app-menu {
      margin-right: 0;
    }
  }
`
