/**
 * The log: JSON lines on stderr, so that stdout stays for people.
 *
 * Nothing that lets somebody in may be written, whatever object was logged; `redact` is the net below that rule.
 */
import { destination, type LevelWithSilent, pino } from 'pino'

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

export function createLogger(level: LevelWithSilent): Logger {
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
    // Synchronous: a process that ends because of an error must not lose the line that says why.
    destination({ fd: 2, sync: true }),
  )
}
