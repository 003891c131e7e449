/** Where a person's caret is while the focus is not in the text, or something is selected as a whole, and others write. */
import { expect, it } from 'vitest'
import { exec } from '../harness/gestures.ts'
import { openStage } from '../harness/stage.ts'
import { until } from '../harness/wait.ts'

const stage = openStage()

it('is kept on the handle of a block while others join and write, and is there again on the way back', async () => {
  const [ann, ben] = await Promise.all([stage.person('Ann'), stage.person('Ben')])
  await ben.open(await ann.begin(stage.server.url))
  await ann.type('first\nsecond')
  for (let step = 0; step < 3; step += 1) await ann.page.keyboard.press('ArrowLeft')
  await ann.page.keyboard.press('Tab')
  const focus = (): Promise<string> =>
    ann.page.locator('weft-editor').evaluate((editor) => editor.shadowRoot?.activeElement?.className ?? '')
  await until('the handle has the focus', focus, (name) => name.includes('block-handle'))
  await until('Ben has both lines', ben.text, (text) => text === 'first\nsecond')
  await ben.clickAfter('second')
  await ben.page.keyboard.press('Home')
  await ben.page.keyboard.press('Backspace')
  await until('the lines are one', ann.text, (text) => text === 'firstsecond')
  for (const word of [' and', ' then', ' the ']) {
    await ben.type(word)
    await until(`his word${word} is there`, ann.text, (text) => text.includes(word.trim()))
  }
  await ann.page.keyboard.press('Escape')
  await until('the text has the focus', focus, (name) => name.includes('content'))
  await ann.type('|')
  await until('her letter is where her caret was', ben.text, (text) => text === 'first and then the sec|ond')
  expect([...ann.errors, ...ben.errors]).toEqual([])
})

it('writes behind a table that is selected as a whole, also when others have written meanwhile', async () => {
  const [ann, ben] = await Promise.all([stage.person('Ann'), stage.person('Ben')])
  await ben.open(await ann.begin(stage.server.url))
  await ann.type('above\n')
  await exec(ann.page, 'table', '2x2')
  await ann.type('cell')
  await until('Ben has the table', ben.text, (text) => text.includes('cell'))
  const selected = (): Promise<number> => ann.page.locator('weft-editor .content .selected').count()
  await ann.page.keyboard.press('Escape')
  await until('the table is selected', selected, (count) => count === 1)
  await ben.clickAfter('above')
  await ben.type(' it')
  await until('his words are there', ann.text, (text) => text.includes('above it'))
  expect(await selected()).toBe(1)
  await ann.type('below')
  for (const one of [ann, ben])
    await until(
      'her words stand behind the table',
      one.blocks,
      (blocks) => blocks.at(-1)?.text === 'below' && blocks[0]?.text === 'above it',
    )
  // The browser's caret may come into the text without a press, as with a screen reader.
  await ann.page.keyboard.press('ArrowUp')
  await ann.page.keyboard.press('Escape')
  await until('the table is selected again', selected, (count) => count === 1)
  await ann.page.locator('weft-editor .content').evaluate((content) => {
    getSelection()?.setBaseAndExtent(
      content.querySelector('p') ?? content,
      0,
      content.querySelector('p') ?? content,
      0,
    )
  })
  await until('nothing is selected as a whole', selected, (count) => count === 0)
  await ann.type('right ')
  await until('it is written where the caret is', ben.text, (text) => text.startsWith('right above it'))
  expect([...ann.errors, ...ben.errors]).toEqual([])
})
