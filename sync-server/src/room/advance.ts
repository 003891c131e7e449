/** The one step that every clock in an update takes: checked, because those numbers come from somebody else. */
import { ProtocolError } from '@weft/protocol'

/** @throws when nothing is taken, or clocks leave the whole numbers. */
export function advance(clock: number, length: number): number {
  const end = clock + length
  if (length === 0) throw new ProtocolError('invalid', `an empty range at clock ${clock}`)
  if (end > Number.MAX_SAFE_INTEGER) throw new ProtocolError('invalid', 'a clock above 2^53 - 1')
  return end
}
