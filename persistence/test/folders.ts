/** Folders that are gone when the test is. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A path in a fresh folder; nothing is there yet. */
export function freshPath(name = 'data'): string {
  const parent = mkdtempSync(join(tmpdir(), 'weft-'))
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }))
  return join(parent, name)
}
