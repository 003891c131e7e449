import { expect, it } from 'vitest'
import type { SaveStatus } from './api.ts'
import { heldStatus } from './held-status.ts'

const WORDS = { label: 'Writing', detail: 'Composed text is not in the document yet.' }
const status = (kind: SaveStatus['kind']): SaveStatus => ({
  kind,
  label: kind,
  detail: '',
  tone: 'saved',
  leavingLoses: false,
})

it('nothing is called saved, on the server or on this device, while composed text waits', () => {
  for (const kind of ['saved', 'on-device'] as const)
    expect(heldStatus(status(kind), WORDS)).toEqual({
      ...WORDS,
      kind: 'saving',
      tone: 'quiet',
      leavingLoses: true,
    })
})

it('what is wrong is still said, and leaving would lose the text', () => {
  expect(heldStatus(status('not-saved'), WORDS)).toEqual({ ...status('not-saved'), leavingLoses: true })
})

it('a document that is kept nowhere loses nothing more', () => {
  expect(heldStatus(status('local'), WORDS)).toEqual(status('local'))
})
