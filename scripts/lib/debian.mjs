/** Packages of Debian that tests need, installed where that is ours to do: as root, on Debian. */
import { existsSync } from 'node:fs'
import { run } from './workspace.mjs'

export const canInstall = () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')

/** Says so once, and what apt says only when it fails. */
export async function installFromDebian(packages, purpose) {
  console.log(`Installing ${packages.join(', ')} from Debian for ${purpose} (once).`)
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const updated = await run('apt-get', ['update'], { env, quiet: true })
  if (updated === 0)
    await run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env, quiet: true })
}
