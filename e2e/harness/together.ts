/**
 * A new document for each test, with everybody in it: the first begins it, the others open it. Their pages may have
 * no errors, whatever else a test looks at.
 */
import { afterEach, beforeEach } from 'vitest'
import type { Person } from './person.ts'
import type { Stage } from './stage.ts'

type People<Names extends readonly string[]> = { readonly [Index in keyof Names]: Person }

/**
 * Called once, outside of any test.
 * @param names as others see them, who begins the document first.
 * @param ready called before each test with them, in this order.
 */
export function together<const Names extends readonly [string, ...string[]]>(
  stage: Stage,
  names: Names,
  ready: (...people: People<Names>) => void,
): void {
  let people: Person[] = []
  beforeEach(async () => {
    people = []
    let address: string | undefined
    for (const name of names) {
      const somebody = await stage.person(name)
      people.push(somebody)
      if (address === undefined) address = await somebody.begin(stage.server.url)
      else await somebody.open(address)
    }
    ready(...(people as unknown as People<Names>))
  })
  afterEach(async () => {
    const errors = people.flatMap(({ errors }) => errors)
    for (const { context } of people) await context.close()
    if (errors.length > 0) throw new Error(`a page had errors: ${errors.join('\n')}`)
  })
}
