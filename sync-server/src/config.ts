/**
 * Every setting, once: unit, default, bound and the reason for the number.
 *
 * `port` is `--port` as a flag, `WEFT_PORT` as a variable and `"port"` in the optional JSON file, in that order
 * of precedence. A value is checked here and trusted everywhere else.
 */
import { LIMITS } from '@weft/protocol'
import { z } from 'zod'
import { ConfigError, shown } from './config-error.ts'
import {
  flagOf,
  type Given,
  readConfigFile,
  readEnvironment,
  readFlags,
  variableOf,
} from './config-source.ts'
import { host, networks, onOff, origin, origins, path, whole } from './config-values.ts'
import { isLoopback } from './loopback.ts'
import { ROOM_LIMITS } from './room/room-limits.ts'

const mebibyte = 1_048_576

/** Where the documents are when nobody says. */
export const standardData = './data'

const schema = z.strictObject({
  port: whole(0, 65_535).default(8787).meta({ help: 'TCP port; 0 lets the system choose a free one' }),
  // Loopback, because until there are accounts whoever reaches the server may read and edit everything.
  host: host().default('127.0.0.1').meta({ help: 'address to listen on' }),
  data: path().default(standardData).meta({ help: 'folder that keeps the documents; created when missing' }),
  publicUrl: origin()
    .optional()
    .meta({ help: 'address people use when it is not this machine’s, e.g. https://weft.example' }),
  open: onOff()
    .default(false)
    .meta({ help: 'accept that everybody who reaches the server can read and edit every document' }),
  embedOrigins: origins()
    .default([])
    .meta({ help: 'other sites that may embed documents, separated by commas' }),
  // None by default: whoever reaches the server could claim any address.
  trustProxy: networks()
    .default([])
    .meta({ help: 'addresses of your own proxies, whose X-Forwarded-For tells who is behind them' }),
  rateLimit: onOff()
    .default(true)
    .meta({ help: 'rates and sockets per address; off for benchmarks and trusted networks' }),
  framesPerSecond: whole(1, 1_000_000)
    .default(LIMITS.framesPerSecond)
    .meta({ help: 'WebSocket frames a client may send, sustained' }),
  bytesPerSecond: whole(1_024, 1_024 * mebibyte)
    .default(LIMITS.bytesPerSecond)
    .meta({ help: 'bytes a client may send, sustained' }),
  burstSeconds: whole(1, 3_600)
    .default(LIMITS.burstSeconds)
    .meta({ help: 'seconds of both rates that may come at once' }),
  socketsPerAddress: whole(1, 100_000)
    .default(LIMITS.socketsPerAddress)
    .meta({ help: 'open WebSockets of one address' }),
  // One takes about 20 kB: 400 MB.
  maxSockets: whole(1, 1_000_000)
    .default(20_000)
    .meta({ help: 'open WebSockets in all; fewer where the system allows fewer open files' }),
  maxFrameBytes: whole(65_536, 256 * mebibyte)
    .default(LIMITS.maxFrameBytes)
    .meta({ help: 'bytes of one WebSocket frame' }),
  maxDocumentBytes: whole(65_536, 1_024 * mebibyte)
    .default(LIMITS.maxDocumentBytes)
    .meta({ help: 'bytes of one stored document' }),
  idleRoomsBytes: whole(0, 65_536 * mebibyte)
    .default(ROOM_LIMITS.idleRoomsBytes)
    .meta({ help: 'bytes of documents that stay in memory although nobody has them open' }),
  maxResidentBytes: whole(mebibyte, 1_048_576 * mebibyte)
    .default(ROOM_LIMITS.maxResidentBytes)
    .meta({ help: 'bytes of all documents in memory; what is beyond is read from disk when it is needed' }),
  slowBytes: whole(65_536, 1_024 * mebibyte)
    .default(ROOM_LIMITS.slowBytes)
    .meta({ help: 'bytes waiting for a reader above which it is caught up later' }),
  maxBufferedBytes: whole(65_536, 1_024 * mebibyte)
    .default(ROOM_LIMITS.maxBufferedBytes)
    .meta({ help: 'bytes waiting for a reader above which it is closed' }),
  maxTotalBufferedBytes: whole(mebibyte, 1_048_576 * mebibyte)
    .default(ROOM_LIMITS.maxTotalBufferedBytes)
    .meta({ help: 'bytes waiting for all readers above which the slowest are closed' }),
  maxQueuedBytes: whole(65_536, 1_024 * mebibyte)
    .default(ROOM_LIMITS.maxQueuedBytes)
    .meta({ help: 'bytes of a document that may wait for the disk; more is asked for again later' }),
  maxTotalQueuedBytes: whole(mebibyte, 65_536 * mebibyte)
    .default(ROOM_LIMITS.maxTotalQueuedBytes)
    .meta({ help: 'bytes of all documents that may wait for the disk before writers are held back' }),
  maxWorkerBytes: whole(32 * mebibyte, 65_536 * mebibyte)
    .default(ROOM_LIMITS.maxWorkerBytes)
    .meta({ help: 'bytes the thread that compacts may take; a document that needs more is not compacted' }),
  maxJsonBytes: whole(1_024, 256 * mebibyte)
    .default(LIMITS.maxJsonBytes)
    .meta({ help: 'bytes of a JSON request body' }),
  // A browser sends its headers in one packet; ten seconds is a bad radio link, more is somebody holding sockets.
  headersTimeoutMs: whole(100, 600_000)
    .default(10_000)
    .meta({ help: 'ms from opening a connection to its last header' }),
  // 16 MiB at 2 Mbit/s take 67 s.
  requestTimeoutMs: whole(100, 3_600_000).default(90_000).meta({ help: 'ms for a whole request' }),
  // Proxies that cut silent connections sooner than stock clients do (30 s) need it shorter.
  keepAliveMs: whole(100, 25_000)
    .default(ROOM_LIMITS.keepAliveMs)
    .meta({ help: 'ms of silence after which a client is sent an empty message' }),
  maxSlowMs: whole(100, 600_000)
    .default(ROOM_LIMITS.maxSlowMs)
    .meta({ help: 'ms a client may take to read what waits for it' }),
  idleRoomMs: whole(0, 86_400_000)
    .default(ROOM_LIMITS.idleRoomMs)
    .meta({ help: 'ms that a document stays in memory after the last person has left' }),
  // Container platforms wait 10 s to 30 s between SIGTERM and SIGKILL.
  drainMs: whole(0, 600_000).default(10_000).meta({ help: 'ms that stopping may take' }),
  // Beyond drainMs: a disk that is only busy answers within seconds, one that hangs never does.
  hangMs: whole(0, 600_000)
    .default(20_000)
    .meta({ help: 'ms that a disk which does not answer is waited for when stopping' }),
  logLevel: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'], {
      error: 'expected one of fatal, error, warn, info, debug, silent',
    })
    .default('warn')
    .meta({ help: 'what is written to stderr, as JSON lines' }),
})

export type Config = z.infer<typeof schema>

const keys = Object.keys(schema.shape)
/** What a configuration file may hold, for the commands that take only part of it. */
export const settingKeys: readonly string[] = keys
const switches = new Set(['open', 'rateLimit'])

/**
 * @param flags the words after `weft serve`
 * @throws {ConfigError} with one line about the first thing that is wrong
 */
export function loadConfig(flags: readonly string[], env: NodeJS.ProcessEnv): Config {
  const known = [...keys, 'config']
  const fromFlags = readFlags(flags, known, switches)
  const fromEnvironment = readEnvironment(env, known)
  const file = fromFlags.get('config') ?? fromEnvironment.get('config')
  const fromFile =
    file === undefined ? new Map<string, Given>() : readConfigFile(String(file.value), file.from, keys)
  const given = new Map([...fromFile, ...fromEnvironment, ...fromFlags])
  given.delete('config')
  return parse(given)
}

/** Settings from code: what is left out has its default. @throws {ConfigError} */
export function configOf(settings: z.input<typeof schema> = {}): Config {
  return parse(new Map(Object.entries(settings).map(([key, value]) => [key, { value, from: key }])))
}

/** One line a setting, for `weft --help`. */
export function describeSettings(): string {
  const rows = Object.entries(schema.shape).map(([key, setting]) => {
    const standard: unknown = setting instanceof z.ZodDefault ? setting.def.defaultValue : undefined
    return {
      flag: flagOf(key),
      variable: variableOf(key),
      help: `${String(setting.meta()?.['help'])}${inWords(standard)}`,
    }
  })
  rows.push({ flag: '--config', variable: 'WEFT_CONFIG', help: 'JSON file with any of these, in camelCase' })
  const flagWidth = Math.max(...rows.map((row) => row.flag.length))
  const variableWidth = Math.max(...rows.map((row) => row.variable.length))
  return rows
    .map((row) => `  ${row.flag.padEnd(flagWidth)}  ${row.variable.padEnd(variableWidth)}  ${row.help}`)
    .join('\n')
}

function parse(given: ReadonlyMap<string, Given>): Config {
  const values = new Map([...given].map(([key, one]) => [key, one.value]))
  const result = schema.safeParse(Object.fromEntries(values))
  if (!result.success) {
    const issue = result.error.issues[0]
    const key = String(issue?.path[0] ?? '')
    const one = given.get(key)
    throw new ConfigError(one?.from ?? key, `${issue?.message ?? 'wrong'}, got ${shown(one?.value)}`)
  }
  if (result.data.headersTimeoutMs > result.data.requestTimeoutMs) {
    const from = given.get('headersTimeoutMs')?.from ?? given.get('requestTimeoutMs')?.from ?? ''
    throw new ConfigError(
      from,
      'the time for the headers cannot be longer than the time for the whole request',
    )
  }
  refuseUnacknowledgedExposure(result.data, given)
  return result.data
}

/**
 * Nobody signs in yet, so a server that others can reach is open to all of them. That must never happen
 * by leaving something out: it takes the address people use and the word `open`.
 */
function refuseUnacknowledgedExposure(config: Config, given: ReadonlyMap<string, Given>): void {
  const publicHost = config.publicUrl === undefined ? undefined : new URL(config.publicUrl).hostname
  const listensOutside = !isLoopback(config.host)
  const servesOutside = publicHost !== undefined && !isLoopback(publicHost)
  if (!listensOutside && !servesOutside) return
  const missing = [
    ...(publicHost === undefined ? ['--public-url with the address people use'] : []),
    ...(config.open ? [] : ['--open']),
  ]
  if (missing.length === 0) return
  const key = listensOutside ? 'host' : 'publicUrl'
  const one = given.get(key)
  throw new ConfigError(
    one?.from ?? key,
    `${shown(one?.value)} lets other machines in, and without accounts everybody who reaches the server can read ` +
      `and edit every document; to accept that, add ${missing.join(' and ')}`,
  )
}

function inWords(standard: unknown): string {
  if (standard === undefined || (Array.isArray(standard) && standard.length === 0)) return ''
  if (typeof standard === 'boolean') return ` [${standard ? 'on' : 'off'}]`
  return ` [${typeof standard === 'string' ? standard : JSON.stringify(standard)}]`
}
