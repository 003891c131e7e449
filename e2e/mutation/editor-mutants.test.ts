/** Faults of the binding and the model that the fuzz over whole editors must find within a few hundred seeds. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { FuzzReport } from '../../editor/test/fuzz/main.ts'
import { type Edit, PLANTED } from './plant.ts'

const planter = new URL('../harness/plant-faults.ts', import.meta.url).href
const main = fileURLToPath(new URL('../../editor/test/fuzz/main.ts', import.meta.url))

interface EditorMutant {
  readonly name: string
  readonly edit: Edit
  /** What the first failure must be about. */
  readonly says: RegExp
}

const MUTANTS: readonly EditorMutant[] = [
  {
    name: 'a marker without id',
    edit: {
      file: 'editor/document/src/flow.ts',
      find: '...Object.entries({ ...storedBlock(shape), ...place, id }),',
      put: '...Object.entries({ ...storedBlock(shape), ...place, ...(id === null ? { id } : {}) }),',
    },
    says: /is no id of a table|nobody deleted it|but has/,
  },
  {
    name: 'a format that writes the text anew',
    edit: {
      file: 'editor/src/binding/to-flow.ts',
      find: 'script.retain(lengthOf(from), markChanges(oldMarks ?? {}, nextMarks ?? {}))',
      put: `{
        const changes = markChanges(oldMarks ?? {}, nextMarks ?? {})
        if (changes === undefined) script.retain(lengthOf(from), undefined)
        else {
          script.delete(lengthOf(from))
          script.insert(String.fromCodePoint(to), nextMarks ?? {})
        }
      }`,
    },
    says: /times: |came between|was written after|which \d+ wrote/,
  },
  {
    name: 'a format that drops what it is set on',
    edit: {
      file: 'editor/src/binding/to-flow.ts',
      find: 'script.retain(lengthOf(from), markChanges(oldMarks ?? {}, nextMarks ?? {}))',
      put: `{
        const changes = markChanges(oldMarks ?? {}, nextMarks ?? {})
        if (changes?.bold === undefined) script.retain(lengthOf(from), changes)
        else script.delete(lengthOf(from))
      }`,
    },
    says: /(?:mark|undo|redo) by \d took|may take nothing/,
  },
  {
    name: 'a Backspace that takes two',
    edit: {
      file: 'editor/src/binding/to-flow.ts',
      find: 'else if (from !== undefined) script.delete(lengthOf(from))',
      put: 'else if (from !== undefined) script.delete(lengthOf(from) + (count === 1 ? 1 : 0))',
    },
    says: /by \d took .*may (?:take only|do so)/,
  },
  {
    name: 'a letter that is taken for its equal neighbour',
    edit: {
      file: 'editor/src/binding/flow-view.ts',
      find: '      caret,\n      newId,',
      put: '      caret: caret === null ? caret : undefined,\n      newId,',
    },
    says: /was written somewhere else|another than the character beside the caret was deleted/,
  },
  {
    name: 'a letter typed over its equal that stays the old one',
    edit: {
      file: 'editor/src/binding/flow-view.ts',
      find: '      over,\n      caret,',
      put: '      caret,',
    },
    says: /was written somewhere else|the caret is not behind/,
  },
  {
    name: 'a moved block that is copied and not deleted',
    edit: {
      file: 'editor/document/src/blocks-edit.ts',
      find: 'deleteSegments(flow, transaction, moved)',
      put: 'void deleteSegments',
    },
    says: /wrote .* a second time|nobody wrote it so often/,
  },
  {
    name: 'remote edits that are applied before pending ones are written',
    edit: {
      file: 'editor/src/apply-gate.ts',
      find: 'for (const writePending of this.#writers) writePending()',
      put: '',
    },
    says: /times: |but has|was written after|came between|which \d+ wrote/,
  },
  {
    name: 'a deleted row that hides what others wrote in it meanwhile',
    edit: {
      file: 'editor/document/src/table.ts',
      find: 'const shown = new Set(cells.map((cell) => cell[axis]))',
      put: 'const shown = new Set<string>(cells.length < 0 ? [axis] : [])',
    },
    says: /nobody deleted it|left it 1 times|unknown character/,
  },
  {
    name: 'words of a table that came before the table and are not shown',
    edit: {
      file: 'editor/src/binding/tables.ts',
      find: '...transaction.changed.keys(),',
      put: '',
    },
    says: /shows/,
  },
]

function fuzz(edits: readonly Edit[], seeds: number): Promise<FuzzReport> {
  const flags = ['--conditions=weft:source', '--disable-warning=ExperimentalWarning', `--import=${planter}`]
  const args = [...flags, main, '--seeds', String(seeds), '--most', '1']
  const env = { ...process.env, NODE_ENV: 'production', [PLANTED]: JSON.stringify(edits) }
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      // It exits with 1 when it has found something, and still reports.
      if (stdout.startsWith('{')) resolve(JSON.parse(stdout) as FuzzReport)
      else reject(new Error(stderr, { cause: error }))
    })
  })
}

describe('the fuzz over editors', () => {
  it.for(MUTANTS)('catches $name', async ({ edit, says }) => {
    const { failures } = await fuzz([edit], 300)
    expect(failures.join('\n')).toMatch(says)
  })

  it('finds nothing where no fault is planted', async () => {
    const { failed, seeds } = await fuzz([], 60)
    expect({ failed, seeds }).toEqual({ failed: 0, seeds: 60 })
  })
})
