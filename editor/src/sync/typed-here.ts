/**
 * Which changes of a document somebody made on this page: those are counted as edits until the server has them.
 *
 * What comes from the server is not, nor what Yjs tidies up after it: after a foreign change of formatting it removes
 * what is redundant, in a transaction of origin null that every replica makes alike. Nobody typed it.
 */
import type * as Y from 'yjs'

/**
 * @param isForeign whether transactions of this origin bring what others wrote.
 * @param updated told of each update before it is sent, and whether it was typed here.
 * @returns its undo.
 */
export function watchTyping(
  doc: Y.Doc,
  isForeign: (origin: unknown) => boolean,
  updated: (update: Uint8Array, typed: boolean, origin: unknown) => void,
): () => void {
  let beginning = false
  /** Origin of the transaction that began the chain now running. */
  let chain: unknown
  const begun = () => {
    beginning = true
  }
  const opened = (transaction: Y.Transaction) => {
    if (beginning) chain = transaction.origin
    beginning = false
  }
  const told = (update: Uint8Array, origin: unknown) =>
    updated(update, !isForeign(origin) && !(origin === null && isForeign(chain)), origin)
  doc.on('beforeAllTransactions', begun)
  doc.on('beforeTransaction', opened)
  doc.on('update', told)
  return () => {
    doc.off('beforeAllTransactions', begun)
    doc.off('beforeTransaction', opened)
    doc.off('update', told)
  }
}
