/** Reading what a request brings: strictly, once, at the edge. */
import type { Context } from 'hono'
import type { z } from 'zod'
import { HttpError } from './errors.ts'

/** @throws {HttpError} `unsupported-media-type` unless it is declared as JSON; `bad-request` naming the first wrong field */
export async function readJson<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  // Not only tidiness: a form on another site can send text/plain, but not this, without asking first.
  if (type !== 'application/json')
    throw new HttpError('unsupported-media-type', 'expected Content-Type: application/json')
  const text = await c.req.text()
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new HttpError('bad-request', 'the body is not JSON')
  }
  return check(value, schema)
}

/** @throws {HttpError} `bad-request`; a parameter given twice counts as wrong */
export function readQuery<T>(c: Context, schema: z.ZodType<T>): T {
  const given = Object.entries(c.req.queries())
  const twice = given.find(([, values]) => values.length > 1)
  if (twice !== undefined) throw new HttpError('bad-request', `${twice[0]}: given twice`)
  return check(Object.fromEntries(given.map(([name, values]) => [name, values[0]])), schema)
}

function check<T>(value: unknown, schema: z.ZodType<T>): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const where = issue?.path.join('.') ?? ''
  throw new HttpError('bad-request', `${where === '' ? '' : `${where}: `}${issue?.message ?? 'wrong'}`)
}
