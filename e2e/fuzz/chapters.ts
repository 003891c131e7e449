/** `docs/fuzz.md`, of which two commands write a chapter each and leave the other's as it stands. */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const FILE = fileURLToPath(new URL('../../docs/fuzz.md', import.meta.url))
/** Where the second one begins. */
const SOAK = '<!-- soak -->'

export async function writeChapter(which: 'fuzz' | 'soak', text: string): Promise<void> {
  const [fuzz = '', soak = ''] = (await readFile(FILE, 'utf8').catch(() => '')).split(SOAK)
  const chapters = which === 'fuzz' ? [text, soak] : [fuzz, text]
  await writeFile(
    FILE,
    `${chapters
      .map((chapter) => chapter.trim())
      .join(`\n\n${SOAK}\n\n`)
      .trim()}\n`,
  )
  process.stderr.write('Written to docs/fuzz.md.\n')
}
