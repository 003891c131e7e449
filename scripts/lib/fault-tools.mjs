/** Brings what breaks disks, system calls and clocks for the fault tests, where the system can; elsewhere those tests say what they lack. */
import { existsSync } from 'node:fs'
import { canInstall, installFromDebian } from './debian.mjs'
import { systemFolders } from './workspace.mjs'

/** A tool, and the package that has it. */
const tools = [
  ['strace', 'strace'],
  ['mkfs.ext4', 'e2fsprogs'],
  ['mount', 'mount'],
  ['perl', 'perl-base'],
  ['faketime', 'faketime'],
]

const isInstalled = (tool) => systemFolders.some((folder) => existsSync(`${folder}/${tool}`))

export async function ensureFaultTools() {
  if (!canInstall()) return
  const missing = tools.filter(([tool]) => !isInstalled(tool)).map(([, name]) => name)
  if (missing.length > 0) await installFromDebian(missing, 'the fault tests')
}
