/**
 * Who is asking, and what they may do.
 *
 * Until there are accounts a server is open: everybody is the same guest and may edit every document, which is
 * why `config.ts` lets nobody but this machine in unless the operator said otherwise. This is the one place
 * that knows it; sign-in, links and tokens change what it answers, not who asks it.
 */
import type { Role } from '@weft/protocol'
import { ANYBODY } from './principal.ts'

export interface Visitor {
  /** Written beside every update they make, in the form that `principal.ts` demands. At most 128 characters. */
  readonly principal: string
  readonly role: Role
}

const guest: Visitor = { principal: ANYBODY, role: 'edit' }

export function identify(): Visitor {
  return guest
}
