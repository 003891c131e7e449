import { describe, expect, it } from 'vitest'
import { Cursor } from './cursor.ts'

const READER = 7

/** A log of numbered frames, of which those after `heldFrom` are in memory. */
function start() {
  const log = {
    head: 0,
    heldFrom: 0,
    author: 0,
    holds: (at: number) => at >= log.heldFrom,
    since: (at: number) => ({
      frames: Array.from({ length: log.head - at }, (_, index) => Uint8Array.of(at + index + 1)),
      author: log.author,
    }),
  }
  const restoring: PromiseWithResolvers<void>[] = []
  const restoreLog = (): Promise<void> => {
    const restored = Promise.withResolvers<void>()
    restoring.push(restored)
    return restored.promise.then(() => void (log.heldFrom = 0))
  }
  const sent: number[] = []
  const outlet = {
    isSlow: false,
    send: (frames: readonly Uint8Array[]) => void sent.push(...frames.map(([first]) => first ?? 0)),
  }
  const failed: unknown[] = []
  const cursor = new Cursor({
    room: { log, restoreLog },
    outlet,
    reader: READER,
    failed: (error) => failed.push(error),
  })
  return { cursor, log, outlet, sent, failed, restoring }
}

const ANSWER = { frames: [Uint8Array.of(100)], cursor: 0 }

/** Of three commits, one has left memory when it is told of them. */
function startBehind() {
  const started = start()
  const { cursor, log } = started
  cursor.join(ANSWER)
  log.head = 3
  log.heldFrom = 2
  cursor.advance()
  return started
}

describe('a cursor', () => {
  it('is relayed nothing before it has joined, and afterwards each update once', () => {
    const { cursor, log, sent } = start()
    log.head = 2
    cursor.advance()
    expect([cursor.isJoined, sent]).toEqual([false, []])
    cursor.join({ ...ANSWER, cursor: 1 })
    cursor.advance()
    cursor.advance()
    expect([cursor.isJoined, sent]).toEqual([true, [100, 2]])
  })

  it('passes over what its own session wrote', () => {
    const { cursor, log, sent } = start()
    cursor.join(ANSWER)
    log.head = 1
    log.author = READER
    cursor.advance()
    log.head = 2
    log.author = 0
    cursor.advance()
    expect(sent).toEqual([100, 2])
  })

  it('stands still while its reader is slow, and catches up with everything since', () => {
    const { cursor, log, outlet, sent } = start()
    cursor.join(ANSWER)
    outlet.isSlow = true
    for (log.head = 1; log.head < 4; log.head++) cursor.advance()
    expect(sent).toEqual([100])
    outlet.isSlow = false
    cursor.advance()
    expect(sent).toEqual([100, 1, 2, 3, 4])
  })

  it('has what left memory meanwhile read once, however often it is told', async () => {
    const { cursor, sent, restoring } = startBehind()
    cursor.advance()
    expect([restoring.length, sent]).toEqual([1, [100]])
    restoring[0]?.resolve()
    await expect.poll(() => sent).toEqual([100, 1, 2, 3])
  })

  it('tells when that cannot be read', async () => {
    const { failed, restoring } = startBehind()
    restoring[0]?.reject(new Error('a disk failed'))
    await expect.poll(() => failed).toEqual([new Error('a disk failed')])
  })

  it('writes nothing once its session has ended, not even what was being read', async () => {
    const { cursor, sent, restoring } = startBehind()
    cursor.close()
    restoring[0]?.resolve()
    await restoring[0]?.promise
    await Promise.resolve()
    cursor.join(ANSWER)
    cursor.advance()
    expect([sent, cursor.isJoined]).toEqual([[100], false])
  })
})
