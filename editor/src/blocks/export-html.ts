/** A block without text as HTML for other programs, and for our own: what it is stands in attributes. */
import { storedBlock } from '@weft/document'
import { webAddress } from './media-dom.ts'
import type { VoidShape } from './void-node.ts'

/** As `printHtml` of `@weft/document` writes it. */
export function exportVoid(shape: VoidShape, column: number): HTMLElement {
  const dom = document.createElement(ELEMENTS[shape.type])
  const stored = { ...storedBlock(shape), ...(column > 0 ? { column } : {}) }
  for (const [name, value] of Object.entries(stored)) dom.dataset[name] = String(value)
  switch (shape.type) {
    case 'divider':
      break
    case 'image': {
      const address = webAddress(shape.url)
      if (address === '') dom.textContent = shape.alt
      else {
        const image = document.createElement('img')
        image.src = address
        image.alt = shape.alt
        dom.append(image)
      }
      break
    }
    case 'file':
    case 'embed': {
      const address = webAddress(shape.url)
      const label = shape.type === 'file' ? shape.name : shape.url
      if (address === '') dom.textContent = label
      else {
        const link = document.createElement('a')
        link.href = address
        link.textContent = label
        dom.append(link)
      }
      break
    }
    case 'equation': {
      const code = document.createElement('code')
      code.textContent = shape.latex
      dom.append(code)
      break
    }
  }
  return dom
}

const ELEMENTS: { readonly [type in VoidShape['type']]: string } = {
  divider: 'hr',
  image: 'figure',
  file: 'p',
  embed: 'p',
  equation: 'p',
}
