import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { Arrivals } from './arrivals.ts'
import { manualFrames } from './testing/manual-frames.ts'

function start() {
  const frames = manualFrames()
  const doc = new Y.Doc()
  const text = doc.getText('flow')
  const told: string[] = []
  const failures: unknown[] = []
  const arrivals = new Arrivals({
    doc,
    origin: 'server',
    frames,
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
  return { frames, doc, text, told, failures, arrivals, typed }
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

  it('asks for a frame again after the last one', () => {
    const { arrivals, frames, text, typed } = start()
    arrivals.update(typed('a'))
    frames.draw()
    arrivals.update(typed('b'))
    expect(text.toJSON()).toBe('a')
    frames.draw()
    expect(text.toJSON()).toBe('ab')
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
    const { arrivals, frames, doc, text, failures, typed } = start()
    doc.once('update', () => {
      throw new Error('a listener')
    })
    arrivals.update(typed('a'))
    arrivals.presence(Uint8Array.of(1))
    frames.draw()
    expect(failures).toEqual([new Error('a listener')])
    arrivals.update(typed('b'))
    frames.draw()
    expect(text.toJSON()).toBe('ab')
  })
})
