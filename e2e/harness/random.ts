/** Randomness that can be played again: the same seed, the same choices. */

export interface Random {
  /** From 0 up to 1. */
  share(): number
  /** A whole number from 0 to below `count`. */
  below(count: number): number
  /** @param chance 0 never, 1 always */
  happens(chance: number): boolean
  /** @throws {RangeError} of nothing */
  of<T>(choices: readonly T[]): T
  /** Another one that this one's later choices do not touch. */
  fork(): Random
}

/** A 32-bit counter stirred by two multiplications a number: enough for choices, for no secret. */
export function randomFrom(seed: number): Random {
  let counter = seed >>> 0
  const next = (): number => {
    counter = (counter + 0x9e37_79b9) >>> 0
    let mixed = counter
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35)
    return (mixed ^ (mixed >>> 16)) >>> 0
  }
  const share = (): number => next() / 2 ** 32
  const below = (count: number): number => Math.floor(share() * count)
  return {
    share,
    below,
    happens: (chance) => share() < chance,
    of: (choices) => {
      const chosen = choices[below(choices.length)]
      if (chosen === undefined) throw new RangeError('nothing to choose from')
      return chosen
    },
    fork: () => randomFrom(next()),
  }
}
