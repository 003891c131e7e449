import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { watchTyping } from './typed-here.ts'

function start() {
  const doc = new Y.Doc()
  const told: (readonly [origin: unknown, typed: boolean])[] = []
  const stop = watchTyping(
    doc,
    (origin) => origin === 'server',
    (_update, typed, origin) => told.push([origin, typed]),
  )
  return { doc, text: doc.getText('flow'), told, stop }
}

it('what is written here is typed, under any origin but that of others', () => {
  const { doc, text, told, stop } = start()
  text.insert(0, 'a')
  doc.transact(() => text.insert(0, 'b'), 'paste')
  doc.transact(() => text.insert(0, 'c'), 'server')
  stop()
  text.insert(0, 'e')
  expect(told).toEqual([
    [null, true],
    ['paste', true],
    ['server', false],
  ])
})

it('what Yjs tidies after others’ formatting is not, and what is typed next is', () => {
  const { doc, text, told } = start()
  text.insert(0, 'abcdef')
  const others = [new Y.Doc(), new Y.Doc()]
  for (const other of others) Y.applyUpdate(other, Y.encodeStateAsUpdate(doc))
  for (const other of others) other.getText('flow').format(0, 6, { bold: true })
  told.length = 0
  for (const other of others) Y.applyUpdate(doc, Y.encodeStateAsUpdate(other), 'server')
  expect(told).toContainEqual([null, false])
  expect(told.every(([, typed]) => !typed)).toBe(true)
  text.insert(0, 'mine')
  expect(told.at(-1)).toEqual([null, true])
})
