/** Reading what a request brings: strictly, once, at the edge. */
import type { Context } from 'hono'
import type { z } from 'zod'
import { HttpError } from './errors.ts'

/**
 * @throws {HttpError} `unsupported-media-type` unless it is declared as JSON; `too-large` as soon as that is known;
 *   `bad-request` naming the first wrong field, or when the body is cut short
 */
export async function readJson<T>(c: Context, schema: z.ZodType<T>, maxBytes: number): Promise<T> {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  // Not only tidiness: a form on another site can send text/plain, but not this, without asking first.
  if (type !== 'application/json')
    throw new HttpError('unsupported-media-type', 'expected Content-Type: application/json')
  const text = await readText(c.req.raw, maxBytes)
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

/** Hono's own limit makes a new Request of the old one, which only works where the adapter has replaced the global class. */
async function readText(request: Request, maxBytes: number): Promise<string> {
  const tooLarge = () => new HttpError('too-large', `a request body has at most ${maxBytes} bytes`)
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge()
  if (request.body === null) return ''
  const parts: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const part of request.body) {
      bytes += part.byteLength
      if (bytes > maxBytes) throw tooLarge()
      parts.push(part)
    }
  } catch (error) {
    if (error instanceof HttpError) throw error
    // Whoever hangs up within a request is nobody to answer, and no fault of ours that a log should tell of.
    throw new HttpError('bad-request', 'the request ended before its body did')
  }
  return Buffer.concat(parts).toString()
}

function check<T>(value: unknown, schema: z.ZodType<T>): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const where = issue?.path.join('.') ?? ''
  throw new HttpError('bad-request', `${where === '' ? '' : `${where}: `}${issue?.message ?? 'wrong'}`)
}
