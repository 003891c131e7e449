/**
 * Work that shows nothing here, such as telling others, waits until the frame is drawn that shows what this person did.
 *
 * Rule: nothing asks for a frame in which nothing is drawn. Behind one, the browser holds the next back for as long as a
 * screen's takes, and that may be a key's. What others did far off the screen draws nothing.
 */

/** As long as a frame of a slow screen: what is being drawn now is drawn then. */
const SOON_MS = 20

/** Runs `run` once, before the next frame is drawn. @returns its undo */
export function inFrame(run: () => void): () => void {
  const frame = requestAnimationFrame(run)
  return () => cancelAnimationFrame(frame)
}

/** Runs `run` once, in a moment, whether a frame is drawn until then or not. @returns its undo */
export function soon(run: () => void): () => void {
  const timer = setTimeout(run, SOON_MS)
  return () => clearTimeout(timer)
}

/** Runs `run` once, when the next frame has been drawn, which is drawn in any case. @returns its undo */
export function afterFrame(run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const frame = requestAnimationFrame(() => {
    timer = setTimeout(run)
  })
  return () => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
  }
}
