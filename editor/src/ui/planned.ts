/**
 * When something looks at the text after a change: in the frame that shows the change, behind it, or a moment later.
 *
 * Rule: nothing asks for a frame in which nothing is drawn. Behind one, the browser holds the next back for as long as a
 * screen's takes, and that may be a key's. What this person does is drawn; what others do far off the screen is not.
 */

/**
 * `in-frame`: before the next frame is drawn, for what is seen. `after-frame`: once the next is drawn, which is drawn in any case,
 * for what shows nothing here, such as telling others. `soon`: in a moment, whether a frame is drawn until then or not.
 */
export type Moment = (typeof MOMENTS)[number]

/** The first come first: what is planned twice comes at the earlier of both. */
const MOMENTS = ['in-frame', 'after-frame', 'soon'] as const

/** As long as a frame of a slow screen. */
const SOON_MS = 20

/** Something to do at most once at a time. */
export class Planned {
  readonly #run: () => void
  #moment: Moment | undefined
  #frame = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(run: () => void) {
    this.#run = run
  }

  get isPlanned(): boolean {
    return this.#moment !== undefined
  }

  /** What is planned for a later moment comes at this one instead. */
  plan(moment: Moment): void {
    if (this.#moment !== undefined && MOMENTS.indexOf(this.#moment) <= MOMENTS.indexOf(moment)) return
    this.cancel()
    this.#moment = moment
    if (moment === 'soon') this.#timer = setTimeout(this.#now, SOON_MS)
    else
      this.#frame = requestAnimationFrame(
        moment === 'in-frame'
          ? this.#now
          : () => {
              this.#timer = setTimeout(this.#now)
            },
      )
  }

  cancel(): void {
    this.#moment = undefined
    cancelAnimationFrame(this.#frame)
    clearTimeout(this.#timer)
  }

  readonly #now = (): void => {
    this.cancel()
    this.#run()
  }
}
