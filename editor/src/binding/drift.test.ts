/** An editor that shows something else than the document says is put right, and nobody else hears of it. */
import { type BlockJson, flowOf, readDocument } from '@weft/document'
import { $getRoot, $getSelection, $isRangeSelection, type ElementNode } from 'lexical'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { meet, type Person, people } from '../../test/people.ts'
import { $createBlockNode, $isBlockNode, type WeftBlockNode } from '../blocks/block-node.ts'
import {
  $createCellNode,
  $createRowNode,
  $isCellNode,
  $isRowNode,
  $isTableNode,
  type WeftTableNode,
} from '../blocks/table-node.ts'
import { $createWeftTextNode, $isWeftTextNode, type WeftTextNode } from '../blocks/text-node.ts'
import { insertTable } from '../table-commands.ts'

/** Three blocks, a table whose second cell holds three blocks as well, and an empty paragraph. */
function open(): Person {
  const [ann, ben] = people(2)
  if (ann === undefined || ben === undefined) throw new Error('nobody there')
  ann.at(0, 0).type('first').enter().type('hello world').enter().type('third').enter().commit()
  insertTable(ann.editor, 2, 2)
  $into(ann, () => $cell(0, 0)).type('left')
  $into(ann, () => $cell(0, 1))
    .type('first')
    .enter()
    .type('hello world')
    .enter()
    .type('third')
  $into(ann, () => $cell(1, 1)).type('below')
  // What others wrote is put right as what one's own hands did.
  meet(ann, ben)
  return ann
}

function $table(): WeftTableNode {
  const table = $getRoot().getChildren().find($isTableNode)
  if (table === undefined) throw new Error('there is no table')
  return table
}

function $row(index: number): ElementNode {
  const row = $table().getChildAtIndex(index)
  if (!$isRowNode(row)) throw new Error(`there is no row ${index}`)
  return row
}

function $cell(row: number, column: number): ElementNode {
  const cell = $row(row).getChildAtIndex(column)
  if (!$isCellNode(cell)) throw new Error(`there is no cell ${row}, ${column}`)
  return cell
}

function $into(person: Person, $holder: () => ElementNode): Person {
  return person.edit(() => $block($holder(), -1).selectEnd())
}

function $block(holder: ElementNode, index: number): WeftBlockNode {
  const block = holder.getChildren().at(index)
  if (!$isBlockNode(block)) throw new Error(`block ${index} holds no text`)
  return block
}

function $text(holder: ElementNode, index: number): WeftTextNode {
  const text = $block(holder, index).getFirstChild()
  if (!$isWeftTextNode(text)) throw new Error(`block ${index} has no text`)
  return text
}

/** Between "wor" and "ld", wherever on the screen that is now. */
function $putCaret(holder: ElementNode): void {
  const texts = holder.getChildren().flatMap((block) => ($isBlockNode(block) ? block.getChildren() : []))
  for (const text of texts.filter($isWeftTextNode)) {
    const at = text.getTextContent().indexOf('world')
    if (at >= 0) text.select(at + 3, at + 3)
  }
}

/** Changes what is on the screen without the binding's hearing of it, as a defect of it would. */
function unheard({ editor }: Person, change: () => void): void {
  const listeners = editor._listeners.update
  const heard = [...listeners]
  listeners.clear()
  editor.update(change, { discrete: true })
  for (const [listener, registered] of heard) listeners.set(listener, registered)
}

function linesOf(blocks: readonly BlockJson[]): unknown[] {
  return blocks.map(({ shape, runs, table }) =>
    table === undefined
      ? `${shape.type} ${runs.map(({ text, marks }) => `${Object.keys(marks).join()}:${text}`).join('|')}`
      : table.rows.map(({ cells }) => cells.map((cell) => linesOf(cell.blocks))),
  )
}

/** What the document says, in words. */
function said({ doc }: Person): unknown[] {
  return linesOf(readDocument(flowOf(doc)).blocks)
}

/** What is on the screen, in the same words. */
function shown({ editor }: Person): unknown[] {
  const $lines = (holder: ElementNode): unknown[] =>
    holder.getChildren().map((node) => {
      if ($isTableNode(node))
        return node
          .getChildren()
          .filter($isRowNode)
          .map((row) => row.getChildren().filter($isCellNode).map($lines))
      if (!$isBlockNode(node)) return node.getType()
      const runs = node
        .getChildren()
        .map(
          (text) =>
            ($isWeftTextNode(text) && text.hasFormat('bold') ? 'bold' : '') + `:${text.getTextContent()}`,
        )
      return `${node.getKind()} ${runs.join('|')}`
    })
  return editor.read(() => $lines($getRoot()))
}

/** Both ends of the selection as the text around each of them. */
function around({ editor }: Person): string[] {
  return editor.read(() => {
    const selection = $getSelection()
    if (!$isRangeSelection(selection)) return []
    return [selection.anchor, selection.focus].map(({ key, offset }) => {
      const node = selection.anchor.key === key ? selection.anchor.getNode() : selection.focus.getNode()
      const text = node.getTextContent()
      return `${text.slice(0, offset)}^${text.slice(offset)}`
    })
  })
}

/** The document stays as it was, hears nothing, and the screen says it again, after exactly one report. */
function expectRepair(person: Person, caret: readonly string[]): void {
  const wanted = said(person)
  expect(shown(person)).not.toEqual(wanted)
  let updates = 0
  const count = (): void => {
    updates += 1
  }
  person.doc.on('update', count)
  const { drifts } = person
  expect(person.binding.checkDrift()).toBe(true)
  expect(drifts).toHaveLength(1)
  expect(said(person)).toEqual(wanted)
  expect(shown(person)).toEqual(wanted)
  expect(around(person)).toEqual(caret)
  expect(person.binding.checkDrift()).toBe(false)
  expect(drifts).toHaveLength(1)
  expect(updates).toBe(0)
  person.doc.off('update', count)
  // And it goes on from there: what is typed now is written where the caret is.
  person.type('!')
  expect(shown(person)).toEqual(said(person))
  expect(around(person).map((text) => text.replace('!^', '^'))).toEqual(caret)
  expect(person.binding.checkDrift()).toBe(false)
}

const HOLDERS: { readonly [name: string]: () => ElementNode } = {
  'the document': $getRoot,
  'a cell': () => $cell(0, 1),
}

interface Fault {
  readonly name: string
  readonly $plant: (holder: ElementNode) => void
}

const FAULTS: readonly Fault[] = [
  { name: 'words missing before the caret', $plant: (holder) => $text(holder, 1).spliceText(0, 4, '') },
  { name: 'words doubled before the caret', $plant: (holder) => $text(holder, 1).spliceText(0, 0, 'hello ') },
  {
    name: 'words behind the caret',
    $plant: (holder) =>
      $text(holder, 1).spliceText(0, 0, '').getLatest().setTextContent('hello world and more'),
  },
  { name: 'words in another block', $plant: (holder) => $text(holder, 0).setTextContent('other') },
  { name: 'a format', $plant: (holder) => void $text(holder, 1).toggleFormat('bold') },
  {
    name: 'another kind of block',
    $plant: (holder) => void $block(holder, 1).setShape({ type: 'quote', indent: 0 }),
  },
  { name: 'a block that is missing', $plant: (holder) => $block(holder, 2).remove() },
  { name: 'the first block missing', $plant: (holder) => $block(holder, 0).remove() },
  {
    name: 'a block nobody made',
    $plant: (holder) => {
      $block(holder, 0).insertBefore($createBlockNode().append($createWeftTextNode('ghost')))
    },
  },
  {
    name: 'blocks in another order',
    $plant: (holder) => void $block(holder, 0).insertBefore($block(holder, 2)),
  },
  {
    name: 'a block cut in two',
    $plant: (holder) => {
      const [, tail] = $text(holder, 1).splitText(5)
      if (tail !== undefined) $block(holder, 1).insertAfter($createBlockNode().append(tail))
    },
  },
]

const GRID_FAULTS: readonly { readonly name: string; readonly $plant: () => void }[] = [
  { name: 'a cell that is missing', $plant: () => $cell(0, 1).remove() },
  { name: 'a cell without blocks', $plant: () => void $cell(0, 1).clear() },
  { name: 'a row that is missing', $plant: () => $table().getFirstChild()?.remove() },
  { name: 'rows in another order', $plant: () => void $table().getFirstChild()?.insertBefore($row(1)) },
  {
    name: 'a row nobody made',
    $plant: () => void $table().append($createRowNode('ghost').append($createCellNode())),
  },
  { name: 'a table that is missing', $plant: () => $table().remove() },
]

describe('an editor that has drifted', () => {
  for (const [place, $holder] of Object.entries(HOLDERS))
    it.for(FAULTS)(`is put right in ${place}: $name`, ({ $plant }) => {
      const ann = open()
      unheard(ann, () => {
        $plant($holder())
        $putCaret($holder())
      })
      expectRepair(ann, ['hello wor^ld', 'hello wor^ld'])
    })

  it.for(GRID_FAULTS)('gets its table back: $name', ({ $plant }) => {
    const ann = open()
    unheard(ann, () => {
      $putCaret($getRoot())
      $plant()
    })
    expectRepair(ann, ['hello wor^ld', 'hello wor^ld'])
  })

  it('shows again which row and column are headers, and how wide a column is', () => {
    const ann = open()
    const head = ann.editor.read(() => $table().getHead())
    const wrong = [
      { ...head, headerRow: !head.headerRow },
      { ...head, headerColumn: !head.headerColumn },
      { ...head, columns: head.columns.map(({ id }) => ({ id, width: 99 })) },
    ]
    for (const [index, fault] of wrong.entries()) {
      unheard(ann, () => $table().setHead(fault))
      expect(ann.binding.checkDrift()).toBe(true)
      expect(ann.drifts).toHaveLength(index + 1)
      expect(ann.editor.read(() => $table().getHead())).toEqual(head)
      expect(ann.binding.checkDrift()).toBe(false)
    }
  })

  it('keeps a selection whose ends are in different blocks', () => {
    const ann = open().at(1, 6, { block: 2, offset: 2 })
    unheard(ann, () => {
      $text($getRoot(), 1).spliceText(0, 0, 'so ')
      $block($getRoot(), 0).remove()
      $text($getRoot(), 0).select(9, 9).focus.set($text($getRoot(), 1).getKey(), 2, 'text')
    })
    expect(around(ann)).toEqual(['so hello ^world', 'th^ird'])
    expect(ann.binding.checkDrift()).toBe(true)
    expect(around(ann)).toEqual(['hello ^world', 'th^ird'])
  })

  it('writes what is pending in another block before it looks', () => {
    const ann = open().at(2, 5)
    unheard(ann, () => $text($getRoot(), 0).setTextContent('other'))
    ann.editor.update(() => {
      const selection = $getSelection()
      if ($isRangeSelection(selection)) selection.insertText(' word')
    })
    expect(ann.binding.checkDrift()).toBe(true)
    expect(said(ann).slice(0, 3)).toEqual([
      'paragraph :first',
      'paragraph :hello world',
      'paragraph :third word',
    ])
    expect(shown(ann)).toEqual(said(ann))
    expect(around(ann)).toEqual(['third word^', 'third word^'])
  })

  it('shows what others wrote while nobody told it, and lets them go on', () => {
    const [ann, ben] = people(2)
    if (ann === undefined || ben === undefined) throw new Error('nobody there')
    ann.at(0, 0).type('hello world').enter().type('next')
    meet(ann, ben)
    ann.at(0, 9)
    ben.at(0, 0).type('Oh, ').at(1, 0).enter().type('between ')
    // As if the observer had been lost.
    const update = Y.encodeStateAsUpdate(ben.doc, Y.encodeStateVector(ann.doc))
    const observers = ann.doc._observers.get('afterTransaction')
    ann.doc._observers.delete('afterTransaction')
    Y.applyUpdate(ann.doc, update)
    if (observers !== undefined) ann.doc._observers.set('afterTransaction', observers)
    expectRepair(ann, ['Oh, hello wor^ld', 'Oh, hello wor^ld'])
    ben.at(0, 0).type('>')
    meet(ann, ben)
    expect(ann.lines()).toEqual(ben.lines())
    expect(shown(ann)).toEqual(said(ben))
  })

  it('is not told of anything where it shows what the document says', () => {
    const ann = open()
    expect(ann.binding.checkDrift()).toBe(false)
    expect(ann.drifts).toEqual([])
  })
})
