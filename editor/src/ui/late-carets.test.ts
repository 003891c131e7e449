import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AGAIN_MS, LateCarets } from './late-carets.ts'
import { PARTS } from './parts.ts'

type Part = Awaited<ReturnType<typeof PARTS.carets.get>>

/** What the part has been asked to do, in the place of drawing it. */
let asked: string[]
let others: number
let missing: number
/** The next answers to who asks for the part; afterwards it is there. */
let failures: number
let fetches: number

class Drawn {
  refresh(): void {
    asked.push('refresh')
  }
  hold(range: Range | undefined): void {
    if (range !== undefined) asked.push('hold')
  }
  goTo(clientId: number): boolean {
    asked.push(`go to ${clientId}`)
    return true
  }
  close(): void {
    asked.push('close')
  }
}

beforeEach(() => {
  vi.useFakeTimers()
  asked = []
  others = 1
  missing = 0
  failures = 0
  fetches = 0
  vi.spyOn(PARTS.carets, 'get').mockImplementation(() => {
    fetches += 1
    failures -= 1
    return Promise.resolve(failures < 0 ? ({ Carets: Drawn } as unknown as Part) : undefined)
  })
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

function open(): LateCarets {
  const options = { countOthers: () => others, onMissing: () => (missing += 1) }
  return new LateCarets(options as unknown as ConstructorParameters<typeof LateCarets>[0])
}

describe('others’ carets', () => {
  it('that could not be fetched are asked for again after a while, not at every key', async () => {
    failures = 2
    const carets = open()
    for (let key = 0; key < 5; key += 1) {
      carets.refresh()
      await vi.advanceTimersByTimeAsync(100)
    }
    expect(fetches).toBe(1)
    await vi.advanceTimersByTimeAsync(AGAIN_MS)
    expect([fetches, asked]).toEqual([2, []])
    await vi.advanceTimersByTimeAsync(AGAIN_MS)
    expect([fetches, asked]).toEqual([3, ['refresh']])
    await vi.advanceTimersByTimeAsync(5 * AGAIN_MS)
    expect([fetches, missing]).toEqual([3, 0])
  })

  it('are not asked for again by an editor that is closed, or while nobody is there', async () => {
    failures = 9
    const carets = open()
    carets.refresh()
    await vi.advanceTimersByTimeAsync(AGAIN_MS / 2)
    carets.close()
    await vi.advanceTimersByTimeAsync(5 * AGAIN_MS)
    expect(fetches).toBe(1)

    const alone = open()
    alone.refresh()
    await vi.advanceTimersByTimeAsync(AGAIN_MS / 2)
    others = 0
    alone.refresh()
    await vi.advanceTimersByTimeAsync(5 * AGAIN_MS)
    expect(fetches).toBe(2)
    others = 1
    alone.refresh()
    await vi.advanceTimersByTimeAsync(0)
    alone.close()
    expect(fetches).toBe(3)
  })

  it('are asked for by who wants to go to one, and gone to once they are here', async () => {
    failures = 1
    const carets = open()
    carets.refresh()
    await vi.advanceTimersByTimeAsync(0)
    expect(carets.goTo(7)).toBe(true)
    await vi.advanceTimersByTimeAsync(100)
    expect([asked, missing]).toEqual([['refresh', 'go to 7'], 0])
    expect(carets.goTo(8)).toBe(true)
    expect(asked.at(-1)).toBe('go to 8')
  })

  it('that cannot be had are missed by who wants to go to one, and by nobody else', async () => {
    failures = 9
    const carets = open()
    carets.refresh()
    await vi.advanceTimersByTimeAsync(0)
    expect(missing).toBe(0)
    carets.goTo(7)
    await vi.advanceTimersByTimeAsync(0)
    expect(missing).toBe(1)
    others = 0
    expect(carets.goTo(7)).toBe(false)
    carets.close()
  })

  it('hold what is selected once they are here, also when the first try has failed', async () => {
    failures = 1
    others = 0
    const carets = open()
    carets.hold({} as Range)
    await vi.advanceTimersByTimeAsync(AGAIN_MS)
    expect(asked).toEqual(['hold', 'refresh'])
  })
})
