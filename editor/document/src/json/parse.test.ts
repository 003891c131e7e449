import { expect, it } from 'vitest'
import { randomDocument, randomOf } from '../testing/random-document.ts'
import { DocumentFormatError, parseJson } from './parse.ts'
import { printJson } from './print.ts'

it('reads back what was printed, ids included', () => {
  const random = randomOf(5)
  for (let turn = 0; turn < 500; turn += 1) {
    const document = randomDocument(random)
    expect(parseJson(printJson(document))).toEqual(document)
  }
})

it('refuses what is no document, and says where', () => {
  const places = [
    '{',
    '[]',
    '{"schema":99,"blocks":[]}',
    '{"schema":2,"blocks":[{"id":"a","shape":{},"runs":[{"text":1,"marks":{}}]}]}',
    '{"schema":2,"blocks":[{"id":"a","shape":{"type":"table"},"runs":[],"table":{"id":"t","columns":[],"rows":[1]}}]}',
  ].map((text) => {
    try {
      parseJson(text)
    } catch (error) {
      return error instanceof DocumentFormatError ? error.place : 'another error'
    }
    return 'none'
  })
  expect(places).toEqual([
    'document',
    'document',
    'schema',
    'blocks[0].runs[0].text',
    'blocks[0].table.rows[0]',
  ])
})

it('lets nothing in that a document may not hold', () => {
  const text =
    '{"schema":2,"blocks":[{"id":"a","shape":{"type":"image","url":"javascript:x","__proto__":{"alt":"y"}},"runs":[]},' +
    '{"id":"b","shape":{"type":"paragraph"},"runs":[{"text":"x","marks":{"link":"data:text/html,x","bold":1}}]}]}'
  expect(JSON.stringify(parseJson(text))).not.toMatch(/javascript|data:|bold/)
})
