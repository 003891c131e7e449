/**
 * Layer A: what may come before there is a socket. A handshake in all its parts, each in every wrong way alone, then
 * several at once, and bytes that are no request at all.
 */
import type { Random } from '../../harness/random.ts'
import { damaged } from '../bytes.ts'
import { type Attempt, GROUP, type Group, randomOf } from '../case.ts'

/** Where the server listens; all else of a case is the same for every port. */
export const PORT_MARK = '@port@'

interface Head {
  method: string
  target: string
  version: string
  headers: [name: string, value: string][]
  lineEnd: string
  body: string
}

interface Spoiler {
  readonly title: string
  readonly spoil: (head: Head, random: Random) => void
  /** What alone it must lead to; without, it may or may not make the request wrong. */
  readonly status?: readonly string[]
}

/** Everything that may be said of a request that is not what it should be; 500 would be a fault of ours. */
export const SAID = [100, 200, 204, 304, 400, 403, 404, 405, 408, 413, 415, 417, 421, 426, 429, 431].map(
  (status) => `http ${status}`,
)
const ANYTHING = [...SAID, 'http 101', 'cut']

const header = (name: string, ...values: string[]): Spoiler['spoil'] => {
  return (head) => {
    head.headers = head.headers.filter(([given]) => given.toLowerCase() !== name.toLowerCase())
    for (const value of values) head.headers.push([name, value])
  }
}
const target =
  (path: string): Spoiler['spoil'] =>
  (head) => {
    head.target = path
  }
const wrong = (title: string, spoil: Spoiler['spoil'], ...status: number[]): Spoiler => ({
  title,
  spoil,
  status: status.map((one) => `http ${one}`),
})
const odd = (title: string, spoil: Spoiler['spoil']): Spoiler => ({ title, spoil })

const SPOILERS: readonly Spoiler[] = [
  ...['attacker.test', '127.0.0.1.attacker.test', '[::2]', '0'].map((host) =>
    wrong(`Host ${host}`, header('Host', host), 421),
  ),
  wrong('no Host', header('Host'), 400, 421),
  wrong('two Hosts', header('Host', `127.0.0.1:${PORT_MARK}`, 'attacker.test'), 400, 421),
  ...['https://evil.example', 'null', 'http://127.0.0.1.evil.example', 'file://', '%'].map((origin) =>
    wrong(`Origin ${origin}`, header('Origin', origin), 403),
  ),
  ...['foo', 'h2c', 'websocket2', 'TLS/1.0'].map((to) => wrong(`Upgrade ${to}`, header('Upgrade', to), 400)),
  ...['12', '0', '-1', 'abc', '13, 13', '99999999999999999999'].map((version) =>
    wrong(`version ${version}`, header('Sec-WebSocket-Version', version), 400),
  ),
  wrong('no version', header('Sec-WebSocket-Version'), 400),
  ...['', 'a', 'dGhlIHNhbXBsZSBub25jZQ', '=========================', 'dGhlIHNhbXBsZSBub25jZQ==='].map(
    (key) => wrong(`key "${key}"`, header('Sec-WebSocket-Key', key), 400),
  ),
  wrong('no key', header('Sec-WebSocket-Key'), 400),
  ...['a b', 'weft.1, weft.1', ',', '"', '(', 'weft.1,'].map((protocol) =>
    wrong(`subprotocol ${protocol}`, header('Sec-WebSocket-Protocol', protocol), 400),
  ),
  ...['/sync/a%2e%2e%2fb', '/sync/%00', `/sync/${'a'.repeat(129)}`, '/sync/', '/sync/ü', '/sync/a.b'].map(
    (path) => wrong(`target ${path.slice(0, 20)}`, target(path), 400),
  ),
  ...['/', '/sync', '/sync/a/b', '/SYNC/a', '//sync/a', '/api/v1/documents', '/metrics'].map((path) =>
    wrong(`target ${path}`, target(path), 404),
  ),
  ...['POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'].map((method) =>
    wrong(`method ${method}`, (head) => void (head.method = method), 405),
  ),
  wrong('method that is none', (head) => void (head.method = 'G@T'), 400),
  wrong('no such version of HTTP', (head) => void (head.version = 'HTTP/9.9'), 400),
  wrong('headers of 17 kB', (head) => void head.headers.push(['X-Large', 'x'.repeat(17_000)]), 431),
  wrong(
    '2,000 headers',
    (head) =>
      void head.headers.push(...Array.from({ length: 2_000 }, (_, at): [string, string] => [`X-${at}`, 'y'])),
    431,
  ),
  wrong('a control character in a header', (head) => void head.headers.push(['X-Control', 'a\u0000b']), 400),
  odd('a target in full', target(`http://127.0.0.1:${PORT_MARK}/sync/fuzz`)),
  odd('a target of elsewhere', target('http://attacker.test/sync/fuzz')),
  odd('another port', header('Host', '127.0.0.1:1')),
  odd('a star', target('*')),
  odd('a query', target(`/sync/fuzz?${'x=1&'.repeat(200)}`)),
  odd('a fragment', target('/sync/fuzz#a')),
  odd('no upgrade', header('Upgrade')),
  odd('no connection', header('Connection')),
  odd('a connection that closes', header('Connection', 'close, Upgrade')),
  odd('HTTP/1.0', (head) => void (head.version = 'HTTP/1.0')),
  odd('line feeds only', (head) => void (head.lineEnd = '\n')),
  odd('extensions', header('Sec-WebSocket-Extensions', 'permessage-deflate; client_max_window_bits=99; =')),
  odd(
    'many subprotocols',
    header('Sec-WebSocket-Protocol', Array.from({ length: 500 }, (_, at) => `p${at}`).join()),
  ),
  odd('a body of two kinds', (head) => {
    head.headers.push(['Content-Length', '5'], ['Transfer-Encoding', 'chunked'])
    head.body = '0\r\n\r\nGET / HTTP/1.1\r\n\r\n'
  }),
  odd('a length that lies', (head) => void head.headers.push(['Content-Length', '-1'])),
  odd('it waits to be asked', (head) => void head.headers.push(['Expect', '100-continue'])),
  odd('it expects something', (head) => void head.headers.push(['Expect', 'a miracle'])),
  odd('a folded header', (head) => void head.headers.push(['X-Folded', 'a\r\n b'])),
  odd('frames behind it', (head) => void (head.body = '\u0082\u0080abcd\u0009')),
  odd(
    'another request behind it',
    (head) => void (head.body = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'),
  ),
  odd('cookies', (head) => void head.headers.push(['Cookie', '__proto__=1; a=;;='])),
]

/** First bytes of other protocols. */
const STRANGERS = [
  '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'SSH-2.0-OpenSSH_9.9\r\n',
  '\u0000\u0000\u0000\u0000',
  '\r\n\r\n\r\n',
  'GET /\r\n',
  '*1\r\n$4\r\nPING\r\n',
  '',
]

export function requestsGroup(seed: number, index: number): Group {
  const random = randomOf(seed, 'requests', index)
  const attempts = Array.from({ length: GROUP }, (): Attempt => ({ ...one(random), ends: 'end' }))
  return { layer: 'requests', index, speaks: undefined, beginning: [], attempts }
}

function one(random: Random): Omit<Attempt, 'ends'> {
  const roll = random.share()
  if (roll < 0.03) return made('a handshake as it should be', write(sound()), ['http 101'])
  if (roll < 0.5) {
    const { title, spoil, status = ANYTHING } = random.of(SPOILERS)
    const head = sound()
    spoil(head, random)
    return made(title, write(head), status)
  }
  if (roll < 0.55) return made('another protocol', random.of(STRANGERS), ANYTHING)
  const head = sound()
  const spoilers = Array.from({ length: random.below(4) }, () => random.of(SPOILERS))
  for (const { spoil } of spoilers) spoil(head, random)
  const title = spoilers.map((spoiler) => spoiler.title).join(', ')
  // One that undoes another is possible: then even a socket is right.
  if (roll < 0.75) return made(title, write(head), ANYTHING)
  const bytes = damaged(Buffer.from(write(head), 'latin1'), random)
  return { title: `damaged: ${title}`, bytes, allowed: ANYTHING }
}

const made = (title: string, text: string, allowed: readonly string[]): Omit<Attempt, 'ends'> => ({
  title,
  bytes: Buffer.from(text, 'latin1'),
  allowed,
})

function sound(): Head {
  return {
    method: 'GET',
    target: '/sync/fuzz',
    version: 'HTTP/1.1',
    headers: [
      ['Host', `127.0.0.1:${PORT_MARK}`],
      ['Connection', 'Upgrade'],
      ['Upgrade', 'websocket'],
      ['Sec-WebSocket-Version', '13'],
      ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
    ],
    lineEnd: '\r\n',
    body: '',
  }
}

function write({ method, target: path, version, headers, lineEnd, body }: Head): string {
  const lines = [
    `${method} ${path} ${version}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    '',
    body,
  ]
  return lines.join(lineEnd)
}
