/** Edits of every kind Yjs has, by seed: text with formats and embeds, maps, nested types, values, deletes. */
import * as Y from 'yjs'

/** mulberry32: 32 bits of state, the same numbers everywhere. */
export function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** `SEED=…` replays one run of a test that has several. */
export function seeds(count: number): number[] {
  const given = process.env['SEED']
  return given === undefined ? Array.from({ length: count }, (_, index) => index + 1) : [Number(given)]
}

/** Without surrogate pairs: Yjs tears them apart where an edit cuts one, in the replica that cuts, and not in all others. */
const words = ['a', 'bc', 'déf', 'grün ', '日本', 'x'.repeat(40), '\n']
const labels = ['p', 'grün', '👩‍💻 日本']
const values = [1, -7, 2 ** 40, 0.5, true, null, 'v', [1, ['two', { three: 3 }]], { k: { l: null } }]

export function editRandomly(doc: Y.Doc, random: () => number): void {
  const below = (count: number): number => Math.floor(random() * count)
  const one = <T>(of: readonly T[]): T => of[below(of.length)] as T
  const text = doc.getText('text')
  const map = doc.getMap<unknown>('map')
  const list = doc.getArray<unknown>('list')
  const xml = doc.getXmlFragment('xml')
  const edits: (() => void)[] = [
    () => text.insert(below(text.length + 1), one(words)),
    () => text.insert(below(text.length + 1), one(words)),
    () =>
      text.insert(below(text.length + 1), one(words), {
        bold: random() < 0.5 ? true : null,
        link: { url: 'u' },
      }),
    () => {
      if (text.length > 0) text.delete(below(text.length), 1)
    },
    () => {
      const from = below(text.length + 1)
      text.format(from, below(text.length - from + 1), { bold: true })
    },
    () => text.insertEmbed(below(text.length + 1), { image: one(labels) }),
    () => map.set(one(['p', 'q']), one(values)),
    () => map.delete(one(['p', 'q'])),
    () => map.set(one(['p', 'q']), new Y.Array()),
    () => list.insert(below(list.length + 1), [one(values), one(values)]),
    () => list.insert(below(list.length + 1), [new Uint8Array([1, 2, 3])]),
    () => list.insert(below(list.length + 1), [new Y.Doc({ guid: 'sub', meta: one(labels) })]),
    () => {
      if (list.length > 0) list.delete(below(list.length), 1)
    },
    () => {
      const element = new Y.XmlElement(one(['p', 'h1']))
      element.setAttribute('id', one(labels))
      element.insert(0, [new Y.XmlText(one(labels))])
      xml.insert(below(xml.length + 1), [element])
    },
    () => {
      if (xml.length > 0) xml.delete(below(xml.length), 1)
    },
  ]
  doc.transact(() => {
    for (let left = 1 + below(3); left > 0; left--) one(edits)()
  })
}

/** All updates that `people` clients write while they see each other's now and then. */
export function recordUpdates(
  seed: number,
  people: number,
  edits: number,
  edit = editRandomly,
): { docs: Y.Doc[]; updates: Uint8Array[] } {
  const random = randomNumbers(seed)
  const updates: Uint8Array[] = []
  const docs = Array.from({ length: people }, (_, index) => {
    const doc = new Y.Doc()
    // Small ids, so that runs with one seed are equal.
    doc.clientID = 1 + index * 10 + Math.floor(random() * 10)
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'merge') updates.push(update)
    })
    return doc
  })
  const pick = (): Y.Doc => docs[Math.floor(random() * docs.length)] as Y.Doc
  for (let left = edits; left > 0; left--) {
    edit(pick(), random)
    if (random() < 0.3) Y.applyUpdate(pick(), Y.encodeStateAsUpdate(pick()), 'merge')
  }
  return { docs, updates }
}
