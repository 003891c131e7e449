import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { Log, type LogEntry } from './log.ts'
import { readLayout } from './update-layout.ts'

function entry(seq: number, text: string): LogEntry {
  const doc = new Y.Doc()
  doc.getText('text').insert(0, text)
  return { seq, update: readLayout(Y.encodeStateAsUpdate(doc)), author: 1 }
}

describe('a log', () => {
  it('makes one frame for all who stand at one place, and for all newcomers', () => {
    const log = new Log({ snapshot: undefined, tail: [entry(1, 'one')] })
    log.append(entry(2, 'two'))
    expect(log.since(1).frames[0]).toBe(log.since(1).frames[0])
    expect(log.whole()[0]).toBe(log.whole()[0])
    expect(log.since(2).frames).toEqual([])
  })

  it('lets go of frames that nobody has asked for in ten ticks, and of nothing else', () => {
    const log = new Log({ snapshot: undefined, tail: [entry(1, 'x'.repeat(1_000))] })
    const bare = log.residentBytes
    const [frame] = log.whole()
    expect(log.residentBytes).toBeGreaterThan(bare + 1_000)
    for (let tick = 0; tick < 9; tick++) log.tick()
    expect(log.whole()[0]).toBe(frame)
    for (let tick = 0; tick < 10; tick++) log.tick()
    expect(log.residentBytes).toBe(bare)
    expect(log.whole()[0]).toEqual(frame)
    for (let tick = 0; tick < 30; tick++) log.tick()
    expect([log.head, log.isWhole, log.since(0).author]).toEqual([1, true, 1])
  })
})
