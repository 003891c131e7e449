/**
 * A process that appends for ever and says on its standard output what was acknowledged: `<document> <seq>` a line.
 *
 * Arguments: the folder, how many documents to write at once, and how many bytes an update has at least. Ends with code 70 when the store ends by itself.
 */
import { writeSync } from 'node:fs'
import { openStore } from '../src/index.ts'

const [folder = '', writers = '1', padding = '0'] = process.argv.slice(2)
const store = await openStore({ kind: 'sqlite', folder })
store.onFatal((error) => {
  // At once and past any buffer: what stands on the output was acknowledged before the end.
  writeSync(1, `fatal ${error.message}\n`)
  process.exit(70)
})

async function write(documentId: string): Promise<void> {
  await store.create({ id: documentId, kind: 'weft' })
  for (;;) {
    const { lastSeq } = (await store.get(documentId)) ?? { lastSeq: 0 }
    const bytes = new TextEncoder().encode(`${documentId} ${lastSeq + 1}`.padEnd(Number(padding)))
    const seq = await store.append(documentId, [{ bytes, principal: 'loop' }])
    writeSync(1, `${documentId} ${seq}\n`)
    if (seq % 100 === 0) {
      const summary = new Uint8Array()
      await store.putSnapshot(documentId, { through: seq - 50, bytes: new Uint8Array([1]), summary })
    }
  }
}

try {
  await Promise.all(Array.from({ length: Number(writers) }, (_, index) => write(`d${index}`)))
} catch (error) {
  writeSync(1, `refused ${String(error)}\n`)
}
