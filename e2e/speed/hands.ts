/** Who writes in the page that is measured: clicks, selects and presses keys as a person does, and looks what came of it. */
import type { CDPSession, Page } from 'playwright-core'
import { until } from '../harness/wait.ts'
import { type Key, letter, press } from './keyboard.ts'
import { FORMATTED, MINE, WORD } from './manuscript.ts'
import type { SpeedPlan } from './plan.ts'
import type { Gesture } from './probe.ts'
import type { Gestures } from './trial.ts'

export const letters = (count: number): Key[] =>
  Array.from({ length: count }, (_, index) => letter('etaoinshrdlu'[index % 12] ?? 'e'))

/** The one person on the page. */
export class Hands {
  readonly #page: Page
  readonly #session: CDPSession
  readonly #title: string
  readonly #random: () => number

  constructor(page: Page, session: CDPSession, title: string, random: () => number) {
    this.#page = page
    this.#session = session
    this.#title = title
    this.#random = random
  }

  async clickAfter(start: string): Promise<void> {
    const show = () => this.#page.evaluate((start) => window.probe.show(start), start)
    let place = await show()
    // A page may lay out what it is scrolled to only then: a person, too, clicks on what stands still.
    await until('the place stands still', async () => {
      const before = place
      await this.#page.evaluate(
        () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
      )
      place = await show()
      return place.x === before.x && place.y === before.y
    })
    // What others type just then may move the place from under the pointer: a person would click again.
    await until('the caret is there', async () => {
      place = await show()
      await this.#page.mouse.click(place.x, place.y)
      return this.#page.evaluate((start) => window.probe.isCaretIn(start), start)
    })
    await this.#page.keyboard.press('End')
  }

  async selectWordIn(start: string): Promise<void> {
    // What others type at that moment may take a selection back in some editors: a person would try again, too.
    await until('a word is selected', async () => {
      const { x, y } = await this.#page.evaluate(([start, word]) => window.probe.show(start, word), [
        start,
        WORD,
      ] as const)
      await this.#page.mouse.dblclick(x, y)
      // Long enough for the next double click not to be taken for a third and fourth.
      await this.#page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 600)))
      return this.#page.evaluate((word) => window.probe.selected() === word, WORD)
    })
  }

  async type({ keys }: SpeedPlan): Promise<Pick<Gestures, 'type' | 'cpuMsPerLetter'>> {
    const beforeMs = await this.#cpuMs()
    const type = await this.press('type', letters(keys))
    return { type, cpuMsPerLetter: ((await this.#cpuMs()) - beforeMs) / keys }
  }

  /** Of the page's main thread: what waits for a core is not in it, so a busy machine does not blur it. */
  async #cpuMs(): Promise<number> {
    await this.#session.send('Performance.enable', { timeDomain: 'threadTicks' })
    const { metrics } = await this.#session.send('Performance.getMetrics')
    return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN)
  }

  /** Keys that have had no effect: told, not failed, because only a format can be lost and leave the text whole. */
  lost = 0

  async press(gesture: Gesture, keys: readonly Key[]): Promise<readonly number[]> {
    const start = gesture === 'format' ? FORMATTED : MINE
    await this.#page.evaluate(([gesture, start]) => window.probe.watch(gesture, start), [
      gesture,
      start,
    ] as const)
    await press(this.#session, keys, this.#random)
    const { ms, lost } = await until(
      `${this.#title}: all ${keys.length} keys (${gesture}) are shown`,
      () => this.#page.evaluate(() => window.probe.taken()),
      ({ ms, lost }) => ms.length + lost === keys.length,
    )
    this.lost += lost
    return ms
  }
}
