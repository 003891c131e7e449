/** The table `meta`: what the database says of itself as a whole, by name. */
import type { DatabaseSync } from 'node:sqlite'

export function readMeta(database: DatabaseSync, name: string): string | undefined {
  const row = database.prepare('SELECT value FROM meta WHERE name = ?').get(name)
  return typeof row?.['value'] === 'string' ? row['value'] : undefined
}

export function deleteMeta(database: DatabaseSync, name: string): void {
  database.prepare('DELETE FROM meta WHERE name = ?').run(name)
}

export function writeMeta(database: DatabaseSync, name: string, value: string): void {
  database.prepare('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)').run(name, value)
}
