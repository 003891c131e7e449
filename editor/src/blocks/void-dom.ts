/**
 * A block without text as an element: its picture, card, formula or player, and the button to change it.
 *
 * Rule: a player is fetched by a press and not before, in a frame that may do no more than play.
 */
import { type ObjectLabels } from '../ui/strings.ts'
import { tagOf, writeAttributes } from './block-dom.ts'
import { playerOf } from './embed-providers.ts'
import { showMath } from './math.ts'
import { buildFile, buildImage, hostOf, setLink, span, webAddress } from './media-dom.ts'
import type { VoidShape } from './void-node.ts'

/** On the button that changes the block. */
export const EDIT_ACTION = 'edit'

/** On the button that fetches a player. */
export const PLAY_ACTION = 'play'

export function buildVoid(shape: VoidShape, column: number, labels: ObjectLabels): HTMLElement {
  const dom = document.createElement(tagOf(shape))
  writeAttributes(dom, shape, column)
  if (shape.type === 'divider') return dom
  dom.setAttribute('role', shape.type === 'image' ? 'figure' : 'group')
  dom.setAttribute('aria-label', nameOf(shape, labels))
  dom.append(bodyOf(shape, labels), button(EDIT_ACTION, labels.edit))
  return dom
}

/** Puts the player in the place of the card that offers it. */
export function play(dom: HTMLElement, shape: VoidShape, labels: ObjectLabels): void {
  const player = shape.type === 'embed' ? playerOf(shape.url) : undefined
  if (player === undefined) return
  const frame = document.createElement('iframe')
  frame.title = `${labels.embed}: ${player.name}`
  frame.sandbox.add('allow-scripts', 'allow-same-origin', 'allow-presentation')
  frame.allow = 'autoplay; encrypted-media; fullscreen; picture-in-picture'
  frame.allowFullscreen = true
  // Players refuse to play for a page that does not say which site it is; they learn no more than that.
  frame.referrerPolicy = 'strict-origin-when-cross-origin'
  frame.src = player.address
  dom.querySelector('.player')?.replaceChildren(frame)
}

function bodyOf(shape: Exclude<VoidShape, { type: 'divider' }>, labels: ObjectLabels): HTMLElement {
  switch (shape.type) {
    case 'image':
      return buildImage(shape, labels)
    case 'file':
      return buildFile(shape, labels.file, labels)
    case 'equation': {
      if (shape.latex.trim() === '') return span('card', labels.equation)
      const formula = span('formula', '')
      showMath(formula, shape.latex, true)
      return formula
    }
    case 'embed':
      return buildEmbed(shape.url, labels)
  }
}

function buildEmbed(url: string, labels: ObjectLabels): HTMLElement {
  const address = webAddress(url)
  if (address === '') return span('card', labels.embed)
  const player = playerOf(address)
  const link = document.createElement('a')
  link.className = 'card'
  setLink(link, address)
  link.append(span('card-name', hostOf(address)), span('card-detail', address.replace(/^https?:\/\//, '')))
  if (player === undefined) return link
  const around = document.createElement('div')
  around.className = 'player'
  around.append(button(PLAY_ACTION, labels.play(player.name)), link)
  return around
}

function nameOf(shape: Exclude<VoidShape, { type: 'divider' }>, labels: ObjectLabels): string {
  const own = { image: 'alt', file: 'name', equation: 'latex', embed: 'url' } as const
  const said = (shape as unknown as Record<string, string>)[own[shape.type]] ?? ''
  return said === '' ? labels[shape.type] : `${labels[shape.type]}: ${said}`
}

function button(action: string, label: string): HTMLElement {
  const element = document.createElement('button')
  element.type = 'button'
  element.dataset['action'] = action
  element.textContent = label
  // Tab stays in the text; the keyboard's way is Ctrl+Enter.
  element.tabIndex = -1
  return element
}
