import { describe, expect, it } from 'vitest'
import { Later } from './later.ts'

describe('a part for later', () => {
  it('is fetched once, when it is first wanted', async () => {
    let fetched = 0
    const part = new Later(() => {
      fetched += 1
      return Promise.resolve('card')
    })
    expect(fetched).toBe(0)
    expect(await Promise.all([part.get(), part.get()])).toEqual(['card', 'card'])
    expect(await part.get()).toBe('card')
    expect(fetched).toBe(1)
  })

  it('that could not be fetched is asked for again', async () => {
    const answers = [Promise.reject(new Error('no network')), Promise.resolve('card')]
    const part = new Later(() => answers.shift() ?? Promise.reject(new Error('asked too often')))
    expect(await part.get()).toBeUndefined()
    expect(await part.get()).toBe('card')
    expect(await part.get()).toBe('card')
  })
})
