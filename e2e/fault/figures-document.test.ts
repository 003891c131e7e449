import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { sectionOf, withSection } from './figures-document.ts'
import { ROWS } from './rows.ts'

const [first, second] = ROWS
if (first === undefined || second === undefined) throw new Error('there are rows')
const found = { size: first.size, passed: ['it holds'], failed: [], figures: ['20 of them'], tookMs: 2_000 }

it('a run replaces the section of its row and leaves all others as they are', () => {
  const one = withSection('', first, sectionOf(first, found, 'abc'))
  expect(one).toMatch(/- held: it holds\n- 20 of them/)
  const two = withSection(
    one,
    second,
    sectionOf(second, { ...found, size: second.size, failed: ['not so'] }, 'def'),
  )
  expect(two).toMatch(/at abc; 2 s[\s\S]*at def; 2 s[\s\S]*did not hold\*\*: not so/)
  const again = withSection(two, first, sectionOf(first, found, 'xyz'))
  expect(again).not.toContain('at abc')
  expect(again.match(/^## /gm)).toHaveLength(ROWS.length)
  expect(withSection(again, first, sectionOf(first, found, 'xyz'))).toBe(again)
})

it('a part of its size stands there as that, and takes no larger one’s place unless it found something', () => {
  const part = { ...found, size: first.size / 10 }
  const once = withSection('', first, sectionOf(first, part, 'abc'))
  expect(once).toContain(`\`${first.variable}=${first.size / 10}\` of ${first.size}, `)
  const whole = withSection(once, first, sectionOf(first, found, 'def'))
  expect(whole).toContain(`\`${first.variable}=${first.size}\`, `)
  expect(withSection(whole, first, sectionOf(first, part, 'xyz'))).toBe(whole)
  const worse = sectionOf(first, { ...part, failed: ['not so'] }, 'xyz')
  expect(withSection(whole, first, worse)).toContain('not so')
})

it('every row names a test that exists', () => {
  const missing = ROWS.filter(
    ({ file }) => !existsSync(fileURLToPath(new URL(`../../${file}`, import.meta.url))),
  )
  expect(missing).toEqual([])
})
