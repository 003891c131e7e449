/**
 * Positions: strings whose order is that of rows or columns, so that a move is one value set anew.
 *
 * Rule: between any two different positions there is another one. Positions end in a digit above 0, or there would
 * be nothing between `a` and `a0`.
 */

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/**
 * A position above `low` and below `high`.
 *
 * @param low '' for the start. @param high '' for the end; above `low`.
 * @param id of what is placed: its last characters tell apart what two people put into one gap.
 */
export function positionBetween(low: string, high: string, id: string): string {
  let position = ''
  let isBounded = high !== ''
  for (let index = 0; ; index += 1) {
    const from = digitAt(low, index)
    const to = isBounded ? digitAt(high, index) : DIGITS.length
    if (to - from > 1) {
      // Behind the last one there is much to come; between two, take the middle.
      const digit = high === '' ? from + 1 : Math.floor((from + to) / 2)
      return position + (DIGITS[digit] ?? '') + jitter(id)
    }
    position += DIGITS[from] ?? ''
    if (from < to) isBounded = false
  }
}

/** @returns 0 behind the end: a shorter position comes first. */
function digitAt(position: string, index: number): number {
  return index < position.length ? DIGITS.indexOf(position.charAt(index)) : 0
}

function jitter(id: string): string {
  return id.slice(-4).replaceAll(/[^1-9A-Za-z]/g, 'V')
}
