/**
 * A person at a Lexical editor without a page, whatever binds it to Yjs: the same keys and commands for Weft's
 * binding and for Lexical's own two, so that they differ in nothing but the binding and its nodes.
 */
import {
  $createParagraphNode,
  $createRangeSelection,
  $createTextNode,
  $getRoot,
  $getSelection,
  $isElementNode,
  $isLineBreakNode,
  $isRangeSelection,
  $isTextNode,
  $selectAll,
  $setSelection,
  type ElementNode,
  FORMAT_TEXT_COMMAND,
  INSERT_PARAGRAPH_COMMAND,
  type LexicalEditor,
  type LexicalNode,
  PASTE_TAG,
  type PointType,
  type RangeSelection,
} from 'lexical'
import type * as Y from 'yjs'
import type { Kind, Person, Place, Screen } from './contestant.ts'

/** What the bindings' blocks have commands of their own for; all act on the selection. */
export interface Dialect {
  /** How a block of text reads on the screen, its marks and children apart. */
  $kindOf(block: ElementNode): string
  setKind(kind: Kind): void
  link(address: string): void
  indent(): void
  outdent(): void
  /** In an empty document. */
  writeTable(rows: readonly (readonly string[])[]): void
  addRow(): void
  addColumn(): void
  deleteRow(): void
  deleteColumn(): void
}

export interface Bound {
  readonly editor: LexicalEditor
  readonly doc: Y.Doc
  readonly errors: readonly unknown[]
  readonly dialect: Dialect
  receive(update: Uint8Array): void
  undo(): void
  pause(): void
  close(): void
}

export function lexicalPerson({ editor, dialect, ...bound }: Bound): Person {
  /** A page would do so at the end of the task; a commit may itself ask for another. */
  const settle = (): void => {
    for (let round = 0; editor._pendingEditorState !== null && round < 10; round += 1)
      editor.update(() => {}, { discrete: true })
  }
  const edit = (change: () => void, tag?: string): void => {
    editor.update(change, { discrete: true, ...(tag === undefined ? {} : { tag }) })
    settle()
  }
  const select = (from: Place, to: Place = from): void => edit(() => $select(from, to))
  const onBlock = (block: number, command: () => void): void => {
    select({ block, offset: 0 })
    command()
    settle()
  }
  return {
    doc: bound.doc,
    errors: bound.errors,
    screen: () => editor.getEditorState().read(() => $readScreen(dialect)),
    write(blocks) {
      edit(() => {
        $getRoot().clear()
        for (const { text } of blocks) $getRoot().append($createParagraphNode().append($createTextNode(text)))
      })
      for (const [block, { kind, indent }] of blocks.entries()) {
        if (kind !== 'paragraph') onBlock(block, () => dialect.setKind(kind))
        for (let depth = 0; depth < indent; depth += 1) onBlock(block, () => dialect.indent())
      }
    },
    writeTable(rows) {
      dialect.writeTable(rows)
      settle()
    },
    type(at, text) {
      select(at)
      for (const character of text) edit(() => $range().insertText(character))
    },
    enter(at) {
      select(at)
      editor.dispatchCommand(INSERT_PARAGRAPH_COMMAND, undefined)
      settle()
    },
    join: (block) =>
      edit(() => {
        const end = $blocks()[block - 1]?.length ?? 0
        $select({ block: block - 1, offset: end }, { block, offset: 0 })
        $range().removeText()
      }),
    erase: (from, to) =>
      edit(() => {
        $select(from, to)
        $range().removeText()
      }),
    retype(text) {
      edit(() => $selectAll())
      for (const character of text) edit(() => $range().insertText(character))
    },
    setKind(from, to, kind) {
      select(from, to)
      dialect.setKind(kind)
      settle()
    },
    bold(from, to) {
      select(from, to)
      editor.dispatchCommand(FORMAT_TEXT_COMMAND, 'bold')
      settle()
    },
    link(from, to) {
      select(from, to)
      dialect.link('https://example.org/')
      settle()
    },
    moveBefore: (block, target) => edit(() => $blockAt(target).element.insertBefore($blockAt(block).element)),
    paste: (at, paragraphs) =>
      edit(() => {
        $select(at, at)
        $range().insertNodes(paragraphs.map((text) => $createParagraphNode().append($createTextNode(text))))
      }, PASTE_TAG),
    indent: (block) => onBlock(block, () => dialect.indent()),
    outdent: (block) => onBlock(block, () => dialect.outdent()),
    addRow: (block) => onBlock(block, () => dialect.addRow()),
    addColumn: (block) => onBlock(block, () => dialect.addColumn()),
    deleteRow: (block) => onBlock(block, () => dialect.deleteRow()),
    deleteColumn: (block) => onBlock(block, () => dialect.deleteColumn()),
    undo() {
      bound.undo()
      settle()
    },
    pause: () => bound.pause(),
    receive(update) {
      bound.receive(update)
      settle()
    },
    close: () => bound.close(),
  }
}

/** @param table with an empty block in each cell. */
export function $fillTable(table: ElementNode, rows: readonly (readonly string[])[]): void {
  for (const [index, row] of table.getChildren().filter($isElementNode).entries())
    for (const [column, cell] of row.getChildren().filter($isElementNode).entries()) {
      const block = cell.getFirstChild()
      if ($isElementNode(block)) block.append($createTextNode(rows[index]?.[column] ?? ''))
    }
}

interface Block {
  readonly element: ElementNode
  readonly path: string
  /** Text and line breaks, those in links included. */
  readonly leaves: readonly LexicalNode[]
  readonly text: string
  readonly length: number
}

/** Elements that hold blocks; without any they show nothing that could be typed into. */
const CONTAINERS: ReadonlySet<string> = new Set(
  'root list table tablerow tablecell weft-table weft-row weft-cell'.split(' '),
)

function $blocks(dialect?: Dialect, frame?: string[]): Block[] {
  const blocks: Block[] = []
  const visit = (element: ElementNode, outer: string): void => {
    const path = `${outer}/${dialect?.$kindOf(element) ?? element.getType()}`
    frame?.push(path)
    let leaves: LexicalNode[] = []
    const end = (): void => {
      const text = leaves.map((leaf) => ($isLineBreakNode(leaf) ? '\n' : leaf.getTextContent())).join('')
      blocks.push({ element, path, leaves, text, length: text.length })
      frame?.push(runsOf(leaves))
      leaves = []
    }
    for (const child of element.getChildren())
      if (!$isElementNode(child)) leaves.push(child)
      else if (child.isInline()) leaves.push(...child.getAllTextNodes())
      else {
        if (leaves.length > 0) end()
        visit(child, path)
      }
    if (leaves.length > 0 || (element.isEmpty() && !CONTAINERS.has(element.getType()))) end()
  }
  visit($getRoot(), '')
  return blocks
}

function runsOf(leaves: readonly LexicalNode[]): string {
  const runs: { text: string; marks: string }[] = []
  for (const leaf of leaves) {
    const outer = leaf.getParent()
    const link = $isElementNode(outer) && outer.isInline() ? ` ${outer.getType()}` : ''
    const own = $isTextNode(leaf) ? `${leaf.getFormat()} ${linkOf(leaf)}` : ''
    const marks = `${own}${link}`.trim()
    const text = $isLineBreakNode(leaf) ? '\n' : leaf.getTextContent()
    const last = runs.at(-1)
    if (last?.marks === marks) last.text += text
    else runs.push({ text, marks })
  }
  return JSON.stringify(runs)
}

/** Weft's text says itself what it links to. */
function linkOf(node: LexicalNode): string {
  return 'getLink' in node && typeof node.getLink === 'function' ? String(node.getLink()) : ''
}

function $readScreen(dialect: Dialect): Screen {
  const frame: string[] = []
  const blocks = $blocks(dialect, frame)
  return { blocks: blocks.map(({ text }) => text), whole: frame.join('\n') }
}

function $blockAt(index: number): Block {
  const block = $blocks()[index]
  if (block === undefined) throw new Error(`there is no block ${index}`)
  return block
}

function $select(from: Place, to: Place): void {
  const selection = $createRangeSelection()
  $setPoint(selection.anchor, from)
  $setPoint(selection.focus, to)
  const node = selection.anchor.getNode()
  // As a page does when the caret comes to stand there: what is typed takes the marks of what is before it.
  if ($isTextNode(node)) selection.format = node.getFormat()
  $setSelection(selection)
}

function $setPoint(point: PointType, { block, offset }: Place): void {
  const { element, leaves } = $blockAt(block)
  let left = offset
  for (const leaf of leaves) {
    const size = leaf.getTextContentSize()
    if ($isTextNode(leaf) && left <= size) {
      point.set(leaf.getKey(), left, 'text')
      return
    }
    left -= size
  }
  point.set(element.getKey(), element.getChildrenSize(), 'element')
}

function $range(): RangeSelection {
  const selection = $getSelection()
  if (!$isRangeSelection(selection)) throw new Error('nothing is selected')
  return selection
}
