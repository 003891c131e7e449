/**
 * For those who watch the process. `/healthz`: it is alive, do not kill it. `/readyz`: send people here.
 */
import type { DocumentStore } from '@weft/persistence'
import { Hono } from 'hono'
import { HttpError } from './errors.ts'

/** A disk that takes longer than this to write one page would leave people waiting as well. */
const checkTimeoutMs = 5_000

export interface HealthDeps {
  readonly store: Pick<DocumentStore, 'checkWritable'>
  readonly isDraining: () => boolean
}

export function health({ store, isDraining }: HealthDeps): Hono {
  const routes = new Hono()
  let checking: Promise<void> | undefined

  // Everybody who asks while a check runs shares it: asking often must not wear the disk.
  function checkWritable(): Promise<void> {
    checking ??= withinTime(store.checkWritable()).finally(() => {
      checking = undefined
    })
    return checking
  }

  routes.get('/healthz', (c) => c.json({ status: 'alive' }))

  routes.get('/readyz', async (c) => {
    if (isDraining()) throw new HttpError('draining', 'the server is stopping')
    await checkWritable()
    return c.json({ status: 'ready' })
  })

  return routes
}

async function withinTime(work: Promise<void>): Promise<void> {
  const { promise: tooLong, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () =>
      reject(new HttpError('storage-unavailable', `the storage did not answer within ${checkTimeoutMs} ms`)),
    checkTimeoutMs,
  )
  try {
    await Promise.race([work, tooLong])
  } finally {
    clearTimeout(timer)
  }
}
