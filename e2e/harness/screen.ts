/** A document as one line of text, from the screen and from its content: equal exactly when the screen is right. */
import type { DocumentJson } from '@weft/document'
import type { Page } from 'playwright-core'

/** Blocks as `kind+indent: runs`, runs as `[marks]text`. */
export function shown(page: Page): Promise<string> {
  return page.locator('weft-editor .content').evaluate((root) => {
    const names = ['bold', 'italic', 'underline', 'strike', 'code']
    const marksOf = (text: Node, block: Element): string => {
      const marks = new Set<string>()
      let link: string | null = null
      for (let one = text.parentElement; one !== null && one !== block; one = one.parentElement) {
        link ??= one.getAttribute('href')
        for (const name of names) if (one.classList.contains(name)) marks.add(name)
        if (one.classList.contains('underline-strike'))
          for (const name of ['underline', 'strike']) marks.add(name)
      }
      return [...names.filter((name) => marks.has(name)), ...(link === null ? [] : [link])].join()
    }
    return [...root.children]
      .map((block) => {
        const { kind = '', indent = '0', checked } = (block as HTMLElement).dataset
        const level = kind === 'heading' ? block.tagName.slice(1) : ''
        let text = ''
        let marks = ''
        const walker = document.createTreeWalker(block, NodeFilter.SHOW_ALL)
        for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
          const isBreak = node instanceof HTMLBRElement && node.nextSibling !== null
          if (!isBreak && !(node instanceof Text)) continue
          // A line break shows no marks, whatever the document says it has.
          const own = isBreak ? marks : marksOf(node, block)
          if (own !== marks) text += `[${own}]`
          marks = own
          text += isBreak ? '⏎' : (node.textContent ?? '').replaceAll('\t', '⇥')
        }
        return `${kind}${level}+${indent}${checked === 'true' ? '!' : ''}: ${text}`
      })
      .join('\n')
  })
}

export function printed({ blocks }: DocumentJson): string {
  return blocks
    .map(({ shape, runs }) => {
      const level = shape.type === 'heading' ? String(shape.level) : ''
      const checked = shape.type === 'check' && shape.checked ? '!' : ''
      let text = ''
      let marks = ''
      for (const run of runs)
        for (const character of run.text) {
          const own = character === '\n' ? marks : Object.entries(run.marks).map(nameOfMark).join()
          if (own !== marks) text += `[${own}]`
          marks = own
          text += character === '\n' ? '⏎' : character.replace('\t', '⇥')
        }
      return `${shape.type}${level}+${shape.indent}${checked}: ${text}`
    })
    .join('\n')
}

function nameOfMark([name, value]: [string, unknown]): string {
  return value === true ? name : String(value)
}
