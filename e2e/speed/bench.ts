/**
 * `npm run bench:editor`: Weft's editor beside two others, in the same browser, on the same text, round by round.
 *
 * Ends with 1 when a key was not shown, or when anybody's key is missing in the end. Figures that miss an aim are
 * printed, not failed. Only a whole run writes `docs/editor-speed.md`.
 */
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { aboutMachine, flagsOrUsage, loadNow, progress, runBenchmark } from '../harness/bench-command.ts'
import { openBrowser } from '../harness/person.ts'
import { startServerProcess } from '../harness/server-process.ts'
import { measureBare } from './bare.ts'
import { EDITORS, type EditorContestant } from './contestants.ts'
import { manuscript } from './manuscript.ts'
import { FULL, QUICK, type SpeedPlan } from './plan.ts'
import { type Measured, markdownReport, screenReport } from './report.ts'
import { openSite } from './site.ts'
import { measureOpen, measureTrial, type Trial, type TrialOptions } from './trial.ts'

const usage = `npm run bench:editor -- [options]
  --quick                 one short round; writes no document
  --only <name,name>      of weft, lexical, tiptap; writes no document
  --profile <folder>      CPU profiles of the pages while others type, for Chrome's developer tools; writes no document`

const readFlags = () =>
  parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  }).values

type Stage = Pick<TrialOptions, 'browser' | 'site' | 'server' | 'profiles'>

async function measure(
  stage: Stage,
  editors: readonly EditorContestant[],
  plan: SpeedPlan,
): Promise<{ measured: Measured[]; bareMs: number[] }> {
  const figures = editors.map((contestant) => ({
    contestant,
    trials: [] as Trial[],
    openManyMs: [] as number[],
  }))
  const blocks = manuscript(plan.blocks)
  const many = manuscript(plan.manyBlocks)
  const bareMs: number[] = []
  for (let round = 0; round < plan.rounds; round++) {
    // Whoever was first is last the next time.
    const order = figures
      .map((_, index) => figures[(index + round) % figures.length])
      .filter((one) => one !== undefined)
    for (const { contestant, trials, openManyMs } of order) {
      progress(`round ${round + 1} of ${plan.rounds}: ${contestant.title}`)
      const options = { ...stage, plan, editor: contestant, round }
      trials.push(await measureTrial(options, blocks))
      openManyMs.push(await measureOpen(options, many))
    }
    progress(`round ${round + 1} of ${plan.rounds}: a bare contenteditable`)
    bareMs.push(...(await measureBare(stage.browser, blocks, plan, round)))
  }
  return { measured: figures, bareMs }
}

async function main(): Promise<number> {
  const flags = flagsOrUsage(readFlags, usage)
  if (flags === undefined) return 2
  if (flags.help) {
    console.log(usage)
    return 0
  }
  const wanted: readonly string[] = flags.only?.split(',') ?? EDITORS.map(({ name }) => name)
  const editors = EDITORS.filter(({ name }) => wanted.includes(name))
  if (editors.length !== wanted.length) {
    console.error(usage)
    return 2
  }
  const plan = flags.quick ? QUICK : FULL
  const loadBefore = loadNow()
  progress('building the pages')
  const site = await openSite()
  const server = await startServerProcess({ flags: ['--rate-limit', 'off', '--embed-origins', site.origin] })
  const browser = await openBrowser(['--disable-frame-rate-limit', '--disable-gpu-vsync'])
  try {
    const stage = { browser, site, server: server.url, profiles: flags.profile }
    const { measured, bareMs } = await measure(stage, editors, plan)
    progress('done')
    console.log(`\n${screenReport(measured, bareMs, plan)}`)
    if (plan === FULL && editors.length === EDITORS.length && flags.profile === undefined) {
      const text = markdownReport(measured, bareMs, plan, {
        ...aboutMachine(),
        browser: `Chromium ${browser.version()}`,
        loadBefore,
        loadAfter: loadNow(),
      })
      await writeFile(fileURLToPath(new URL('../../docs/editor-speed.md', import.meta.url)), text)
      console.log('\nWritten to docs/editor-speed.md.')
    }
    return 0
  } finally {
    await browser.close()
    await site.close()
    await server.dispose()
  }
}

await runBenchmark(main)
