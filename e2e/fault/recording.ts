/**
 * What a server does to its folder, call by call, as strace sees it: the material that crash states are made of.
 *
 * Only what can be lost is taken down: writes, truncations, removals, new names, and the syncs that keep them. The
 * index of SQLite's log is left out, because it is made anew from the log at every start.
 */
import { readFile } from 'node:fs/promises'
import { until } from '../harness/wait.ts'

export type DiskCall = {
  /** ms since 1970 at which it began. */
  readonly at: number
} & (
  | { readonly kind: 'write'; readonly file: string; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly file: string; readonly length: number }
  | { readonly kind: 'remove'; readonly file: string }
  | { readonly kind: 'rename'; readonly file: string; readonly to: string }
  | { readonly kind: 'link'; readonly file: string; readonly to: string }
  /** Of a file, or of the folder itself when `file` is empty. */
  | { readonly kind: 'sync'; readonly file: string }
)

const CALLS = 'write,pwrite64,ftruncate,unlink,rename,link,fsync,fdatasync,openat'
/** More than a page, which is the most that SQLite writes at a time. */
const LONGEST_WRITE = 70_000

/** A command to run a server under, see `ServerProcessOptions.under`. */
export function recordingTo(trace: string): string[] {
  return ['strace', ...`-D -f -xx -y -ttt -s ${LONGEST_WRITE} -o ${trace} -e trace=${CALLS}`.split(' ')]
}

/** Once the recorded process has ended. @returns what it did in `folder`, in order; names are of files in it */
export async function readRecording(trace: string, folder: string): Promise<DiskCall[]> {
  const ending = /\+\+\+ (?:exited|killed)/
  const text = await until(
    'strace has written its last line',
    () => readFile(trace, 'latin1'),
    (lines) => ending.test(lines.slice(-100)),
  )
  const unfinished = new Map<string, string>()
  const calls: DiskCall[] = []
  for (const line of text.split('\n')) {
    const found = /^(\d+) +(\d+\.\d+) (.*)$/.exec(line)
    if (found === null) continue
    const [, thread = '', time = '', rest = ''] = found
    // Another thread's call came between its beginning and its end; it counts as done when it was.
    const begun = / <unfinished \.\.\.>$/.exec(rest)
    if (begun !== null) {
      unfinished.set(thread, `${time} ${rest.slice(0, begun.index)}`)
      continue
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest)
    const whole = resumed === null ? `${time} ${rest}` : `${unfinished.get(thread) ?? ''}${resumed[1] ?? ''}`
    const call = readCall(whole, folder)
    if (call !== undefined) calls.push(call)
  }
  return calls
}

function readCall(line: string, folder: string): DiskCall | undefined {
  const found = /^(\d+\.\d+) (\w+)\((.*)\) += (\d+)/s.exec(line)
  if (found === null) return undefined
  const [, time = '', name = '', words = '', result = ''] = found
  const at = Number(time) * 1_000
  const [first = '', second = ''] = [...words.matchAll(/["<]((?:\\x[0-9a-f]{2})*)[">]/g)].map(
    ([, hex]) => hex,
  )
  const file = nameIn(folder, first)
  if (file === undefined || /-shm$|^weft\.lock/.test(file)) return undefined
  switch (name) {
    case 'pwrite64':
      return { at, kind: 'write', file, bytes: bytesOf(second), offset: Number(/, (\d+)$/.exec(words)?.[1]) }
    case 'write':
      // Node's own, of small files: from their beginning, each once.
      return { at, kind: 'write', file, bytes: bytesOf(second), offset: 0 }
    case 'ftruncate':
      return { at, kind: 'truncate', file, length: Number(/, (\d+)$/.exec(words)?.[1]) }
    case 'openat':
      return openedEmpty(at, words, folder)
    case 'unlink':
      return { at, kind: 'remove', file }
    case 'rename':
    case 'link':
      return { at, kind: name, file, to: nameIn(folder, second) ?? '' }
    case 'fsync':
    case 'fdatasync':
      return { at, kind: 'sync', file }
    default:
      throw new Error(`nobody knows what ${name} does to the disk; it returned ${result}`)
  }
}

/** Opening for writing makes a file, or empties one. */
function openedEmpty(at: number, words: string, folder: string): DiskCall | undefined {
  if (!/O_CREAT|O_TRUNC/.test(words)) return undefined
  const path = /"((?:\\x[0-9a-f]{2})*)"/.exec(words)?.[1] ?? ''
  const file = nameIn(folder, path)
  if (file === undefined || file === '') return undefined
  return words.includes('O_TRUNC')
    ? { at, kind: 'truncate', file, length: 0 }
    : { at, kind: 'write', file, offset: 0, bytes: Buffer.alloc(0) }
}

/** Empty for the folder itself; undefined for what is elsewhere. */
function nameIn(folder: string, escaped: string): string | undefined {
  const path = bytesOf(escaped).toString()
  if (path === folder) return ''
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined
}

function bytesOf(escaped: string): Buffer {
  return Buffer.from(escaped.replaceAll('\\x', ''), 'hex')
}
