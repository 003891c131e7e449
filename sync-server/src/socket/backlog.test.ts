import { expect, it } from 'vitest'
import { Backlog } from './backlog.ts'

it('a large frame that many wait for counts once, until the last of them has it', () => {
  const backlog = new Backlog()
  const [frame, other] = [new Uint8Array(100_000), new Uint8Array(70_000)]
  const left = [backlog.add(frame), backlog.add(frame), backlog.add(frame), backlog.add(other)]
  expect(backlog.sharedBytes).toBe(200_000)
  for (const leave of left) leave?.()
  expect(backlog.sharedBytes).toBe(0)
  expect(backlog.add(new Uint8Array(1_000))).toBeUndefined()
})
