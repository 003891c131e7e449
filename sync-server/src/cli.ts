#!/usr/bin/env node
import { EXIT } from './cli/exit.ts'
import { limitYoungGeneration } from './cli/young-generation.ts'
/**
 * The command line: `weft serve`, and what keeps its documents safe beside it.
 *
 * What a person did wrong or the machine does not allow is one line on stderr, never a stack trace.
 * Exit codes: 0 well; 1 it could not be done, damage was found, or a fault of ours; 2 a wrong setting or command;
 * 70 the storage failed and the process must be started again; 75 stopping took too long.
 */
import { describeSettings } from './config.ts'
import { ConfigError } from './config-error.ts'
import { StartError } from './start-error.ts'
import { readVersion } from './version.ts'

const help = `weft ${readVersion()}: several people write one document in the browser

  weft serve [flags]               run the server (also without "serve")
  weft backup <file or folder>     copy everything into one file, also while the server runs
  weft restore <backup>            make a backup the data folder, once it is verified; the server must be stopped
      --force                      move documents that are there aside, into a folder beside them
      --accept-damage              restore a backup that is damaged or incomplete
  weft verify                      check everything that is stored; a line for each damaged document
  weft retry <document>            open again a document that is kept closed because it ended the server twice
  weft export <folder or ->        every document as a file; - writes one to stdout
      --document <id>              only this one
      --format <yjs|markdown|text> default yjs: the whole document as one Yjs update
  weft --help                      this text
  weft --version                   the version

Each command takes --data (WEFT_DATA): the data folder, for verify also a backup. They end with 0 when all is well, with
1 when something could not be done or damage was found, and with 2 when the command itself is wrong.

A flag of the server can be given as a variable or in a JSON file instead; a flag wins over a variable, a variable over the file.

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
  await run(named ? first : 'serve', named ? words.slice(1) : words)
}

/** Each is loaded only now: a wrong word is answered without starting a server's worth of code. */
async function run(command: string, words: readonly string[]): Promise<void> {
  const { env } = process
  switch (command) {
    case 'serve':
      limitYoungGeneration()
      return (await import('./cli/serve.ts')).serve(words, env)
    case 'backup':
      return end(await (await import('./cli/backup.ts')).backup({ words, env }))
    case 'restore':
      return end(await (await import('./cli/restore.ts')).restore({ words, env }))
    case 'verify':
      return end(await (await import('./cli/verify.ts')).verify({ words, env }))
    case 'retry':
      return end(await (await import('./cli/retry.ts')).retry({ words, env }))
    case 'export':
      return end(await (await import('./cli/export.ts')).exportDocuments({ words, env }))
  }
  throw new ConfigError(JSON.stringify(command), 'no such command; see weft --help')
}

/** Once everything is written. */
function end(code: number): void {
  process.exitCode = code
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
