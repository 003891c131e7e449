/** Layout of the document page: a bar of 48 px, two rows of it below 720 px, and the editor in the rest. */
import { css } from 'lit'
import { progress } from '../parts/base.ts'

export const documentLook = [
  progress,
  css`
    :host {
      display: flex;
      flex-direction: column;
      min-height: 100dvh;
    }
    .bar {
      position: sticky;
      top: 0;
      z-index: 10;
      display: flex;
      align-items: center;
      gap: 8px;
      height: var(--weft-bar);
      padding: 0 8px;
      background: var(--weft-background);
      border-bottom: 1px solid var(--weft-line);
    }
    .back {
      color: var(--weft-muted);
    }
    app-title-field {
      flex: 0 1 auto;
      margin-left: -4px;
    }
    .status {
      flex: none;
    }
    .presence {
      margin-left: auto;
    }
    .elsewhere {
      flex: 1;
      overflow: hidden;
      font-weight: 600;
      text-overflow: ellipsis;
      white-space: nowrap;
    }

    main {
      flex: 1;
      display: flex;
      flex-direction: column;
    }
    .editor {
      flex: 1;
      /* Lets its frame fill the rest of the window, so that a click below the text finds the text. */
      display: grid;
      grid-template: minmax(0, 1fr) / minmax(0, 1fr);
      --weft-bar-top: var(--weft-bar);
    }
    .remark {
      width: 100%;
      max-width: 832px;
      margin: 12px auto 0;
      padding: 0 16px;
    }
    .introduction {
      display: flex;
      align-items: center;
      justify-content: center;
      gap: 4px;
      min-height: 40px;
      padding: 0 8px 0 16px;
      background: var(--weft-sunken);
      color: var(--weft-muted);
      font-size: 14px;
    }
    .introduction b {
      color: var(--weft-text);
      font-weight: 600;
    }
    .introduction .button:not(.icon) {
      color: var(--weft-accent);
    }
    .hello {
      min-width: 0;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .dot {
      display: inline-block;
      margin-right: 4px;
      width: 10px;
      height: 10px;
      border-radius: 50%;
    }

    /* Two rows: what it is called, then how it stands. Nothing is hidden, for the pill says the same at every width. */
    @media (max-width: 719px) {
      .bar {
        display: grid;
        grid-template:
          'back title share more' 48px
          'below below below below' auto / 44px minmax(0, 1fr) 44px 44px;
        align-items: center;
        gap: 0;
        height: auto;
        padding: 0 2px;
      }
      .back {
        grid-area: back;
      }
      app-title-field,
      .elsewhere {
        grid-area: title;
        margin: 0;
      }
      app-share {
        grid-area: share;
      }
      .more {
        grid-area: more;
      }
      .status,
      .presence {
        margin: 0 10px 6px;
      }
      /* One row for both: as columns they would widen the buttons above them. */
      .status {
        grid-area: below;
        justify-self: start;
      }
      .presence {
        grid-area: below;
        justify-self: end;
      }
      .introduction {
        padding: 0 4px 0 16px;
      }
      .hello {
        flex: 1;
      }
    }
  `,
]
