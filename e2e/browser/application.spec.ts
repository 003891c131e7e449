import type { WeftEditorApi } from '@weft/editor/element'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { openStage } from '../harness/stage.ts'
import { until } from '../harness/wait.ts'

// A site that may embed makes every answer vary by Origin, which the offline shell must not stumble over.
const stage = openStage({ flags: ['--embed-origins', 'http://embedder.test'] })

/** By a keyboard alone. @returns the document's address */
async function writeDocument(page: Page, title: string): Promise<string> {
  await page.goto(stage.server.url)
  await page.getByRole('button', { name: /start a document|new document/i }).waitFor()
  await page.keyboard.press('n')
  await page.waitForURL(/\/d\/[\w-]{22}$/)
  await until('the title has the focus', () => page.locator('app-title-field input:focus').count())
  await page.keyboard.type(title)
  await page.keyboard.press('Enter')
  await until(
    'the window is named like the document',
    () => page.title(),
    (name) => name === title,
  )
  return page.url()
}

const listed = (page: Page): Promise<string[]> => page.locator('app-document-list .title').allInnerTexts()

describe('the list of documents', () => {
  it('finds, renames, throws away and brings back, and everybody sees the new name at once', async () => {
    const alice = await stage.person('Alice')
    const bob = await stage.person('Bob')
    await writeDocument(alice.page, 'Tide tables')
    const budget = await writeDocument(alice.page, 'Budget')
    await bob.open(budget)

    await alice.page.getByRole('link', { name: 'Back to documents' }).click()
    await until(
      'the newest stands first',
      () => listed(alice.page),
      (titles) => titles.join() === 'Budget,Tide tables',
    )
    await alice.page.keyboard.press('/')
    await alice.page.keyboard.type('TIDE')
    await until(
      'the search finds one',
      () => listed(alice.page),
      (titles) => titles.join() === 'Tide tables',
    )
    await alice.page.keyboard.press('Escape')

    await alice.page.getByRole('button', { name: 'More for Budget' }).click()
    await alice.page.getByRole('menuitem', { name: 'Rename…' }).click()
    await until('the field has the focus', () => alice.page.locator('app-rename-dialog input:focus').count())
    await alice.page.keyboard.type('Budget of the harbour')
    await alice.page.keyboard.press('Enter')
    await until(
      'Bob sees the new name',
      () => bob.page.title(),
      (title) => title === 'Budget of the harbour',
    )

    await alice.page.getByRole('button', { name: 'More for Budget of the harbour' }).click()
    await alice.page.getByRole('menuitem', { name: 'Move to trash' }).click()
    await until(
      'it left the list',
      () => listed(alice.page),
      (titles) => titles.join() === 'Tide tables',
    )
    // What is pointed at does not go by itself, however long Bob takes.
    const undo = alice.page.getByRole('button', { name: 'Undo' })
    await undo.hover()
    await bob.page.getByText('moved to the trash').waitFor()
    expect(await bob.page.locator('weft-editor').isVisible()).toBe(true)
    await undo.click()
    await until(
      'it is back',
      () => listed(alice.page),
      (titles) => titles.length === 2,
    )

    expect([...alice.errors, ...bob.errors.filter((error) => !error.includes('404'))]).toEqual([])
  })

  it('deletes for good only from the trash, and only when asked twice', async () => {
    const { page, errors } = await stage.person('Carol')
    await writeDocument(page, 'Passing thought')
    await page.getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Move to trash' }).click()
    await page.getByRole('link', { name: 'Trash' }).click()
    await page.getByRole('button', { name: 'More for Passing thought' }).click()
    await page.getByRole('menuitem', { name: 'Delete for good…' }).click()
    // The focus is on Cancel: Enter alone deletes nothing.
    await until('Cancel has the focus', () => page.locator('app-confirm-dialog button:focus').count())
    await page.keyboard.press('Enter')
    await page.locator('app-confirm-dialog').waitFor({ state: 'detached' })
    expect(await listed(page)).toContain('Passing thought')
    await page.getByRole('button', { name: 'More for Passing thought' }).click()
    await page.getByRole('menuitem', { name: 'Delete for good…' }).click()
    await page.getByRole('button', { name: 'Delete for good' }).click()
    await page.getByText('The trash is empty').waitFor()
    expect(errors).toEqual([])
  })

  it('never opens an address the server does not have, which would create it there', async () => {
    const { page } = await stage.person('Dora')
    await page.goto(`${stage.server.url}/d/nobody-made-this`)
    await page.getByText('There is no such document').waitFor()
    const { status } = await fetch(`${stage.server.url}/api/v1/documents/nobody-made-this`)
    expect(status).toBe(404)
  })
})

describe('without a server', () => {
  it('opens from the cache, shows the document and the list as last known, and takes the server back', async () => {
    const hasFerry = (titles: string[]): boolean => titles.includes('Written on the ferry')
    const erin = await stage.person('Erin')
    const address = await writeDocument(erin.page, 'Written on the ferry')
    await erin.page.waitForFunction(() => navigator.serviceWorker.controller !== null)
    await until('Enter in the title leads into the text', () =>
      erin.page.locator('weft-editor [contenteditable="true"]:focus').count(),
    )
    await erin.type('Half a page')
    await erin.page
      .locator('weft-editor')
      .evaluate((editor) => (editor as unknown as WeftEditorApi).flush({ durable: true }))
    await stage.server.kill()
    await erin.page.close()

    const again = await stage.person('Erin', erin.context)
    await again.open(address)
    await until(
      'the text is there',
      () => again.text(),
      (text) => text === 'Half a page',
    )
    await again.page.getByRole('link', { name: 'Back to documents' }).click()
    await again.page.getByText('The server cannot be reached').waitFor()
    await until('the list is there', () => listed(again.page), hasFerry)

    await again.page.getByRole('button', { name: 'More for Written on the ferry' }).click()
    await again.page.getByRole('menuitem', { name: 'Move to trash' }).click()
    await again.page.locator('app-toasts').getByText('move the document to the trash').waitFor()
    await until('what could not be thrown away is there again', () => listed(again.page), hasFerry)

    await stage.server.start()
    const remark = again.page.locator('app-document-list').getByText('The server cannot be reached')
    await remark.waitFor({ state: 'detached' })
    await until('the list is there', () => listed(again.page), hasFerry)
    expect(again.errors).toEqual([])
  })
})
