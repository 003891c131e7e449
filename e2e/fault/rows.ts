/** The fault rows of `docs/faults.md` that come in sizes: how often a long run makes each fault happen, and where. */

export interface Row {
  /** Numbers in `docs/faults.md`. */
  readonly rows: string
  readonly fault: string
  /** Read by the test; the value is the size of a long run. */
  readonly variable: string
  readonly size: number
  readonly project: 'e2e' | 'unit'
  readonly file: string
}

export const ROWS: readonly Row[] = [
  row('3', 'states that a crash may leave', 'CRASH_STATES', 20_000, 'e2e/fault/crash-states.test.ts'),
  {
    ...row(
      '5',
      'bits of each byte of 64 KiB',
      'BITS_OF_EACH_BYTE',
      8,
      'persistence/src/drivers/sqlite/bit-rot.test.ts',
    ),
    project: 'unit',
  },
  row('7', 'a disk that fills up', 'DISK_FILLINGS', 50, 'e2e/browser/full-disk.spec.ts'),
  row('8, 9', 'calls of the storage that fail', 'FAILING_CALLS', 200, 'e2e/fault/failing-sweep.test.ts'),
  row('10', 'second servers', 'SECOND_SERVERS', 102, 'e2e/fault/two-servers.test.ts'),
  row('14', 'people under a SIGTERM', 'DRAIN_PEOPLE', 5_000, 'e2e/scale/drain.test.ts'),
  row('15', 'states that an upgrade may leave', 'UPGRADE_STATES', 500, 'e2e/fault/upgrade.test.ts'),
  row('16, 17', 'backups and restores', 'BACKUPS', 50, 'e2e/fault/backup-restore.test.ts'),
  row('18', 'kills of a browser', 'BROWSER_KILLS', 200, 'e2e/browser/killed-browser.spec.ts'),
  row('23', 'documents in too little memory', 'OOM_DOCUMENTS', 200, 'e2e/fault/out-of-memory.test.ts'),
  row('24', 'documents that end the process', 'KILLERS', 20, 'e2e/fault/crashing-document.test.ts'),
]

function row(rows: string, fault: string, variable: string, size: number, file: string): Row {
  return { rows, fault, variable, size, project: 'e2e', file }
}
