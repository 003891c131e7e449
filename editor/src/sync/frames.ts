/**
 * When the page is drawn next, so that what comes in many pieces is shown once; nothing where nobody looks.
 */
import type { Clock } from './clock.ts'

/** A page may count as visible and still not be drawn: a covered window, a frame that is scrolled away. */
export const LATEST_MS = 100

export interface Frames {
  /** False where none will be drawn: a hidden page, Node. */
  isDrawn(): boolean
  /**
   * Runs `run` once, before the next frame is drawn.
   *
   * @returns its undo; undefined where none will be drawn (a hidden page, Node), and `run` is not kept
   */
  next(run: () => void): (() => void) | undefined
}

export function pageFrames(clock: Clock): Frames {
  const isDrawn = (): boolean =>
    typeof requestAnimationFrame !== 'undefined' && document.visibilityState !== 'hidden'
  return {
    isDrawn,
    next(run) {
      if (!isDrawn()) return undefined
      const once = (): void => {
        undo()
        run()
      }
      const frame = requestAnimationFrame(once)
      const undoTimer = clock.after(LATEST_MS, once)
      const undo = (): void => {
        cancelAnimationFrame(frame)
        undoTimer()
      }
      return undo
    },
  }
}
