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
  it('applies what came between two frames in one transaction of its origin, behind the gate', () => {
    const { arrivals, frames, told, typed } = start()
    for (const word of ['a', 'b', 'c']) arrivals.update(typed(word))
    expect(told).toEqual([])
    expect(frames.waiting).toBe(1)
    frames.draw()
    expect(told).toEqual(['gate', 'server: abc'])
    frames.draw()
    expect(told).toHaveLength(2)
  })

  it('asks for a frame again after the last one, and comes not more often than eyes can tell', () => {
    const { arrivals, frames, clock, text, typed } = start()
    arrivals.update(typed('a'))
    frames.draw()
    arrivals.update(typed('b'))
    expect(text.toJSON()).toBe('a')
    frames.draw()
    expect([text.toJSON(), frames.waiting]).toEqual(['a', 0])
    arrivals.update(typed('c'))
    clock.advance(31)
    expect(frames.waiting).toBe(0)
    clock.advance(1)
    frames.draw()
    expect(text.toJSON()).toBe('abc')
  })

  it('leaves the frame that shows what was written here alone', () => {
    const { arrivals, frames, clock, text, typed } = start()
    arrivals.update(typed('a'))
    arrivals.wrote()
    frames.draw()
    expect(text.toJSON()).toBe('')
    clock.advance(16)
    frames.draw()
    expect(text.toJSON()).toBe('a')
  })

  it('comes less often while somebody writes here', () => {
    const { arrivals, frames, clock, text, typed } = start()
    arrivals.wrote()
    clock.advance(100)
    arrivals.update(typed('a'))
    frames.draw()
    arrivals.update(typed('b'))
    frames.draw()
    clock.advance(119)
    expect([text.toJSON(), frames.waiting]).toEqual(['a', 0])
    clock.advance(1)
    frames.draw()
    expect(text.toJSON()).toBe('ab')
    clock.advance(1_000)
    arrivals.update(typed('c'))
    frames.draw()
    arrivals.update(typed('d'))
    frames.draw()
    clock.advance(32)
    frames.draw()
    expect(text.toJSON()).toBe('abcd')
  })

  it('lets nothing wait for long, however fast somebody writes here', () => {
    const { arrivals, frames, clock, text, typed } = start()
    arrivals.update(typed('a'))
    let passedMs = 0
    for (; text.toJSON() === '' && passedMs < 1_000; passedMs += 10) {
      arrivals.wrote()
      frames.draw()
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

  it('applies what waits when it is told to settle, and draws nothing for it afterwards', () => {
    const { arrivals, frames, told, typed } = start()
    arrivals.update(typed('a'))
    arrivals.settle()
    expect(told).toEqual(['gate', 'server: a'])
    expect(frames.waiting).toBe(0)
    arrivals.settle()
    expect(told).toHaveLength(2)
  })

  it('tells where somebody stands only after the text that they stand in', () => {
    const { arrivals, frames, told, typed } = start()
    arrivals.presence(Uint8Array.of(1))
    arrivals.update(typed('a'))
    arrivals.presence(Uint8Array.of(2))
    arrivals.presence(Uint8Array.of(3))
    expect(told).toEqual(['presence 1 with ""'])
    frames.draw()
    expect(told.slice(-2)).toEqual(['presence 2 with "a"', 'presence 3 with "a"'])
    arrivals.presence(Uint8Array.of(4))
    expect(told.at(-1)).toBe('presence 4 with "a"')
  })

  it('never lets a local edit wait', () => {
    const { arrivals, text, typed, frames } = start()
    arrivals.update(typed('theirs'))
    text.insert(0, 'mine')
    expect(text.toJSON()).toBe('mine')
    frames.draw()
    expect(text.toJSON()).toContain('theirs')
    expect(text.toJSON()).toContain('mine')
  })

  it('applies what came with bytes that make no sense, and tells of them', () => {
    const { arrivals, frames, text, failures, typed } = start()
    arrivals.update(typed('a'))
    arrivals.update(Uint8Array.of(255, 255, 255))
    arrivals.update(typed('b'))
    frames.draw()
    expect(text.toJSON()).toBe('ab')
    expect(failures).toHaveLength(1)
  })

  it('goes on after a listener of the document that throws', () => {
    const { arrivals, frames, clock, doc, text, failures, typed } = start()
    doc.once('update', () => {
      throw new Error('a listener')
    })
    arrivals.update(typed('a'))
    arrivals.presence(Uint8Array.of(1))
    frames.draw()
    expect(failures).toEqual([new Error('a listener')])
    arrivals.update(typed('b'))
    clock.advance(32)
    frames.draw()
    expect(text.toJSON()).toBe('ab')
  })
})
