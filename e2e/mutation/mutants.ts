/**
 * Faults that a test must catch. A fault is planted while the source is loaded, never on disk.
 *
 * `WEFT_MUTANT=<name>` in the environment of vitest plants one; `mutants.test.ts` does so for each and demands that
 * a test of the named file fails.
 */
import type { Edit } from './plant.ts'

export interface Mutant {
  readonly name: string
  /** What would be wrong with the product. */
  readonly fault: string
  readonly edits: readonly Edit[]
  /** The test file that must fail, and a part of the title of a test in it that must be among the failed. */
  readonly caughtBy: { readonly file: string; readonly title: string }
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'ack-before-commit',
    fault: 'a writer is told "on disk" while the store is still writing',
    edits: [
      {
        file: 'sync-server/src/socket/writing.ts',
        find: 'this.#acks.commit(room.committed)',
        put: 'this.#acks.commit(Number.MAX_VALUE)',
      },
    ],
    caughtBy: {
      file: 'sync-server/src/room/room.test.ts',
      title: 'acknowledges an update only once the store has made it durable',
    },
  },
  {
    name: 'relay-before-commit',
    fault: 'others see an edit that is not on disk',
    edits: [
      {
        file: 'sync-server/src/room/room.ts',
        find: 'return this.#queue.push(update, { principal: from.principal, author: from.id })',
        put: `const ticket = this.#queue.push(update, { principal: from.principal, author: from.id })
    this.log.append({ seq: this.log.head + 1, update, author: from.id })
    this.#members.each((member) => member.advance())
    return ticket`,
      },
      { file: 'sync-server/src/room/room.ts', find: 'this.log.append(entry)', put: 'void entry' },
    ],
    caughtBy: {
      file: 'sync-server/src/room/room.test.ts',
      title: 'shows nobody an update that is not on disk',
    },
  },
  {
    name: 'anybody-owns-a-client-id',
    fault: 'new content under somebody else’s client id is let in, and two replicas differ for ever',
    edits: [
      {
        file: 'sync-server/src/room/owners.ts',
        find: 'return owner !== undefined && owner !== principal',
        put: 'return owner === principal && owner === undefined',
      },
    ],
    caughtBy: {
      file: 'sync-server/src/room/ownership.test.ts',
      title: 'closes its sender with 4409',
    },
  },
  {
    name: 'owners-lost-in-a-fold',
    fault: 'whose a client id is is forgotten when the log is folded',
    edits: [
      {
        file: 'sync-server/src/room/compactor.ts',
        find: 'summary: snapshot?.summary ?? new Uint8Array(0)',
        put: 'summary: new Uint8Array(0)',
      },
    ],
    caughtBy: {
      file: 'sync-server/src/room/ownership.test.ts',
      title: 'is refused after the log was folded twice',
    },
  },
  {
    name: 'caret-bias-off',
    fault: 'which of several equal letters was typed is guessed, not known from the caret',
    edits: [
      {
        file: 'editor/src/binding/flow-view.ts',
        find: '      caret,\n      newId,',
        put: '      caret: caret === null ? caret : undefined,\n      newId,',
      },
    ],
    caughtBy: {
      file: 'editor/src/binding/merge.test.ts',
      title: 'says which of several equal letters is the new one',
    },
  },
  {
    name: 'typed-over-compared',
    fault: 'a letter typed over its equal is the old one, which goes when somebody else deletes it',
    edits: [
      { file: 'editor/src/binding/flow-view.ts', find: '      over,\n      caret,', put: '      caret,' },
    ],
    caughtBy: {
      file: 'editor/src/binding/typed-over.test.ts',
      title: 'is all there, also where it begins as the selection did',
    },
  },
  {
    name: 'undo-spares-nothing',
    fault: 'an undo takes a block away that somebody else has made something of',
    edits: [{ file: 'editor/src/binding/undo.ts', find: '      deleteFilter: isOnlyOurs,', put: '' }],
    caughtBy: {
      file: 'editor/src/binding/merge.test.ts',
      title: 'that somebody has made something of, with its id',
    },
  },
  {
    name: 'comparison-by-state-vectors',
    fault:
      'the checker itself takes replicas for equal that know the same clocks, whatever was written at them',
    edits: [
      {
        file: 'e2e/reliability/compare.ts',
        find: 'export const contentOf = (doc: Y.Doc): string => doc.getText(TEXT).toJSON()',
        put: `import { encodeStateVector } from 'yjs'
export const contentOf = (doc: Y.Doc): string => encodeStateVector(doc).join()`,
      },
    ],
    caughtBy: {
      file: 'e2e/reliability/compare.test.ts',
      title: 'under a forged client id differ, though their state vectors are equal',
    },
  },
]

/** @throws for a name that none has */
export function mutantOf(name: string): Mutant {
  const mutant = MUTANTS.find((one) => one.name === name)
  if (mutant === undefined) throw new Error(`there is no mutant ${name}`)
  return mutant
}
