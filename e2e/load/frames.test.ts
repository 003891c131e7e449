import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { type FrameContent, FrameLog } from './frames.ts'
import { createScript } from './script.ts'
import { hocuspocusWire, yWebsocketWire } from './wire.ts'

const script = createScript(2)
const wire = yWebsocketWire('http://127.0.0.1:1', 'a')
const edits = (...numbers: number[]) => Y.mergeUpdates(numbers.map((edit) => script.edit(1, edit)))
/** The server may leave neighbours apart or join them. */
const clocks = ({ typed }: FrameContent) =>
  typed.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, index) => from + index))
const frameOf = (update: Uint8Array) => Buffer.from(wire.update(update))

describe('A log of frames', () => {
  it('counts the edits of a frame in which the server merged many', () => {
    const log = new FrameLog(wire, script)
    const content = log.content(log.recognise(frameOf(edits(...Array(40).keys()))))
    expect(content).toMatchObject({ kind: 'update', strange: undefined })
    expect(clocks(content)).toEqual([...Array(38).keys()])
    expect(content.removed.map(({ edit }) => edit)).toEqual([15, 31])
  })

  it('does not count what a frame skips', () => {
    const log = new FrameLog(wire, script)
    expect(clocks(log.content(log.recognise(frameOf(edits(0, 1, 2, 6, 7)))))).toEqual([0, 1, 2, 6, 7])
  })

  it('notices a letter that nobody typed', () => {
    const log = new FrameLog(wire, script)
    const changed = script.edit(1, 3)
    const at = changed.length - 2
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(log.content(log.recognise(frameOf(changed))).strange).toBe('writer 1 did not type 3 to 4 so')
  })

  it('tells frames apart that differ only in the middle, and knows a frame again from its bytes', () => {
    const log = new FrameLog(wire, script)
    const long = frameOf(edits(...Array(400).keys()))
    const other = Buffer.from(long)
    other[200] = (other[200] ?? 0) ^ 1
    expect([long, other, Buffer.from(long), Buffer.from(other)].map((frame) => log.recognise(frame))).toEqual(
      [0, 1, 0, 1],
    )
    expect(log.distinct).toBe(2)
  })

  it("reads the frames of Hocuspocus, which carry the document's name", () => {
    const named = hocuspocusWire('http://127.0.0.1:1', 'a name')
    const log = new FrameLog(named, script)
    const content = log.content(log.recognise(Buffer.from(named.update(edits(0, 1)))))
    expect(clocks(content)).toEqual([0, 1])
  })
})
