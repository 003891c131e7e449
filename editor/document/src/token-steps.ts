/**
 * Tokens as steps of a delta on the flow: new blocks, text and objects.
 *
 * Rule: text gets exactly its marks, a block exactly its attributes; a type this version does not know is written as a
 * paragraph, since what else it has is unknown.
 */
import type * as Y from 'yjs'
import { type BlockJson, createMarker, type TableJson } from './flow.ts'
import { storedInline } from './inline.ts'
import type { MarkChanges } from './marks.ts'
import { PARAGRAPH } from './schema.ts'
import type { Token } from './tokens.ts'

/** As `Y.Text.applyDelta` takes them. */
export type DeltaStep =
  | { readonly retain: number; readonly attributes?: MarkChanges }
  | { readonly delete: number }
  | { readonly insert: string | object; readonly attributes?: MarkChanges }

/** Rows, columns and cells to write once the marker is there. */
export interface NewTable {
  readonly id: string
  readonly table: TableJson
}

/** @param tables gets the tables among the new blocks. */
export function stepsFor(tokens: readonly Token[], newId: () => string, tables: NewTable[]): DeltaStep[] {
  const steps: DeltaStep[] = []
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index]
    if (token?.kind === 'block') {
      const id = newId()
      steps.push(blockStep(token.block, id))
      if (token.block.table !== undefined) tables.push({ id, table: token.block.table })
    } else if (token?.kind === 'object') {
      if (token.object.type !== 'unknown')
        steps.push({ insert: storedInline(token.object), attributes: { ...token.marks } })
    } else if (token !== undefined) {
      // The words of a run share its marks: they go in as the run they were.
      let { text } = token
      for (
        let next = tokens[index + 1];
        next?.kind === 'text' && next.marks === token.marks;
        next = tokens[index + 1]
      ) {
        text += next.text
        index += 1
      }
      steps.push({ insert: text.toWellFormed(), attributes: { ...token.marks } })
    }
  }
  return steps
}

export function blockStep({ shape, column }: Pick<BlockJson, 'shape' | 'column'>, id: string): DeltaStep {
  const marker: Y.Map<unknown> = createMarker(shape.type === 'unknown' ? PARAGRAPH : shape, id)
  if (column !== undefined && column > 0) marker.set('column', column)
  return { insert: marker }
}
