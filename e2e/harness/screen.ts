/** A document as lines of text, from the screen and from its content: equal exactly when the screen is right. */
import type { BlockJson, BlockShape, DocumentJson, TextRun } from '@weft/document'
import type { Page } from 'playwright-core'

/**
 * Blocks as `kind+indent|column(what else they say): runs`, runs as `[marks]text`, objects as `{what they say}`; those in
 * cells with their row and column, a table with its rows.
 */
export function shown(page: Page): Promise<string> {
  return page.locator('weft-editor .content').evaluate((root) => {
    const names = ['bold', 'italic', 'underline', 'strike', 'code']
    const marksOf = (inner: Element | null, block: Element): string => {
      const marks = new Set<string>()
      const said = new Map<string, string>()
      for (let one = inner; one instanceof HTMLElement && one !== block; one = one.parentElement) {
        for (const name of names) if (one.classList.contains(name)) marks.add(name)
        if (one.classList.contains('underline-strike'))
          for (const name of ['underline', 'strike']) marks.add(name)
        for (const name of ['color', 'highlight']) {
          const value = one.dataset[name]
          if (value !== undefined && !said.has(name)) said.set(name, `${name}=${value}`)
        }
        const link = one.getAttribute('href')
        if (link !== null && !said.has('link')) said.set('link', link)
      }
      const values = ['color', 'highlight', 'link'].flatMap((name) => said.get(name) ?? [])
      return [...names.filter((name) => marks.has(name)), ...values].join()
    }
    /** What a formula is named by stands behind what it is. */
    const nameOf = (part: Element): string => part.getAttribute('aria-label')?.replace(/^\w+: /, '') ?? ''
    const objectOf = (object: HTMLElement): string => {
      const type = object.dataset['object'] ?? ''
      if (type === 'date') return `{date ${object.querySelector('time')?.dateTime ?? ''}}`
      return type === 'equation'
        ? `{equation ${object.getAttribute('aria-label') ?? ''}}`
        : `{${type} ${object.textContent ?? ''}}`
    }
    const textOf = (block: Element): string => {
      let text = ''
      let marks = ''
      const say = (what: string, own: string): void => {
        if (own !== marks) text += `[${own}]`
        marks = own
        text += what
      }
      const visit = (node: Node): void => {
        if (node instanceof Text)
          say((node.textContent ?? '').replaceAll('\t', '⇥'), marksOf(node.parentElement, block))
        else if (node instanceof HTMLBRElement) {
          // A line break shows no marks, whatever the document says it has.
          if (node.nextSibling !== null) say('⏎', marks)
        } else if (node instanceof HTMLElement && node.dataset['object'] !== undefined)
          say(objectOf(node), marksOf(node, block))
        else for (const child of node.childNodes) visit(child)
      }
      for (const child of block.childNodes) visit(child)
      return text
    }
    const detailOf = (block: HTMLElement): string => {
      const { kind = '', checked, start, callout, emoji = '', collapsed, language, unknown } = block.dataset
      switch (kind) {
        case 'check':
          return checked === 'true' ? '!' : ''
        case 'toggle':
          return collapsed === 'true' ? '(closed)' : ''
        case 'callout':
          return `(${callout}${emoji})`
        case 'image':
        case 'file':
        case 'embed': {
          const there = block.querySelector('img, a')
          return `(${there?.getAttribute('src') ?? there?.getAttribute('href') ?? ''})`
        }
        case 'equation':
          return `(${nameOf(block)})`
        default: {
          const detail = start ?? language ?? unknown ?? ''
          return detail === '' ? '' : `(${detail})`
        }
      }
    }
    const voids = new Set(['divider', 'image', 'file', 'embed', 'equation'])
    const lineOf = (block: HTMLElement): string => {
      const { kind = '', indent = '0', column } = block.dataset
      const level = kind === 'heading' ? block.tagName.slice(1) : ''
      const text = voids.has(kind) ? '' : textOf(block)
      return `${kind}${level}+${indent}${column === undefined ? '' : `|${column}`}${detailOf(block)}: ${text}`
    }
    const linesIn = (holder: Element, place: string): string[] =>
      [...holder.children].flatMap((child) => {
        const block = child as HTMLElement
        const { kind, indent = '0', column } = block.dataset
        // Where no text is to put a caret in, Lexical shows one that is no block; beside a line, a break.
        if (kind === undefined && block.textContent === '') return []
        if (kind !== 'table') return [`${place}${lineOf(block)}`]
        const rows = [...block.querySelectorAll('tr')]
        const cells = rows.flatMap((row, r) =>
          [...row.children].flatMap((cell, c) =>
            linesIn(cell, `${r}.${c} ${cell.tagName === 'TH' ? '*' : ''}`),
          ),
        )
        return [`table+${indent}${column === undefined ? '' : `|${column}`}: ${rows.length}`, ...cells]
      })
    return linesIn(root, '').join('\n')
  })
}

export function printed({ blocks }: DocumentJson): string {
  return blocks.flatMap((block) => printedBlock(block, '')).join('\n')
}

function printedBlock({ shape, runs, table, column }: BlockJson, place: string): string[] {
  const head = `+${shape.indent}${column === undefined ? '' : `|${column}`}`
  if (shape.type === 'table') {
    const { rows = [], headerRow = false, headerColumn = false } = table ?? {}
    const cells = rows.flatMap((row, r) =>
      row.cells.flatMap((cell, c) => {
        const isHead = (headerRow && r === 0) || (headerColumn && c === 0)
        return cell.blocks.flatMap((block) => printedBlock(block, `${r}.${c} ${isHead ? '*' : ''}`))
      }),
    )
    return [`table${head}: ${rows.length}`, ...cells]
  }
  const level = shape.type === 'heading' ? String(shape.level) : ''
  return [`${place}${shape.type}${level}${head}${detailOf(shape)}: ${printedRuns(runs)}`]
}

function detailOf(shape: BlockShape): string {
  switch (shape.type) {
    case 'check':
      return shape.checked ? '!' : ''
    case 'toggle':
      return shape.collapsed ? '(closed)' : ''
    case 'callout':
      return `(${shape.kind}${shape.emoji})`
    case 'numbered':
      return shape.start === undefined ? '' : `(${shape.start})`
    case 'code':
      return shape.language === '' ? '' : `(${shape.language})`
    case 'image':
    case 'file':
    case 'embed':
      return `(${shape.url})`
    case 'equation':
      return `(${shape.latex})`
    case 'unknown':
      return `(${shape.name})`
    case 'paragraph':
    case 'heading':
    case 'bullet':
    case 'quote':
    case 'divider':
    case 'table':
      return ''
  }
}

function printedRuns(runs: readonly TextRun[]): string {
  let text = ''
  let marks = ''
  const say = (what: string, own: string): void => {
    if (own !== marks) text += `[${own}]`
    marks = own
    text += what
  }
  for (const { text: words, marks: own, object } of runs) {
    const names = Object.entries(own).map(nameOfMark)
    if (object === undefined)
      for (const character of words)
        if (character === '\n') say('⏎', marks)
        else say(character.replace('\t', '⇥'), names.join())
    else say(printedObject(object), Object.entries(own).filter(isOnObjects).map(nameOfMark).join())
  }
  return text
}

/** An object stands for itself: it is no code, and leads nowhere else. */
function isOnObjects([name]: [string, unknown]): boolean {
  return name !== 'code' && name !== 'link'
}

function nameOfMark([name, value]: [string, unknown]): string {
  if (value === true) return name
  return name === 'link' ? String(value) : `${name}=${String(value)}`
}

function printedObject(object: NonNullable<TextRun['object']>): string {
  switch (object.type) {
    case 'mention':
      return `{mention ${object.kind === 'person' ? '@' : ''}${object.label}}`
    case 'date':
      return `{date ${object.date}}`
    case 'equation':
      return `{equation ${object.latex}}`
    case 'image':
    case 'file':
    case 'unknown':
      return `{${object.type} ${object.name}}`
  }
}
