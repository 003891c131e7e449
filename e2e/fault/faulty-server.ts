/** A server whose storage fails at one system call or at every one from there on, under people who type (strace's injection). */
import { type ServerProcess, startServerProcess } from '../harness/server-process.ts'
import { readAt, Typist } from './typist.ts'

const DOCUMENTS = ['one', 'two', 'three']
/** Characters of a word for the files to become longer than what is checkpointed at once. */
export const LONG = 20_000

export interface Fault {
  readonly file: 'weft.db' | 'weft.db-wal'
  readonly call: 'fsync' | 'pwrite64' | 'ftruncate'
  readonly error: 'EIO' | 'EINTR' | 'ENOSPC'
  /** Which of the calls, counted from the start of the process: `7`, `7+` for all from there, `7..9`. */
  readonly when: string
  readonly wordLength?: number
  /** Every such call is written into this file, those that were made to fail with `INJECTED`; nowhere when left out. */
  readonly trace?: string
}

/** What was started, to be undone when the test is over, the last first. */
export type Undo = (() => unknown)[]

/** The process itself is the server; who watches it is nobody's parent. */
const traced = (data: string, { file, call, error, when, trace = '/dev/null' }: Fault): string[] => {
  const options = `-D -f -qq -o ${trace} -e trace=${call} -e inject=${call}:error=${error}:when=${when}`
  return ['strace', ...options.split(' '), '-P', `${data}/${file}`]
}

/** @returns a server that starts under the fault that is set last, `first` at first; none while that is undefined */
export async function startFaulty(
  undo: Undo,
  first?: Fault,
  startsLater = false,
): Promise<{ server: ServerProcess; set: (fault?: Fault) => void }> {
  let fault = first
  const server = await startServerProcess({
    under: (data) => (fault === undefined ? [] : traced(data, fault)),
    flags: ['--rate-limit', 'off'],
    startsLater,
  })
  undo.push(() => server.dispose())
  return {
    server,
    set: (next) => {
      fault = next
    },
  }
}

/** Who is there when the storage fails at once is not let in any more. */
export function typeInto(server: ServerProcess, undo: Undo, wordLength = 0): Typist[] {
  const typists = DOCUMENTS.map((documentId) => {
    const typist = new Typist({ server: server.url, documentId, name: `ann-${documentId}`, wordLength })
    undo.push(() => typist.drop())
    return typist
  })
  void Promise.all(typists.map((typist) => typist.begin().catch(() => undefined)))
  return typists
}

export async function typeUnder(
  undo: Undo,
  fault: Fault,
): Promise<{ server: ServerProcess; typists: Typist[] }> {
  const { server, set } = await startFaulty(undo, fault)
  set()
  return { server, typists: typeInto(server, undo, fault.wordLength) }
}

export async function assertAllThere(server: ServerProcess, typists: readonly Typist[]): Promise<void> {
  for (const typist of typists) {
    // Some go on typing while it is read.
    const { acknowledged } = typist
    typist.assertIn(await readAt(server.url, typist.documentId), acknowledged)
  }
}
