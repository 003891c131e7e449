import { describe, expect, it } from 'vitest'
import { cleanTitle, reduceTitle, shownTitle, type TitleDraft, type TitleEvent } from './title-draft.ts'

const settled = (title: string): TitleDraft => ({ kind: 'settled', title })
const after = (draft: TitleDraft, ...events: TitleEvent[]): TitleDraft => events.reduce(reduceTitle, draft)

describe('reduceTitle', () => {
  it('shows what somebody else named it while I am not typing', () => {
    expect(shownTitle(after(settled('Notes'), { kind: 'told', title: 'Minutes' }))).toBe('Minutes')
  })

  it('does not replace what I am typing, and gives up mine for theirs on Escape', () => {
    const typing = after(
      settled('Notes'),
      { kind: 'typed', text: 'Note' },
      { kind: 'told', title: 'Minutes' },
    )
    expect(shownTitle(typing)).toBe('Note')
    expect(after(typing, { kind: 'cancelled' })).toEqual(settled('Minutes'))
  })

  it('saves nothing when the title is the same after all', () => {
    const same = after(settled('Notes'), { kind: 'typed', text: ' Notes ' }, { kind: 'committed' })
    expect(same).toEqual(settled('Notes'))
  })

  it('keeps what I typed while the save was on its way', () => {
    const draft = after(
      settled(''),
      { kind: 'typed', text: 'Tide' },
      { kind: 'committed' },
      { kind: 'typed', text: 'Tide tables' },
      { kind: 'saved', title: 'Tide' },
    )
    expect(draft).toEqual({ kind: 'typing', text: 'Tide tables', server: 'Tide' })
  })

  it('keeps my words after a failed save, ready to be saved again', () => {
    const failed = after(
      settled('Notes'),
      { kind: 'typed', text: 'Minutes' },
      { kind: 'committed' },
      { kind: 'failed' },
    )
    expect(shownTitle(failed)).toBe('Minutes')
    expect(after(failed, { kind: 'committed' }).kind).toBe('saving')
  })
})

describe('cleanTitle', () => {
  it('makes one line of at most 200 characters', () => {
    expect(cleanTitle('  Tide\n tables \t')).toBe('Tide tables')
    expect(cleanTitle('x'.repeat(300))).toHaveLength(200)
  })
})
