/** Two people who both have the same paragraphs, and what both must have in the end. */
import { $getRoot } from 'lexical'
import { expect } from 'vitest'
import { meet, type Person, people } from './people.ts'

export function two(...paragraphs: string[]): [Person, Person] {
  const [ann, ben] = people(2)
  if (ann === undefined || ben === undefined) throw new Error('nobody there')
  ann.at(0, 0)
  for (const [index, text] of paragraphs.entries()) {
    if (index > 0) ann.enter()
    if (text !== '') ann.type(text)
  }
  meet(ann, ben)
  return [ann, ben]
}

export function expectBoth([ann, ben]: readonly [Person, Person], lines: readonly string[]): void {
  expect(ann.lines()).toEqual(lines)
  expect(ben.lines()).toEqual(lines)
  expect(ann.binding.checkDrift()).toBe(false)
  expect(ben.binding.checkDrift()).toBe(false)
}

/** Drags a block before another one. */
export function moveBefore(person: Person, from: number, to: number): void {
  person.edit(() => {
    const blocks = $getRoot().getChildren()
    const [block, target] = [blocks[from], blocks[to]]
    if (block !== undefined) target?.insertBefore(block)
  })
}
