/** A browser that is killed while somebody types into it without a server: what was typed is there when it opens again. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { figure, sizeOf } from '../harness/figure.ts'
import { type Person, personIn } from '../harness/person.ts'
import { openProfile, type ProfileBrowser } from '../harness/profile-browser.ts'
import { randomFrom } from '../harness/random.ts'
import { type ServerProcess, startServerProcess } from '../harness/server-process.ts'
import { until } from '../harness/wait.ts'

const ROUNDS = sizeOf('BROWSER_KILLS', 4)
/** What is older than this when the browser dies must be there; a machine that does much else gets slack. */
const KEPT_AFTER_MS = process.env['CI'] === undefined ? 200 : 2_000
const WORD_MS = 20
/** Long enough for something to be older than that. */
const TYPING_MS = process.env['CI'] === undefined ? 1_500 : 5_000

let server: ServerProcess
let profile: string
let browser: ProfileBrowser | undefined
beforeAll(async () => {
  server = await startServerProcess()
  profile = await mkdtemp(join(tmpdir(), 'weft-profile-'))
})
afterAll(async () => {
  await browser?.kill()
  await server?.dispose()
  await rm(profile, { recursive: true, force: true })
})

async function openPage(): Promise<Person> {
  browser = await openProfile(profile)
  return personIn(browser.context)
}

interface Typed {
  text: string
  /** When it was in the page, and how much of the text there was then. */
  readonly marks: { readonly at: number; readonly length: number }[]
}

/** Types until the page is gone. */
async function typeUntilKilled(ann: Person, round: number, typed: Typed): Promise<void> {
  for (let word = 0; ; word++) {
    const next = `${round}w${word} `
    typed.text += next
    try {
      await ann.type(next, 0)
    } catch {
      return
    }
    typed.marks.push({ at: performance.now(), length: typed.text.length })
    await new Promise((resolve) => setTimeout(resolve, WORD_MS))
  }
}

it(
  `${ROUNDS} kills of a browser lose nothing that was typed more than ${KEPT_AFTER_MS} ms before`,
  async () => {
    const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))
    const random = randomFrom(seed)
    console.info(`SEED=${seed}`)
    let ann = await openPage()
    const url = await ann.begin(server.url)
    let before = ''
    const lostMs: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      // Nobody but this browser has what is typed from now on.
      await server.kill()
      await ann.page.locator('weft-editor [contenteditable="true"]').click()
      await ann.page.keyboard.press('Control+End')
      const typed: Typed = { text: '', marks: [] }
      const typing = typeUntilKilled(ann, round, typed)
      await until('she is typing', () => typed.marks.length >= 5)
      await new Promise((resolve) => setTimeout(resolve, random.below(TYPING_MS)))
      const killedAt = performance.now()
      await browser?.kill()
      await typing
      const { text, marks } = typed

      await server.start()
      ann = await openPage()
      await ann.open(url)
      await until('what was typed before is there', ann.text, (shown) => shown.startsWith(before))
      await ann.saved()
      const shown = await ann.text()
      const found = shown.slice(before.length)
      expect(text.startsWith(found)).toBe(true)
      const lost = marks.find(({ at, length }) => at <= killedAt && length > found.length)
      lostMs.push(lost === undefined ? 0 : killedAt - lost.at)
      before = shown
    }
    figure(`the oldest of what was lost was typed, ms before the kill: ${lostMs.map(Math.round).join()}`)
    expect(Math.max(...lostMs)).toBeLessThan(KEPT_AFTER_MS)
    expect(before.length).toBeGreaterThan(ROUNDS * 20)
  },
  60_000 + ROUNDS * 60_000,
)
