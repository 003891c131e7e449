/** What the editor has changed, as it is written into the document. */
import { setBlockColumn, setBlockShape, setLeadingHidden, writeSteps } from '@weft/document'
import type { NodeKey, NodeMap } from 'lexical'
import type * as Y from 'yjs'
import { $isTableNode } from '../blocks/table-node.ts'
import type { ChangedRegion, FlowView } from './flow-view.ts'
import type { Translation } from './to-flow.ts'

/** What the editor has changed in one flow, and what that is in the document. */
export interface Work {
  readonly view: FlowView
  readonly regions: readonly ChangedRegion[]
  readonly translations: readonly Translation[]
}

/** Belongs into a transaction. */
export function carryOut(
  flow: Y.Text,
  { at, steps, shapes, hidden }: Translation,
  transaction: Y.Transaction,
): void {
  writeSteps(flow, transaction, at, steps)
  for (const { marker, shape, column } of shapes) {
    setBlockShape(flow, marker, shape)
    setBlockColumn(flow, marker, column)
  }
  if (hidden !== undefined) setLeadingHidden(flow, hidden)
}

/** Markers that were just inserted, with the tables they are for. */
export function newTables(work: readonly Work[], nodes: NodeMap): [Y.Map<unknown> | null, NodeKey][] {
  return work
    .flatMap(({ translations }) => translations.flatMap(({ keys }) => [...keys]))
    .filter(([, key]) => $isTableNode(nodes.get(key)))
}

/** Whether it is more than text: a step of undo of its own. */
export function changesBlocks({ steps, shapes }: Translation): boolean {
  return shapes.length > 0 || steps.some(({ kind }) => kind === 'marker')
}

export function isAboutTables({ next }: ChangedRegion): boolean {
  return next.some(({ shape }) => shape.type === 'table')
}
