/**
 * The typed client of `/api/v1`.
 *
 * Rule: what comes over the network is read once, here, and trusted inside; every failure leaves as an `ApiError`
 * whose code says what to do about it, and `inWords` is the only place that tells it to a person.
 */

export type DocumentKind = 'weft' | 'yjs'

export interface DocumentInfo {
  readonly id: string
  /** Empty when nobody named it; at most 200 characters. */
  readonly title: string
  readonly kind: DocumentKind
  /** Times are ms since 1970. */
  readonly createdAt: number
  readonly updatedAt: number
  /** null when it is not in the trash. */
  readonly trashedAt: number | null
}

export interface DocumentPage {
  /** Newest change first. */
  readonly documents: readonly DocumentInfo[]
  /** How many there are altogether, shown or not. */
  readonly total: number
}

export interface ListQuery {
  readonly search?: string
  readonly trashed?: boolean
  readonly limit: number
  readonly offset: number
}

export type ApiErrorCode =
  /** No answer, or one that cannot come from Weft (a proxy's error page): nothing is known, try again. */
  | 'unreachable'
  /** The server answered and has no such document. */
  | 'not-found'
  /** The server does not want this, and will not want it again. */
  | 'refused'
  /** The server is in trouble and says so: storage full, draining. */
  | 'unavailable'

/** The only error this client throws on purpose. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ApiErrorCode

  constructor(code: ApiErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}

export interface Api {
  list(query: ListQuery): Promise<DocumentPage>
  get(id: string): Promise<DocumentInfo>
  /** Untitled until renamed. */
  create(): Promise<DocumentInfo>
  rename(id: string, title: string): Promise<DocumentInfo>
  trash(id: string): Promise<void>
  restore(id: string): Promise<void>
  /** For good; only what is in the trash. */
  remove(id: string): Promise<void>
}

export interface ApiOptions {
  /** With scheme, no slash at the end. */
  readonly server: string
  readonly fetch: typeof globalThis.fetch
  /** An answer that takes longer counts as `unreachable`. 8 s is longer than any healthy answer, shorter than patience. */
  readonly timeoutMs?: number
}

/** How much of a server's own sentence is shown. */
const MAX_MESSAGE = 200

export function createApi({ server, fetch, timeoutMs = 8_000 }: ApiOptions): Api {
  async function call(method: string, path: string, body?: object): Promise<unknown> {
    let response: Response
    let text: string
    try {
      response = await fetch(`${server}/api/v1${path}`, {
        method,
        signal: AbortSignal.timeout(timeoutMs),
        // A title typed just before the tab is closed still arrives.
        keepalive: method === 'PATCH',
        headers: {
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      text = await response.text()
    } catch (cause) {
      throw new ApiError('unreachable', 'no answer', cause)
    }
    if (response.status === 204) return undefined
    const answer = parseJson(text)
    if (response.ok) {
      // A captive portal or a proxy answers 200 with a page of its own.
      if (answer === undefined) throw new ApiError('unreachable', 'the answer is not from Weft')
      return answer
    }
    throw errorFrom(response.status, answer)
  }

  const one = (id: string): string => `/documents/${encodeURIComponent(id)}`

  return {
    list: async ({ search = '', trashed = false, limit, offset }) => {
      const query = new URLSearchParams({ limit: String(limit), offset: String(offset) })
      if (search !== '') query.set('search', search)
      if (trashed) query.set('trashed', 'true')
      return parsePage(await call('GET', `/documents?${query.toString()}`))
    },
    get: async (id) => parseDocument(await call('GET', one(id))),
    create: async () => parseDocument(await call('POST', '/documents', {})),
    rename: async (id, title) => parseDocument(await call('PATCH', one(id), { title })),
    trash: async (id) => void (await call('DELETE', one(id))),
    restore: async (id) => void (await call('POST', `${one(id)}/restore`)),
    remove: async (id) => void (await call('DELETE', `${one(id)}?permanently=true`)),
  }
}

/** @param action what was tried, as it ends the sentence "Weft could not …". */
export function inWords(error: unknown, action: string): string {
  if (!(error instanceof ApiError)) return `Weft could not ${action}: something went wrong in this page.`
  switch (error.code) {
    case 'unreachable':
      return `Weft could not ${action}: the server cannot be reached.`
    case 'not-found':
      return `Weft could not ${action}: the document is no longer there.`
    case 'refused':
    case 'unavailable':
      return `Weft could not ${action}: ${error.message}`
  }
}

export function isUnreachable(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'unreachable'
}

function errorFrom(status: number, answer: unknown): ApiError {
  const error = isRecord(answer) && isRecord(answer['error']) ? answer['error'] : undefined
  const said = typeof error?.['message'] === 'string' ? error['message'].slice(0, MAX_MESSAGE) : undefined
  // Without Weft's own error shape it is some proxy that speaks, and nothing is known about the document.
  if (said === undefined) return new ApiError('unreachable', `status ${status} from something in between`)
  if (status === 404) return new ApiError('not-found', said)
  return new ApiError(status >= 500 || status === 429 ? 'unavailable' : 'refused', said)
}

function parsePage(value: unknown): DocumentPage {
  if (!isRecord(value) || !Array.isArray(value['documents']) || typeof value['total'] !== 'number') {
    throw new ApiError('unreachable', 'the answer is not a list of documents')
  }
  return { documents: value['documents'].map(parseDocument), total: value['total'] }
}

/** Also reads what `known.ts` kept on this device. */
export function parseDocument(value: unknown): DocumentInfo {
  if (
    !isRecord(value) ||
    typeof value['id'] !== 'string' ||
    typeof value['title'] !== 'string' ||
    typeof value['createdAt'] !== 'number' ||
    typeof value['updatedAt'] !== 'number'
  ) {
    throw new ApiError('unreachable', 'the answer is not a document')
  }
  return {
    id: value['id'],
    title: value['title'],
    kind: value['kind'] === 'yjs' ? 'yjs' : 'weft',
    createdAt: value['createdAt'],
    updatedAt: value['updatedAt'],
    trashedAt: typeof value['trashedAt'] === 'number' ? value['trashedAt'] : null,
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
