/**
 * Where settings come from: flags before environment before an optional JSON file.
 *
 * Collects what was given and remembers how it was named; whether a value is any good is `config.ts`'s business.
 * `dataFolder` is `--data-folder` as a flag, `WEFT_DATA_FOLDER` as a variable and `"dataFolder"` in the file.
 */
import { readFileSync } from 'node:fs'
import { ConfigError, shown } from './config-error.ts'

export interface Given {
  readonly value: unknown
  /** How the person named it, for the error message. */
  readonly from: string
}

export function flagOf(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

export function variableOf(key: string): string {
  return `WEFT_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
}

/**
 * Reads `--name value` and `--name=value`.
 *
 * @param switches keys that may stand without a value, which then is `on`
 * @param places takes the words that stand without a flag; a switch then takes no word behind it
 * @throws {ConfigError} an unknown flag, a flag given twice, one without its value, a stray word
 */
export function readFlags(
  words: readonly string[],
  keys: readonly string[],
  switches: ReadonlySet<string>,
  places?: string[],
): Map<string, Given> {
  const byFlag = new Map(keys.map((key) => [flagOf(key), key]))
  const found = new Map<string, Given>()
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (places !== undefined && (word === '-' || !word.startsWith('-'))) {
      places.push(word)
      continue
    }
    if (!word.startsWith('-')) throw new ConfigError(shown(word), 'not expected here; flags start with --')
    const equals = word.indexOf('=')
    const flag = equals < 0 ? word : word.slice(0, equals)
    const key = byFlag.get(flag)
    if (key === undefined) throw new ConfigError(escaped(flag), 'no such flag; weft --help lists them')
    if (found.has(key)) throw new ConfigError(flag, 'given twice')
    const next = words[at + 1]
    if (equals >= 0) {
      found.set(key, { value: word.slice(equals + 1), from: flag })
    } else if (switches.has(key)) {
      const says = places === undefined && next !== undefined && !next.startsWith('-')
      if (says) at++
      found.set(key, { value: says ? next : 'on', from: flag })
    } else {
      if (next === undefined || next.startsWith('--')) throw new ConfigError(flag, 'needs a value')
      at++
      found.set(key, { value: next, from: flag })
    }
  }
  return found
}

/** Variables that are set but empty count as not set, as container tools leave them. */
export function readEnvironment(env: NodeJS.ProcessEnv, keys: readonly string[]): Map<string, Given> {
  const found = new Map<string, Given>()
  for (const key of keys) {
    const from = variableOf(key)
    const value = env[from]
    if (value !== undefined && value !== '') found.set(key, { value, from })
  }
  return found
}

/**
 * @param named the flag or variable that named the file
 * @throws {ConfigError} the file cannot be read, is not a JSON object, or holds an unknown key
 */
export function readConfigFile(path: string, named: string, keys: readonly string[]): Map<string, Given> {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const why = error instanceof SyntaxError ? 'it is not JSON' : codeOf(error)
    throw new ConfigError(named, `${shown(path)} cannot be read: ${why}`)
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw new ConfigError(named, `${shown(path)}: expected a JSON object`)
  const found = new Map<string, Given>()
  for (const [key, value] of Object.entries(content)) {
    const from = `${shown(key)} in ${path}`
    if (!keys.includes(key)) throw new ConfigError(from, 'no such setting; weft --help lists them')
    found.set(key, { value, from })
  }
  return found
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}

function escaped(text: string): string {
  return shown(text).slice(1, -1)
}
