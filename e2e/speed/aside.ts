/**
 * The server and the other people, who have machines of their own in life, on the one that is measured: they get a core when
 * the page does not want it.
 */
import { constants, setPriority } from 'node:os'

/** Of Node's own thread, which does nearly all of what they do. Others keep theirs. */
export function putAside(pid: number): void {
  setPriority(pid, constants.priority.PRIORITY_LOW)
}
