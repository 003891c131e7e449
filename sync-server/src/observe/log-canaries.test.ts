/**
 * Nothing that people write, and nothing that lets them in, reaches the log: not at its most talkative, and not when
 * something is wrong with what they sent or with what is stored.
 */
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { encodeUpdate, SUBPROTOCOL } from '@weft/protocol'
import { afterEach, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { Doc, encodeStateAsUpdate } from 'yjs'
import { fields } from '../../test/open-app.ts'
import { runWeft, temporaryFolder, type WeftProcess } from '../../test/weft-process.ts'

const CANARY = 'CanaryThatMustNotSing'

const undo: (() => void)[] = []
afterEach(() => {
  for (const step of undo.splice(0).reverse()) step()
})

function run(folder: string): WeftProcess {
  const weft = runWeft(['--data', folder, '--port', '0', '--log-level', 'debug'])
  undo.push(() => weft.child.kill('SIGKILL'))
  return weft
}

async function said(weft: WeftProcess): Promise<string> {
  weft.child.kill('SIGTERM')
  const { code, stdout, stderr } = await weft.ended
  expect(code).toBe(0)
  return stdout + stderr
}

interface Connected {
  readonly socket: WebSocket
  readonly closed: Promise<unknown>
}

async function open(url: string, documentId: string): Promise<Connected> {
  const headers = { Origin: url, Cookie: `session=${CANARY}`, Authorization: `Bearer ${CANARY}` }
  const address = `${url.replace('http', 'ws')}/sync/${documentId}?token=${CANARY}`
  const socket = new WebSocket(address, [SUBPROTOCOL, CANARY], { headers })
  socket.on('error', () => undefined)
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await Promise.race([once(socket, 'open'), closed])
  return { socket, closed }
}

function updateOf(text: string): Uint8Array {
  const doc = new Doc()
  doc.getText('flow').insert(0, text, { link: `https://${text}.example/` })
  return encodeStateAsUpdate(doc)
}

/** What no guarded document takes: names in it are in the reason, which is the sender's alone. */
function againstSchema(): Uint8Array {
  const doc = new Doc()
  doc.getMap(CANARY).set(CANARY, { [CANARY]: CANARY })
  return encodeUpdate(encodeStateAsUpdate(doc))
}

/** Every kind of thing that can be wrong with a frame, with the canary in it. */
function badFrames(): (Uint8Array | string)[] {
  const frame = encodeUpdate(updateOf(CANARY))
  const cut = frame.slice(0, -7)
  const json = Uint8Array.from(frame)
  json.set([255, 255], 20)
  const twice = new Uint8Array([...frame, ...frame])
  return [CANARY, Buffer.from(CANARY), cut, json, twice, againstSchema()]
}

it('the log holds nothing of what people write, nor what lets them in', async () => {
  const { path, remove } = temporaryFolder()
  undo.push(remove)
  const first = run(path)
  const { url, port } = await first.listening
  const api = (method: string, route: string, body: string, type = 'application/json') =>
    fetch(`${url}/api/v1/documents${route}`, {
      method,
      headers: {
        'Content-Type': type,
        Origin: url,
        Cookie: `session=${CANARY}`,
        Authorization: `Bearer ${CANARY}`,
        'Proxy-Authorization': `Basic ${CANARY}`,
        'X-Api-Key': CANARY,
        'X-Csrf-Token': CANARY,
        'X-Forwarded-For': CANARY,
        'User-Agent': CANARY,
        Referer: `${url}/d/x?token=${CANARY}`,
      },
      ...(method === 'GET' ? {} : { body }),
    })
  const id = String((await fields(await api('POST', '', JSON.stringify({ title: CANARY }))))['id'])
  const responses = await Promise.all([
    api('PATCH', `/${id}`, JSON.stringify({ title: `${CANARY} again` })),
    api('PATCH', `/${id}`, `{"title": ${CANARY}`),
    api('PATCH', `/${id}`, JSON.stringify({ title: { [CANARY]: CANARY } })),
    api('POST', '', CANARY, `text/${CANARY}`),
    api('GET', `?search=${CANARY}`, ''),
    api('GET', `/${CANARY}`, ''),
  ])
  expect(responses.map(({ status }) => Math.floor(status / 100))).toEqual([2, 4, 4, 4, 2, 4])

  const { socket } = await open(url, id)
  socket.send(encodeUpdate(updateOf(CANARY)))
  await once(socket, 'message')
  for (const frame of badFrames()) {
    const bad = await open(url, id)
    bad.socket.send(frame)
    // What was sent before it has been handled when it is answered.
    bad.socket.close()
    await bad.closed
  }
  // Lost in the middle of a frame, and something that is not HTTP at all.
  const raw = connect(port, '127.0.0.1')
  raw.on('error', () => undefined).resume()
  raw.write(`${CANARY} ${CANARY}\r\nCookie: ${CANARY}\r\n\r\n`)
  await once(raw, 'close')
  socket.terminate()
  const healthy = await said(first)
  expect(healthy).not.toContain(CANARY)

  const database = new DatabaseSync(join(path, 'weft.db'))
  database.exec("UPDATE log SET bytes = CAST(replace(CAST(bytes AS TEXT), 'Canary', 'canarY') AS BLOB)")
  database.exec("UPDATE documents SET title = title || ' decayed'")
  database.close()
  const second = run(path)
  const damaged = await open((await second.listening).url, id)
  await damaged.closed
  // A fault of ours, with names in what it failed on: the answer is as silent as the log.
  const again = (await second.listening).url
  const failed = await fetch(`${again}/api/v1/documents/${id}?token=${CANARY}`, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/json', Origin: again, Cookie: `session=${CANARY}` },
    body: JSON.stringify({ title: `${CANARY} once more` }),
  })
  expect(failed.status).toBe(500)
  expect(await failed.text()).not.toContain(CANARY)
  const hurt = await said(second)
  // The log does say what is wrong, and where.
  expect(hurt).toContain('a document could not be opened')
  expect(hurt).toContain('request failed')
  expect(hurt).toContain(id)
  expect(hurt.toLowerCase()).not.toContain(CANARY.toLowerCase())
})
