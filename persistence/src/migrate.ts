/**
 * Numbered steps from one storage format to the next.
 *
 * A step is never edited once released: a folder somewhere stands behind it. A format beyond the last step known here
 * is refused, because writing it with old rules would damage what the newer version keeps there.
 */
import { StoreError } from './error.ts'

export interface Migration<Database> {
  /** The format after this step, counted from 1 without gaps. */
  readonly format: number
  /** The first version of Weft that writes this format. */
  readonly weft: string
  readonly apply: (database: Database) => void
}

export interface StoredFormat {
  /** 0 for a database that is still empty. */
  readonly format: number
  /** As stored by whoever wrote it; undefined when it did not say. */
  readonly weft: string | undefined
}

/**
 * @returns the steps still to run, in order.
 * @throws {StoreError} `newer`, naming both formats, and the version of Weft that is needed when it is known.
 */
export function stepsFrom<Database>(
  steps: readonly Migration<Database>[],
  stored: StoredFormat,
): readonly Migration<Database>[] {
  const latest = steps.length
  if (stored.format <= latest) return steps.slice(stored.format)
  const needed = stored.weft === undefined ? 'a newer Weft' : `Weft ${stored.weft} or newer`
  throw new StoreError(
    'newer',
    `storage format ${stored.format} needs ${needed}; this version knows formats up to ${latest}`,
  )
}
