/**
 * Work that shows nothing here, such as telling others, waits until the frame is drawn that shows what this person did.
 */

/** Runs `run` once, before the next frame is drawn. @returns its undo */
export function inFrame(run: () => void): () => void {
  const frame = requestAnimationFrame(run)
  return () => cancelAnimationFrame(frame)
}

/** Runs `run` once, when the next frame has been drawn. @returns its undo */
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
