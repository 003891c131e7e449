/**
 * `/metrics`, for this machine only: on any other way in it looks like a page that does not exist.
 *
 * A proxy on this machine also comes from loopback, so what carries a trace of a proxy, or asks for a public name, is turned away.
 */
import type { HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { isLoopback } from '../loopback.ts'
import type { Metrics } from '../observe/metrics.ts'
import { HttpError } from './errors.ts'

const proxyTraces = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']

export function metricsRoute(metrics: () => Promise<Metrics>): Hono {
  const routes = new Hono()
  // Made when first asked for: most servers never are.
  let made: Promise<Metrics> | undefined
  routes.get('/metrics', async (c) => {
    if (!isLocal(c)) throw new HttpError('not-found', 'no such page')
    made ??= metrics()
    const { contentType, text } = await made
    return c.body(await text(), 200, { 'Content-Type': contentType })
  })
  return routes
}

function isLocal(c: Context): boolean {
  const bindings = c.env as Partial<HttpBindings> | undefined
  const address = bindings?.incoming?.socket.remoteAddress
  const host = new URL(c.req.url).hostname
  return (
    address !== undefined &&
    isLoopback(address) &&
    isLoopback(host) &&
    !proxyTraces.some((name) => c.req.header(name) !== undefined)
  )
}
