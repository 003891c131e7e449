/** Servers killed, and cut from their power, in the middle of the move to a newer storage format; see `starting.ts`. */
import { expect, it } from 'vitest'
import { cannotMake } from '../harness/tools.ts'
import { STRUCK_STARTS, strikeStart } from './starting.ts'

const cannotCut = cannotMake('power cuts')

for (const start of STRUCK_STARTS) {
  const { stroke, place, folder } = start
  it.runIf(stroke === 'kill' || !cannotCut)(
    `a ${stroke} at ${place}, in a folder ${folder}, loses nothing`,
    async () => {
      expect((await strikeStart(start)).wrong).toEqual([])
    },
  )
}
