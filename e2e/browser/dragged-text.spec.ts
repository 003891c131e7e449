/** Words that are selected and dragged elsewhere with the mouse, while somebody else writes among them. */
import { expect, it } from 'vitest'
import { drop, placeOfSelection } from '../harness/gestures.ts'
import { openStage } from '../harness/stage.ts'
import { until } from '../harness/wait.ts'

const stage = openStage()

it('takes along what somebody types into words that are being dragged', async () => {
  const [ann, ben] = await Promise.all([stage.person('Ann'), stage.person('Ben')])
  await ben.open(await ann.begin(stage.server.url))
  await ann.type('stays, goes along, stays too\nbelow: ')
  await ben.clickAfter('goes')
  await ben.page.keyboard.press('Home')
  for (let step = 0; step < 'stays, goes'.length; step += 1) await ben.page.keyboard.press('ArrowRight')

  const { page } = ann
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Home')
  for (let step = 0; step < 'stays, '.length; step += 1) await page.keyboard.press('ArrowRight')
  for (let step = 0; step < 'goes along'.length; step += 1) await page.keyboard.press('Shift+ArrowRight')
  const from = await placeOfSelection(page)
  const to = await page.locator('weft-editor .content > *').last().boundingBox()
  if (from === undefined || to === null) throw new Error('nothing is selected, or there is nowhere to go')
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(from.x + 40, from.y + 20, { steps: 4 })
  await ben.type(' slowly')
  await until('her page has his word', ann.text, (text) => text.includes('goes slowly along'))
  await page.mouse.move(to.x + 200, to.y + to.height / 2, { steps: 4 })
  await page.mouse.up()

  const wanted = ['stays, , stays too', 'below: goes slowly along']
  for (const one of [ann, ben])
    await until(
      'the words are below, with his',
      one.blocks,
      (blocks) => JSON.stringify(blocks.map(({ text }) => text)) === JSON.stringify(wanted),
    )
  expect([...ann.errors, ...ben.errors]).toEqual([])
})

it('takes what is dragged in from elsewhere where it is dropped, as what is pasted', async () => {
  const ann = await stage.person('Ann')
  await ann.begin(stage.server.url)
  await ann.type('first\nsecond')
  const { page } = ann
  const first = await page.locator('weft-editor .content > *').first().boundingBox()
  if (first === null) throw new Error('there is no first paragraph')
  const behindFirst = { x: first.x + first.width / 2, y: first.y + first.height / 2 }
  await drop(page, behindFirst, [
    { mimeType: 'text/html', data: ', <b>from</b> <a href="javascript:alert(1)">afar</a>' },
    { mimeType: 'text/plain', data: ', from afar' },
  ])
  await until('it is behind the first word', ann.text, (text) => text === 'first, from afar\nsecond')
  expect(await page.locator('weft-editor .content .bold').allTextContents()).toEqual(['from'])
  expect(await page.locator('weft-editor .content a').count()).toBe(0)
  await drop(page, behindFirst, [{ mimeType: 'text/plain', data: ', plainly' }])
  await until('so are plain words', ann.text, (text) => text === 'first, from afar, plainly\nsecond')
  await page.keyboard.press('Control+z')
  await until('one undo takes them back', ann.text, (text) => text === 'first, from afar\nsecond')
  expect(ann.errors).toEqual([])
})
