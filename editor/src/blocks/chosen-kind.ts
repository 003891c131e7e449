/** The kinds that a text block can be given, and what it becomes by one. */
import { type BlockShape, type CalloutKind, type HeadingLevel, readBlockShape } from '@weft/document'
import type { TextBlockShape } from './block-node.ts'

/** A kind that `setBlockKind` can give; a divider is inserted instead. */
export type ChosenKind = Exclude<TextBlockShape['type'], 'unknown'>

/** What is left out stays as it is in a block that is of the kind already, and has its default in any other. */
export interface KindAttributes {
  /** Of a heading. */
  readonly level?: HeadingLevel
  /** The number a numbered list starts again with; 0 to count on. */
  readonly start?: number
  /** Of a check list item. */
  readonly checked?: boolean
  /** Of code. */
  readonly language?: string
  /** Of a callout. */
  readonly kind?: CalloutKind
  readonly emoji?: string
  /** Of a toggle. */
  readonly collapsed?: boolean
}

/** @returns what the block becomes; its indent stays. */
export function shapeOf(kind: ChosenKind, from: TextBlockShape, attributes: KindAttributes): BlockShape {
  const given: Readonly<Record<string, unknown>> = { ...attributes, type: kind, indent: from.indent }
  const known: Readonly<Record<string, unknown>> = from.type === kind ? { ...from } : {}
  return readBlockShape((name) => given[name] ?? known[name])
}
