/** What came of all cases, counted, and what should not have. */
import { GROUP, type Group, isAllowed, LAYERS, type Layer, type OutcomeName, replayCommand } from './case.ts'
import type { Report } from './threads.ts'

export interface Finding {
  /** In words, with the line that plays it again. */
  readonly what: string
  readonly layer?: Layer
  /** Number of the group. */
  readonly group?: number
}

const MOST_FINDINGS = 50

export class Tally {
  readonly findings: Finding[] = []
  readonly outcomes = new Map<Layer, Map<OutcomeName, number>>()
  /** Groups after which replicas in the process were compared, and those in which not within every type. */
  compared = 0
  contradictory = 0
  /** Rooms with people in them that were compared, and those in which not within every type. */
  readonly rooms = { compared: 0, contradictory: 0 }
  readonly #seed: number

  constructor(seed: number) {
    this.#seed = seed
  }

  merge({
    outcomes,
    findings,
    compared,
    contradictory,
  }: Pick<Report, 'outcomes' | 'findings' | 'compared' | 'contradictory'>): void {
    for (const [layer, counts] of outcomes) for (const [name, count] of counts) this.count(layer, name, count)
    this.findings.push(...findings)
    this.compared += compared
    this.contradictory += contradictory
  }

  /** @param names of the outcomes, of as many of the group's attempts as were made */
  add(group: Group, names: readonly OutcomeName[]): void {
    for (const [at, name] of names.entries()) {
      this.count(group.layer, name)
      const attempt = group.attempts[at]
      if (attempt === undefined || isAllowed(attempt, name)) continue
      const index = group.index * GROUP + at
      const wanted = attempt.allowed.length > 3 ? 'something documented' : attempt.allowed.join(' or ')
      this.say(`${attempt.title}: ${name}, not ${wanted}`, group.layer, group.index, index)
    }
  }

  count(layer: Layer, name: OutcomeName, more = 1): void {
    const counts = this.outcomes.get(layer) ?? new Map<OutcomeName, number>()
    this.outcomes.set(layer, counts)
    counts.set(name, (counts.get(name) ?? 0) + more)
  }

  /** @param index of the case, or of the first of its group */
  say(what: string, layer?: Layer, group?: number, index = (group ?? 0) * GROUP): void {
    if (this.findings.length >= MOST_FINDINGS) return
    if (layer === undefined) this.findings.push({ what })
    else
      this.findings.push({
        what: `${layer} ${index}: ${what}\n    ${replayCommand(this.#seed, layer, index)}`,
        layer,
        ...(group === undefined ? {} : { group }),
      })
  }

  cases(layer?: Layer): number {
    const layers = layer === undefined ? (Object.keys(LAYERS) as Layer[]) : [layer]
    return layers
      .flatMap((one) => [...(this.outcomes.get(one)?.values() ?? [])])
      .reduce((sum, count) => sum + count, 0)
  }
}
