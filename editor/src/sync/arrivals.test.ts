import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { Arrivals, MOST_MS } from './arrivals.ts'
import { manualClock } from './testing/manual-clock.ts'
import { manualFrames } from './testing/manual-frames.ts'

function start() {
  const frames = manualFrames()
  const clock = manualClock()
  const doc = new Y.Doc()
  const text = doc.getText('flow')
  const told: string[] = []
  const failures: unknown[] = []
  const arrivals = new Arrivals({
    doc,
    origin: 'server',
    frames,
    clock,
    gate: {
      run(apply) {
        told.push('gate')
        apply()
      },
    },
    presence: (bytes) => told.push(`presence ${bytes[0]} with "${text.toJSON()}"`),
    failed: (cause) => failures.push(cause),
  })
  doc.on('afterTransaction', ({ origin, local }: Y.Transaction) =>
    told.push(`${String(origin)}${local ? ' local' : ''}: ${text.toJSON()}`),
  )
  const theirs = new Y.Doc()
  /** Somebody else types. @returns their update */
  const typed = (words: string): Uint8Array => {
    const before = Y.encodeStateVector(theirs)
    theirs.getText('flow').insert(theirs.getText('flow').length, words)
    return Y.encodeStateAsUpdate(theirs, before)
  }
  return { frames, clock, doc, text, told, failures, arrivals, typed }
}

describe('Arrivals', () => {
  it('applies what came at once in one transaction of its origin, behind the gate, and asks for no frame', () => {
    const { arrivals, frames, clock, told, typed } = start()
    for (const word of ['a', 'b', 'c']) arrivals.update(typed(word))
    expect(told).toEqual([])
    clock.advance(0)
    expect(told).toEqual(['gate', 'server: abc'])
    clock.advance(1_000)
    expect(told).toHaveLength(2)
    expect(frames.waiting).toBe(0)
  })

  it('comes not more often than eyes can tell', () => {
    const { arrivals, clock, text, typed } = start()
    arrivals.update(typed('a'))
    clock.advance(0)
    arrivals.update(typed('b'))
    clock.advance(20)
    arrivals.update(typed('c'))
    clock.advance(11)
    expect(text.toJSON()).toBe('a')
    clock.advance(1)
    expect(text.toJSON()).toBe('abc')
  })

  it('leaves the frame that shows what was written here alone', () => {
    const { arrivals, clock, text, typed } = start()
    arrivals.update(typed('a'))
    arrivals.wrote()
    clock.advance(15)
    expect(text.toJSON()).toBe('')
    clock.advance(1)
    expect(text.toJSON()).toBe('a')
  })

  it('comes less often while somebody writes here, and then behind a key', () => {
    const { arrivals, clock, text, typed } = start()
    arrivals.wrote()
    clock.advance(16)
    arrivals.update(typed('a'))
    clock.advance(0)
    expect(text.toJSON()).toBe('a')
    clock.advance(4)
    arrivals.update(typed('b'))
    clock.advance(110)
    // A key that comes before it is time for the next ones holds them for its frame.
    arrivals.wrote()
    clock.advance(15)
    expect(text.toJSON()).toBe('a')
    clock.advance(1)
    expect(text.toJSON()).toBe('ab')
    // Nothing is written any more: they wait for no key for long, and then for none.
    arrivals.update(typed('c'))
    clock.advance(MOST_MS - 1)
    expect(text.toJSON()).toBe('ab')
    clock.advance(1)
    expect(text.toJSON()).toBe('abc')
    clock.advance(1_000)
    arrivals.update(typed('d'))
    clock.advance(0)
    expect(text.toJSON()).toBe('abcd')
  })

  it('waits for the next key where it would come right before it', () => {
    const { arrivals, clock, text, typed } = start()
    arrivals.wrote()
    clock.advance(100)
    arrivals.update(typed('a'))
    clock.advance(25)
    arrivals.wrote()
    clock.advance(15)
    expect(text.toJSON()).toBe('')
    clock.advance(1)
    expect(text.toJSON()).toBe('a')
  })

  it('comes behind the next key again when it once came at another time', () => {
    const { arrivals, clock, text, typed } = start()
    arrivals.wrote()
    arrivals.update(typed('a'))
    clock.advance(100)
    arrivals.update(typed('b'))
    // The server asked for something, say.
    arrivals.settle()
    arrivals.update(typed('c'))
    clock.advance(25)
    expect(text.toJSON()).toBe('ab')
    arrivals.wrote()
    clock.advance(16)
    expect(text.toJSON()).toBe('abc')
  })

  it('lets nothing wait for long, however fast somebody writes here', () => {
    const { arrivals, clock, text, typed } = start()
    arrivals.update(typed('a'))
    let passedMs = 0
    for (; text.toJSON() === '' && passedMs < 1_000; passedMs += 10) {
      arrivals.wrote()
      clock.advance(10)
    }
    expect(passedMs).toBeGreaterThan(16)
    expect(passedMs).toBeLessThanOrEqual(MOST_MS + 10)
  })

  it('applies at once where no frame is drawn', () => {
    const { arrivals, frames, text, typed } = start()
    frames.visible = false
    arrivals.update(typed('a'))
    expect(text.toJSON()).toBe('a')
  })

  it('applies what waits when it is told to settle, and nothing afterwards', () => {
    const { arrivals, clock, told, typed } = start()
    arrivals.update(typed('a'))
    arrivals.settle()
    expect(told).toEqual(['gate', 'server: a'])
    expect(clock.nextInMs()).toBeUndefined()
    arrivals.settle()
    expect(told).toHaveLength(2)
  })

  it('tells where somebody stands only after the text that they stand in, and no more often', () => {
    const { arrivals, clock, told, typed } = start()
    arrivals.presence(Uint8Array.of(1))
    arrivals.update(typed('a'))
    arrivals.presence(Uint8Array.of(2))
    clock.advance(0)
    expect(told.slice(-2)).toEqual(['presence 1 with "a"', 'presence 2 with "a"'])
    arrivals.presence(Uint8Array.of(3))
    clock.advance(31)
    expect(told.at(-1)).toBe('presence 2 with "a"')
    clock.advance(1)
    expect(told.at(-1)).toBe('presence 3 with "a"')
  })

  it('never lets a local edit wait', () => {
    const { arrivals, clock, text, typed } = start()
    arrivals.update(typed('theirs'))
    text.insert(0, 'mine')
    expect(text.toJSON()).toBe('mine')
    clock.advance(0)
    expect(text.toJSON()).toContain('theirs')
    expect(text.toJSON()).toContain('mine')
  })

  it('applies what came with bytes that make no sense, and tells of them', () => {
    const { arrivals, clock, text, failures, typed } = start()
    arrivals.update(typed('a'))
    arrivals.update(Uint8Array.of(255, 255, 255))
    arrivals.update(typed('b'))
    clock.advance(0)
    expect(text.toJSON()).toBe('ab')
    expect(failures).toHaveLength(1)
  })

  it('goes on after a listener of the document that throws', () => {
    const { arrivals, clock, doc, text, failures, typed } = start()
    doc.once('update', () => {
      throw new Error('a listener')
    })
    arrivals.update(typed('a'))
    arrivals.presence(Uint8Array.of(1))
    clock.advance(0)
    expect(failures).toEqual([new Error('a listener')])
    arrivals.update(typed('b'))
    clock.advance(32)
    expect(text.toJSON()).toBe('ab')
  })
})
