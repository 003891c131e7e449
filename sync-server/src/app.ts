/** The HTTP side in one screen: what every request passes, and which routes there are. */
import { randomBytes } from 'node:crypto'
import { type Context, Hono } from 'hono'
import type { Gate } from './access/gate.ts'
import type { Config } from './config.ts'
import { type DocumentsDeps, documents } from './http/documents.ts'
import { HttpError, translate } from './http/errors.ts'
import { type HealthDeps, health } from './http/health.ts'
import { metricsRoute } from './http/metrics.ts'
import { security } from './http/security.ts'
import { application, type Pages } from './http/static.ts'
import type { Logger } from './observe/logger.ts'
import type { Metrics } from './observe/metrics.ts'

export interface AppDeps extends Pick<DocumentsDeps, 'rooms'>, HealthDeps {
  readonly store: DocumentsDeps['store']
  readonly config: Pick<Config, 'publicUrl' | 'embedOrigins' | 'maxJsonBytes'>
  readonly gate: Gate
  readonly logger: Logger
  readonly pages: Pages
  /** Called at the first question for them. */
  readonly metrics: () => Promise<Metrics>
}

export function createApp(deps: AppDeps): Hono {
  const { config, logger } = deps
  const app = new Hono()

  app.use(security(deps.gate, config))
  app.use('/api/*', async (_c, next) => {
    if (deps.isDraining()) throw new HttpError('draining', 'the server is stopping')
    await next()
  })
  app.route('/', health(deps))
  app.route('/', metricsRoute(deps.metrics))
  app.route('/api/v1/documents', documents({ ...deps, newDocumentId, maxJsonBytes: config.maxJsonBytes }))
  app.get('/sync/:documentId', () => {
    throw new HttpError('not-an-upgrade', 'this address speaks WebSocket')
  })
  app.all('/api/*', () => {
    throw new HttpError('not-found', 'no such route')
  })
  app.route('/', application(deps.pages, config.embedOrigins.length > 0))

  app.notFound((c) => refuse(c, new HttpError('not-found', 'no such route')))
  app.onError((error, c) => refuse(c, translate(error, logger)))
  return app
}

function refuse(c: Context, error: HttpError): Response {
  return c.json(error.body, error.status, error.headers)
}

/** 128 random bits, 22 characters. */
function newDocumentId(): string {
  return randomBytes(16).toString('base64url')
}
