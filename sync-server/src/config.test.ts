import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LIMITS } from '@weft/protocol'
import { afterAll, describe, expect, it } from 'vitest'
import { configOf, describeSettings, loadConfig } from './config.ts'
import { ConfigError } from './config-error.ts'

const folder = mkdtempSync(join(tmpdir(), 'weft-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

function refusal(flags: readonly string[], env: Record<string, string> = {}): ConfigError {
  try {
    loadConfig(flags, env)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error(`accepted: ${flags.join(' ')} ${JSON.stringify(env)}`)
}

describe('loadConfig', () => {
  it('needs nothing: loopback, 8787, ./data, limits of the protocol', () => {
    expect(loadConfig([], {})).toMatchObject({
      host: '127.0.0.1',
      port: 8787,
      data: './data',
      rateLimit: true,
      maxFrameBytes: LIMITS.maxFrameBytes,
      socketsPerAddress: LIMITS.socketsPerAddress,
    })
  })

  it('lets a flag win over a variable and a variable over the file', () => {
    const path = file('weft.json', '{ "port": 1001, "data": "from-file", "drainMs": 5 }')
    const env = { WEFT_CONFIG: path, WEFT_PORT: '1002', WEFT_DATA: 'from-variable' }
    expect(loadConfig(['--port', '1003'], env)).toMatchObject({
      port: 1003,
      data: 'from-variable',
      drainMs: 5,
    })
  })

  it('takes an empty variable for one that is not set', () => {
    expect(loadConfig([], { WEFT_PORT: '' }).port).toBe(8787)
  })

  it('reads a switch bare, with a word after it and with an equals sign', () => {
    expect(loadConfig(['--open', '--port', '1'], {})).toMatchObject({ open: true, port: 1 })
    expect(loadConfig(['--rate-limit', 'off'], {}).rateLimit).toBe(false)
    expect(loadConfig(['--rate-limit=off', '--open=on'], {})).toMatchObject({ rateLimit: false, open: true })
  })

  it('splits origins at commas and drops a closing slash', () => {
    expect(
      loadConfig(['--embed-origins', 'https://a.example/, http://b.example:81'], {}).embedOrigins,
    ).toEqual(['https://a.example', 'http://b.example:81'])
  })

  const wrong: readonly [setting: string, flags: readonly string[], env: Record<string, string>][] = [
    ['--port', ['--port', 'abc'], {}],
    ['--port', ['--port', '65536'], {}],
    ['--port', ['--port', '-1'], {}],
    ['--port', ['--port', '1e3'], {}],
    ['--port', ['--port', '0x10'], {}],
    ['--port', ['--port='], {}],
    ['--port', ['--port'], {}],
    ['--port', ['--port', '1', '--port', '2'], {}],
    ['--prot', ['--prot', '1'], {}],
    ['-p', ['-p', '1'], {}],
    ['"9000"', ['9000'], {}],
    ['--host', ['--host', 'http://x'], {}],
    ['--data', ['--data='], {}],
    ['--rate-limit', ['--rate-limit=maybe'], {}],
    ['--public-url', ['--open', '--public-url', 'weft.example'], {}],
    ['--public-url', ['--open', '--public-url', 'https://weft.example/path'], {}],
    ['--embed-origins', ['--embed-origins', 'https://a.example,nope'], {}],
    ['--trust-proxy', ['--trust-proxy', '10.0.0.0/33'], {}],
    ['--trust-proxy', ['--trust-proxy', 'proxy.example'], {}],
    ['--log-level', ['--log-level', 'loud'], {}],
    ['--headers-timeout-ms', ['--headers-timeout-ms', '5000', '--request-timeout-ms', '4000'], {}],
    ['--config', ['--config', join(folder, 'missing.json')], {}],
    ['WEFT_PORT', [], { WEFT_PORT: 'eight' }],
    ['WEFT_PORT', [], { WEFT_PORT: ' 80' }],
    ['WEFT_OPEN', [], { WEFT_OPEN: 'yes' }],
    ['WEFT_MAX_FRAME_BYTES', [], { WEFT_MAX_FRAME_BYTES: '1' }],
    ['WEFT_CONFIG', [], { WEFT_CONFIG: folder }],
    ['WEFT_CONFIG', [], { WEFT_CONFIG: file('broken.json', '{') }],
    ['WEFT_CONFIG', [], { WEFT_CONFIG: file('list.json', '[]') }],
    ['"port" in', [], { WEFT_CONFIG: file('port.json', '{ "port": true }') }],
    ['"prot" in', [], { WEFT_CONFIG: file('prot.json', '{ "prot": 1 }') }],
  ]
  it.each(wrong)('says in one line that %s is wrong: %j %j', (setting, flags, env) => {
    const error = refusal(flags, env)
    expect(error.setting.startsWith(setting)).toBe(true)
    expect(error.message.startsWith(setting)).toBe(true)
    expect(error.message).not.toMatch(/[\n\r]/)
    expect(error.message.length).toBeLessThan(400)
  })

  it('shows what was given and what was expected, on one line whatever was given', () => {
    expect(refusal(['--port', 'a\nb']).message).toBe(
      '--port: expected a whole number from 0 to 65535, got "a\\nb"',
    )
    expect(refusal(['--data', `${'x'.repeat(500)}\0`]).message.length).toBeLessThan(200)
  })
})

describe('a server that others can reach', () => {
  const outside: readonly (readonly [string, ...string[]])[] = [
    ['--host', '0.0.0.0'],
    ['--host', '::'],
    ['--host', '0'],
    ['--host', '192.168.1.5'],
    ['--host', 'weft.example'],
    ['--host', '0.0.0.0', '--open'],
    ['--host', '0.0.0.0', '--public-url', 'https://weft.example'],
    ['--public-url', 'https://weft.example'],
  ]
  it.each(outside)('is refused by default: %s %s %s %s', (...flags) => {
    const { message, setting } = refusal(flags)
    expect(setting).toBe(flags[0])
    expect(message).toContain('everybody who reaches the server can read and edit every document')
  })

  it('is allowed once its address is known and the operator said open', () => {
    const flags = ['--host', '0.0.0.0', '--public-url', 'https://weft.example', '--open']
    expect(loadConfig(flags, {})).toMatchObject({ host: '0.0.0.0', publicUrl: 'https://weft.example' })
  })

  it.each(['localhost', '::1', '[::1]', '127.0.0.2'])('is not what listening on %s makes', (host) => {
    expect(loadConfig(['--host', host], {}).open).toBe(false)
  })
})

describe('configOf', () => {
  it('fills in defaults and refuses what it does not know', () => {
    expect(configOf({ port: 0 })).toMatchObject({ port: 0, host: '127.0.0.1' })
    expect(() => configOf({ port: -1 })).toThrow('port: expected a whole number')
  })
})

describe('describeSettings', () => {
  it('gives every setting a line with flag, variable and default', () => {
    const lines = describeSettings().split('\n')
    expect(lines).toHaveLength(Object.keys(configOf()).length + 2) // publicUrl has no default; --config is no setting
    expect(lines[0]).toMatch(/--port\s+WEFT_PORT\s+.*\[8787\]/)
    expect(describeSettings()).not.toContain('undefined')
  })
})
