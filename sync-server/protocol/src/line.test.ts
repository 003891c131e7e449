import { expect, it } from 'vitest'
import { cleanLine } from './line.ts'

it.each([
  ['Ann \u202Egpj.exe', 'Ann gpj.exe'],
  ['\u2066Ann\u2069\u200F\u061C', 'Ann'],
  ['  a\n\tb\u0000\u0007 ', 'a b'],
  ['half \uD83D', 'half'],
  ['\u202E\u202E', ''],
  ['日本 👩‍💻 René שלום', '日本 👩‍💻 René שלום'],
])('a name %j is kept as %j', (given, kept) => {
  expect(cleanLine(given)).toBe(kept)
})
