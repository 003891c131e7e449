/** A process that opens the store in the folder given, says so or why not, and keeps it until it is ended. */
import { openStore } from '../src/index.ts'

const [folder = ''] = process.argv.slice(2)
try {
  await openStore({ kind: 'sqlite', folder })
  process.stdout.write('holding\n')
} catch (error) {
  const { code, message } = error as { code?: string; message: string }
  process.stdout.write(`refused ${code ?? 'bug'} ${message}\n`)
}
