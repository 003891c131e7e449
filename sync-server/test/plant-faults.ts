/**
 * Loaded into a server with `--import`, in every thread: makes happen what cannot be arranged from outside.
 *
 * SIGUSR2 throws where nobody catches; while the file `WEFT_TEST_DISK_FAILS` exists, commits fail as they do when
 * the disk cannot sync; once the pipe `WEFT_TEST_DISK_HANGS` exists, commits hang in the kernel, where nothing reaches
 * them but the end of the process.
 */
import { existsSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { isMainThread } from 'node:worker_threads'

const flag = process.env['WEFT_TEST_DISK_FAILS']
const pipe = process.env['WEFT_TEST_DISK_HANGS']

if (isMainThread)
  process.on('SIGUSR2', () => {
    throw new Error('planted')
  })

function beforeCommit(): void {
  if (flag !== undefined && existsSync(flag))
    throw Object.assign(new Error('disk I/O error'), { errcode: 1034 }) // SQLITE_IOERR_FSYNC
  // Opening a pipe waits for somebody who writes into it, and nobody does.
  if (pipe !== undefined && existsSync(pipe)) openSync(pipe, 'r')
}

const whole = Object.getOwnPropertyDescriptor(DatabaseSync.prototype, 'prepare')
const prepare = whole?.value as DatabaseSync['prepare']
DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql: string) {
  const statement = prepare.call(this, sql)
  if (sql !== 'COMMIT') return statement
  const run = statement.run.bind(statement)
  return Object.assign(statement, {
    run: () => {
      beforeCommit()
      return run()
    },
  })
}
