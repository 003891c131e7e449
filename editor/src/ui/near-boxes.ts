/**
 * Which boxes of blocks are near the screen (`stretches.ts`): those have the class `near`.
 *
 * Rule: only boxes near it and a few beside them are watched: each costs time at every frame, also at a key's. Whatever leaves
 * no box near, a jump or a deletion, has all of them watched again.
 */

/**
 * More than a screen above and below: as far as a key can lead that turns the page. What is farther costs time at every
 * key. Of whatever scrolls: `scrollMargin` holds for the window, too, where with both of them one is taken times the other.
 */
const NEAR =
  typeof IntersectionObserver !== 'undefined' && 'scrollMargin' in IntersectionObserver.prototype
    ? { scrollMargin: '110% 0%' }
    : { rootMargin: '110% 0%' }

/** So much is watched on both sides of a near box: some boxes are a single line. */
const BESIDE_BOXES = 4
const BESIDE_BLOCKS = 128

export interface NearBoxesOptions {
  /** All boxes in their order, and of how many blocks each is that people see. */
  readonly boxes: () => readonly (readonly [box: HTMLElement, blocks: number])[]
  /** Another box is near now, or no longer. */
  readonly onChange: () => void
}

export class NearBoxes {
  readonly #options: NearBoxesOptions
  readonly #observer: IntersectionObserver
  readonly #watched = new Set<HTMLElement>()

  constructor(options: NearBoxesOptions) {
    this.#options = options
    this.#observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) target.classList.toggle('near', isIntersecting)
      this.#update()
      options.onChange()
    }, NEAR)
  }

  /** Boxes have been made, or have gone. Of those made it is found out whether they are near. */
  changed(made: readonly HTMLElement[], gone: readonly HTMLElement[]): void {
    for (const box of made) this.#watch(box)
    for (const box of gone) this.#forget(box)
    // All that were watched may be gone.
    if (gone.length > 0) this.#update()
  }

  /** Boxes are about to be near: they are until it is known better. */
  expect(boxes: readonly HTMLElement[]): void {
    for (const box of boxes) {
      box.classList.add('near')
      // Of one that is watched already nothing is told as long as it stays far.
      this.#forget(box)
      this.#watch(box)
    }
    this.#update()
  }

  close(): void {
    this.#observer.disconnect()
  }

  #update(): void {
    const boxes = this.#options.boxes()
    const wanted = new Set<HTMLElement>()
    for (const [at, [box]] of boxes.entries()) {
      if (!box.classList.contains('near')) continue
      wanted.add(box)
      for (const step of [-1, 1]) {
        let [count, blocks] = [0, 0]
        for (let next = at + step; count < BESIDE_BOXES || blocks < BESIDE_BLOCKS; next += step) {
          const beside = boxes[next]
          if (beside === undefined) break
          wanted.add(beside[0])
          count++
          blocks += beside[1]
        }
      }
    }
    if (wanted.size === 0) for (const [box] of boxes) wanted.add(box)
    for (const box of this.#watched) if (!wanted.has(box)) this.#forget(box)
    for (const box of wanted) this.#watch(box)
  }

  #watch(box: HTMLElement): void {
    // Observed a second time, one is not told of again, but it costs.
    if (this.#watched.has(box)) return
    this.#watched.add(box)
    this.#observer.observe(box)
  }

  #forget(box: HTMLElement): void {
    this.#watched.delete(box)
    this.#observer.unobserve(box)
  }
}
