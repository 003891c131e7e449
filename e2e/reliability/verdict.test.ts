import { describe, expect, it } from 'vitest'
import type { Fate } from './history.ts'
import { judge } from './verdict.ts'
import { wordOf, wordsIn } from './words.ts'

const fate = (number: number, facts: Partial<Fate> = {}): Fate => ({
  word: wordOf(1, number),
  documentId: 'd',
  sentAtMs: 0,
  ackedAtMs: undefined,
  seen: false,
  ...facts,
})
const fates = [fate(0, { ackedAtMs: 5 }), fate(1, { seen: true }), fate(2)]
const [acked = '', seen = '', unsettled = ''] = fates.map(({ word }) => word)
const found = (text: string) => {
  const { lost, doubled, wrong } = judge(fates, wordsIn(text))
  return { lost: [...lost], doubled: [...doubled], wrong }
}

describe('A verdict', () => {
  it('lets a word that was neither acknowledged nor seen be there or not', () => {
    const clean = { lost: [], doubled: [], wrong: [] }
    expect(found(acked + seen)).toEqual(clean)
    expect(found(unsettled + seen + acked)).toEqual(clean)
  })

  it('calls a word lost that was acknowledged, or seen, and is not there', () => {
    expect(found(unsettled)).toMatchObject({ lost: [acked, seen] })
  })

  it('calls every word doubled that is there twice, acknowledged or not', () => {
    const text = acked + seen + unsettled
    expect(found(text + text)).toMatchObject({ doubled: [acked, seen, unsettled] })
  })

  it('tells of words that nobody typed, and of such as were torn', () => {
    const { wrong } = found(`${acked}${seen}${wordOf(2, 7)}<01-`)
    expect(wrong).toEqual([`${wordOf(2, 7)} was never typed`, 'a word was torn: "<01-"'])
  })
})
