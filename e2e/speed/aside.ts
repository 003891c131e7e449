/**
 * The server and the other people, who have machines of their own in life, on the one that is measured: they get a core when
 * the page does not want it.
 *
 * Rule: whoever is put aside leads a session of its own. Linux shares its cores out among sessions first (`autogroup`), so
 * nice says nothing to a browser, which leads one, unless the session of the nice one is as nice.
 */
import { existsSync, writeFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'

/** Ten to one for the page, where it wants a core; none at all, and a busy machine would leave the others none. */
const NICE = constants.priority.PRIORITY_BELOW_NORMAL

/** Before the words of a command: it becomes the leader of a session, in the same process. */
export const LEADS_SESSION: readonly string[] = process.platform === 'linux' ? ['setsid'] : []

/** @param pid of the leader of a session; of Node's own thread, which does nearly all of what it does, and those to come. */
export function putAside(pid: number): void {
  setPriority(pid, NICE)
  const session = `/proc/${pid}/autogroup`
  if (existsSync(session)) writeFileSync(session, String(NICE))
}
