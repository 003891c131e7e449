/** What stands beside blocks, over the text: handle, pickers of blocks, the button of a table, the edges of its columns. */
import { adoptStyle } from './adopt-style.ts'
import { BlockHandle, type BlockHandleOptions } from './block-handle.ts'
import { BlockOpener, type BlockOpenerOptions } from './block-opener.ts'
import { listenBelowColumns } from './column-press.ts'
import { handleStyle } from './handle-style.ts'
import type { Moment } from './planned.ts'
import { TableControls, type TableControlsOptions } from './table-controls.ts'
import { TableResize, type TableResizeOptions } from './table-resize.ts'

export type HandlesOptions = BlockHandleOptions &
  BlockOpenerOptions &
  TableControlsOptions &
  TableResizeOptions

export class Handles {
  readonly #block: BlockHandle
  readonly #opener: BlockOpener
  readonly #resize: TableResize
  readonly #tables: TableControls
  readonly #undo: () => void

  constructor(options: HandlesOptions) {
    adoptStyle(options.root, handleStyle)
    this.#block = new BlockHandle(options)
    this.#opener = new BlockOpener(options)
    this.#resize = new TableResize(options)
    this.#tables = new TableControls(options)
    this.#undo = listenBelowColumns(options)
    this.refresh()
  }

  /** The pointer has moved before they were there. */
  hover(event: PointerEvent): void {
    this.#block.hover(event)
    this.#opener.hover(event)
  }

  /** The text has changed. @param hidden when those look at it that are not shown */
  refresh(hidden?: Moment): void {
    this.#tables.refresh(hidden)
    this.#block.refresh()
    this.#opener.refresh(hidden)
  }

  /** Scrolls a wide table until the caret's cell can be seen. */
  reveal(): void {
    this.#tables.reveal()
  }

  /** @returns false when the caret is in no table. */
  openTableMenu(): boolean {
    return this.#tables.open()
  }

  close(): void {
    this.#undo()
    this.#tables.close()
    this.#block.close()
    this.#opener.close()
    this.#resize.close()
  }
}
