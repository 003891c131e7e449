/**
 * The languages that a code block's picker lists, by the names that Markdown has for them.
 *
 * Rule: a document may hold any name the schema takes; this list is only what is offered and how it is shown.
 */
import { readBlockShape } from '@weft/document'

export interface Language {
  /** As it is stored. */
  readonly name: string
  readonly label: string
  /** Other names for it, in lower case. */
  readonly aliases: readonly string[]
}

const KNOWN: readonly (readonly [name: string, label: string, aliases?: string])[] = [
  ['bash', 'Shell', 'sh shell zsh console'],
  ['c', 'C', 'h'],
  ['cpp', 'C++', 'c++ cc hpp'],
  ['csharp', 'C#', 'c# cs dotnet'],
  ['css', 'CSS', 'scss less'],
  ['diff', 'Diff', 'patch'],
  ['dockerfile', 'Dockerfile', 'docker'],
  ['elixir', 'Elixir', 'ex exs'],
  ['go', 'Go', 'golang'],
  ['graphql', 'GraphQL', 'gql'],
  ['haskell', 'Haskell', 'hs'],
  ['html', 'HTML', 'htm xhtml'],
  ['java', 'Java'],
  ['javascript', 'JavaScript', 'js mjs cjs jsx node'],
  ['json', 'JSON', 'jsonc json5'],
  ['kotlin', 'Kotlin', 'kt kts'],
  ['latex', 'LaTeX', 'tex'],
  ['lua', 'Lua'],
  ['markdown', 'Markdown', 'md'],
  ['mermaid', 'Mermaid'],
  ['php', 'PHP'],
  ['powershell', 'PowerShell', 'ps1 pwsh'],
  ['python', 'Python', 'py'],
  ['r', 'R'],
  ['ruby', 'Ruby', 'rb'],
  ['rust', 'Rust', 'rs'],
  ['sql', 'SQL', 'postgres mysql sqlite'],
  ['swift', 'Swift'],
  ['toml', 'TOML', 'ini'],
  ['typescript', 'TypeScript', 'ts tsx mts'],
  ['xml', 'XML', 'svg'],
  ['yaml', 'YAML', 'yml'],
]

const LANGUAGES: readonly Language[] = KNOWN.map(([name, label, aliases = '']) => ({
  name,
  label,
  aliases: aliases.split(' ').filter((alias) => alias !== ''),
}))

/** How a stored name is shown; one that is not listed as it is. */
export function languageLabel(name: string): string {
  return languageNamed(name)?.label ?? name
}

export function languageNamed(name: string): Language | undefined {
  const wanted = name.toLowerCase()
  return LANGUAGES.find((each) => each.name === wanted || each.aliases.includes(wanted))
}

/** @returns those with a name that begins with what was typed first, then those that have it anywhere. */
export function findLanguages(typed: string): readonly Language[] {
  const wanted = typed.trim().toLowerCase()
  const names = ({ name, label, aliases }: Language): string[] => [label.toLowerCase(), name, ...aliases]
  const begins = LANGUAGES.filter((each) => names(each).some((name) => name.startsWith(wanted)))
  const holds = LANGUAGES.filter((each) => names(each).some((name) => name.includes(wanted)))
  return [...new Set([...begins, ...holds])]
}

/** @returns the name as the schema would store it; undefined when it would not. */
export function languageTyped(typed: string): string | undefined {
  const given: Readonly<Record<string, unknown>> = { type: 'code', language: typed.trim() }
  const shape = readBlockShape((part) => given[part])
  return shape.type === 'code' && shape.language !== '' ? shape.language : undefined
}
