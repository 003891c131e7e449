import { describe, expect, it } from 'vitest'
import { BLOCK_MENU } from './block-entries.ts'
import { INSERT_MENU } from './insert-entries.ts'
import { ENGLISH_OTHER_NAMES } from './other-names.ts'
import { findEntries, slashQuery } from './slash-query.ts'
import { ENGLISH } from './strings.ts'

const found = (query: string): string[] =>
  findEntries(query, [...BLOCK_MENU, ...INSERT_MENU], ENGLISH, ENGLISH_OTHER_NAMES).map(
    ({ command }) => command,
  )

describe('behind a slash', () => {
  it('something is asked for at the start of a block and behind a space, and nowhere else', () => {
    expect(slashQuery('/')).toBe('')
    expect(slashQuery('/heading 2')).toBe('heading 2')
    expect(slashQuery('words /ta')).toBe('ta')
    for (const before of [
      '',
      'and/or',
      'https://e.org',
      'src/ui',
      '/ ',
      '/a/b',
      'a /  b',
      `/${'x'.repeat(25)}`,
    ])
      expect([before, slashQuery(before)]).toEqual([before, undefined])
  })

  it('all is offered first, then what a word of begins with it, by name before other names', () => {
    expect(found('')).toHaveLength(BLOCK_MENU.length + INSERT_MENU.length)
    expect(found('TA')).toEqual(['table', 'check-list'])
    expect(found('heading 2')).toEqual(['heading-2'])
    expect(found('list')).toEqual(['bullet-list', 'numbered-list', 'check-list'])
    expect(found('todo')).toEqual(['check-list'])
    expect(found('equation')).toEqual(['equation', 'inline-equation'])
    expect(found('zzz')).toEqual([])
  })
})
