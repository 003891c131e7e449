/** A document as one line of text, from the screen and from its content: equal exactly when the screen is right. */
import type { BlockJson, DocumentJson } from '@weft/document'
import type { Page } from 'playwright-core'

/** Blocks as `kind+indent: runs`, runs as `[marks]text`; those in cells with their row and column, a table with its rows. */
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
    const lineOf = (block: Element): string => {
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
    }
    const linesIn = (holder: Element, place: string): string[] =>
      [...holder.children].flatMap((block) => {
        const { kind, indent = '0' } = (block as HTMLElement).dataset
        // Where no text is to put a caret in, Lexical shows one that is no block; beside a line, a break.
        if (kind === undefined && block.textContent === '') return []
        if (kind !== 'table') return [`${place}${lineOf(block)}`]
        const rows = [...block.querySelectorAll('tr')]
        const cells = rows.flatMap((row, r) =>
          [...row.children].flatMap((cell, c) =>
            linesIn(cell, `${r}.${c} ${cell.tagName === 'TH' ? '*' : ''}`),
          ),
        )
        return [`table+${indent}: ${rows.length}`, ...cells]
      })
    return linesIn(root, '').join('\n')
  })
}

export function printed({ blocks }: DocumentJson): string {
  return blocks.flatMap((block) => printedBlock(block, '')).join('\n')
}

function printedBlock({ shape, runs, table }: BlockJson, place: string): string[] {
  if (shape.type === 'table') {
    const { rows = [], headerRow = false, headerColumn = false } = table ?? {}
    const cells = rows.flatMap((row, r) =>
      row.cells.flatMap((cell, c) => {
        const isHead = (headerRow && r === 0) || (headerColumn && c === 0)
        return cell.blocks.flatMap((block) => printedBlock(block, `${r}.${c} ${isHead ? '*' : ''}`))
      }),
    )
    return [`table+${shape.indent}: ${rows.length}`, ...cells]
  }
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
  return [`${place}${shape.type}${level}+${shape.indent}${checked}: ${text}`]
}

function nameOfMark([name, value]: [string, unknown]): string {
  return value === true ? name : String(value)
}
