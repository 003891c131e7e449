/** Makes a group with which something is wrong as small as it gets, and keeps it. */
import { keep } from './corpus.ts'
import { type UpdatesGroup, updatesGroup } from './layers/updates.ts'
import { runInRooms } from './rooms-run.ts'

/** @returns the file it was kept in */
export async function keepSmallest(seed: number, index: number): Promise<string> {
  const whole = updatesGroup(seed, 'rooms', index)
  const attempts = await without(whole.attempts, (fewer) => ({ ...whole, attempts: fewer }))
  const beginning = await without(whole.beginning, (fewer) => ({ ...whole, attempts, beginning: fewer }))
  const smallest = { ...whole, attempts, beginning }
  const { wrong } = await runInRooms(smallest)
  return keep(`found-${seed}-${index}`, wrong.join('; '), smallest)
}

/** Leaves out halves, quarters and so on down to single ones, as long as anything is wrong without them. */
async function without<T>(
  all: readonly T[],
  groupOf: (fewer: readonly T[]) => UpdatesGroup,
): Promise<readonly T[]> {
  let kept = all
  for (let size = Math.ceil(all.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let at = 0; at < kept.length; ) {
      const fewer = [...kept.slice(0, at), ...kept.slice(at + size)]
      if ((await runInRooms(groupOf(fewer))).wrong.length > 0) kept = fewer
      else at += size
    }
  return kept
}
