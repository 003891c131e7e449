/**
 * How blocks, which stand one after the other, each with an indent, nest in formats that have lists in lists.
 *
 * Rule: a block stands in the last item before it that is less indented, as deep as there are items for it;
 * what is missing to its indent is said by an attribute.
 */
import type { BlockJson } from './flow.ts'
import type { BlockShape } from './schema.ts'

export interface Nested {
  readonly block: BlockJson
  /** How many items it stands in; at most its indent. */
  readonly depth: number
  readonly number: ItemNumber
  readonly children: readonly Nested[]
}

export interface ItemNumber {
  /** Of a numbered item; 0 for others. */
  readonly shown: number
  /** What it would be if it did not say where it starts. */
  readonly counted: number
}

/** Blocks that others can stand in. */
export function isHolder({ type }: BlockShape): boolean {
  return isListItem(type) || type === 'callout'
}

/** Blocks that are written as items of a list. */
export function isListItem(type: BlockShape['type']): boolean {
  return type === 'bullet' || type === 'numbered' || type === 'check' || type === 'toggle'
}

export function nest(blocks: readonly BlockJson[]): Nested[] {
  const root: Nested[] = []
  const open: { children: Nested[] }[] = []
  const count = itemCounter()
  for (const block of blocks) {
    const depth = Math.min(open.length, block.shape.indent)
    open.length = depth
    const nested = { block, depth, number: count(block.shape), children: [] }
    ;(open.at(-1)?.children ?? root).push(nested)
    if (isHolder(block.shape)) open.push(nested)
  }
  return root
}

export interface ItemCounter {
  /** Counts the next block of the document. */
  (shape: BlockShape): ItemNumber
  /** The block that was counted last has this number after all. */
  restart(number: number): void
}

/** Items of one indent count on until another block as shallow comes between. */
export function itemCounter(): ItemCounter {
  const counters: number[] = []
  const count = (shape: BlockShape): ItemNumber => {
    if (shape.type !== 'numbered') {
      counters.length = Math.min(counters.length, shape.indent)
      return { shown: 0, counted: 0 }
    }
    counters.length = Math.min(counters.length, shape.indent + 1)
    const counted = (counters[shape.indent] ?? 0) + 1
    const shown = shape.start ?? counted
    counters[shape.indent] = shown
    return { shown, counted }
  }
  const restart = (number: number): void => {
    if (counters.length > 0) counters[counters.length - 1] = number
  }
  return Object.assign(count, { restart })
}
