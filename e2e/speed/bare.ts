/**
 * A limit to hold the editors against: what the browser itself takes for a key in the same text, in a bare
 * `contenteditable` with no editor, no document behind it, nobody else and no network.
 */
import type { Browser } from 'playwright-core'
import { seededRandom } from '../load/plan.ts'
import { Hands, letters } from './hands.ts'
import { MINE, type TextBlock } from './manuscript.ts'
import type { SpeedPlan } from './plan.ts'
import { installProbe } from './probe.ts'

const LOOK = 'body { margin: 0 } main { max-width: 720px; margin: auto; font: 17px / 1.6 sans-serif }'

/** @returns milliseconds from each key to the frame that shows it */
export async function measureBare(
  browser: Browser,
  blocks: readonly TextBlock[],
  plan: SpeedPlan,
  round: number,
): Promise<readonly number[]> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  try {
    await context.addInitScript(installProbe)
    const page = await context.newPage()
    await page.goto('data:text/html,<title>bare</title>')
    await page.evaluate(
      ([blocks, look]) => {
        const style = document.createElement('style')
        style.textContent = look
        const text = document.createElement('main')
        text.contentEditable = 'true'
        for (const { kind, runs } of blocks) {
          const block = document.createElement(kind === 'heading' ? 'h2' : 'p')
          for (const run of runs) {
            const part = document.createElement(
              run.bold === true ? 'b' : run.link === undefined ? 'span' : 'a',
            )
            part.textContent = run.text
            block.append(part)
          }
          text.append(block)
        }
        document.body.append(style, text)
      },
      [blocks, LOOK] as const,
    )
    const session = await context.newCDPSession(page)
    const hands = new Hands(page, session, 'a bare contenteditable', seededRandom(round))
    await hands.clickAfter(MINE)
    await hands.press('type', letters(plan.warmUpKeys))
    return await hands.press('type', letters(plan.keys))
  } finally {
    await context.close()
  }
}
