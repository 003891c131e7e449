/** Frames that are drawn only when the test says so. */
import type { Frames } from '../frames.ts'

export interface ManualFrames extends Frames {
  /** Somebody looks at the page; true in the beginning. */
  visible: boolean
  draw(): void
  /** How many wait for the next frame. */
  readonly waiting: number
}

export function manualFrames(): ManualFrames {
  const asked = new Set<() => void>()
  return {
    visible: true,
    get waiting() {
      return asked.size
    },
    isDrawn() {
      return this.visible
    },
    next(run) {
      if (!this.visible) return undefined
      // Each its own, so that the undo of one does not undo another.
      const once = () => run()
      asked.add(once)
      return () => asked.delete(once)
    },
    draw() {
      const due = [...asked]
      asked.clear()
      for (const run of due) run()
    },
  }
}
