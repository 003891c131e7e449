/**
 * `weft serve`: starts one server, says where it is, and ends it well.
 *
 * SIGTERM, SIGINT and SIGHUP drain; more of them change nothing. A storage that failed ends the process at once.
 */
import { statfs } from 'node:fs/promises'
import type { StoreError } from '@weft/persistence'
import { type Config, loadConfig } from '../config.ts'
import { createLogger, type Logger } from '../observe/logger.ts'
import { type RunningServer, startServer } from '../server.ts'
import { readVersion } from '../version.ts'
import { EXIT, endAtOnce } from './exit.ts'

/** Above all the time that stopping may take: what comes after it is a fault of ours. */
const faultMs = 5_000

/** @throws {ConfigError | StartError} before anything runs */
export async function serve(flags: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const config = loadConfig(flags, env)
  const logger = createLogger(config.logLevel)
  // A terminal that was closed must not end the server.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

  const server = await startServer(config, { logger, onFatal: endNow })
  const stop = stopper(server, config, logger)

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => stop(EXIT.ok))
  const fault = (error: unknown) => {
    logger.fatal({ err: error }, 'a fault that nothing handled; stopping')
    stop(EXIT.failed)
  }
  process.on('uncaughtException', fault)
  process.on('unhandledRejection', fault)

  process.stdout.write(await banner(server, config))
}

function endNow(error: StoreError): void {
  process.stderr.write(`weft: the storage failed, ending so that a restart can recover: ${error.message}\n`)
  process.exit(EXIT.storageFailed)
}

/** @returns drains once, however often it is called, and exits with the worst code it was given */
function stopper(server: RunningServer, config: Config, logger: Logger): (code: number) => void {
  let worst: number = EXIT.ok
  let stopping = false
  const close = async (): Promise<never> => {
    const { storageLetGo } = await server.close()
    return storageLetGo ? process.exit(worst) : giveUp()
  }
  const giveUp = (): never => {
    logger.fatal('stopping took too long')
    endAtOnce(EXIT.stopTimedOut)
  }
  return (code) => {
    worst = Math.max(worst, code)
    if (stopping) return
    stopping = true
    setTimeout(giveUp, config.drainMs + config.hangMs + faultMs).unref()
    void close()
  }
}

async function banner(server: RunningServer, config: Config): Promise<string> {
  const lines = [
    `Weft ${readVersion()}`,
    `  data     ${server.data} (${await freeSpace(server.data)})`,
    ...(config.publicUrl === undefined ? [] : [`  public   ${config.publicUrl}`]),
    ...(config.open ? ['  access   everybody who reaches this server can read and edit every document'] : []),
    `  address  ${server.url}`,
  ]
  return `${lines.join('\n')}\n`
}

async function freeSpace(folder: string): Promise<string> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return `${((bavail * bsize) / 1e9).toFixed(1)} GB free`
  } catch {
    return 'free space unknown'
  }
}
