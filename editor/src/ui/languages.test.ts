import { describe, expect, it } from 'vitest'
import { findLanguages, languageLabel, languageNamed, languageTyped } from './languages.ts'

describe('languages', () => {
  it('are found by any of their names, those that begin with it first', () => {
    expect(findLanguages('ts').map(({ label }) => label)[0]).toBe('TypeScript')
    expect(
      findLanguages('C')
        .map(({ label }) => label)
        .slice(0, 3),
    ).toEqual(['Shell', 'C', 'C++'])
    expect(findLanguages(' script').map(({ label }) => label)).toEqual(['JavaScript', 'TypeScript'])
    expect(findLanguages('no such thing')).toEqual([])
    expect(findLanguages('').length).toBeGreaterThan(20)
  })

  it('are shown by their proper name, and as they are when nobody knows them', () => {
    expect(languageLabel('js')).toBe('JavaScript')
    expect(languageLabel('zig')).toBe('zig')
    expect(languageNamed('JS')?.name).toBe('javascript')
  })

  it('may be any that the schema takes', () => {
    expect(languageTyped(' zig ')).toBe('zig')
    expect(languageTyped('c++')).toBe('c++')
    expect(languageTyped('not a name')).toBeUndefined()
    expect(languageTyped('')).toBeUndefined()
    for (const { name } of findLanguages('')) expect(languageTyped(name)).toBe(name)
  })
})
