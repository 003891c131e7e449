/**
 * The log: JSON lines on stderr, so that stdout stays for people.
 *
 * Nothing that lets somebody in may be written, whatever object was logged; `redact` is the net below that rule.
 */
import { type DestinationStream, destination, type LevelWithSilent, pino } from 'pino'

export type Logger = Pick<ReturnType<typeof pino>, 'debug' | 'info' | 'warn' | 'error' | 'fatal'>

const secrets = [
  'authorization',
  'cookie',
  'set-cookie',
  'sec-websocket-protocol',
  'token',
  'password',
  'secret',
]

/** @param to where the lines go, stderr unless told. */
export function createLogger(level: LevelWithSilent, to: DestinationStream = stderr()): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      redact: {
        paths: secrets.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
        censor: '[secret]',
      },
    },
    to,
  )
}

/** Synchronous: a process that ends because of an error must not lose the line that says why. */
function stderr(): DestinationStream {
  return destination({ fd: 2, sync: true })
}
