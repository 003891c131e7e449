/** What is looked for behind a "/", and which entries of a menu it means. Pure. */
import type { CommandName } from '../element/api.ts'
import type { OtherNames } from './other-names.ts'
import type { Strings } from './strings.ts'

/** More is a sentence that has a "/" in it. */
const LONGEST = 24

/** @param before the text of the block up to the caret. @returns undefined where no "/" asks for anything. */
export function slashQuery(before: string): string | undefined {
  const query = /(?:^|\s)\/([^/\n]*)$/.exec(before)?.[1]
  return query === undefined || query.length > LONGEST || /^\s|\s\s/.test(query) ? undefined : query
}

/** @returns those with a word that begins with the query, best first: by its name, then by what else it is called. */
export function findEntries<T extends { readonly command: CommandName }>(
  query: string,
  entries: readonly T[],
  { commands }: Pick<Strings, 'commands'>,
  otherNames: OtherNames,
): readonly T[] {
  const wanted = query.trim().toLocaleLowerCase()
  if (wanted === '') return entries
  const begins = (name: string): boolean => ` ${name.toLocaleLowerCase()}`.includes(` ${wanted}`)
  const byName = entries.filter(({ command }) => begins(commands[command]))
  const byOther = entries.filter(({ command }) => begins(otherNames[command] ?? ''))
  return [...new Set([...byName, ...byOther])]
}
