/** What a page is told in its address: the server that it meets others on, and the document. */
export function asked(): { server: string; documentId: string } {
  const words = new URLSearchParams(location.search)
  const server = words.get('server') ?? ''
  return { server: `${server.replace(/^http/, 'ws')}/sync`, documentId: words.get('doc') ?? '' }
}
