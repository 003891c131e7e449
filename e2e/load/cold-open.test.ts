/** The measure of cold opening, checked: a real server, and faults on purpose. */
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { type ColdOpen, type ColdOpenOptions, measureColdOpens } from './cold-open.ts'
import { contestants } from './contestants.ts'
import { readManuscript } from './manuscript.ts'
import { TEXT } from './script.ts'

/** For what does not come; by then everything else has, also on a busy machine. */
const IN_VAIN = { exactlyMs: 15_000 }

const peer = contestants().find(({ name }) => name === 'y-websocket')

async function measure(
  faults: Pick<ColdOpenOptions, 'loses' | 'forge' | 'within'> = {},
): Promise<ColdOpen | undefined> {
  if (peer === undefined) throw new Error('the peer is not among the contestants')
  const plan = { keystrokes: 300, shortKeystrokes: 100, restarts: 1, crowds: 1, crowdPeople: 5, settleMs: 0 }
  const [measured] = await measureColdOpens({ contestants: [peer], plan, ...faults })
  return measured
}

describe('The manuscript', () => {
  it('is one update a keystroke, and they add up to the text', () => {
    const { updates, text } = readManuscript(2_000)
    expect(updates.length).toBe(2_000)
    const doc = new Y.Doc()
    for (const update of updates) Y.applyUpdate(doc, update)
    expect(doc.getText(TEXT).toJSON()).toBe(text)
    expect(text.startsWith('\\documentclass')).toBe(true)
  })

  it('says how long the recording is when more is asked for', () => {
    expect(() => readManuscript(259_779)).toThrow('automerge-paper has 259778 keystrokes')
  })
})

describe('Measuring a cold open', () => {
  it('sees one person and a crowd get the whole text from a server started anew', async () => {
    const measured = await measure()
    const { openMs = [], crowdMs = [], crowdCpuMs = [], editsPerSecond } = measured ?? {}
    expect([openMs.length, crowdMs.length, crowdCpuMs.length]).toEqual([1, 1, 1])
    for (const ms of [...openMs, ...crowdMs]) expect(ms).toBeGreaterThan(0)
    expect(editsPerSecond).toBeGreaterThan(0)
  })

  it('fails when one of a crowd is not sent the text', async () => {
    const measured = measure({ loses: (person) => person === 3, within: IN_VAIN })
    await expect(measured).rejects.toThrow(/all 5 have the \d+ characters; last seen: \[\{"person":3,/)
  })

  it('fails when one keystroke was not the one that was made', async () => {
    const forge: ColdOpenOptions['forge'] = (updates) =>
      updates.map((update, index) => (index === 40 ? anotherLetter(update) : update))
    await expect(measure({ forge, within: IN_VAIN })).rejects.toThrow('all 1 have the')
  })

  it('fails when one keystroke never reaches the server', async () => {
    const forge: ColdOpenOptions['forge'] = (updates) => updates.toSpliced(40, 1)
    await expect(measure({ forge, within: IN_VAIN })).rejects.toThrow('all 1 have the')
  })
})

/** The letter stands before the empty set of deletions. */
function anotherLetter(update: Uint8Array): Uint8Array {
  const forged = update.slice()
  const at = forged.length - 2
  forged[at] = (forged[at] ?? 0) ^ 1
  return forged
}
