import { expect, it } from 'vitest'
import { matches } from './myers.ts'
import { randomOf } from './testing/random-document.ts'

/** Length of the longest common subsequence, the slow way. */
function longest(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0))
  const at = (x: number, y: number): number => rows[x]?.[y] ?? 0
  for (let x = 1; x <= a.length; x += 1)
    for (let y = 1; y <= b.length; y += 1)
      (rows[x] ?? [])[y] = a[x - 1] === b[y - 1] ? at(x - 1, y - 1) + 1 : Math.max(at(x - 1, y), at(x, y - 1))
  return at(a.length, b.length)
}

it('matches as many elements as can be, each equal and in order', () => {
  const random = randomOf(7)
  const text = (): string =>
    Array.from({ length: Math.floor(random() * 12) }, () => 'abc'[Math.floor(random() * 3)]).join('')
  for (let turn = 0; turn < 2_000; turn += 1) {
    const [a, b] = [text(), text()]
    const pairs = matches(a.split(''), b.split(''))
    expect([a, b, pairs.length]).toEqual([a, b, longest(a, b)])
    expect(
      pairs.every(
        ([x, y], at) => a[x] === b[y] && (pairs[at - 1]?.[0] ?? -1) < x && (pairs[at - 1]?.[1] ?? -1) < y,
      ),
    ).toBe(true)
  }
})
