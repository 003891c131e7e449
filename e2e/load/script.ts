/**
 * What the people who type will type: the same bytes for every server.
 *
 * Each writer types at the end of a paragraph of their own and takes back every sixteenth character's neighbour,
 * so an edit needs nothing of what the others do, the whole text follows from how many edits each has sent, and
 * no Y.Doc of ours has to keep pace with the server. The bytes are those that a Y.Doc emits for the same
 * keystrokes; `script.test.ts` compares them.
 */
import {
  createEncoder,
  type Encoder,
  toUint8Array,
  writeUint8,
  writeVarString,
  writeVarUint,
} from 'lib0/encoding'
import * as Y from 'yjs'

/** The name of the text that is edited. */
export const TEXT = 'content'

/** Of so many edits the last takes the character before it back. */
const CYCLE = 16
const INSERTS = CYCLE - 1
const LETTERS = 'the quick brown fox jumps over a lazy dog, '
const SEED_CLIENT = 271_828_182

// In Yjs' first update format: an item with a left and a right neighbour that holds text.
const TEXT_WITH_BOTH_ORIGINS = 0x80 | 0x40 | 4

/** Client ids as Yjs draws them: 32 bits, five bytes on the wire. */
const clientOf = (writer: number): number => (0x9e37_79b1 * (writer + 3)) >>> 0

/** The edit that typed the character with this clock. */
export const editOfClock = (clock: number): number => Math.floor(clock / INSERTS) * CYCLE + (clock % INSERTS)
/** Whether this character is one that its writer takes back, and with which edit. */
export const editThatRemoves = (clock: number): number | undefined =>
  clock % INSERTS === INSERTS - 1 ? editOfClock(clock) + 1 : undefined
/** How many characters the first `edits` edits typed, without those they took back. */
const insertsIn = (edits: number): number => edits - Math.floor(edits / CYCLE)
const letter = (writer: number, clock: number): string =>
  LETTERS[(clock + 7 * writer) % LETTERS.length] ?? ' '

export interface Script {
  readonly writers: number
  /** One update: a paragraph for each writer. */
  readonly seed: Uint8Array
  readonly seedClient: number
  /** The update of a writer's edit, both counted from 0. */
  edit(writer: number, edit: number): Uint8Array
  /** @returns undefined for a client id that is no writer's */
  writerOf(client: number): number | undefined
  clientOf(writer: number): number
  /** The characters with these clocks, taken back or not. */
  letters(writer: number, from: number, to: number): string
  /** The whole text after each writer has made so many edits. */
  text(edits: readonly number[]): string
}

export function createScript(writers: number): Script {
  const headings = Array.from({ length: writers }, (_, writer) => `Paragraph ${writer}: `)
  const doc = new Y.Doc()
  doc.clientID = SEED_CLIENT
  doc.getText(TEXT).insert(0, headings.map((heading) => `${heading}\n`).join(''))
  const seed = Y.encodeStateAsUpdate(doc)
  doc.destroy()
  /** The seed's clock of the line end after each writer's paragraph. */
  const lineEnds: number[] = []
  let length = 0
  for (const heading of headings) {
    length += heading.length
    lineEnds.push(length++)
  }
  const byClient = new Map(headings.map((_, writer) => [clientOf(writer), writer]))

  function writeInsert(encoder: Encoder, writer: number, clock: number): void {
    const client = clientOf(writer)
    const lineEnd = lineEnds[writer] ?? 0
    writeVarUint(encoder, 1) // one client
    writeVarUint(encoder, 1) // with one struct
    writeVarUint(encoder, client)
    writeVarUint(encoder, clock)
    writeUint8(encoder, TEXT_WITH_BOTH_ORIGINS)
    writeVarUint(encoder, clock === 0 ? SEED_CLIENT : client)
    writeVarUint(encoder, clock === 0 ? lineEnd - 1 : clock - 1)
    writeVarUint(encoder, SEED_CLIENT)
    writeVarUint(encoder, lineEnd)
    writeVarString(encoder, letter(writer, clock))
    writeVarUint(encoder, 0) // deletes nothing
  }

  function writeDelete(encoder: Encoder, writer: number, clock: number): void {
    writeVarUint(encoder, 0) // no structs
    writeVarUint(encoder, 1) // deletes of one client
    writeVarUint(encoder, clientOf(writer))
    writeVarUint(encoder, 1) // in one range
    writeVarUint(encoder, clock)
    writeVarUint(encoder, 1) // of one character
  }

  return {
    writers,
    seed,
    seedClient: SEED_CLIENT,
    clientOf,
    writerOf: (client) => byClient.get(client),
    edit(writer, edit) {
      const encoder = createEncoder()
      const clock = insertsIn(edit)
      if (edit % CYCLE === CYCLE - 1) writeDelete(encoder, writer, clock - 1)
      else writeInsert(encoder, writer, clock)
      return toUint8Array(encoder)
    },
    letters(writer, from, to) {
      let letters = ''
      for (let clock = from; clock < to; clock++) letters += letter(writer, clock)
      return letters
    },
    text: (edits) =>
      headings
        .map((heading, writer) => {
          const sent = edits[writer] ?? 0
          let text = heading
          for (let clock = 0; clock < insertsIn(sent); clock++) {
            const removedBy = editThatRemoves(clock)
            if (removedBy === undefined || removedBy >= sent) text += letter(writer, clock)
          }
          return `${text}\n`
        })
        .join(''),
  }
}
