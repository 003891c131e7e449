/** What is shipped of other people's: one exact version each, chosen in one place, and nothing that runs at install. (Threat row 30.) */
import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const read = (name: string): string => readFileSync(resolve(root, name), 'utf8')

/** The entries of a mapping at the top of a YAML file, as far as they stand on a line each. */
function section(yaml: string, name: string): [string, string][] {
  const [, body = ''] = new RegExp(`^${name}:\n((?:(?: .*)?\n)+)`, 'm').exec(yaml) ?? []
  return [...body.matchAll(/^ {2}'?([^\s#'][^:']*)'?: (.+)$/gm)].map(([, key = '', value = '']) => [
    key,
    value,
  ])
}

const workspace = read('pnpm-workspace.yaml')
const EXACT = /^(npm:[a-z@/-]+@)?\d+\.\d+\.\d+(-[a-z0-9.]+)?$/

describe('dependencies', () => {
  it('are pinned to exact versions in the catalog, and packages take them from there', () => {
    const catalog = section(workspace, 'catalog')
    expect(catalog.length).toBeGreaterThan(40)
    expect(catalog.filter(([, version]) => !EXACT.test(version))).toEqual([])
    const loose: string[] = []
    for (const file of globSync(
      '{.,editor,editor/*,sync-server,sync-server/*,persistence,e2e}/package.json',
      { cwd: root },
    )) {
      const manifest = JSON.parse(read(file)) as Record<string, Record<string, string> | undefined>
      for (const kind of ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'])
        for (const [name, version] of Object.entries(manifest[kind] ?? {}))
          if (!['catalog:', 'workspace:*'].includes(version)) loose.push(`${file}: ${name} ${version}`)
    }
    expect(loose).toEqual([])
  })

  it('of which two copies would not know each other are there once, whoever asks for them', () => {
    const lock = read('pnpm-lock.yaml')
    const packages = lock.slice(lock.indexOf('\npackages:\n'), lock.indexOf('\nsnapshots:\n'))
    const names = [...packages.matchAll(/^ {2}'?((?:@[^@/]+\/)?[^@/'\s]+)@([^':]+)'?:$/gm)]
    const versions = (name: string): string[] =>
      names.flatMap(([, own, version = '']) => (own === name ? [version] : []))
    for (const name of ['yjs', 'lexical', 'lib0', 'y-protocols'])
      expect([name, versions(name)]).toEqual([name, [expect.any(String)]])
    const lexical = versions('lexical')
    const others = names.filter(([, name = '']) => name.startsWith('@lexical/'))
    expect(others.length).toBeGreaterThan(5)
    expect(others.filter(([, , version = '']) => version !== lexical[0]).map(([, name]) => name)).toEqual([])
    // Every package is known by the digest of its bytes.
    expect(names.length).toBeGreaterThan(200)
    expect(packages.match(/resolution: \{integrity: sha512-/g)).toHaveLength(names.length)
  })

  it('run nothing when they are installed, but for those that are named', () => {
    const allowed = section(workspace, 'allowBuilds').filter(([, allows]) => allows === 'true')
    expect(allowed.map(([name]) => name)).toEqual(['node'])
  })
})
