/** What is bent in an update: every field of every part, alone and together. */
import type { Random } from '../harness/random.ts'
import { BOUNDARIES, utf8, varBytes, varText, varUint } from './bytes.ts'
import type { DeletesModel, Id, SectionModel, StructModel, UpdateModel } from './update-model.ts'

export interface Surroundings {
  readonly random: Random
  /** Clients that are known, and how far. */
  readonly known: ReadonlyMap<number, number>
  /** Another update of the same history, of another place in it, or of another history. */
  readonly other: UpdateModel
}

type Mutation = (model: UpdateModel, surroundings: Surroundings) => void

const someSection = (model: UpdateModel, random: Random): SectionModel | undefined =>
  model.sections[random.below(model.sections.length)]

function someStruct(model: UpdateModel, random: Random): StructModel | undefined {
  const structs = someSection(model, random)?.structs ?? []
  return structs[random.below(structs.length)]
}

function someDeletes(model: UpdateModel, { random, known }: Surroundings): DeletesModel {
  const there = model.deletes[random.below(model.deletes.length)]
  if (there !== undefined && random.happens(0.7)) return there
  const made: DeletesModel = { client: someClient(model, { random, known }), ranges: [[0, 1]] }
  model.deletes.push(made)
  return made
}

function someClient(model: UpdateModel, { random, known }: Pick<Surroundings, 'random' | 'known'>): number {
  const roll = random.share()
  if (roll < 0.6 && known.size > 0) return random.of([...known.keys()])
  if (roll < 0.8 && model.sections.length > 0) return random.of(model.sections).client
  return random.happens(0.5) ? 50_000_000 + random.below(10) : random.of(BOUNDARIES.slice(2))
}

function someId(model: UpdateModel, surroundings: Surroundings): Id {
  const { random, known } = surroundings
  const client = someClient(model, surroundings)
  const end = known.get(client) ?? model.sections.find((one) => one.client === client)?.clock ?? 4
  const clock = random.happens(0.8) ? random.below(end + 3) : random.of(BOUNDARIES)
  return { client, clock }
}

function nearby(value: number, random: Random): number {
  return random.happens(0.5) ? Math.max(0, value + random.of([-2, -1, 1, 2])) : random.of(BOUNDARIES)
}

const NAMES = [
  '',
  'text',
  'map',
  'list',
  'xml',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  '\u0000',
  'ü',
]

/** Content of each kind, sound and unsound. */
export const CONTENTS: readonly (readonly [kind: number, make: (random: Random) => number[]])[] = [
  [1, (random) => varUint(random.of([0, 1, 5, 2 ** 31, 2 ** 40, 2 ** 53 - 1]))],
  [2, (random) => [...varUint(2), ...varText(json(random)), ...varText('undefined')]],
  [2, (random) => varUint(random.of([0, 2 ** 20, 2 ** 32]))],
  [3, (random) => varBytes(Array.from({ length: random.below(20) }, () => random.below(256)))],
  [
    4,
    (random) => varText(random.of(['', 'a', 'b\u0000', 'grün', '日本', '\uFEFF', 'a👩‍💻b', 'x'.repeat(300)])),
  ],
  [4, (random) => varBytes(random.of([[0xed, 0xa0, 0x80], [0xff], [0xc0, 0x80], [0xf4, 0x90, 0x80, 0x80]]))],
  [5, (random) => varText(json(random))],
  [6, (random) => [...varText(random.of(NAMES)), ...varText(json(random))]],
  [7, (random) => [...varUint(random.below(9)), ...varText(random.of(NAMES))]],
  [7, (random) => varUint(random.of([0, 1, 2, 4, 6]))],
  [8, (random) => [...varUint(1), ...anyValue(random, 0)]],
  [8, (random) => [...varUint(random.of([0, 3, 2 ** 32])), ...anyValue(random, 0), ...anyValue(random, 0)]],
  [9, (random) => [...varText(random.of(NAMES)), ...anyValue(random, 0)]],
  [9, (random) => [...varText('guid'), 118, ...varUint(1), ...varText(random.of(NAMES)), 120]],
]

/** JSON and what is almost JSON. */
export function json(random: Random): string {
  const depth = random.of([1, 2, 100, 127, 128, 129, 1_000, 5_000])
  return random.of([
    'null',
    '{}',
    '1e999',
    '-0',
    '"\\ud800"',
    '{"__proto__":{"polluted":true}}',
    '{"constructor":{"prototype":{"polluted":true}}}',
    '{"a":1,"a":2}',
    'NaN',
    'undefined',
    '',
    '{',
    "{'a':1}",
    '\uFEFF{}',
    ' [1, 2] ',
    `${'['.repeat(depth)}${']'.repeat(depth)}`,
    `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
    `"${'x'.repeat(20_000)}"`,
  ])
}

/** lib0's `any`, sound and unsound. */
function anyValue(random: Random, nesting: number): number[] {
  if (nesting > 3) return [126]
  const deep = random.of([100, 127, 128, 129, 3_000])
  return random.of<() => number[]>([
    () => [127],
    () => [126],
    () => [120],
    () => [125, ...random.of([[0], [64], [0x7f], [0xff, 0x7f], [0xbf, 255, 255, 255, 255, 255, 255, 31]])],
    () => [124, 0x7f, 0xc0, 0, 0],
    () => [123, 0x7f, 0xf8, 0, 0, 0, 0, 0, 1],
    () => [122, 0x80, 0, 0, 0, 0, 0, 0, 0],
    () => [119, ...varText(random.of(NAMES))],
    () => [118, ...varUint(1), ...varText(random.of(NAMES)), ...anyValue(random, nesting + 1)],
    () => [117, ...varUint(2), ...anyValue(random, nesting + 1), ...anyValue(random, nesting + 1)],
    () => [116, ...varBytes([1, 2, 3])],
    () => [random.below(256)],
    () => [117, ...varUint(random.of([2 ** 20, 2 ** 32])), 126],
    () => [...Array.from({ length: deep }, () => [117, 1]).flat(), 126],
  ])()
}

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  client(model, surroundings) {
    const section = someSection(model, surroundings.random)
    if (section !== undefined) section.client = someClient(model, surroundings)
  },
  clock(model, { random }) {
    const section = someSection(model, random)
    if (section !== undefined) section.clock = nearby(section.clock, random)
  },
  length(model, { random }) {
    const struct = someStruct(model, random)
    if (struct === undefined) return
    struct.kind = random.of([0, 0, 10])
    struct.length = nearby(struct.length, random)
  },
  origin(model, surroundings) {
    const { random } = surroundings
    const struct = someStruct(model, random)
    if (struct === undefined) return
    if (struct.origin !== undefined && random.happens(0.2)) struct.origin = undefined
    else if (struct.origin !== undefined && random.happens(0.3))
      struct.origin.clock = nearby(struct.origin.clock, random)
    else struct.origin = someId(model, surroundings)
  },
  'right origin': (model, surroundings) => {
    const { random } = surroundings
    const struct = someStruct(model, random)
    if (struct === undefined) return
    struct.right = struct.right !== undefined && random.happens(0.3) ? undefined : someId(model, surroundings)
  },
  'both neighbours': (model, { random }) => {
    const struct = someStruct(model, random)
    if (struct !== undefined) [struct.origin, struct.right] = [struct.right, struct.origin]
  },
  parent(model, surroundings) {
    const { random } = surroundings
    const struct = someStruct(model, random)
    if (struct === undefined) return
    struct.origin = undefined
    struct.right = undefined
    struct.parent = random.happens(0.4)
      ? random.of([...NAMES, 'n'.repeat(10_000)])
      : someId(model, surroundings)
    if (random.happens(0.4)) struct.key = random.of(NAMES)
  },
  'content kind': (model, { random }) => {
    const struct = someStruct(model, random)
    if (struct !== undefined) struct.kind = random.below(32)
  },
  content(model, { random }) {
    const struct = someStruct(model, random)
    if (struct === undefined) return
    const [kind, make] = random.of(CONTENTS)
    struct.kind = kind
    struct.content = Uint8Array.from(make(random))
  },
  'info bits': (model, { random }) => {
    const struct = someStruct(model, random)
    if (struct !== undefined) struct.flips = 1 << random.below(8)
  },
  'delete ranges': (model, surroundings) => {
    const { random, known } = surroundings
    const { client, ranges } = someDeletes(model, surroundings)
    const end = known.get(client) ?? 3
    const range = ranges[random.below(ranges.length)]
    switch (random.below(5)) {
      case 0:
        ranges.push([random.below(end + 2), random.below(4)])
        return
      case 1:
        ranges.reverse()
        return
      case 2:
        ranges.push(...ranges.map(([clock, length]): [number, number] => [clock, length]))
        return
      case 3:
        if (range !== undefined) range[0] = nearby(range[0], random)
        return
      default:
        if (range !== undefined) range[1] = nearby(range[1], random)
    }
  },
  'whose deletes': (model, surroundings) => {
    const deletes = someDeletes(model, surroundings)
    if (surroundings.random.happens(0.5)) deletes.client = someClient(model, surroundings)
    else model.deletes.push({ client: deletes.client, ranges: [[0, 1]] })
  },
  counts(model, { random }) {
    const section = someSection(model, random)
    const deletes = model.deletes[random.below(model.deletes.length)]
    const lie = (truth: number): number => nearby(truth, random)
    switch (random.below(4)) {
      case 0:
        model.saysSections = lie(model.sections.length)
        return
      case 1:
        model.saysDeletes = lie(model.deletes.length)
        return
      case 2:
        if (deletes !== undefined) deletes.says = lie(deletes.ranges.length)
        return
      default:
        if (section !== undefined) section.says = lie(section.structs.length)
    }
  },
  order(model, { random }) {
    switch (random.below(4)) {
      case 0:
        model.sections.reverse()
        return
      case 1:
        someSection(model, random)?.structs.reverse()
        return
      case 2:
        model.sections.push(...structuredClone(model.sections.slice(0, 1)))
        return
      default:
        model.deletes.reverse()
    }
  },
  'a hole': (model, { random }) => {
    const section = someSection(model, random)
    const hole: StructModel = {
      kind: 10,
      flips: 0,
      length: random.of([0, 1, 3, 2 ** 31, 2 ** 53 - 1]),
      origin: undefined,
      right: undefined,
      parent: undefined,
      key: undefined,
      content: utf8(''),
    }
    section?.structs.splice(random.below(section.structs.length + 1), 0, hole)
  },
  'left out': (model, { random }) => {
    const section = someSection(model, random)
    section?.structs.splice(random.below(section.structs.length), 1)
  },
  'sections of another': (model, { random, other }) => {
    model.sections.push(...structuredClone(other.sections))
    if (random.happens(0.8)) model.sections.sort((a, b) => b.client - a.client)
    if (random.happens(0.5)) model.deletes.push(...structuredClone(other.deletes))
  },
  'structs of another': (model, { random, other }) => {
    const section = someSection(model, random)
    const struct = someStruct(other, random)
    if (section !== undefined && struct !== undefined)
      section.structs.splice(random.below(section.structs.length + 1), 0, structuredClone(struct))
  },
  'spare bytes in numbers': (model, { random }) => {
    model.spare = random.of([1, 2, 5, 8])
  },
}
