import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { runWeft, temporaryFolder, type WeftProcess } from '../test/weft-process.ts'
import { readVersion } from './version.ts'

const undo: (() => void)[] = []
afterEach(() => {
  for (const step of undo.splice(0).reverse()) step()
})

function start(words: readonly string[], env: Record<string, string> = {}): WeftProcess {
  const running = runWeft(words, env)
  undo.push(() => running.child.kill('SIGKILL'))
  return running
}

function folder(): string {
  const { path, remove } = temporaryFolder()
  undo.push(remove)
  return path
}

const plantedFaults = {
  NODE_OPTIONS: `--import=${new URL('../test/plant-faults.ts', import.meta.url).href}`,
}

const serve = (data: string, ...more: string[]) => start(['serve', '--port', '0', '--data', data, ...more])

describe('weft', () => {
  it('tells its version and its flags', async () => {
    expect(await start(['--version']).ended).toMatchObject({
      code: 0,
      stdout: `${readVersion()}\n`,
      stderr: '',
    })
    const help = await start(['serve', '--help']).ended
    expect(help).toMatchObject({ code: 0, stderr: '' })
    expect(help.stdout).toMatch(/--port\s+WEFT_PORT/)
  })

  it.each([
    [['serve', '--port', 'abc'], {}, 'weft: --port: expected a whole number from 0 to 65535, got "abc"\n'],
    [[], { WEFT_PORT: '99999' }, 'weft: WEFT_PORT: expected a whole number from 0 to 65535, got "99999"\n'],
    [['--prot', '1'], {}, 'weft: --prot: no such flag; weft --help lists them\n'],
    [['surf'], {}, 'weft: "surf": no such command; see weft --help\n'],
  ] as const)('ends %j %j with code 2 and one line', async (words, env, line) => {
    expect(await start(words, env).ended).toEqual({ code: 2, signal: null, stdout: '', stderr: line })
  })

  it('lets nobody else in by default', async () => {
    const { code, stderr } = await start(['--host', '0.0.0.0', '--port', '0', '--data', folder()]).ended
    expect(code).toBe(2)
    expect(stderr).toMatch(/^weft: --host: [^\n]*without accounts[^\n]*--open\n$/)
  })
})

describe('weft serve', () => {
  it('says version, data folder, free space and address, and answers there', async () => {
    const data = join(folder(), 'new/data')
    const running = serve(data)
    const { url } = await running.listening
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: 'ready' })
    running.child.kill('SIGTERM')
    const { code, stdout, stderr } = await running.ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(
      new RegExp(
        `^Weft ${readVersion()}\n {2}data {5}${data} \\([0-9.]+ GB free\\)\n {2}address {2}${url}\n$`,
      ),
    )
  })

  it('closes sockets with 1001 on SIGTERM, bears more of them, and ends with 0', async () => {
    const running = serve(folder())
    const { port } = await running.listening
    const socket = new WebSocket(`ws://127.0.0.1:${port}/sync/doc`)
    await once(socket, 'open')
    const closed = once(socket, 'close')
    for (const signal of ['SIGTERM', 'SIGTERM', 'SIGINT'] as const) running.child.kill(signal)
    expect((await closed)[0]).toBe(1001)
    expect(await running.ended).toMatchObject({ code: 0, signal: null, stderr: '' })
  })

  it('says in one line that the port is taken, and ends with 1', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    undo.push(() => other.close())
    const address = other.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const { code, stdout, stderr } = await start(['--port', String(port), '--data', folder()]).ended
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toBe(
      `weft: port ${port} on 127.0.0.1 is in use by another program; stop it, or choose another port with --port\n`,
    )
  })

  it('says in one line which process has the data folder, ends with 1, and leaves that one alone', async () => {
    const data = folder()
    const first = serve(data)
    const { url } = await first.listening
    const { code, stdout, stderr } = await serve(data).ended
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^weft: [^\n]+\n$/)
    expect(stderr).toContain(data)
    expect(stderr).toContain(String(first.child.pid))
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
  })

  it('says in one line that the data folder cannot be used, and ends with 1', async () => {
    const file = join(folder(), 'file')
    writeFileSync(file, 'not a folder')
    for (const data of [file, join(file, 'below')]) {
      const { code, stdout, stderr } = await serve(data).ended
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(/^weft: [^\n]+\n$/)
      expect(stderr).toContain(data)
    }
  })

  it('ends with 70 and one line when the disk cannot keep what was written', async () => {
    const flag = join(folder(), 'fails')
    const running = start(['--port', '0', '--data', folder()], {
      ...plantedFaults,
      WEFT_TEST_DISK_FAILS: flag,
    })
    const { url } = await running.listening
    writeFileSync(flag, '')
    const made = await fetch(`${url}/api/v1/documents`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    }).catch(() => undefined)
    expect([503, undefined]).toContain(made?.status)
    const { code, stderr } = await running.ended
    expect(code).toBe(70)
    expect(stderr).toMatch(/^weft: the storage failed, [^\n]*restart[^\n]*\n$/)
  })

  it('ends with 75 when the disk hangs, though a thread of it is stuck in the kernel', async () => {
    const data = folder()
    const pipe = join(folder(), 'hangs')
    const running = start(['--port', '0', '--data', data, '--drain-ms', '300', '--hang-ms', '300'], {
      ...plantedFaults,
      WEFT_TEST_DISK_HANGS: pipe,
    })
    const { port, url } = await running.listening
    const socket = new WebSocket(`ws://127.0.0.1:${port}/sync/doc`)
    await once(socket, 'message')
    const closed = once(socket, 'close')
    execFileSync('mkfifo', [pipe])
    const made = fetch(`${url}/api/v1/documents`, { method: 'POST', body: '{}' }).catch(() => undefined)
    const stopped = performance.now()
    running.child.kill('SIGTERM')
    await closed
    const { code, signal, stderr } = await running.ended
    expect({ code, signal }).toEqual({ code: 75, signal: null })
    expect(performance.now() - stopped).toBeLessThan(20_000)
    const lines = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { level: number; msg: string })
    expect(lines.map(({ msg }) => msg)).toEqual(['the store did not close well', 'stopping took too long'])
    await made
    // The folder is free: the stuck thread is gone with the process.
    const { url: again } = await serve(data).listening
    expect((await fetch(`${again}/readyz`)).status).toBe(200)
  })

  it('logs a fault that nothing handled, drains and ends with 1', async () => {
    const running = start(['--port', '0', '--data', folder()], plantedFaults)
    const { port } = await running.listening
    const socket = new WebSocket(`ws://127.0.0.1:${port}/sync/doc`)
    await once(socket, 'message')
    const closed = once(socket, 'close')
    running.child.kill('SIGUSR2')
    expect((await closed)[0]).toBe(1001)
    const { code, stderr } = await running.ended
    expect(code).toBe(1)
    expect(JSON.parse(stderr)).toMatchObject({ level: 60, err: { message: 'planted' } })
  })

  it('starts again on the folder of one that was killed', async () => {
    const data = folder()
    const first = serve(data)
    const { url } = await first.listening
    const made = await fetch(`${url}/api/v1/documents`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"title":"kept"}',
    })
    expect(made.status).toBe(201)
    first.child.kill('SIGKILL')
    await first.ended
    const second = await serve(data).listening
    expect(await (await fetch(`${second.url}/api/v1/documents`)).json()).toMatchObject({
      total: 1,
      documents: [{ title: 'kept' }],
    })
  })
})
