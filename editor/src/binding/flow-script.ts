/** Steps over the flow as they are found one by one: as few of them as say the same. */
import { type FlowStep, type MarkChanges, type Marks, sameMarks } from '@weft/document'
import type { Map as YMap } from 'yjs'

/** Collects steps, joining neighbours that do the same. */
export class Script {
  readonly steps: FlowStep[] = []
  /** Whether the last step retains markers only, which a format may run across. */
  #onlyMarkers = false

  retain(length: number, marks: MarkChanges | undefined): void {
    const last = this.steps.at(-1)
    const beforeLast = this.steps.at(-2)
    if (
      this.#onlyMarkers &&
      marks !== undefined &&
      last?.kind === 'retain' &&
      beforeLast?.kind === 'retain'
    ) {
      if (sameChanges(beforeLast.marks, marks)) {
        this.steps.splice(-2, 2, { kind: 'retain', length: beforeLast.length + last.length + length, marks })
        this.#onlyMarkers = false
        return
      }
    }
    this.#onlyMarkers = false
    if (last?.kind === 'retain' && sameChanges(last.marks, marks))
      this.steps[this.steps.length - 1] = { ...last, length: last.length + length }
    else this.steps.push({ kind: 'retain', length, ...(marks === undefined ? {} : { marks }) })
  }

  retainMarker(): void {
    const last = this.steps.at(-1)
    if (last?.kind === 'retain' && last.marks === undefined)
      this.steps[this.steps.length - 1] = { kind: 'retain', length: last.length + 1 }
    else {
      this.steps.push({ kind: 'retain', length: 1 })
      this.#onlyMarkers = true
    }
  }

  delete(length: number): void {
    this.#onlyMarkers = false
    const last = this.steps.at(-1)
    if (last?.kind === 'delete')
      this.steps[this.steps.length - 1] = { kind: 'delete', length: last.length + length }
    else this.steps.push({ kind: 'delete', length })
  }

  insert(text: string, marks: Marks): void {
    // Half a surrogate pair would reach others as another character than it is here.
    const wellFormed = text.toWellFormed()
    this.#onlyMarkers = false
    const last = this.steps.at(-1)
    if (last?.kind === 'text' && sameMarks(last.marks, marks))
      this.steps[this.steps.length - 1] = { kind: 'text', text: last.text + wellFormed, marks }
    else this.steps.push({ kind: 'text', text: wellFormed, marks })
  }

  insertObject(stored: object | undefined, marks: Marks): void {
    this.#onlyMarkers = false
    if (stored !== undefined) this.steps.push({ kind: 'embed', stored, marks })
  }

  insertMarker(marker: YMap<unknown>): void {
    this.#onlyMarkers = false
    this.steps.push({ kind: 'marker', marker })
  }
}

function sameChanges(a: MarkChanges | undefined, b: MarkChanges | undefined): boolean {
  if (a === b) return true
  if (a === undefined || b === undefined) return false
  const names = Object.keys(a) as (keyof MarkChanges)[]
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name])
}
