/**
 * Whether two replicas hold the same (pure): letter by letter, never by state vectors.
 *
 * A state vector says how far somebody's writing is known, not what was written: two replicas that took different
 * words under one client id and clock have equal ones for ever, and so have two of which one lacks a deletion.
 */
import type * as Y from 'yjs'
import { TEXT } from './words.ts'

export const contentOf = (doc: Y.Doc): string => doc.getText(TEXT).toJSON()

export interface Screen {
  readonly who: string
  readonly doc: Y.Doc
}

/** @returns who sees something else than `reference` */
export function differing(screens: readonly Screen[], reference: Y.Doc): string[] {
  const expected = contentOf(reference)
  return screens.flatMap(({ who, doc }) => (contentOf(doc) === expected ? [] : [who]))
}
