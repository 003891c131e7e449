/** Repeatable randomness for tests: the same seed, the same faults. */

/** @returns numbers from 0 up to 1 (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

/** The seed to replay (`SEED=` in the environment), or a fresh one. Random tests name it in what they report. */
export function testSeed(): number {
  const given = process.env['SEED']
  return given === undefined ? Math.floor(Math.random() * 0x7fff_ffff) : Number(given)
}
