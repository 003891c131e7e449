/**
 * How much memory V8 may fill with short-lived objects before it looks which of them live on.
 *
 * By default that is up to 48 MiB, and it is what a server with thousands of idle people mostly consists of: measured,
 * 25 KiB a connection instead of 14. Frames live for milliseconds, so looking more often costs nothing that can be
 * measured (`npm run bench`). It can only be set when a process starts.
 *
 * @see https://nodejs.org/api/cli.html#--max-semi-space-sizesize-in-mib
 */

const FLAG = '--max-semi-space-size'
/** One of three equal parts of the young generation. */
const MEBIBYTES = 4

/** Puts this process in the place of itself with the flag, unless somebody has chosen it; the process id stays. */
export function limitYoungGeneration(): void {
  const { execArgv, env, execPath, argv } = process
  const isChosen = `${execArgv.join(' ')} ${env['NODE_OPTIONS'] ?? ''}`.includes(FLAG)
  // A channel to a parent process would not survive; nor is there anything to replace on Windows.
  if (isChosen || process.send !== undefined || process.platform === 'win32') return
  process.execve?.(execPath, [execPath, ...execArgv, `${FLAG}=${MEBIBYTES}`, ...argv.slice(1)], env)
}
