/** Tables on the screens of two people: the grid is full on both, and every word is there. */
import { flowOf, readDocument, type TableJson } from '@weft/document'
import {
  $getRoot,
  $getSelection,
  $isElementNode,
  $isRangeSelection,
  $isTextNode,
  $selectAll,
  $setCompositionKey,
  DELETE_CHARACTER_COMMAND,
  DELETE_WORD_COMMAND,
  type LexicalNode,
  REMOVE_TEXT_COMMAND,
} from 'lexical'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { meet, type Person, people } from '../../test/people.ts'
import { $createBlockNode, $isBlockNode } from '../blocks/block-node.ts'
import {
  $createCellNode,
  $createRowNode,
  $createTableNode,
  $isCellNode,
  $isRowNode,
  $isTableNode,
} from '../blocks/table-node.ts'
import { $createWeftTextNode } from '../blocks/text-node.ts'
import { deleteTable, editTable, goToCell, insertTable, type TableEdit } from '../table-commands.ts'

/** Two people who both have a paragraph, a table of these cells, and an empty paragraph. */
function two(...rows: string[][]): [Person, Person] {
  const [ann, ben] = people(2)
  if (ann === undefined || ben === undefined) throw new Error('nobody there')
  ann.at(0, 0).type('Before').enter().commit()
  insertTable(ann.editor, rows.length, rows[0]?.length ?? 0)
  for (const [row, texts] of rows.entries())
    for (const [column, text] of texts.entries()) if (text !== '') put(ann, row, column, text)
  meet(ann, ben)
  return [ann, ben]
}

/** Puts the caret into a cell of the first table on the screen, behind what stands in it. */
function inCell(person: Person, row: number, column: number): Person {
  return person.edit(() => {
    const table = $getRoot().getChildren().find($isTableNode)
    const line = table?.getChildAtIndex(row)
    const cell = $isRowNode(line) ? line.getChildAtIndex(column) : null
    const block = $isCellNode(cell) ? cell.getLastChild() : null
    if (!$isBlockNode(block)) throw new Error(`there is no cell ${row}, ${column}`)
    block.selectEnd()
  })
}

function put(person: Person, row: number, column: number, text: string): void {
  inCell(person, row, column).type(text)
}

function edit(person: Person, row: number, column: number, change: TableEdit): void {
  inCell(person, row, column)
  const { editor, binding } = person
  expect(editTable({ editor, binding }, change)).toBe(true)
}

function cellsOf(table: TableJson | undefined): string[][] {
  return (table?.rows ?? []).map(({ cells }) =>
    cells.map(({ blocks }) => blocks.map(({ runs }) => runs.map(({ text }) => text).join('')).join('¶')),
  )
}

/** What the document says: text of blocks, tables as rows of cells. */
function said({ doc }: Person): unknown[] {
  return readDocument(flowOf(doc)).blocks.map(({ shape, runs, table }) =>
    shape.type === 'table' ? cellsOf(table) : runs.map(({ text }) => text).join(''),
  )
}

/** The same of what is on the screen. */
function shown({ editor }: Person): unknown[] {
  return editor.read(() => {
    const textOf = (node: LexicalNode): string => node.getTextContent()
    return $getRoot()
      .getChildren()
      .map((node) =>
        $isTableNode(node)
          ? node
              .getChildren()
              .map((row) =>
                $isElementNode(row)
                  ? row
                      .getChildren()
                      .map((cell) => ($isElementNode(cell) ? cell.getChildren().map(textOf).join('¶') : ''))
                  : [],
              )
          : textOf(node),
      )
  })
}

function expectBoth([ann, ben]: readonly [Person, Person], wanted: readonly unknown[]): void {
  for (const person of [ann, ben]) {
    expect(said(person)).toEqual(wanted)
    expect(shown(person)).toEqual(wanted)
    expect(person.binding.checkDrift()).toBe(false)
  }
}

describe('a table', () => {
  it('is inserted in place of an empty paragraph, and shown to everybody', () => {
    const both = two(['a', 'b'], ['c', 'd'])
    expectBoth(both, [
      'Before',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      '',
    ])
  })

  it('is full when one adds a row, the other a column, and both type', () => {
    const both = two(['a', 'b'], ['c', 'd'])
    const [ann, ben] = both
    edit(ann, 0, 0, 'row-below')
    put(ann, 1, 0, 'new row')
    edit(ben, 0, 1, 'column-after')
    put(ben, 0, 2, 'new column')
    put(ben, 1, 1, ' more')
    meet(ann, ben)
    expectBoth(both, [
      'Before',
      [
        ['a', 'b', 'new column'],
        ['new row', '', ''],
        ['c', 'd more', ''],
      ],
      '',
    ])
  })

  it('keeps words typed into a row that somebody deletes meanwhile', () => {
    const both = two(['a', 'b'], ['c', 'd'], ['e', 'f'])
    const [ann, ben] = both
    edit(ann, 1, 0, 'delete-row')
    put(ben, 1, 1, ' survives')
    meet(ann, ben)
    expectBoth(both, [
      'Before',
      [
        ['a', 'b'],
        ['', ' survives'],
        ['e', 'f'],
      ],
      '',
    ])
  })

  it('moves rows and columns while others type in them, and is there once', () => {
    const both = two(['a', 'b'], ['c', 'd'])
    const [ann, ben] = both
    edit(ann, 0, 0, 'move-row-down')
    edit(ben, 0, 1, 'move-column-left')
    put(ben, 0, 1, '!')
    meet(ann, ben)
    expectBoth(both, [
      'Before',
      [
        ['d', 'c'],
        ['b', 'a!'],
      ],
      '',
    ])
  })

  it('that is deleted while somebody types in it is shown with those words at the end', () => {
    const both = two(['a', 'b'])
    const [ann, ben] = both
    inCell(ann, 0, 0)
    expect(deleteTable(ann.editor)).toBe(true)
    put(ben, 0, 1, ' stays')
    meet(ann, ben)
    expectBoth(both, ['Before', '', [[' stays']]])
    // Deleting what is left of it deletes the words, too.
    inCell(ann, 0, 0)
    expect(deleteTable(ann.editor)).toBe(true)
    meet(ann, ben)
    expectBoth(both, ['Before', ''])
  })

  it('that arrives after words which somebody typed in it is shown with them, and they before it', () => {
    const [ann, ben, cat] = people(3)
    if (ann === undefined || ben === undefined || cat === undefined) throw new Error('nobody there')
    ann.at(0, 0).type('Before').enter().commit()
    insertTable(ann.editor, 2, 2)
    meet(ann, ben)
    put(ben, 1, 1, 'early')
    const early = Y.encodeStateAsUpdate(ben.doc, Y.encodeStateVector(ann.doc))
    cat.gate.run(() => Y.applyUpdate(cat.doc, early))
    expect(said(cat)).toEqual(['', [['early']]])
    expect(shown(cat)).toEqual(said(cat))
    meet(ann, ben, cat)
    const grid = [
      ['', ''],
      ['', 'early'],
    ]
    expectBoth([ann, ben], ['Before', grid, ''])
    expectBoth([ben, cat], ['Before', grid, ''])
  })

  describe('in which an input method composes', () => {
    /** Ann composes に in the first cell; Ben writes there too, and from then on what she composes waits for the end. */
    function composing(): { both: [Person, Person]; compose: (text: string) => void; end: () => void } {
      const both = two(['a', 'b'])
      const [ann, ben] = both
      const compose = (text: string): void => {
        ann.edit(() => {
          const selection = $getSelection()
          const node = $isRangeSelection(selection) ? selection.anchor.getNode() : undefined
          if (!$isRangeSelection(selection) || !$isTextNode(node)) throw new Error('no text')
          $setCompositionKey(node.getKey())
          node.spliceText(selection.anchor.offset, 0, text, true)
        })
      }
      const end = (): void => {
        ann.edit(() => {
          $setCompositionKey(null)
        })
      }
      inCell(ann, 0, 0)
      compose('に')
      put(ben, 0, 0, 'x')
      meet(ann, ben)
      expect(ann.binding.isHolding).toBe(true)
      return { both, compose, end }
    }

    it('keeps what waits when others delete the table, and what is typed on', () => {
      const { both, compose, end } = composing()
      const [ann, ben] = both
      compose('ほ')
      inCell(ben, 0, 0)
      expect(deleteTable(ben.editor)).toBe(true)
      meet(ann, ben)
      compose('ん')
      end()
      ann.type('!')
      meet(ann, ben)
      // What is not in the document by now goes with the next thing that somebody does to the table.
      put(ben, 0, 0, '?')
      meet(ann, ben)
      expectBoth(both, ['Before', '', [['ほん!?']]])
    })

    it('keeps it where others have written elsewhere in the table that is deleted', () => {
      const { both, compose, end } = composing()
      const [ann, ben] = both
      compose('ほ')
      const [cat] = people(1)
      if (cat === undefined) throw new Error('nobody there')
      cat.doc.clientID = 9
      meet(ben, cat)
      inCell(ben, 0, 0)
      expect(deleteTable(ben.editor)).toBe(true)
      put(cat, 0, 1, ' stays')
      meet(ben, cat)
      meet(ann, ben)
      expect(shown(ann)).toContainEqual([[' stays']])
      compose('ん')
      end()
      ann.type('!')
      meet(ann, ben)
      expectBoth(both, ['Before', '', [['ほん!', ' stays']]])
    })

    it('keeps it when others move the table', () => {
      const { both, compose, end } = composing()
      const [ann, ben] = both
      compose('ほ')
      const [first, table] = ben.editor.read(() => $getRoot().getChildrenKeys())
      if (first === undefined || table === undefined) throw new Error('there is no table')
      expect(ben.binding.moveBlocks(table, table, first)).toBe(true)
      meet(ann, ben)
      compose('ん')
      end()
      ann.type('!')
      meet(ann, ben)
      expectBoth(both, [[['aにほん!x', 'b']], 'Before', ''])
    })

    it('lets go when the block is not there any more', () => {
      const { both } = composing()
      const [ann, ben] = both
      ann.edit(() => {
        $getRoot().getChildren().find($isTableNode)?.remove()
        $getRoot().selectEnd()
      })
      ann.type('on')
      meet(ann, ben)
      expectBoth(both, ['Before', 'on'])
    })
  })

  it('comes back with its words when its deletion is undone', () => {
    const both = two(['a', 'b'], ['c', 'd'])
    const [ann, ben] = both
    inCell(ann, 0, 0)
    deleteTable(ann.editor)
    meet(ann, ben)
    expectBoth(both, ['Before', ''])
    ann.binding.undo()
    meet(ann, ben)
    expectBoth(both, [
      'Before',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      '',
    ])
  })

  it('undoes what one typed in a cell, and not what others did', () => {
    const both = two(['a', 'b'])
    const [ann, ben] = both
    put(ann, 0, 0, ' mine')
    put(ben, 0, 0, ' yours')
    meet(ann, ben)
    ann.binding.undo()
    meet(ann, ben)
    expectBoth(both, ['Before', [['a yours', 'b']], ''])
    expect(ann.binding.canRedo).toBe(true)
  })

  it('gets a new row from Tab in its last cell', () => {
    const both = two(['a', 'b'])
    const [ann, ben] = both
    inCell(ann, 0, 1)
    const { editor, binding } = ann
    expect(goToCell({ editor, binding }, 1)).toBe(true)
    ann.type('c')
    meet(ann, ben)
    expectBoth(both, [
      'Before',
      [
        ['a', 'b'],
        ['c', ''],
      ],
      '',
    ])
    expect(goToCell({ editor, binding }, -1)).toBe(true)
    ann.type('B')
    meet(ann, ben)
    expectBoth(both, [
      'Before',
      [
        ['a', 'B'],
        ['c', ''],
      ],
      '',
    ])
  })

  it('goes with its last row', () => {
    const both = two(['a'])
    edit(both[0], 0, 0, 'delete-row')
    meet(...both)
    expectBoth(both, ['Before', ''])
  })

  it('holds several blocks in a cell, which one joins while the other types', () => {
    const both = two(['one'])
    const [ann, ben] = both
    inCell(ann, 0, 0).enter().type('two').enter().type('three')
    meet(ann, ben)
    expectBoth(both, ['Before', [['one¶two¶three']], ''])
    inCell(ann, 0, 0).edit(() => {
      const selection = $getSelection()
      const block = $isRangeSelection(selection) ? selection.anchor.getNode().getParent() : null
      block?.selectStart()
    })
    ann.editor.dispatchCommand(DELETE_CHARACTER_COMMAND, true)
    ann.commit()
    put(ben, 0, 0, ' and more')
    meet(ann, ben)
    expectBoth(both, ['Before', [['one¶twothree and more']], ''])
  })

  it('joins nothing across the edge of a cell', () => {
    const both = two(['a', 'b'])
    const [ann, ben] = both
    inCell(ann, 0, 1).edit(() => {
      const selection = $getSelection()
      if ($isRangeSelection(selection)) selection.anchor.getNode().getParent()?.selectStart()
    })
    ann.editor.dispatchCommand(DELETE_CHARACTER_COMMAND, true)
    ann.editor.dispatchCommand(DELETE_WORD_COMMAND, true)
    inCell(ann, 0, 0).editor.dispatchCommand(DELETE_CHARACTER_COMMAND, false)
    ann.commit()
    meet(ann, ben)
    expectBoth(both, ['Before', [['a', 'b']], ''])
  })
})

describe('a selection across cells', () => {
  it('deletes the words it covers and nothing of the grid', () => {
    const both = two(['abc', 'def'], ['ghi', 'jkl'])
    const [ann, ben] = both
    ann.edit(() => {
      const table = $getRoot().getChildren().find($isTableNode)
      const cells = table?.getChildren().flatMap((row) => ($isRowNode(row) ? row.getChildren() : [])) ?? []
      const [first, last] = [cells[0], cells[2]]
      const [from, to] = [first, last].map((cell) => ($isCellNode(cell) ? cell.getFirstChild() : null))
      if (!$isBlockNode(from) || !$isBlockNode(to)) throw new Error('no cells')
      const selection = to.select(0, 0)
      selection.anchor.set(from.getFirstChildOrThrow().getKey(), 1, 'text')
      selection.focus.set(to.getFirstChildOrThrow().getKey(), 2, 'text')
    })
    ben.edit(() => undefined)
    put(ben, 0, 1, ' typed')
    ann.editor.dispatchCommand(REMOVE_TEXT_COMMAND, null)
    ann.commit()
    meet(ann, ben)
    expectBoth(both, [
      'Before',
      [
        ['a', ' typed'],
        ['i', 'jkl'],
      ],
      '',
    ])
  })

  it('over everything leaves one empty line and what others typed meanwhile', () => {
    const both = two(['abc', 'def'])
    const [ann, ben] = both
    put(ben, 0, 1, ' typed')
    ann.edit(() => {
      $selectAll()
    })
    ann.editor.dispatchCommand(REMOVE_TEXT_COMMAND, null)
    ann.commit()
    meet(ann, ben)
    expectBoth(both, ['', [[' typed']]])
  })
})

describe('a pasted table', () => {
  it('gets rows, columns and words of its own, and short rows are filled', () => {
    const both = two(['a'])
    const [ann, ben] = both
    ann.edit(() => {
      const cell = (text: string): LexicalNode =>
        $createCellNode().append($createBlockNode().append($createWeftTextNode(text)))
      const table = $createTableNode().append(
        $createRowNode().append(cell('p'), cell('q')),
        $createRowNode().append(cell('r')),
      )
      $getRoot().append(table)
    })
    meet(ann, ben)
    expectBoth(both, [
      'Before',
      [['a']],
      '',
      [
        ['p', 'q'],
        ['r', ''],
      ],
    ])
  })

  it('in a cell leaves its words there', () => {
    const both = two(['a', 'b'])
    const [ann, ben] = both
    inCell(ann, 0, 0).edit(() => {
      const inner = $createTableNode().append(
        $createRowNode().append(
          $createCellNode().append($createBlockNode().append($createWeftTextNode('x'))),
        ),
      )
      const table = $getRoot().getChildren().find($isTableNode)
      const row = table?.getFirstChild()
      const cell = $isRowNode(row) ? row.getFirstChild() : null
      if ($isCellNode(cell)) cell.append(inner)
    })
    meet(ann, ben)
    expectBoth(both, ['Before', [['a¶x', 'b']], ''])
  })
})
