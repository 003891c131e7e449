/** The words of sharing that depend on where the server is. Pure. */

/** What a page of somebody else's needs, ready to paste. */
export function embedSnippet(server: string, address: string): string {
  return `<script type="module" src="${server}/embed.js"></script>\n<weft-editor src="${address}"></weft-editor>`
}

/** Whether other machines can use this address at all. */
export function isThisMachineOnly(server: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(server).hostname)
}
