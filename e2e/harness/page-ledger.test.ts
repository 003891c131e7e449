import { expect, it } from 'vitest'
import { PageLedger } from './page-ledger.ts'

const ANN = 0
const BEN = 1

/** Ann writes 一丁丂 in one go, of which 丂 is still under her fingers; 七 stands in the block below. */
function writing(): PageLedger {
  const ledger = new PageLedger()
  ledger.take(ANN, 3)
  ledger.take(ANN, 1)
  ledger.note(ANN, { kind: 'nothing' }, [{ before: '', after: '一丁七', removed: '', added: '一丁七' }])
  return ledger
}

/** Ann's last letter, behind the others as far as she knows. */
function goOn(ledger: PageLedger): void {
  ledger.note(ANN, { kind: 'nothing' }, [{ before: '一丁七', after: '一丁丂七', removed: '', added: '丂' }])
}

it('finds letters of one burst that have changed places', () => {
  const ledger = writing()
  goOn(ledger)
  expect(ledger.judge('一丁丂七')).toBeUndefined()
  expect(ledger.judge('一丂丁七')).toBe('丁 was written before 丂 and stands behind it')
})

it('knows what came into a block between the look at it and its move: what is written behind that later stays', () => {
  const ledger = writing()
  // Ben looked while it said 一; 丁 came; then he moved the block down.
  const move = { before: '一丁七', after: '七一丁', removed: '', added: '' }
  expect(ledger.note(BEN, { kind: 'move', selected: '一', seen: '一七' }, [move])).toBeUndefined()
  goOn(ledger)
  expect(ledger.judge('丂七一丁')).toBeUndefined()
  expect(ledger.judge('七一丁')).toBe('丂 of 0 is there 0 times: nobody deleted it')
})
