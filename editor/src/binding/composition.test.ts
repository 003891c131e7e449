import { flowOf } from '@weft/document'
import {
  $getRoot,
  $isTextNode,
  $setCompositionKey,
  DELETE_CHARACTER_COMMAND,
  type ElementNode,
  type TextNode,
} from 'lexical'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { meet, type Person, people } from '../../test/people.ts'
import { setBlockKind } from '../block-commands.ts'

/** Two people who have a block "hello world" and one behind it; Ann's input method is composing in the first. */
function composing(): { ann: Person; ben: Person; compose: (text: string) => void; end: () => void } {
  const [ann, ben] = people(2)
  if (ann === undefined || ben === undefined) throw new Error('nobody there')
  ann.at(0, 0).type('hello world').enter().type('next')
  meet(ann, ben)
  const text = (): TextNode => {
    const node = $getRoot().getFirstDescendant()
    if (!$isTextNode(node)) throw new Error('no text')
    return node
  }
  const compose = (composed: string): void => {
    ann.edit(() => {
      $setCompositionKey(text().getKey())
      text().setTextContent(`hello${composed} world`)
      text().select(5 + composed.length, 5 + composed.length)
    })
  }
  const end = (): void => {
    ann.edit(() => {
      $setCompositionKey(null)
    })
  }
  return { ann, ben, compose, end }
}

function shown(person: Person): string {
  return person.editor.getEditorState().read(() => $getRoot().getTextContent())
}

describe('while an input method composes', () => {
  it('what is composed goes out at once when nobody else is in the block', () => {
    const { ann, ben, compose, end } = composing()
    compose('に')
    ben.at(1, 4).type('!')
    meet(ann, ben)
    expect(ben.lines()).toEqual(['paragraph helloに world', 'paragraph next!'])
    expect(shown(ann)).toContain('next!')
    end()
    expect(ann.binding.checkDrift()).toBe(false)
  })

  it('its block stays as it is, and in the end both are there', () => {
    const { ann, ben, compose, end } = composing()
    compose('に')
    ben.at(0, 0).type('>> ').at(0, 14).type('!')
    meet(ann, ben)
    expect(shown(ann)).toContain('helloに world')
    expect(shown(ann)).not.toContain('>>')
    compose('にほ')
    compose('日本')
    end()
    meet(ann, ben)
    expect(ann.lines()).toEqual(['paragraph >> hello日本 world!', 'paragraph next'])
    expect(ben.lines()).toEqual(ann.lines())
    expect(ann.caret()).toEqual({ block: 0, offset: 10 })
    expect(ann.binding.checkDrift()).toBe(false)
  })

  it('a split, a join, a deletion and a new kind of its block wait, too', () => {
    const { ann, ben, compose, end } = composing()
    compose('に')
    ben.at(0, 2).enter()
    setBlockKind(ben.at(1, 0).editor, 'quote')
    ben.commit().at(1, 3, { block: 1, offset: 9 }).erase()
    meet(ann, ben)
    compose('日本')
    end()
    meet(ann, ben)
    expect(ben.lines()).toEqual(ann.lines())
    expect(ann.lines()).toEqual(['paragraph he', 'quote llo日本', 'paragraph next'])
    expect(ann.binding.checkDrift()).toBe(false)
  })

  it('words composed into a block that is deleted survive', () => {
    const { ann, ben, compose, end } = composing()
    compose('に')
    ben.edit(() => $getRoot().getFirstChild()?.remove())
    meet(ann, ben)
    compose('日本')
    end()
    meet(ann, ben)
    expect(ben.lines()).toEqual(ann.lines())
    expect(ann.lines().join(' ')).toContain('日本')
    expect(ann.binding.checkDrift()).toBe(false)
  })

  it('and has ended, nothing is held any more: what is put right after that is not written again', () => {
    const { ann, ben, end } = composing()
    const flow = flowOf(ben.doc)
    const later = new Y.Map<unknown>([
      ['type', 'hologram'],
      ['id', 'later'],
    ])
    flow.insertEmbed(flow.length, later)
    flow.insert(flow.length, 'mind')
    meet(ann, ben)
    ann.at(1, 0).edit(() => {
      $setCompositionKey($getRoot().getChildAtIndex<ElementNode>(1)?.getFirstChild()?.getKey() ?? null)
    })
    ben.at(0, 0).type('>')
    meet(ann, ben)
    end()
    // It cannot be joined: a block of a later version stays, and is shown again.
    ann.at(2, 0).editor.dispatchCommand(DELETE_CHARACTER_COMMAND, true)
    ann.commit()
    meet(ann, ben)
    expect(ben.lines()).toEqual(['paragraph >hello world', 'paragraph next', 'unknown mind'])
    expect(ann.lines()).toEqual(ben.lines())
    expect(ann.binding.checkDrift()).toBe(false)
  })
})
