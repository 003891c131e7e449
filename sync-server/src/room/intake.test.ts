import { describe, expect, it } from 'vitest'
import { Intake } from './intake.ts'

describe('Intake', () => {
  it('holds nobody while there is room, and lets all go once half of it is free', () => {
    const intake = new Intake(100)
    const gone: string[] = []
    intake.add(100)
    expect(intake.hold(() => gone.push('nobody'))).toBeUndefined()
    intake.add(1)
    for (const name of ['a', 'b']) intake.hold(() => gone.push(name))
    intake.remove(50)
    expect([gone, intake.held]).toEqual([[], 2])
    intake.remove(1)
    expect([gone, intake.held, intake.bytes]).toEqual([['a', 'b'], 0, 50])
  })

  it('does not call back who has gone meanwhile', () => {
    const intake = new Intake(0)
    const gone: string[] = []
    intake.add(1)
    intake.hold(() => gone.push('left'))?.()
    intake.hold(() => gone.push('waits'))
    intake.remove(1)
    expect(gone).toEqual(['waits'])
  })

  it('holds again who sends more as soon as it is let go', () => {
    const intake = new Intake(10)
    let held = 0
    const hold = (): void => {
      held++
      intake.add(11)
      intake.hold(hold)
    }
    hold()
    intake.remove(11)
    expect([held, intake.held, intake.bytes]).toEqual([2, 1, 11])
  })
})
