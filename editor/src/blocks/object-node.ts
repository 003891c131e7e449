/**
 * An inline object in a block's text: a mention, a date, a picture, a file, a formula. One unit, no caret inside.
 *
 * Rule: it holds what the document stores, unchanged, with all that this version does not know of it; so copying or
 * moving it loses nothing. Another object takes its place when somebody edits it.
 */
import {
  type InlineObject,
  isForbiddenName,
  type Marks,
  NO_MARKS,
  readInline,
  readMarks,
  sameMarks,
} from '@weft/document'
import {
  $applyNodeReplacement,
  DecoratorNode,
  type DOMExportOutput,
  type EditorConfig,
  type LexicalNode,
  type SerializedLexicalNode,
} from 'lexical'
import { buildObject, exportObject, labelsOf, wordsOf } from './object-dom.ts'

interface SerializedWeftObjectNode extends SerializedLexicalNode {
  stored: unknown
  marks: Marks
}

export class WeftObjectNode extends DecoratorNode<null> {
  /** Never changed in place. */
  __stored: unknown = {}
  __marks: Marks = NO_MARKS

  override $config() {
    return this.config('weft-object', { extends: DecoratorNode })
  }

  override afterCloneFrom(previous: this): void {
    super.afterCloneFrom(previous)
    this.__stored = previous.__stored
    this.__marks = previous.__marks
  }

  getStored(): unknown {
    return this.getLatest().__stored
  }

  getMarks(): Marks {
    return this.getLatest().__marks
  }

  getObject(): InlineObject {
    return readInline(this.getStored())
  }

  override createDOM(config: EditorConfig): HTMLElement {
    return buildObject(readInline(this.__stored), this.__marks, labelsOf(config))
  }

  override updateDOM(previous: this): boolean {
    return !sameStored(previous.__stored, this.__stored) || !sameMarks(previous.__marks, this.__marks)
  }

  override exportDOM(): DOMExportOutput {
    return { element: exportObject(this.getStored()) }
  }

  override exportJSON(): SerializedWeftObjectNode {
    const { __stored, __marks } = this.getLatest()
    return { ...super.exportJSON(), stored: __stored, marks: __marks }
  }

  override updateFromJSON(serialized: Parameters<DecoratorNode<null>['updateFromJSON']>[0]): this {
    const self = super.updateFromJSON(serialized).getWritable()
    const { stored, marks } = serialized as Partial<SerializedWeftObjectNode>
    self.__stored = pastedObject(stored)
    self.__marks = readMarks(Object.entries(marks ?? {}))
    return self
  }

  override isInline(): boolean {
    return true
  }

  /** What is copied as plain text. */
  override getTextContent(): string {
    return wordsOf(this.getObject())
  }

  /** In the document's units. */
  override getTextContentSize(): number {
    return 1
  }
}

/** @param stored as in the document; a plain object that is not changed afterwards. */
export function $createObjectNode(stored: unknown, marks: Marks = NO_MARKS): WeftObjectNode {
  const node = $applyNodeReplacement(new WeftObjectNode())
  node.__stored = stored
  node.__marks = marks
  return node
}

export function $isObjectNode(node: LexicalNode | null | undefined): node is WeftObjectNode {
  return node instanceof WeftObjectNode
}

export function sameStored(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}

/** More than any object of this version has, in units of its JSON; a clipboard may hold anything. */
const MOST_STORED = 16_384

/** What a clipboard says, as it may be stored: primitive values under harmless names. */
export function pastedObject(value: unknown): Readonly<Record<string, unknown>> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
  const kept = Object.fromEntries(
    entries.filter(
      ([name, own]) => !isForbiddenName(name) && ['string', 'number', 'boolean'].includes(typeof own),
    ),
  )
  return JSON.stringify(kept).length > MOST_STORED ? {} : kept
}
