/**
 * How pictures, files, formulas and players look, as blocks and in a line, and what is selected as a whole.
 *
 * Rule: the element's own attributes say what it is; nothing here depends on what is around it.
 */
import { css } from 'lit'

export const objectStyle = css`
  .content > :is([data-kind='image'], [data-kind='file'], [data-kind='equation'], [data-kind='embed']) {
    margin-block: 8px;
    white-space: normal;
    cursor: default;
    border-radius: var(--w-radius);
  }
  .content > [data-box]:is([data-kind='image'], [data-kind='file'], [data-kind='equation'], [data-kind='embed']) {
    margin-block: 0;
    padding-block: 8px;
  }
  .content .selected {
    border-radius: var(--w-radius);
    box-shadow: 0 0 0 2px var(--w-accent);
  }
  .content [data-kind] > img {
    display: block;
    max-width: 100%;
    height: auto;
    border-radius: var(--w-radius);
  }
  .content .card {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 2px 12px;
    padding: 12px 16px;
    border-radius: 8px;
    background: var(--w-sunken);
    box-shadow: inset 0 0 0 1px var(--w-line);
    color: var(--w-muted);
    font-size: 15px;
    line-height: 1.5;
    text-decoration: none;
  }
  .content .card:hover .card-name {
    text-decoration: underline;
  }
  .content a.card {
    cursor: pointer;
  }
  .content .card-name {
    color: var(--w-text);
    font-weight: 550;
  }
  .content a .card-name {
    color: var(--w-accent);
  }
  .content .card-detail {
    max-width: 100%;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: 14px;
  }
  .content .formula {
    display: block;
    padding: 10px 16px;
    overflow-x: auto;
    text-align: center;
    font-family: var(--w-mono);
    font-size: 15px;
  }
  .content math {
    font-size: 1.2em;
  }
  .content .player {
    display: grid;
    gap: 12px;
    justify-items: start;
    padding: 16px;
    border-radius: 8px;
    background: var(--w-sunken);
    box-shadow: inset 0 0 0 1px var(--w-line);
  }
  .content .player .card {
    padding: 0;
    background: none;
    box-shadow: none;
    max-width: 100%;
    box-sizing: border-box;
  }
  .content .player:has(iframe) {
    padding: 0;
    overflow: hidden;
  }
  .content .player iframe {
    display: block;
    width: 100%;
    aspect-ratio: 16 / 9;
    border: 0;
  }
  .content [data-action] {
    height: var(--w-control);
    padding: 0 14px;
    background: var(--w-accent);
    color: var(--w-on-accent);
    font-weight: 550;
  }
  .content [data-action='edit'] {
    position: absolute;
    inset-block-start: 8px;
    inset-inline-end: 8px;
    background: var(--w-surface);
    color: var(--w-text);
    box-shadow: var(--w-shadow);
    opacity: 0;
    pointer-events: none;
  }
  .content[contenteditable='true'] > :is(:hover, .selected) > [data-action='edit'] {
    opacity: 1;
    pointer-events: auto;
  }

  .content [data-object] {
    border-radius: 4px;
    cursor: default;
  }
  .content [data-object] img {
    display: inline-block;
    max-width: 100%;
    max-height: 12em;
    height: auto;
    vertical-align: bottom;
    border-radius: 4px;
  }
  .content [data-object] .card {
    display: inline-flex;
    padding: 1px 8px;
    border-radius: 5px;
    font-size: 0.94em;
    gap: 6px;
  }
  .content [data-object='mention']:not([data-color]) {
    padding: 1px 4px;
    color: var(--w-accent);
    background: var(--w-accent-soft);
  }
  .content [data-object='date'] {
    white-space: nowrap;
    padding: 1px 4px;
    background: color-mix(in srgb, var(--w-edge) 15%, transparent);
  }
  .content [data-object='unknown'] {
    padding: 1px 5px;
    border: 1px dashed var(--w-edge);
    color: var(--w-muted);
    font-size: 0.9em;
  }
  @media print {
    .content [data-action] {
      display: none;
    }
    .content > :is([data-kind='image'], [data-kind='file'], [data-kind='equation'], [data-kind='embed']) {
      break-inside: avoid;
    }
  }
  @media (forced-colors: active) {
    .content .selected {
      outline: 2px solid Highlight;
    }
    .content .card {
      border: 1px solid CanvasText;
    }
  }
`
