/**
 * Which addresses a link may have.
 *
 * Rule: an allow-list of schemes, applied where an address enters (dialog, paste, import) **and** where it leaves
 * (before a click opens it), because a document may hold what another program wrote.
 */

const SCHEMES = new Set(['http:', 'https:', 'mailto:', 'tel:'])

/** Browsers ignore tabs and newlines anywhere in an address, so `java\nscript:` is a scheme too. */
// oxlint-disable-next-line no-control-regex -- control characters are exactly what is being removed
const IGNORED = /[\u0000-\u0020\u007f-\u009f\u200b-\u200f\u2028-\u202e\ufeff]/g

/**
 * What somebody typed or pasted, as an address that is safe to open.
 *
 * `example.org/x` becomes `https://example.org/x`, `ann@example.org` becomes `mailto:ann@example.org`.
 * @returns undefined for an address that is empty, malformed, or of a scheme that is not allowed.
 */
export function linkAddress(text: string): string | undefined {
  const address = text.trim()
  if (address === '' || address.length > 2_048) return undefined
  const squeezed = address.replace(IGNORED, '')
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(squeezed)?.[1]?.toLowerCase()
  // "localhost:8787" and "example.org:80/x" have a port, not a scheme.
  const hostAndPort = /^[\w.-]+:\d+(?:[/?#]|$)/.test(squeezed)
  if (scheme !== undefined && !hostAndPort) {
    return SCHEMES.has(`${scheme}:`) && URL.canParse(squeezed) ? new URL(squeezed).href : undefined
  }
  if (/\s/.test(address)) return undefined
  if (/^[^@/\s]+@[^@/\s]+\.[^@/\s]+$/.test(squeezed)) return `mailto:${squeezed}`
  if (!hostAndPort && !/^(?:[\p{L}\p{N}-]+\.)+[\p{L}]{2,}(?:[/?#:]|$)/u.test(squeezed)) return undefined
  return URL.canParse(`https://${squeezed}`) ? new URL(`https://${squeezed}`).href : undefined
}

/** Whether pasting `text` alone should make a link: only whole web addresses, never a bare word with a dot. */
export function isPastedAddress(text: string): boolean {
  return /^https?:\/\/\S+$/i.test(text.trim()) && linkAddress(text) !== undefined
}
