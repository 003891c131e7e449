/**
 * What the commands beside `serve` are given: words and flags, of which the data folder may also come from the
 * environment or the configuration file, as it does for the server.
 *
 * A switch such as `--force` is given by hand each time: nobody should find one in an environment.
 */
import { StoreError } from '@weft/persistence'
import { settingKeys, standardData } from '../config.ts'
import { ConfigError, shown } from '../config-error.ts'
import { type Given, readConfigFile, readEnvironment, readFlags } from '../config-source.ts'
import { StartError } from '../start-error.ts'

export interface CommandInput {
  readonly words: readonly string[]
  readonly env: NodeJS.ProcessEnv
}

interface CommandShape<Flag extends string, Switch extends string> {
  /** What stands without a flag, in order, as the help calls it. */
  readonly places: readonly string[]
  readonly flags?: readonly Flag[]
  readonly switches?: readonly Switch[]
}

export interface CommandLine<Flag extends string, Switch extends string> {
  readonly data: string
  readonly places: readonly string[]
  readonly flags: ReadonlyMap<Flag, string>
  readonly switches: ReadonlySet<Switch>
}

/** @throws {ConfigError} with one line about the first thing that is wrong */
export function readCommand<Flag extends string = never, Switch extends string = never>(
  { words, env }: CommandInput,
  { places, flags = [], switches = [] }: CommandShape<Flag, Switch>,
): CommandLine<Flag, Switch> {
  const shared = ['data', 'config']
  const given: string[] = []
  const fromFlags = readFlags(words, [...shared, ...flags, ...switches], new Set(switches), given)
  const [stray] = given.slice(places.length)
  if (stray !== undefined) throw new ConfigError(shown(stray), 'not expected here; see weft --help')
  const missing = places[given.length]
  if (missing !== undefined) throw new ConfigError(missing, 'is missing; see weft --help')
  const fromEnvironment = readEnvironment(env, shared)
  const file = fromFlags.get('config') ?? fromEnvironment.get('config')
  const fromFile =
    file === undefined ? new Map<string, Given>() : readConfigFile(String(file.value), file.from, settingKeys)
  const data = fromFlags.get('data') ?? fromEnvironment.get('data') ?? fromFile.get('data')
  if (data !== undefined && (typeof data.value !== 'string' || data.value === ''))
    throw new ConfigError(data.from, `expected a folder, got ${shown(data.value)}`)
  return {
    data: data === undefined ? standardData : String(data.value),
    places: given,
    flags: new Map(flags.flatMap((flag) => (fromFlags.has(flag) ? [[flag, valueOf(fromFlags, flag)]] : []))),
    switches: new Set(switches.filter((name) => isOn(fromFlags.get(name)))),
  }
}

/** What storage refuses is one line for whoever typed the command. */
export async function orInOneLine<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof StoreError) {
      const advice = error.code === 'locked' ? '; stop that one, or choose another folder with --data' : ''
      throw new StartError('data-folder', `${error.message}${advice}`, error)
    }
    throw error
  }
}

function valueOf(given: ReadonlyMap<string, Given>, key: string): string {
  return String(given.get(key)?.value)
}

function isOn(given: Given | undefined): boolean {
  if (given === undefined || given.value === 'off') return false
  if (given.value === 'on') return true
  throw new ConfigError(given.from, `expected on or off, got ${shown(given.value)}`)
}
