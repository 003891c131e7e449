/**
 * What every script shares: where things are, how to run them on the pinned runtime, and whether the set-up
 * and the build are still current.
 *
 * Plain JavaScript for Node 20.19 and newer, without dependencies: these files run before anything is installed.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const bin = join(root, 'node_modules', '.bin')
/** The Node that the workspace pins; everything but these scripts runs on it. */
export const node = join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
)
const pnpm = 'pnpm@12.21.0'

/** In the order in which they need each other's declarations. */
export const packages = [
  'sync-server/protocol',
  'editor/document',
  'persistence',
  'sync-server',
  'editor',
  'editor/web',
  'e2e',
]

/** Where a system has its programs: what is known to be there is also found, whatever the path says. */
export const systemFolders = ['/usr/sbin', '/usr/bin', '/sbin', '/bin']

/**
 * Runs a command to its end; its output is ours.
 * @returns its exit code (1 when it was ended by a signal)
 */
export function run(command, args, { env = {}, quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, PATH: [bin, process.env.PATH, ...systemFolders].join(':'), ...env },
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
      shell: process.platform === 'win32',
    })
    const said = []
    child.stdout?.on('data', (bytes) => said.push(bytes))
    child.stderr?.on('data', (bytes) => said.push(bytes))
    child.once('error', reject)
    child.once('close', (code) => {
      if (code !== 0 && quiet) process.stderr.write(Buffer.concat(said))
      resolve(code ?? 1)
    })
  })
}

/** Runs a tool of the workspace by its name in `node_modules/.bin`. */
export const tool = (name, args, options) => run(join(bin, name), args, options)

function* filesBelow(folder) {
  if (!existsSync(join(root, folder))) return
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    if (['node_modules', 'dist', 'dist.next', '.cache'].includes(entry.name)) continue
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) yield* filesBelow(path)
    else yield path
  }
}

function digest(paths) {
  const hash = createHash('sha256')
  for (const path of [...paths].sort((a, b) => (a < b ? -1 : 1))) {
    if (existsSync(join(root, path)))
      hash
        .update(path)
        .update('\0')
        .update(readFileSync(join(root, path)))
  }
  return hash.digest('hex')
}

/** Remembers, per step, what its inputs looked like when it last succeeded. */
function stampFile(step) {
  return join(root, '.cache', `${step}.stamp`)
}
const isCurrent = (step, inputs) =>
  existsSync(stampFile(step)) && readFileSync(stampFile(step), 'utf8') === inputs
function remember(step, inputs) {
  mkdirSync(join(root, '.cache'), { recursive: true })
  writeFileSync(stampFile(step), inputs)
}

/** Installs the pinned runtime and the dependencies, when they are missing or out of date. */
export async function ensureSetup() {
  const inputs = digest([
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'package.json',
    ...packages.map((folder) => `${folder}/package.json`),
  ])
  if (isCurrent('setup', inputs) && existsSync(node)) return
  console.log('Setting up: the pinned Node and the dependencies (once, and after updates).')
  const code = await run('npx', ['--yes', pnpm, 'install', '--frozen-lockfile'], { quiet: true })
  if (code !== 0) fail('The dependencies could not be installed; what pnpm said stands above.')
  remember('setup', inputs)
}

/** Builds what production runs, when a source is newer than the build. */
export async function ensureBuilt() {
  const sources = packages.filter((folder) => folder !== 'e2e')
  const inputs = digest([
    'pnpm-lock.yaml',
    'tsconfig.base.json',
    'scripts/lib/workspace.mjs',
    ...sources.flatMap((folder) => [...filesBelow(folder)]).filter((path) => !path.endsWith('.test.ts')),
  ])
  const outputs = ['sync-server/dist/cli.js', 'editor/web/dist/index.html']
  if (isCurrent('build', inputs) && outputs.every((path) => existsSync(join(root, path)))) return
  console.log('Building (once, and after changes).')
  for (const folder of sources) {
    // Aside first, then into place: a server that runs meanwhile never finds half a build.
    const next = join(root, folder, 'dist.next')
    const target = join(root, folder, 'dist')
    rmSync(next, { recursive: true, force: true })
    const code =
      folder === 'editor/web'
        ? await tool('vite', ['build', folder, '--logLevel', 'warn'], { env: { WEFT_BUILD_OUT: next } })
        : await tool('tsc', ['-p', `${folder}/tsconfig.build.json`, '--outDir', next])
    if (code !== 0) fail(`Building ${folder} failed; the reason stands above.`)
    rmSync(target, { recursive: true, force: true })
    renameSync(next, target)
  }
  remember('build', inputs)
}

/** Runs a program of the workspace from source, on what is built, with the words after this script's name; ends as it ends. */
export async function runOnSources(path) {
  await ensureSetup()
  await ensureBuilt()
  process.exitCode = await run(node, [
    '--conditions=weft:source',
    '--disable-warning=ExperimentalWarning',
    join(root, path),
    ...process.argv.slice(2),
  ])
}

/** Ends the script with one sentence. */
export function fail(message, code = 1) {
  console.error(message)
  process.exit(code)
}
