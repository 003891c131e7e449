/** All that is shown: the document's own flow under the root, and those of the cells of its tables. */
import { type Block, type BlockShape, flowOf } from '@weft/document'
import type { NodeKey, NodeMap } from 'lexical'
import type * as Y from 'yjs'
import { ROOT } from './editor-block.ts'
import { FlowView } from './flow-view.ts'
import type { Change } from './mirror.ts'
import type { Views } from './places.ts'
import { Tables } from './tables.ts'

export interface ViewChange {
  readonly view: FlowView
  readonly change: Change
}

/** What a transaction has changed of what is shown. */
export interface Changed {
  /** In the order of each flow. */
  readonly changes: readonly ViewChange[]
  /** Whether tables may have other rows or columns now, apart from those whose blocks have changed. */
  readonly isConcerned: boolean
}

export class Shown implements Views {
  readonly root: FlowView
  readonly tables: Tables

  constructor(doc: Y.Doc, knows: (type: BlockShape['type']) => boolean) {
    this.root = new FlowView(flowOf(doc), ROOT, knows)
    this.tables = new Tables(doc, knows)
  }

  get all(): FlowView[] {
    return [this.root, ...this.tables.views]
  }

  viewOfFlow(flow: Y.Text): FlowView | undefined {
    return flow === this.root.flow ? this.root : this.tables.viewOfFlow(flow)
  }

  viewOfContainer(key: NodeKey): FlowView | undefined {
    return key === ROOT ? this.root : this.tables.viewOfCell(key)
  }

  viewOfBlock(nodes: NodeMap, key: NodeKey): FlowView | undefined {
    const parent = nodes.get(key)?.__parent
    return parent === undefined || parent === null ? undefined : this.viewOfContainer(parent)
  }

  *dirtyViews(dirty: ReadonlyMap<NodeKey, boolean>): Iterable<FlowView> {
    yield this.root
    for (const key of dirty.keys()) {
      const view = this.tables.viewOfCell(key)
      if (view !== undefined) yield view
    }
  }

  /** Takes note of what the flows say after a transaction. */
  update(transaction: Y.Transaction): Changed {
    const changes = [...transaction.changedParentTypes.keys()].flatMap((type) => {
      const other: unknown = type
      const view = this.viewOfFlow(other as Y.Text)
      return view?.mirror.update(transaction).map((change) => ({ view, change })) ?? []
    })
    return { changes, isConcerned: this.tables.isConcerned(transaction, this.root.flow) }
  }
}

/** Whether tables come, go or change. */
export function isTabular({ changes, isConcerned }: Changed): boolean {
  const isTable = ({ shape }: Block): boolean => shape.type === 'table'
  return (
    isConcerned ||
    changes.some(
      ({ view, change: { from, to, wanted } }) =>
        wanted.some(isTable) || view.mirror.entries.slice(from, to).some(({ block }) => isTable(block)),
    )
  )
}
