/** The look of the people: circles of 28 px, hollow and dashed when away. */
import { css } from 'lit'

export const presenceStyle = css`
  :host {
    display: inline-flex;
    font-family: var(--w-font);
    color: var(--w-text);
  }
  ul {
    display: flex;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .avatar,
  .more {
    display: grid;
    place-items: center;
    width: 34px;
    height: max(34px, var(--w-control));
    border-radius: 17px;
  }
  li + li {
    margin-inline-start: -4px;
  }
  .face {
    display: grid;
    place-items: center;
    flex: none;
    width: 28px;
    height: 28px;
    border-radius: 50%;
    background: var(--person);
    color: #ffffff;
    font-size: 11.5px;
    font-weight: 650;
    line-height: 1;
    letter-spacing: 0.01em;
  }
  /* Away: hollow and dashed, with the letters in the person's colour on the page's own background. */
  .face.idle {
    background: var(--w-background);
    color: color-mix(in srgb, var(--person) 78%, var(--w-text));
    border: 1.5px dashed var(--person);
  }
  .more {
    width: auto;
    min-width: 34px;
    padding: 0 6px;
    font-size: 12.5px;
    font-weight: 600;
    color: var(--w-muted);
  }
  .more:hover {
    color: var(--w-text);
  }
  .avatar:hover .face {
    box-shadow: 0 0 0 2px var(--w-background), 0 0 0 4px var(--person);
  }
  .list {
    position: fixed;
    inset: auto;
    margin: 0;
    border: 0;
  }
  .list {
    border: 1px solid var(--w-line);
    padding: 6px;
    min-width: 200px;
    max-height: 60vh;
    overflow-y: auto;
    border-radius: var(--w-radius-menu);
    background: var(--w-surface);
    color: var(--w-text);
    box-shadow: var(--w-shadow);
  }
  .row {
    display: flex;
    align-items: center;
    gap: 10px;
    width: 100%;
    min-height: max(40px, var(--w-control));
    padding: 0 8px;
    text-align: start;
  }
  .row:hover {
    background: var(--w-hover);
  }
  @media (forced-colors: active) {
    .face {
      forced-color-adjust: none;
    }
  }
`
