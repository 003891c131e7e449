/** What every part of the application shares: controls, links, focus. A part adds only its own layout to it. */
import { css } from 'lit'

export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  ol {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  a {
    color: inherit;
    text-decoration: none;
  }
  button,
  input {
    font: inherit;
    color: inherit;
    letter-spacing: inherit;
  }
  svg {
    display: block;
    flex: none;
  }
  :focus-visible {
    outline: 2px solid var(--weft-accent);
    outline-offset: 2px;
  }
  ::selection {
    background: var(--weft-selection);
    color: var(--weft-text);
  }
  h1:focus-visible {
    outline: none;
  }

  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-height: var(--weft-control);
    padding: 0 12px;
    border: 1px solid var(--weft-line-strong);
    border-radius: 6px;
    background: var(--weft-background);
    font-size: 14px;
    font-weight: 550;
    white-space: nowrap;
    cursor: pointer;
    user-select: none;
    transition: background-color 120ms;
  }
  .button:hover {
    background-image: linear-gradient(var(--weft-hover) 0 0);
  }
  .button:active {
    background-image: linear-gradient(var(--weft-hover) 0 0), linear-gradient(var(--weft-hover) 0 0);
  }
  .button[disabled],
  .button[aria-disabled='true'] {
    opacity: 0.55;
    cursor: default;
  }
  .button.primary {
    border-color: transparent;
    background-color: var(--weft-accent);
    color: var(--weft-on-accent);
  }
  .button.primary:hover {
    background-image: linear-gradient(rgb(0 0 0 / 10%) 0 0);
  }
  .button.danger {
    border-color: transparent;
    background-color: var(--weft-danger);
    color: var(--weft-on-danger);
  }
  .button.quiet {
    border-color: transparent;
    background-color: transparent;
  }
  .button.icon {
    width: var(--weft-control);
    padding: 0;
  }
  .link {
    color: var(--weft-accent);
    text-decoration: underline;
    text-underline-offset: 3px;
    text-decoration-thickness: 1px;
  }
  .field {
    width: 100%;
    min-height: max(36px, var(--weft-control));
    padding: 0 12px;
    border: 1px solid var(--weft-edge);
    border-radius: 6px;
    background: var(--weft-background);
    /* Below 16 px a phone zooms into the field. */
    font-size: max(16px, 1em);
  }
  .field::placeholder {
    color: var(--weft-muted);
    opacity: 1;
  }
  .field:focus-visible {
    outline-offset: -1px;
  }
  kbd {
    display: inline-block;
    min-width: 20px;
    padding: 0 5px;
    border: 1px solid var(--weft-line-strong);
    border-radius: 4px;
    color: var(--weft-muted);
    font: 500 11px / 18px var(--weft-font);
    text-align: center;
  }
  .thread {
    fill: light-dark(var(--thread), color-mix(in srgb, var(--thread) 78%, white));
  }
  .muted {
    color: var(--weft-muted);
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      transition-duration: 0s !important;
      animation-duration: 0s !important;
    }
  }
`

/** A thread that runs along the top while something unknown is asked for. */
export const progress = css`
  /* Long enough that a healthy server never shows it. */
  .loading {
    height: 2px;
    overflow: hidden;
    border-radius: 1px;
    background: linear-gradient(90deg, transparent, var(--weft-accent), transparent) 0 0 / 40% 100% no-repeat;
    opacity: 0;
    animation:
      sweep 1.2s linear infinite,
      show 0s 400ms forwards;
  }
  @keyframes sweep {
    from {
      background-position: -60% 0;
    }
    to {
      background-position: 160% 0;
    }
  }
  @keyframes show {
    to {
      opacity: 1;
    }
  }
`
