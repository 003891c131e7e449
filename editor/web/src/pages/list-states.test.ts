import { expect, it } from 'vitest'
import { renderFailed } from './list-states.ts'

it('says that the server cannot be reached only when it cannot', () => {
  const said = (unreachable: boolean): readonly unknown[] =>
    renderFailed({ kind: 'failed', message: 'a disk is full', unreachable }, () => undefined).values
  expect(said(true)).toContain('The server cannot be reached')
  expect(said(true)).not.toContain('a disk is full')
  expect(said(false)).toEqual(expect.arrayContaining(['The documents cannot be loaded', 'a disk is full']))
})
