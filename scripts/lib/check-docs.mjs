/**
 * Every path, setting, script and link that the documents name exists.
 *
 * A path is a code span with a slash or a known ending; `…`, `<`, `*` and spaces mark examples, which are passed over.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './workspace.mjs'

function* documents(folder = '') {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    if (entry.name.startsWith('.') || ['node_modules', 'dist', 'data'].includes(entry.name)) continue
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) yield* documents(path)
    else if (entry.name.endsWith('.md')) yield path
  }
}

const looksLikePath = (span) =>
  /^[\w.-]+(\/[\w.-]+)+\/?$/.test(span) &&
  /^(editor|sync-server|persistence|e2e|scripts|docs|\.ci)\//.test(span)

function settings() {
  const config = join(root, 'sync-server/src/config.ts')
  return existsSync(config) ? readFileSync(config, 'utf8') : ''
}

/** @returns whether nothing is wrong; prints a line for each thing that is. */
export function checkDocs() {
  const scripts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts
  const known = settings()
  const wrong = []
  let looked = 0
  for (const document of documents()) {
    const text = readFileSync(join(root, document), 'utf8')
    const here = dirname(join(root, document))
    for (const [, span] of text.matchAll(/`([^`\n]+)`/g)) {
      if (looksLikePath(span)) {
        looked++
        if (span.includes('/dist/')) continue
        if (!existsSync(join(root, span)) && !existsSync(join(here, span)))
          wrong.push(`${document}: no ${span}`)
      }
      const setting = /^(WEFT_[A-Z_]+)(=.*)?$/.exec(span)?.[1]
      if (setting !== undefined) {
        looked++
        // The schema names a setting by its camel-case key; the variable follows from it.
        const key = setting
          .slice(5)
          .toLowerCase()
          .replace(/_([a-z])/g, (_, letter) => letter.toUpperCase())
        if (!known.includes(setting) && !new RegExp(`\\b${key}\\b`).test(known))
          wrong.push(`${document}: no setting ${setting}`)
      }
      const script = /^(?:npm run|pnpm) ([a-z:-]+)$/.exec(span)?.[1]
      if (script !== undefined) {
        looked++
        if (scripts[script] === undefined) wrong.push(`${document}: no script ${script}`)
      }
    }
    for (const [, target] of text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
      if (/^[a-z]+:/.test(target)) continue
      looked++
      if (!existsSync(join(here, target))) wrong.push(`${document}: broken link ${target}`)
    }
  }
  for (const line of wrong) console.error(line)
  if (looked === 0)
    console.error('The documents name nothing that could be checked: the check itself is broken.')
  return wrong.length === 0 && looked > 0
}
