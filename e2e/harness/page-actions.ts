/** What becomes of a page, by chance: its network goes and comes, it is loaded anew. */
import type { WeftEditorApi } from '@weft/editor/element'
import { isKeptHere } from './gestures.ts'
import { type Hands, setOffline } from './hands.ts'
import { type Allowance, NOTHING } from './page-ledger.ts'
import { until } from './wait.ts'

export const PAGE_ACTIONS = {
  async network(hands: Hands): Promise<Allowance> {
    await setOffline(hands, !hands.isOffline)
    return NOTHING
  },

  /** Only when the page says that leaving loses nothing; without a network it comes from the page's own cache. */
  async reload({ person, isOffline }: Hands): Promise<Allowance> {
    const { page } = person
    // A document that nobody has written in yet is nowhere but on the server.
    if (isOffline && !(await isKeptHere(page))) return NOTHING
    const editor = page.locator('weft-editor')
    await until('the page can be opened without a network', () =>
      page.evaluate(async () => {
        const worker = await navigator.serviceWorker.getRegistration()
        return worker?.active?.state === 'activated'
      }),
    )
    await until('leaving loses nothing', () =>
      editor.evaluate((element) => !(element as unknown as WeftEditorApi).status.leavingLoses),
    )
    await page.reload()
    await page.locator('weft-editor [contenteditable="true"]').waitFor()
    return NOTHING
  },
} satisfies { [name: string]: (hands: Hands) => Promise<Allowance> }
