/**
 * Tables in the editor: which grid each shows, and the flow behind each of its cells.
 *
 * Rule: the document says which rows and columns there are (rules 8 and 9 of `MODEL.md`); the editor shows exactly
 * those. What happens to rows and cells on the screen by other ways is put right from the document.
 */
import {
  type BlockShape,
  type CellPlace,
  cellFlow,
  createTable,
  emptyTable,
  filledCells,
  readGrid,
} from '@weft/document'
import { $getNodeByKey, $getRoot, type LexicalNode, type NodeKey, type NodeMap } from 'lexical'
import type * as Y from 'yjs'
import {
  $createTableNode,
  $isCellNode,
  $isRowNode,
  $isTableNode,
  sameHead,
  type TableHead,
  type WeftCellNode,
  type WeftTableNode,
} from '../blocks/table-node.ts'
import { readBlock } from './editor-block.ts'
import { type ChangedRegion, FlowView } from './flow-view.ts'
import { $arrangeGrid, $holds, $isInPlace, childrenOf } from './grid.ts'
import type { Translation } from './to-flow.ts'

/** A table that was put into the editor and is now in the document. */
export interface NewTable {
  readonly key: NodeKey
  readonly head: TableHead
  readonly rows: readonly { readonly key: NodeKey; readonly id: string; readonly cells: readonly NewCell[] }[]
}

export interface NewCell {
  readonly view: FlowView
  readonly region: ChangedRegion
  readonly translation: Translation
}

interface ShownTable {
  readonly head: TableHead
  readonly rows: readonly string[]
}

export class Tables {
  readonly #doc: Y.Doc
  readonly #shown = new Map<NodeKey, ShownTable>()
  readonly #byCell = new Map<NodeKey, FlowView>()
  readonly #byFlow = new Map<Y.Text, FlowView>()

  readonly #knows: (type: BlockShape['type']) => boolean

  /** @param knows whether the editor shows blocks of this type as what they are; without tables it shows no cell. */
  constructor(doc: Y.Doc, knows: (type: BlockShape['type']) => boolean) {
    this.#doc = doc
    this.#knows = knows
  }

  /** Views of all cells. */
  get views(): IterableIterator<FlowView> {
    return this.#byCell.values()
  }

  viewOfCell(key: NodeKey): FlowView | undefined {
    return this.#byCell.get(key)
  }

  viewOfFlow(flow: Y.Text): FlowView | undefined {
    return this.#byFlow.get(flow)
  }

  /** The table's id in the document and its role; undefined for a node that is no table of it. */
  headOf(key: NodeKey): TableHead | undefined {
    return this.#shown.get(key)?.head
  }

  /**
   * Whether a transaction may have changed which grids there are, apart from the markers of tables.
   *
   * @param root the document's own flow.
   */
  isConcerned(transaction: Y.Transaction, root: Y.Text): boolean {
    let isConcerned = false
    // A root that nobody has asked for yet (a cell of an unknown table) is on no list of changed parents.
    for (const type of new Set<unknown>([
      ...transaction.changedParentTypes.keys(),
      ...transaction.changed.keys(),
    ])) {
      if (type === root) continue
      const view = this.#byFlow.get(type as Y.Text)
      if (view === undefined) isConcerned ||= (type as Y.Text)._item === null
      else if (view.isFilled !== view.flow.length > 0) {
        // A cell that is written in shows its row and its column, also deleted ones.
        view.isFilled = !view.isFilled
        isConcerned = true
      }
    }
    return isConcerned
  }

  /** Tables of the document that the editor no longer has. */
  gone(nodes: NodeMap): { readonly key: NodeKey; readonly head: TableHead }[] {
    return [...this.#shown].filter(([key]) => !nodes.has(key)).map(([key, { head }]) => ({ key, head }))
  }

  /** Whether every table shows what the document says, down to its cells; not what is in them. */
  isRight(nodes: NodeMap): boolean {
    const filled = filledCells(this.#doc)
    const isSame = ([key, { head, rows }]: [NodeKey, ShownTable]): boolean => {
      const { rows: wanted, ...look } =
        head.role === 'reference' ? NO_GRID : readGrid(this.#doc, head.table, filled)
      const node = nodes.get(key)
      if (!$isTableNode(node) || rows.join() !== wanted.join()) return false
      return sameHead(node.__head, { table: head.table, role: head.role, ...look })
    }
    return [...this.#shown].every(isSame) && this.isIntact(nodes)
  }

  /**
   * Whether the editor still has each row and each cell of what is shown.
   *
   * @param dirty which tables to look at; all of them when left out.
   */
  isIntact(nodes: NodeMap, dirty?: ReadonlyMap<NodeKey, boolean>): boolean {
    for (const [key, { head, rows }] of this.#shown) {
      const table = nodes.get(key)
      if (dirty?.has(key) === false || !$isTableNode(table)) continue
      const shown = childrenOf(nodes, table)
      if (shown.length !== rows.length) return false
      for (const [index, row] of shown.entries()) {
        if (!$isRowNode(row) || row.__row !== rows[index]) return false
        const cells = childrenOf(nodes, row)
        if (cells.length !== head.columns.length) return false
        const isKnown = (cell: LexicalNode, column: number): boolean =>
          $isCellNode(cell) && cell.__column === head.columns[column]?.id && this.#byCell.has(cell.__key)
        if (!cells.every(isKnown)) return false
      }
    }
    return true
  }

  /** Writes a table that the editor has into the document. Call it in a transaction, with the table's marker in place. */
  create(
    nodes: NodeMap,
    key: NodeKey,
    id: string,
    newId: () => string,
    write: (cell: NewCell) => void,
  ): NewTable {
    const node = nodes.get(key)
    if (!$isTableNode(node)) throw new Error(`node ${key} is no table`)
    const { headerRow, headerColumn } = node.__head
    const shown = childrenOf(nodes, node).filter($isRowNode)
    const width = Math.max(0, ...shown.map((row) => row.__size))
    const columns = Array.from({ length: width }, () => ({ id: newId(), width: 0 }))
    const lines = shown.map((row) => ({ row, id: newId() }))
    createTable(this.#doc, {
      id,
      rows: lines.map((line) => line.id),
      columns: columns.map((column) => column.id),
      headerRow,
      headerColumn,
    })
    const rows = lines.map(({ row, id: rowId }) => ({
      key: row.__key,
      id: rowId,
      cells: childrenOf(nodes, row)
        .filter($isCellNode)
        .map((cell, index): NewCell => {
          const column = columns[index]?.id ?? ''
          const made = this.#createCell(nodes, cell, { table: id, row: rowId, column }, newId)
          write(made)
          return made
        }),
    }))
    return { key, head: { table: id, role: 'grid', columns, headerRow, headerColumn }, rows }
  }

  /** What was typed in it by others meanwhile stays, and is shown. */
  empty(head: TableHead): void {
    if (head.role !== 'reference') emptyTable(this.#doc, head.table)
  }

  /** Names the nodes of a table that is in the document now. */
  $adopt(tables: readonly NewTable[]): void {
    for (const { key, head, rows } of tables) {
      const node = $getNodeByKey(key)
      if ($isTableNode(node)) node.setHead(head)
      for (const row of rows) {
        const line = $getNodeByKey(row.key)
        if ($isRowNode(line)) line.setRow(row.id)
        for (const [index, { view }] of row.cells.entries()) {
          const cell = $getNodeByKey(view.container)
          if ($isCellNode(cell)) cell.setPlace(head.columns[index]?.id ?? '', cell.getLatest().__scope)
          this.#know(view)
        }
      }
    }
  }

  /**
   * Makes every table show its grid.
   *
   * @param spared the key of a block that must stay, in whatever cell it is.
   * @param $fill shows what a new cell says.
   * @returns whether a row or cell stays for the spared block's sake.
   */
  $sync(root: FlowView, spared: NodeKey | undefined, $fill: (view: FlowView) => void): boolean {
    if (!this.#knows('table')) return false
    const filled = filledCells(this.#doc)
    const kept = new Set<NodeKey>()
    const seen = new Set<string>()
    let isSparing = false
    const $show = (node: WeftTableNode, table: string, role: TableHead['role']): void => {
      const grid = role === 'reference' ? NO_GRID : readGrid(this.#doc, table, filled)
      const { headerRow, headerColumn, columns } = grid
      const head: TableHead = { table, role, columns, headerRow, headerColumn }
      node.setHead(head)
      if (this.#$showRows(node, grid.rows, head, { spared, $fill })) isSparing = true
      this.#shown.set(node.getKey(), { head, rows: grid.rows })
      kept.add(node.getKey())
    }
    for (const { key, block } of root.mirror.entries) {
      if (block.shape.type !== 'table') continue
      const node = $getNodeByKey(key)
      const { id } = block.segment
      if ($isTableNode(node)) $show(node, id, seen.has(id) ? 'reference' : 'grid')
      seen.add(id)
    }
    const orphans = $getRoot()
      .getChildren()
      .filter($isTableNode)
      .filter((node) => node.getHead().role === 'orphan')
    const lost = [...filled.keys()].filter((id) => !seen.has(id)).sort()
    for (const id of lost) {
      const known = orphans.find((node) => node.getHead().table === id)
      const node = known ?? $createTableNode({ table: id, role: 'orphan' })
      if (!$isInPlace(node, lost)) $getRoot().append(node)
      $show(node, id, 'orphan')
    }
    for (const node of orphans)
      if (!kept.has(node.getKey())) {
        if (spared !== undefined && $holds(node, spared)) isSparing = true
        else node.remove(true)
      }
    for (const key of this.#shown.keys()) if (!kept.has(key)) this.#shown.delete(key)
    for (const [key, view] of this.#byCell)
      if ($getNodeByKey(key)?.isAttached() !== true) this.#forget(key, view)
    return isSparing
  }

  #$showRows(
    table: WeftTableNode,
    rows: readonly string[],
    head: TableHead,
    { spared, $fill }: { spared: NodeKey | undefined; $fill: (view: FlowView) => void },
  ): boolean {
    let isSparing = false
    const $drop = (node: LexicalNode): void => {
      if (spared !== undefined && $holds(node, spared)) isSparing = true
      else node.remove(true)
    }
    for (const { cell, place } of $arrangeGrid(table, rows, head, $drop)) {
      const flow = cellFlow(this.#doc, head.table, place)
      if (this.#byCell.get(cell.getKey())?.flow === flow) continue
      const view = new FlowView(flow, cell.getKey(), this.#knows)
      this.#know(view)
      $fill(view)
    }
    return isSparing
  }

  #createCell(
    nodes: NodeMap,
    cell: WeftCellNode,
    { table, ...place }: CellPlace & { readonly table: string },
    newId: () => string,
  ): NewCell {
    const view = new FlowView(cellFlow(this.#doc, table, place), cell.__key, this.#knows)
    view.mirror.replace(
      0,
      0,
      view.mirror.render().map((block) => ({ key: '', block })),
    )
    const next = childrenOf(nodes, cell).map((node) => readBlock(nodes, node))
    const region = { from: 0, to: view.mirror.entries.length, next }
    return { view, region, translation: view.translate(region, newId) }
  }

  #know(view: FlowView): void {
    const before = this.#byCell.get(view.container)
    if (before !== undefined) this.#forget(view.container, before)
    this.#byCell.set(view.container, view)
    this.#byFlow.set(view.flow, view)
  }

  #forget(key: NodeKey, view: FlowView): void {
    this.#byCell.delete(key)
    if (this.#byFlow.get(view.flow) === view) this.#byFlow.delete(view.flow)
  }
}

const NO_GRID = { headerRow: false, headerColumn: false, rows: [], columns: [] }
