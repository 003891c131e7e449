/**
 * From the address in a tag to the server and the document it names.
 *
 * A document's page is `<server>/d/<id>`, so that what people copy from the address bar is what they embed.
 */
import { isDocumentId } from '@weft/protocol'

export interface DocumentAddress {
  /** With scheme and, when there is one, a path prefix; no slash at the end. */
  readonly server: string
  readonly documentId: string
}

/**
 * @param base what relative addresses are relative to, normally `document.baseURI`.
 * @returns undefined unless `src` is an http(s) address ending in `/d/<document id>`.
 */
export function addressOfSource(src: string, base?: string): DocumentAddress | undefined {
  const url = parse(src, base)
  if (url === undefined) return undefined
  const match = /^(.*)\/d\/([^/]+)\/?$/.exec(url.pathname)
  const id = match?.[2]
  if (id === undefined || !isDocumentId(id)) return undefined
  return { server: url.origin + (match?.[1] ?? ''), documentId: id }
}

/** The same from a server's address and an id. */
export function addressOfParts(server: string, id: string, base?: string): DocumentAddress | undefined {
  const url = parse(server, base)
  if (url === undefined || !isDocumentId(id)) return undefined
  return { server: url.origin + url.pathname.replace(/\/+$/, ''), documentId: id }
}

function parse(text: string, base?: string): URL | undefined {
  if (!URL.canParse(text, base)) return undefined
  const url = new URL(text, base)
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined
}
