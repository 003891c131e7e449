#!/usr/bin/env node
import { EXIT } from './cli/exit.ts'
/**
 * The command line: `weft serve` and what is to come beside it.
 *
 * What a person did wrong or the machine does not allow is one line on stderr, never a stack trace.
 * Exit codes: 0 well; 1 it could not start, or a fault of ours; 2 a wrong setting or command; 70 the storage
 * failed and the process must be started again; 75 stopping took too long.
 */
import { describeSettings } from './config.ts'
import { ConfigError } from './config-error.ts'
import { StartError } from './start-error.ts'
import { readVersion } from './version.ts'

const help = `weft ${readVersion()}: several people write one document in the browser

  weft serve [flags]    run the server (also without "serve")
  weft --help           this text
  weft --version        the version

A flag can be given as a variable or in a JSON file instead; a flag wins over a variable, a variable over the file.

${describeSettings()}
`

async function main(words: readonly string[]): Promise<void> {
  if (words.includes('--help') || words.includes('-h')) {
    process.stdout.write(help)
    return
  }
  if (words.includes('--version') || words.includes('-v')) {
    process.stdout.write(`${readVersion()}\n`)
    return
  }
  const [first] = words
  const named = first !== undefined && !first.startsWith('-')
  if (named && first !== 'serve')
    throw new ConfigError(JSON.stringify(first), 'no such command; see weft --help')
  // Loaded only now: a wrong word is answered without starting a server's worth of code.
  const { serve } = await import('./cli/serve.ts')
  await serve(named ? words.slice(1) : words, process.env)
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  if (error instanceof ConfigError || error instanceof StartError) {
    process.stderr.write(`weft: ${error.message}\n`)
    process.exitCode = error instanceof ConfigError ? EXIT.wrongSetting : EXIT.failed
  } else {
    process.stderr.write(`weft: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    process.exitCode = EXIT.failed
  }
}
