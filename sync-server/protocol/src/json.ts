/**
 * The JSON of `hello` and `notice`: `unknown` at the edge, parsed once, trusted inside.
 *
 * Unknown fields are ignored and unknown notices named, so that a newer server does not break an older client.
 */
import { ProtocolError } from './error.ts'
import { ROLES, type Role } from './ids.ts'
import type { Hello, Notice, StorageState, UnknownNotice } from './message.ts'

const storageStates: readonly StorageState[] = ['ok', 'full', 'unavailable']

export function parseHello(text: string): Hello {
  const fields = record(text)
  return {
    protocol: count(fields, 'protocol'),
    schema: count(fields, 'schema'),
    role: role(fields),
    principal: string(fields, 'principal'),
    epoch: string(fields, 'epoch'),
    seq: count(fields, 'seq'),
    readOnly: boolean(fields, 'readOnly'),
    title: string(fields, 'title'),
  }
}

export function parseNotice(text: string): Notice | UnknownNotice {
  const fields = record(text)
  const kind = string(fields, 'kind')
  if (kind === 'read-only') return { kind }
  if (kind === 'role') return { kind, role: role(fields) }
  if (kind === 'limit') return { kind, message: string(fields, 'message') }
  if (kind === 'renamed') return { kind, title: string(fields, 'title') }
  if (kind === 'storage') {
    const state = storageStates.find((known) => known === fields.get('state'))
    if (state === undefined) throw wrong('state', 'one of ok, full, unavailable')
    return { kind, state, message: string(fields, 'message') }
  }
  return { kind: 'unknown', name: kind }
}

function record(text: string): Map<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new ProtocolError('invalid', 'not JSON', cause)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ProtocolError('invalid', 'not a JSON object')
  return new Map(Object.entries(value))
}

function string(fields: Map<string, unknown>, name: string): string {
  const value = fields.get(name)
  if (typeof value !== 'string') throw wrong(name, 'a string')
  return value
}

function boolean(fields: Map<string, unknown>, name: string): boolean {
  const value = fields.get(name)
  if (typeof value !== 'boolean') throw wrong(name, 'true or false')
  return value
}

function count(fields: Map<string, unknown>, name: string): number {
  const value = fields.get(name)
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw wrong(name, 'a whole number')
  return value
}

function role(fields: Map<string, unknown>): Role {
  const found = ROLES.find((known) => known === fields.get('role'))
  if (found === undefined) throw wrong('role', `one of ${ROLES.join(', ')}`)
  return found
}

function wrong(name: string, expected: string): ProtocolError {
  return new ProtocolError('invalid', `${name}: expected ${expected}`)
}
