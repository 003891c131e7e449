/**
 * What is being done with which document right now, in a file: what stands there when a process begins, the one before
 * it did not live to cross out.
 *
 * Nothing is synced. A process that ends leaves what it wrote with the kernel, and a power cut is no document's doing.
 * Each piece of work has a place of its own in the file, of a size that never changes, so a line costs one short write
 * over bytes that are there already: none is needed from a disk that is full, and no others are written with it.
 */
import { type FileHandle, open, readFile } from 'node:fs/promises'
import { isDocumentId, MAX_DOCUMENT_ID_LENGTH } from '@weft/protocol'

/** What may be too much for a process: reading a document into memory, or folding its log. */
export const RISKS = ['open', 'fold'] as const
export type Risk = (typeof RISKS)[number]

export interface Work {
  readonly documentId: string
  readonly risk: Risk
}

const PLACE_BYTES = MAX_DOCUMENT_ID_LENGTH + 16
/** The first one says since when the machine runs. */
const FIRST_PLACE = 1
/** Places that the file has from the beginning; it grows when more documents are opened at once. */
const FIRST_PLACES = 64

export class UnderWay {
  readonly #file: FileHandle
  readonly #failed: (error: unknown) => void
  readonly #free: number[] = []
  readonly #writes = new Set<Promise<void>>()
  #places = FIRST_PLACE
  #closed = false

  readonly #boot: string

  private constructor(file: FileHandle, boot: string, failed: (error: unknown) => void) {
    this.#file = file
    this.#boot = boot
    this.#failed = failed
  }

  /**
   * @param boot see `bootOf`
   * @param failed told when a line cannot be written; the work goes on without it
   * @returns what was under way when the process before this one ended, unless the machine has been started since:
   *   what was crossed out may then stand there again, and a power cut is no document's doing. `reset` crosses it out.
   */
  static async open(
    path: string,
    boot: string,
    failed: (error: unknown) => void,
  ): Promise<{ underWay: UnderWay; before: readonly Work[] }> {
    const file = await open(path, 'a+', 0o600).then(async (made) => {
      await made.close()
      return open(path, 'r+')
    })
    try {
      return { before: readWork(await file.readFile(), boot), underWay: new UnderWay(file, boot, failed) }
    } catch (error) {
      await file.close()
      throw error
    }
  }

  /** Crosses everything out, and has room for what comes; before anything begins. */
  async reset(): Promise<void> {
    const bytes = Math.max(FIRST_PLACES * PLACE_BYTES, (await this.#file.stat()).size)
    const empty = Buffer.alloc(bytes)
    empty.write(bootLine(this.#boot))
    await this.#file.write(empty, 0, bytes, 0)
  }

  /** Resolves once it is written. @returns crosses it out */
  async begin({ documentId, risk }: Work): Promise<() => void> {
    if (this.#closed) return () => undefined
    const place = this.#free.pop() ?? this.#places++
    await this.#write(place, `${risk} ${documentId}\n`)
    return () => {
      // Not waited for: should the process end before, a sound document is under suspicion until it is next opened.
      void this.#write(place, '').then(() => this.#free.push(place))
    }
  }

  /** Nothing is under way any more as far as the file tells. Safe to call twice; never rejects. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    // One that came after the truncation would leave its line.
    await Promise.all(this.#writes)
    try {
      await this.#file.truncate()
      await this.#file.close()
    } catch (error) {
      this.#failed(error)
    }
  }

  #write(place: number, line: string): Promise<void> {
    if (this.#closed) return Promise.resolve()
    const bytes = Buffer.alloc(PLACE_BYTES)
    bytes.write(line)
    const writing = this.#file.write(bytes, 0, PLACE_BYTES, place * PLACE_BYTES).then(
      () => undefined,
      (error: unknown) => this.#failed(error),
    )
    this.#writes.add(writing)
    return writing.then(() => void this.#writes.delete(writing))
  }
}

/** Tells one run of the machine from the next; empty where nothing does. */
export async function bootOf(): Promise<string> {
  return readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
    (text) => text.trim(),
    () => '',
  )
}

const bootLine = (boot: string): string => `boot ${boot}\n`

function readWork(bytes: Buffer, boot: string): Work[] {
  const found: Work[] = []
  if (!bytes.toString('latin1').startsWith(bootLine(boot))) return found
  for (let at = FIRST_PLACE * PLACE_BYTES; at < bytes.length; at += PLACE_BYTES) {
    const end = bytes.indexOf('\n', at)
    if (end === -1 || end >= at + PLACE_BYTES) continue
    const [word, documentId = ''] = bytes.toString('latin1', at, end).split(' ')
    const risk = RISKS.find((one) => one === word)
    if (risk !== undefined && isDocumentId(documentId)) found.push({ documentId, risk })
  }
  return found
}
