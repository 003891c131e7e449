/**
 * Layer F: every route with every method, ids and queries of every kind, and bodies that are almost what is expected.
 *
 * The routes are the application's own list: one that is added is tried from then on, with whatever JSON there is.
 */
import { openApp } from '../../../sync-server/test/open-app.ts'
import type { Random } from '../../harness/random.ts'
import { damaged } from '../bytes.ts'
import { type Attempt, GROUP, type Group, randomOf } from '../case.ts'
import { json } from '../update-mutations.ts'
import { PORT_MARK, SAID } from './requests.ts'

export interface Route {
  readonly method: string
  readonly path: string
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']
const IDS = [
  'fuzzed',
  'unknown',
  '..%2f..%2fetc%2fpasswd',
  '%2e%2e',
  '..',
  '..%5c',
  'a%00b',
  'a%20b',
  'a.b',
  '%E2%80%A4',
  '%FF',
  '%',
  '__proto__',
  'constructor',
  'x'.repeat(128),
  'x'.repeat(129),
  'A',
]
const QUERIES = [
  '',
  '?',
  '?limit=1',
  '?limit=0',
  '?limit=201',
  '?limit=1e2',
  '?limit=1&limit=2',
  '?offset=1000000000',
  '?offset=99999999999999999999',
  '?search=%FF',
  '?search=%00',
  `?search=${'x'.repeat(201)}`,
  '?search=%25_%5C',
  "?search=';DROP TABLE documents;--",
  '?trashed=true',
  '?trashed=TRUE',
  '?permanently=true',
  '?__proto__=1',
  '?limt=1',
]
const TYPES = [
  'application/json',
  'application/json; charset=utf-8',
  'APPLICATION/JSON',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  '',
]
const TITLES = [
  'Notes',
  '',
  ' \t ',
  '\u202e',
  '\\ud800',
  '\\u0000',
  'x'.repeat(200),
  'x'.repeat(201),
  'x'.repeat(100_000),
]
const EXTRAS: readonly (readonly [string, string])[] = [
  ['Accept-Encoding', 'gzip'],
  ['Accept-Encoding', 'gzip;q=0, br'],
  ['If-None-Match', '*'],
  ['If-None-Match', 'W/"'],
  ['Origin', 'https://evil.example'],
  ['Origin', 'null'],
  ['Sec-Fetch-Site', 'cross-site'],
  ['Cookie', 'a=b'],
  ['X-Forwarded-For', '1.2.3.4'],
  ['Range', 'bytes=0-1,5-,-9999999999'],
  ['Content-Encoding', 'gzip'],
  ['Expect', '100-continue'],
]

/** @returns the application's own, without what every request passes */
export async function routesOf(): Promise<Route[]> {
  const { app } = await openApp()
  const routes = app.routes.map(({ method, path }) => ({ method, path }))
  const seen = new Set<string>()
  return routes.filter(({ method, path }) => {
    const name = `${method} ${path}`
    return !seen.has(name) && seen.add(name)
  })
}

export function httpGroup(seed: number, index: number, routes: readonly Route[]): Group {
  const random = randomOf(seed, 'http', index)
  const attempts = Array.from({ length: GROUP }, () => one(random, random.of(routes)))
  return { layer: 'http', index, speaks: undefined, beginning: [], attempts }
}

function one(random: Random, route: Route): Attempt {
  const method = random.happens(0.8) && route.method !== 'ALL' ? route.method : random.of(METHODS)
  const path = route.path
    .replaceAll(/:\w+/g, () => random.of(IDS))
    .replaceAll('*', () => random.of(['', ...IDS]))
  const query = random.happens(0.4) ? random.of(QUERIES).replaceAll(' ', '%20') : ''
  const hasBody = random.happens(['POST', 'PUT', 'PATCH'].includes(method) ? 0.9 : 0.1)
  const body = hasBody ? bodyOf(random) : ''
  const headers: (readonly [string, string])[] = [
    ['Host', `127.0.0.1:${PORT_MARK}`],
    ['Connection', 'close'],
    ...(random.happens(0.3) ? [random.of(EXTRAS)] : []),
    ...(hasBody
      ? [['Content-Type', random.happens(0.7) ? 'application/json' : random.of(TYPES)] as const]
      : []),
    ...(hasBody ? lengthOf(body, random) : []),
  ]
  const lines = [`${method} ${path}${query} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)]
  const text = Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`)
  const isDamaged = random.happens(0.1)
  const title = `${isDamaged ? 'damaged: ' : ''}${method} ${route.path}${query.slice(0, 30)}`
  const allowed = [...SAID, 'http 201', 'http 409', 'cut']
  return { title, bytes: isDamaged ? damaged(text, random) : text, allowed, ends: 'end' }
}

function lengthOf(body: string, random: Random): (readonly [string, string])[] {
  const bytes = Buffer.byteLength(body)
  if (random.happens(0.9)) return [['Content-Length', String(bytes)]]
  return [['Content-Length', random.of(['0', String(bytes + 5), '99999999999', '1e3', ''])]]
}

function bodyOf(random: Random): string {
  const title = JSON.stringify(random.of(TITLES)).replaceAll('\\\\', '\\')
  return random.of<() => string>([
    () => `{"title":${title}}`,
    () => `{"title":${title}}`,
    () => '{}',
    () => `{"title":${json(random)}}`,
    () => `{"title":${title},"id":"mine"}`,
    () => `{"${random.of(['__proto__', 'constructor', 'prototype', 'titel'])}":{"polluted":true}}`,
    () => `{"title":${title},"title":1}`,
    () => `[{"title":${title}}]`,
    () => json(random),
    () => '',
  ])()
}
