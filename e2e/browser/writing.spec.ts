/** Writing with real keys, a mouse and a clipboard in a real browser: what the editor makes of them. */
import type { Page } from 'playwright-core'
import { describe, it } from 'vitest'
import { openStage } from '../harness/stage.ts'
import { together } from '../harness/together.ts'
import { until } from '../harness/wait.ts'

const stage = openStage()
let page: Page
together(stage, ['Ann'], (first) => {
  page = first.page
})

/** Kind, indent and words of each block, marks as elements: `bullet+1:two <strong>words</strong>`. */
function look(): Promise<string> {
  return page.locator('weft-editor [contenteditable]').evaluate((root) => {
    const words = (node: Node): string => {
      if (!(node instanceof Element)) return node.textContent ?? ''
      const inner = [...node.childNodes].map(words).join('')
      const tag = node.tagName.toLowerCase()
      const link = node.getAttribute('href')
      if (tag === 'br') return node.nextSibling === null ? '' : '\n'
      return ['strong', 'em', 'code', 'a'].includes(tag) ? `<${link ?? tag}>${inner}</${tag}>` : inner
    }
    const block = (element: Element): string => {
      const { kind = '', indent = '', checked } = (element as HTMLElement).dataset
      const level = kind === 'heading' ? element.tagName.slice(1) : ''
      const text = [...element.childNodes].map(words).join('')
      return `${kind}${level}${indent === '' ? '' : `+${indent}`}${checked === 'true' ? '!' : ''}:${text}`
    }
    return [...root.children].map(block).join(' | ')
  })
}

const shows = (wanted: string): Promise<string> => until('the text', look, (seen) => seen === wanted, 5_000)
const type = (text: string): Promise<void> => page.keyboard.type(text)
/** Two frames after the last key: only then has the editor heard which selection that key made. */
const paste = (mime: 'text/plain' | 'text/html', content: string): Promise<void> =>
  page.locator('weft-editor [contenteditable]').evaluate(
    async (root, [format, data]) => {
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
      const clipboardData = new DataTransfer()
      clipboardData.setData(format, data)
      root.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    },
    [mime, content] as const,
  )
const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key)
}

describe('typed Markdown', () => {
  it('makes blocks and marks, and one undo brings the typed characters back', async () => {
    await type('## ')
    await shows('heading2:')
    await press('Control+z')
    await shows('paragraph:## ')
    await press('Control+a', 'Backspace')
    await type('so **bold**')
    await shows('paragraph:so <strong>bold</strong>')
    // At once: keys with a pause of half a second between them are several steps.
    await page.keyboard.insertText(' and plain')
    await shows('paragraph:so <strong>bold</strong> and plain')
    await press('Control+z')
    await shows('paragraph:so <strong>bold</strong>')
    await press('Control+z')
    await shows('paragraph:so **bold**')
  })

  it('makes nothing of what is pasted', async () => {
    await paste('text/plain', '# not typed')
    await shows('paragraph:# not typed')
  })
})

describe('lists', () => {
  it('go deeper with Tab, up with Shift+Tab, and end with Enter on an empty item', async () => {
    await type('- one')
    await press('Enter', 'Tab')
    await type('two')
    await press('Enter', 'Shift+Tab', 'Enter')
    await type('after')
    await shows('bullet:one | bullet+1:two | paragraph:after')
  })

  it('have boxes that a press or Ctrl+Enter ticks', async () => {
    await type('[ ] milk')
    await shows('check:milk')
    const box = await page.locator('weft-editor [data-kind=check]').boundingBox()
    if (box === null) throw new Error('the item is not on the screen')
    await page.mouse.click(box.x + 10, box.y + box.height / 2)
    await shows('check!:milk')
    await press('Control+Enter')
    await shows('check:milk')
  })
})

describe('links', () => {
  it('refuse an address that could run something, and take the next one', async () => {
    await type('see here')
    await press('Control+Shift+ArrowLeft', 'Control+k')
    await page.locator('weft-link-card input:focus').waitFor()
    await type('javascript:alert(1)')
    await press('Enter')
    await page.locator('weft-link-card [role=alert]').waitFor()
    await press('Control+a')
    await type('example.org')
    await press('Enter')
    await shows('paragraph:see <https://example.org/>here</a>')
    await press('Control+k')
    await page.getByRole('button', { name: 'Remove link' }).click()
    await shows('paragraph:see here')
  })

  it('keep their words when typing goes on after the card or a pasted address', async () => {
    await type('see here')
    await press('Control+Shift+ArrowLeft', 'Control+k')
    await page.locator('weft-link-card input:focus').waitFor()
    await type('example.org')
    await press('Enter')
    await shows('paragraph:see <https://example.org/>here</a>')
    await type(' and there')
    await press('Control+Shift+ArrowLeft')
    await paste('text/plain', 'https://e.org/')
    await type('.')
    await shows('paragraph:see <https://example.org/>here</a> and <https://e.org/>there</a>.')
  })

  it('are kept from pasted HTML only where they are safe', async () => {
    await paste(
      'text/html',
      '<h2>T</h2><p>a <a href="javascript:x">bad</a> <a href="https://e.org/">good</a></p><ol><li>x<ol><li>y</li></ol></li></ol>',
    )
    await shows('heading2:T | paragraph:a bad <https://e.org/>good</a> | numbered:x | numbered+1:y')
  })
})

describe('pasted blocks', () => {
  it('keep the order and the kind of a quote with several paragraphs', async () => {
    await paste('text/html', '<blockquote><p>q1</p><p>q2</p><p>q3</p></blockquote>')
    await shows('quote:q1 | quote:q2 | quote:q3')
  })

  it('stay list items when their words are in paragraphs', async () => {
    await paste('text/html', '<ul><li><p>a</p></li><li><p>b</p></li></ul>')
    await shows('bullet:a | bullet:b')
  })

  it('stay in the one code block they are pasted into, blank lines too', async () => {
    await type('```')
    await press('Enter')
    await shows('code:')
    await paste('text/plain', 'one\n\n  two\r\nthree')
    await shows('code:one\n\n  two\nthree')
  })
})

describe('the toolbar', () => {
  it('is one stop for Tab, works by arrows, and keeps the focus and the selection', async () => {
    await type('word')
    await press('Control+a', 'Shift+Tab', 'ArrowRight', 'ArrowRight', 'Enter')
    await shows('paragraph:<strong>word</strong>')
    await until('the button is pressed', () =>
      page.locator('weft-toolbar [data-command=bold][aria-pressed=true]:focus').count(),
    )
    await press('Home', 'Enter')
    await until('the menu has the focus', () => page.locator('weft-block-menu button:focus').count())
    await press('h', 'Enter')
    await shows('heading1:<strong>word</strong>')
    await press('Control+a')
    await type('Z')
    await shows('heading1:<strong>Z</strong>')
  })
})

describe('the caret', () => {
  it('stays where a key has put it, however fast a colleague writes', async () => {
    await type('.')
    const bob = await stage.person('Bob')
    await bob.open(page.url())
    await bob.clickAfter('.')
    await bob.page.keyboard.press('Enter')
    // What is written behind the dot before this is seen may belong to either side of it.
    await shows('paragraph:. | paragraph:')
    // Few enough to stay on one line: Home goes to the start of the line on the screen.
    const rounds = 25
    const writing = bob.type('w'.repeat(400), 4)
    for (let round = 0; round < rounds; round++) {
      await press('Home', 'a', 'End', 'b')
    }
    await writing
    const line = `${'a'.repeat(rounds)}.${'b'.repeat(rounds)}`
    await shows(`paragraph:${line} | paragraph:${'w'.repeat(400)}`)
    await bob.context.close()
  })
})

describe('the element', () => {
  it('keeps document and typing when the page moves it', async () => {
    await type('kept')
    await page.locator('weft-editor').evaluate((editor) => {
      const elsewhere = document.createElement('div')
      editor.parentElement?.prepend(elsewhere)
      elsewhere.append(editor)
    })
    await page.locator('weft-editor [contenteditable] p').click()
    await press('End')
    await type(' and more')
    await shows('paragraph:kept and more')
  })

  it('lets go when it is taken out for longer, and opens its document again when it is put back', async () => {
    await type('kept')
    await page.locator('weft-editor').evaluate(async (editor) => {
      const { parentElement } = editor
      await (editor as HTMLElement & { flush(options: { durable: true }): Promise<void> }).flush({
        durable: true,
      })
      Object.assign(globalThis, { taken: editor, place: parentElement })
      editor.remove()
    })
    const taken = (): Promise<string> =>
      page.evaluate(() => (globalThis as unknown as { taken: { getText(): string } }).taken.getText())
    await until('the editor has let go of its document', taken, (text) => text === '')
    const takesKeys = (): Promise<unknown> =>
      page.evaluate(() => {
        const { taken } = globalThis as unknown as { taken: Element }
        return taken.shadowRoot?.querySelector('.content')?.getAttribute('contenteditable')
      })
    await until('it takes no keys', takesKeys, (editable) => editable === 'false')
    await page.evaluate(() => {
      const { taken, place } = globalThis as unknown as { taken: Element; place: Element }
      place.append(taken)
    })
    await until('the document is open again', taken, (text) => text.includes('kept'))
    await page.locator('weft-editor [contenteditable=true] p').click()
    await press('End')
    await type(' and more')
    await shows('paragraph:kept and more')
  })

  it('takes no typing when it is read-only', async () => {
    await type('fixed')
    await page.locator('weft-editor').evaluate((editor) => {
      ;(editor as HTMLElement & { readonly: boolean }).readonly = true
    })
    await page.locator('weft-editor [contenteditable=false]').click()
    await type('no')
    await shows('paragraph:fixed')
  })
})
