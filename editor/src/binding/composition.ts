/**
 * A block in which an input method is composing is not touched: changes others make to it wait, with what is
 * composed, until the composition ends. Then both are put together by the identity of characters.
 *
 * What is typed without anybody else in the block goes out as always; only the two together wait.
 */
import {
  type Block,
  type FlowPlace,
  type FlowStep,
  isPlaceAlive,
  type Marks,
  placesIn,
  resolvePlace,
} from '@weft/document'
import type { NodeKey } from 'lexical'
import type { Map as YMap, Text as YText } from 'yjs'

export interface HeldBlock {
  readonly key: NodeKey
  /** The block as both sides last knew it. */
  readonly base: Block
  /** Where each offset of `base` is, by the identity of the character before it. */
  readonly places: readonly FlowPlace[]
  /** Whether others have changed it since. */
  isStale: boolean
}

export function holdBlock(flow: YText, key: NodeKey, base: Block): HeldBlock {
  return { key, base, places: placesIn(flow, base.segment), isStale: false }
}

/** One step of a held block, told in today's flow. */
export interface PlacedStep {
  readonly marker: YMap<unknown> | null
  /** Text to write right behind a place; `steps` are empty then. */
  readonly insertion: { readonly text: string; readonly marks: Marks; readonly place: FlowPlace } | undefined
  readonly steps: readonly FlowStep[]
  /** How far behind the marker the caret belongs after it, for text that was written. */
  readonly caret: number | undefined
}

/**
 * Tells what was written into a held block in terms of the flow as it is now.
 *
 * @param steps over the block's units as both sides last knew it, its marker included.
 * @param write carries out one placed step at once, since the next one is placed in what it leaves.
 */
export function releaseBlock(
  flow: YText,
  { base, places }: HeldBlock,
  steps: readonly FlowStep[],
  write: (step: PlacedStep) => void,
): void {
  let offset = base.part === 'leading' ? 0 : -1
  const place = (at: number, step: FlowStep, back: number): void => {
    const found = places[at]
    const now = found === undefined ? undefined : resolvePlace(flow, found)
    if (found === undefined || now === undefined) return
    if (step.kind === 'text') {
      const insertion = { text: step.text, marks: step.marks, place: found }
      write({ marker: now.marker, insertion, steps: [], caret: now.offset + step.text.length })
      return
    }
    const before = (now.marker === null ? 0 : 1) + now.offset - back
    const retain: FlowStep[] = before > 0 ? [{ kind: 'retain', length: before }] : []
    write({ marker: now.marker, insertion: undefined, steps: [...retain, step], caret: undefined })
  }
  for (const step of steps) {
    switch (step.kind) {
      case 'text':
        place(Math.max(offset, 0), step, 0)
        break
      case 'marker':
      case 'embed':
        place(Math.max(offset, 0), step, 0)
        break
      case 'delete':
      case 'retain':
        for (let unit = 0; unit < step.length; unit += 1) {
          offset += 1
          const own = places[offset]
          const isIdle = step.kind === 'retain' && step.marks === undefined
          if (isIdle || offset < 1 || own === undefined || !isPlaceAlive(flow, own)) continue
          place(offset, { ...step, length: 1 }, 1)
        }
        break
    }
  }
}

/**
 * Where a caret in a held block belongs.
 *
 * @param offset of the caret in the block as it is in the editor.
 * @param steps as for `releaseBlock`.
 * @returns undefined when it stands right behind what was written: `releaseBlock` tells where that is.
 */
export function placeOfHeld(
  { base, places }: HeldBlock,
  steps: readonly FlowStep[],
  offset: number,
): FlowPlace | undefined {
  let inBase = base.part === 'leading' ? 0 : -1
  let inEditor = inBase
  for (const step of steps) {
    if (step.kind === 'marker') continue
    const length = step.kind === 'text' ? step.text.length : step.kind === 'embed' ? 1 : step.length
    const isNew = step.kind === 'text' || step.kind === 'embed'
    if (isNew && offset > inEditor && offset <= inEditor + length) return undefined
    if (step.kind === 'retain' && offset <= inEditor + length) return places[inBase + offset - inEditor]
    if (!isNew) inBase += length
    if (step.kind !== 'delete') inEditor += length
  }
  return places[Math.min(inBase + offset - inEditor, places.length - 1)]
}
