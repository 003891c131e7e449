/** How a document is called where a sentence speaks of it. */

interface Named {
  readonly title: string
}

/** A sentence that has to be read in passing has no room for a longer title. */
const MAX_QUOTED = 48

export function nameOf({ title }: Named): string {
  return title === '' ? 'Untitled' : title
}

/** In quotation marks, shortened. */
export function quoted(document: Named): string {
  const letters = Array.from(nameOf(document))
  const short =
    letters.length > MAX_QUOTED ? `${letters.slice(0, MAX_QUOTED).join('').trimEnd()}…` : letters.join('')
  return `“${short}”`
}
