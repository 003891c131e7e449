/**
 * The look: every colour, size and shadow stands here once, as private `--w-*` values that a page overrides with the
 * `--weft-*` property of the same name.
 *
 * Rule: parts use `--w-*` only, so that a page's value, the dark scheme, more contrast and forced colours reach
 * all of them. Nothing outside our shadow roots is styled.
 */
import { css } from 'lit'

/**
 * `light-dark()` follows `color-scheme`: of the system by default, fixed by the `theme` attribute.
 * Contrast was chosen for 4.5:1 of text and 3:1 of the edges of controls, on both backgrounds.
 */
export const tokens = css`
  /* Only what stands in the page by itself chooses; a part inside another follows it. */
  :host(weft-editor),
  :host(weft-status),
  :host(weft-presence) {
    color-scheme: light dark;
  }
  :host {
    --w-background: var(--weft-background, light-dark(#ffffff, #16181d));
    --w-surface: var(--weft-surface, light-dark(#ffffff, #1f2229));
    --w-sunken: var(--weft-sunken, light-dark(#f5f6f8, #1d2026));
    --w-text: var(--weft-text, light-dark(#1b1f24, #e6e8eb));
    --w-muted: var(--weft-muted, light-dark(#59636e, #9aa4af));
    --w-accent: var(--weft-accent, light-dark(#0b5fd3, #6aa9ff));
    --w-on-accent: var(--weft-on-accent, light-dark(#ffffff, #0d1420));
    --w-accent-soft: var(--weft-accent-soft, light-dark(#e7f0fd, #1d2c42));
    --w-selection: var(--weft-selection, light-dark(#bfdbff, #24487a));
    --w-line: var(--weft-line, light-dark(#e3e6ea, #2c3038));
    --w-edge: var(--weft-edge, light-dark(#868f99, #717b87));
    --w-hover: var(--weft-hover, light-dark(#f0f2f5, #282c34));
    --w-saved: var(--weft-saved, light-dark(#137333, #6fce8d));
    --w-warning: var(--weft-warning, light-dark(#8a4b00, #f2b967));
    --w-warning-soft: var(--weft-warning-soft, light-dark(#fff4e0, #35270f));
    --w-danger: var(--weft-danger, light-dark(#b3261e, #ff9a92));
    --w-danger-soft: var(--weft-danger-soft, light-dark(#fdecea, #3b1c1a));
    --w-shadow: var(
      --weft-shadow,
      0 1px 2px light-dark(rgb(20 28 40 / 0.08), rgb(0 0 0 / 0.5)),
      0 8px 28px light-dark(rgb(20 28 40 / 0.14), rgb(0 0 0 / 0.55))
    );
    --w-font: var(
      --weft-font,
      system-ui,
      -apple-system,
      'Segoe UI',
      Roboto,
      'Noto Sans',
      'Liberation Sans',
      sans-serif
    );
    --w-mono: var(--weft-mono, ui-monospace, 'SF Mono', 'Cascadia Mono', 'Liberation Mono', Menlo, Consolas, monospace);
    --w-radius: var(--weft-radius, 6px);
    --w-radius-menu: var(--weft-radius-menu, 10px);
    --w-radius-dialog: var(--weft-radius-dialog, 12px);
    --w-control: 32px;
    --w-quick: 120ms;
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
  @media (prefers-contrast: more) {
    :host {
      --w-muted: var(--weft-muted, light-dark(#3d454d, #c5ccd3));
      --w-line: var(--weft-line, light-dark(#868f99, #717b87));
      --w-edge: var(--weft-edge, light-dark(#3d454d, #c5ccd3));
    }
  }
  @media (prefers-reduced-motion: reduce) {
    :host {
      --w-quick: 0ms;
    }
  }
  @media (pointer: coarse) {
    :host {
      --w-control: 44px;
    }
  }
`

/** Buttons, fields and focus, the same in every part. */
export const controls = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  .icon {
    display: block;
    flex: none;
  }
  button {
    font: inherit;
    font-size: 14px;
    line-height: 20px;
    color: inherit;
    background: none;
    border: 0;
    margin: 0;
    padding: 0;
    border-radius: var(--w-radius);
    cursor: pointer;
    touch-action: manipulation;
    -webkit-tap-highlight-color: transparent;
  }
  button:disabled {
    cursor: default;
    opacity: 0.38;
  }
  :focus-visible {
    outline: 2px solid var(--w-accent);
    outline-offset: 1px;
  }
  .filled,
  .plain {
    height: var(--w-control);
    padding: 0 14px;
    font-weight: 550;
  }
  .filled {
    background: var(--w-accent);
    color: var(--w-on-accent);
  }
  .filled:hover {
    background: color-mix(in srgb, var(--w-accent) 88%, var(--w-text));
  }
  .plain:hover {
    background: var(--w-hover);
  }
  .field {
    font: inherit;
    font-size: 15px;
    color: var(--w-text);
    background: var(--w-background);
    border: 1px solid var(--w-edge);
    border-radius: var(--w-radius);
    height: var(--w-control);
    padding: 0 10px;
    width: 100%;
    min-width: 0;
  }
  .field::placeholder {
    color: var(--w-muted);
    opacity: 1;
  }
  .field:focus-visible {
    outline-offset: -1px;
    border-color: transparent;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (pointer: coarse) {
    /* Below 16 px iOS zooms the page when a field is focused. */
    .field {
      font-size: 16px;
    }
  }
  @media (forced-colors: active) {
    .filled {
      border: 1px solid ButtonText;
    }
  }
`
